/**
 * The files around the ones that are fixed: which of them matter, found by their text, and what those mean, read on demand.
 *
 * Models are kept while one file is judged and dropped together when they have become many: a class is known by its identity,
 * so no part of an old reading may meet a new one.
 */

import type { SourceFile } from '../core/source-file.ts';
import {
  type BodyFailure,
  type FileModel,
  type FilesFound,
  type Named,
  type Narrowing,
  parsedSoFar,
  type Surroundings,
} from '../model/file.ts';
import type { ModuleName } from '../model/module-name.ts';
import { Ancestry } from './ancestry.ts';
import { ClassNames } from './class-names.ts';
import type { Dependencies } from './dependencies.ts';
import type { FileFacts } from './facts.ts';
import { HandedSelf } from './handed-self.ts';
import { ImportGraph } from './import-graph.ts';
import { ImportedNames } from './imported-names.ts';
import { ModuleIndex } from './modules.ts';
import { NameUsers } from './name-users.ts';
import { type ProjectFile, ProjectFiles } from './project-files.ts';

/** `File` is how those who read them know the files; `path` and `realPath` as in {@link SourceFile}. */
export interface ProjectInput<File extends ProjectFile> {
  readonly files: readonly File[];
  /** The folders of the projects, absolute. */
  readonly roots: readonly string[];
  readonly facts: readonly FileFacts[];
  readonly declarativeBases: readonly string[];
  /** The decoded text; undefined for a file that Python could not read either. */
  readonly text: (file: File) => string | undefined;
  /** True if none of the words stands in the text, told for less than the text costs. */
  readonly lacks?: (file: File, words: readonly string[]) => boolean;
  /** The model of a file; undefined if it cannot be read or parsed. */
  readonly load: (file: File, surroundings: Surroundings, deferBodies: boolean) => FileModel | undefined;
}

/** The most that is read to answer one question. */
const MAX_FILES = 400;
/** What is kept to judge one file, in UTF-16 units of text: the trees of this much take 150 MB. */
const MAX_TEXT = 3_000_000;
/** What is parsed, in UTF-16 units, before native memory has to be given back. */
const PARSED_AT_ONCE = 700_000;
/**
 * Thrown where so much was parsed that the event loop has to turn before more is: native trees are freed only then. What was read stays;
 * ask again after {@link Project.resume}.
 */
export class Suspended extends Error {}

export class Project<File extends ProjectFile = ProjectFile> implements Surroundings {
  readonly declarativeBases: readonly string[];
  private readonly input: ProjectInput<File>;
  private readonly modules: ModuleIndex;
  private readonly files: ProjectFiles<File>;
  private readonly classNames: ClassNames;
  private readonly found = new Map<string, string | 'ambiguous' | undefined>();
  private models = new Map<string, FileModel | undefined>();
  /** See {@link parsedSoFar}. */
  private parsedBefore = 0;
  /** The paths of files of which some body does not parse by itself. */
  private readonly whole = new Set<string>();
  /** By question, the paths of files that were read and do not matter to it. */
  private irrelevant = new Map<string, Set<string>>();
  /** The paths of the files that matter to the one that is judged, and how long they are together. */
  private mattering = new Set<string>();
  private matteringText = 0;
  private readonly graph: ImportGraph;
  readonly importedNames: ImportedNames;
  readonly ancestry: Ancestry;
  readonly handedSelf: HandedSelf;
  /** The paths of the files that may get hold of modules they do not import. */
  private readonly dynamic: ReadonlySet<string>;
  private readonly users: NameUsers<File>;

  constructor(input: ProjectInput<File>) {
    this.input = input;
    this.declarativeBases = input.declarativeBases;
    this.files = new ProjectFiles(input.files, input.facts);
    this.modules = new ModuleIndex(this.files.realPaths, input.roots);
    this.graph = new ImportGraph(this.files, this.modules);
    this.importedNames = new ImportedNames(this.files, this.modules);
    this.ancestry = new Ancestry(this.files, this.importedNames);
    this.handedSelf = new HandedSelf(input.facts);
    this.dynamic = new Set(input.facts.filter(({ dynamic }) => dynamic).map(({ path }) => path));
    this.classNames = new ClassNames(input.facts);
    const { files, graph, classNames, dynamic } = this;
    const { text, lacks = () => false } = input;
    this.users = new NameUsers({ files, all: input.files, graph, classNames, dynamic, text, lacks });
  }

  /** The model of one file; undefined if it cannot be read or parsed, or is none of the project's. */
  file(path: string): FileModel | undefined {
    const file = this.files.at(path);
    return file === undefined ? undefined : this.load(file);
  }

  /** Forgets what was read and asked. Models handed out before must not be used any more. */
  release(): void {
    this.irrelevant = new Map();
    this.mattering = new Set();
    this.matteringText = 0;
    this.models = new Map();
    this.users.forget();
  }

  /** What all that was told since the last {@link release} depends on, next to the facts of all files. */
  get dependencies(): Dependencies {
    return this.users.dependencies;
  }

  /** To be called when the event loop has turned. */
  resume(): void {
    this.parsedBefore = parsedSoFar();
  }

  /** To be called where a body could not be read: its file is parsed anew, as a whole. Models handed out before must not be used any more. */
  readWhole({ root }: BodyFailure): void {
    for (const [path, model] of this.models) if (model?.syntax.root === root) this.whole.add(path);
    this.models = new Map();
  }

  /** True if the file at `path` may import what the one at `home` defines under the name. */
  imports(path: string, home: string, name: string): boolean {
    const file = this.files.at(home);
    return file !== undefined && this.graph.reaching(file, this.aliases(name), [path]).length > 0;
  }

  /** See {@link NameUsers.search}. */
  search(classNames: Iterable<string>, attributes: Iterable<string>): void {
    this.users.search(classNames, attributes);
  }

  moduleName({ path }: SourceFile): ModuleName | undefined {
    const file = this.files.at(path);
    return file === undefined ? undefined : this.modules.nameOf(file.realPath);
  }

  module(name: string, importer: FileModel): FileModel | 'outside' | 'unknown' {
    const found = this.fileOfModule(name, importer);
    return typeof found === 'string' ? found : (this.load(found) ?? 'unknown');
  }

  isModule(name: string, importer: FileModel, home: FileModel): boolean {
    return this.fileOfModule(name, importer) === this.files.at(home.source.path);
  }

  private fileOfModule(name: string, importer: FileModel): File | 'outside' | 'unknown' {
    // Standard input has a path, and no place of its own on disk.
    const realPath = this.files.at(importer.source.path)?.realPath;
    if (realPath === undefined) return 'unknown';
    const key = `${name}\0${realPath}`;
    if (!this.found.has(key)) this.found.set(key, this.modules.find(name, realPath));
    const found = this.found.get(key);
    return found === undefined ? 'outside' : (this.files.atRealPath(found) ?? 'unknown');
  }

  mayBeClass(name: string): boolean {
    return this.classNames.has(name);
  }

  aliases(name: string): readonly string[] {
    return this.classNames.aliases(name);
  }

  deriving(base: Named): FilesFound {
    const { names, file } = base;
    const paths = this.users.naming([base], file, this.classNames.deriving(names));
    return this.read(paths, { except: file, what: `inherit from \`${names[0]}\``, matters: () => true });
  }

  mentioning(
    targets: readonly Named[],
    attribute: string,
    file: FileModel,
    matters: (file: FileModel) => boolean,
    only?: Narrowing,
  ): FilesFound {
    const names = [...new Set(targets.flatMap((target) => target.names))];
    const byName = only?.byName === true;
    // First, so that the texts are looked through once for both.
    const reading = this.users.withMember(names, attribute);
    const naming = this.users.naming(targets, file, this.users.withName(names), { byName, dynamic: !byName });
    const paths = byName ? naming : new Set([...naming, ...reading]);
    const worth = only === undefined ? paths : new Set([...paths].filter((path) => this.users.has(path, only.having)));
    const what = `name \`${names[0] ?? attribute}\``;
    return this.read(worth, {
      except: file,
      what,
      about: [attribute, only?.byName, ...(only?.having ?? [])].join(),
      matters,
    });
  }

  handingSelf(className: string, attribute: string, file: FileModel): readonly FileModel[] {
    const { path } = file.source;
    const paths = this.handedSelf.paths(className, attribute, true).filter((other) => other !== path);
    return paths.filter((other) => this.imports(other, path, className)).flatMap((other) => this.file(other) ?? []);
  }

  withWord(word: string, file: FileModel): readonly string[] {
    const paths = this.users.withWord(word);
    return [...paths].filter((path) => path !== file.source.path).sort();
  }

  importing(dotted: RegExp, file: FileModel): readonly string[] {
    const others = this.input.facts.filter(({ path }) => path !== file.source.path);
    const isImported = ({ module, names }: FileFacts['imports'][number]): boolean =>
      dotted.test(module) || names.some((name) => dotted.test(`${module}.${name}`));
    return others.filter(({ imports }) => imports.some(isImported)).map(({ path }) => path);
  }

  reading(name: string, file: FileModel): FilesFound {
    const member = new RegExp(`\\.[\\s\\\\]*${name}(?![\\w\\u0080-\\uffff])`);
    const paths = this.withWord(name, file).filter((path) => member.test(this.textOf(path)));
    const length = paths.reduce((sum, path) => sum + this.textOf(path).length, 0);
    // They do not count among those that matter to the question what is found, which has a limit of its own.
    if (paths.length > MAX_FILES || length > MAX_TEXT)
      return { files: [], incomplete: `${paths.length} files have \`.${name}\`, which is too much to look into` };
    const models = paths.map((path) => ({ path, model: this.file(path) }));
    const unread = models.find(({ model }) => model === undefined);
    return {
      files: models.flatMap(({ model }) => (model !== undefined && model.attributes(name).length > 0 ? [model] : [])),
      incomplete: unread === undefined ? undefined : `${unread.path} may have \`.${name}\`, and could not be parsed`,
    };
  }

  private textOf(path: string): string {
    const file = this.files.at(path);
    return (file === undefined ? undefined : this.input.text(file)) ?? '';
  }

  setting(name: string, file: FileModel): readonly string[] {
    const pattern = new RegExp(`\\.${name}\\s*(?::[^=\\n]*)?=(?!=)|setattr\\([^()]*["']${name}["']`);
    const paths = this.users.matching(name, pattern);
    return paths.filter((path) => path !== file.source.path);
  }

  private read(paths: ReadonlySet<string>, { except, what, about = '', matters }: Question): FilesFound {
    const others = [...paths].filter((path) => path !== except.source.path).sort();
    if (others.length > MAX_FILES || this.matteringText > MAX_TEXT)
      return { files: [], incomplete: `${others.length} files ${what}, which is too much to look into` };
    const question = [except.source.path, what, about, ...others].join('\0');
    const irrelevant = this.irrelevant.get(question) ?? new Set();
    this.irrelevant.set(question, irrelevant);
    const files: FileModel[] = [];
    let incomplete: string | undefined;
    for (const path of others) {
      if (irrelevant.has(path)) continue;
      const kept = this.models.has(path);
      const model = this.file(path);
      if (model === undefined) incomplete ??= `${path} may ${what}, and could not be parsed`;
      else if (matters(model)) {
        files.push(model);
        this.keep(model);
      } else {
        irrelevant.add(path);
        if (!kept) this.forget(path);
      }
    }
    return { files, incomplete };
  }

  private keep({ source: { path, text } }: FileModel): void {
    if (this.mattering.has(path)) return;
    this.mattering.add(path);
    this.matteringText += text.length;
  }

  private forget(path: string): void {
    this.models.delete(path);
  }

  private load(file: File): FileModel | undefined {
    this.users.lookedInto(file.path);
    if (this.models.has(file.path)) return this.models.get(file.path);
    if (parsedSoFar() - this.parsedBefore > PARSED_AT_ONCE) throw new Suspended();
    const model = this.input.load(file, this, !this.whole.has(file.path));
    this.models.set(file.path, model);
    return model;
  }
}

/** Which files matter, and in what they might. */
interface Question {
  /** Is not read. */
  readonly except: FileModel;
  /** What the files may do, for a person. */
  readonly what: string;
  /** What else tells it from other questions about the same files. */
  readonly about?: string;
  readonly matters: (file: FileModel) => boolean;
}
