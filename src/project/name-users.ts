/** Which files may use what is called by some names: found by the words of their texts, and told apart by what imports say of them. */
import { oncePer } from '../core/once.ts';
import { FEW } from '../core/words.ts';
import type { FileModel, Named } from '../model/file.ts';
import type { ClassNames } from './class-names.ts';
import { Asked, type Dependencies } from './dependencies.ts';
import type { ImportGraph } from './import-graph.ts';
import { isBoundByImportsOnly } from './module-names.ts';
import type { Naming } from './name-imports.ts';
import type { ProjectFile, ProjectFiles } from './project-files.ts';
import { NameSearch, SOMETHING } from './search.ts';

/** What is asked about the project's files. */
export interface Texts<File extends ProjectFile> {
  readonly files: ProjectFiles<File>;
  readonly all: readonly File[];
  readonly graph: ImportGraph;
  readonly classNames: ClassNames;
  /** The paths of the files that may get hold of modules they do not import. */
  readonly dynamic: ReadonlySet<string>;
  /** The decoded text; undefined for a file that Python could not read either. */
  readonly text: (file: File) => string | undefined;
  /** True if none of the words stands in the text, told for less than the text costs. */
  readonly lacks: (file: File, words: readonly string[]) => boolean;
}

export class NameUsers<File extends ProjectFile> {
  private readonly project: Texts<File>;
  private readonly searches: Search[] = [];
  /** By the source of a pattern, see {@link matching}. */
  private readonly matched = new Map<string, readonly string[]>();
  private asked = new Asked();

  constructor(project: Texts<File>) {
    this.project = project;
  }

  /**
   * Looks through all texts once for what will be asked: classes of these names, everything that may inherit from them, and the
   * attributes. Without it each question would need a search of its own.
   */
  search(classNames: Iterable<string>, attributes: Iterable<string>): void {
    const members = new Set(attributes);
    this.searchFor(new Set([...this.project.classNames.families(classNames), ...members]), members);
  }

  /** What the answers since the last {@link forget} depend on. */
  get dependencies(): Dependencies {
    const { words, paths, members, patterns } = this.asked;
    const having = this.searches.flatMap(({ search }) => [...words].flatMap((word) => [...search.withName(word)]));
    return { paths: new Set([...paths, ...having]), words, members, patterns };
  }

  /** To be called before something is asked whose {@link dependencies} count by themselves. */
  forget(): void {
    this.asked = new Asked();
  }

  /** The text at the path matters too, whatever it says. */
  lookedInto(path: string): void {
    this.asked.about([path]);
  }

  /** The paths of the files that have one of the names in their text. Looks through all texts for what was not looked for yet. */
  withName(names: readonly string[]): ReadonlySet<string> {
    this.asked.withWords(names);
    this.searched(names);
    return new Set(this.searches.flatMap(({ search }) => names.flatMap((name) => [...search.withName(name)])));
  }

  /** The paths of the files that by their text read the attribute from one of the names, or from some class. */
  withMember(names: readonly string[], attribute: string): ReadonlySet<string> {
    this.searched(names, attribute);
    const paths = new Set(this.searches.flatMap(({ search }) => [...search.withMember(names, attribute)]));
    this.asked.withMember(names, attribute);
    this.asked.about(paths);
    return paths;
  }

  /** The paths of the files that have the word, whatever it means. */
  withWord(word: string): ReadonlySet<string> {
    if (!this.searches.some((one) => one.names.has(word))) this.searchFor(new Set([word]), new Set());
    return this.withName([word]);
  }

  /** True if the file at the path has one of the words, or by `.name` something of that name behind a dot. */
  has(path: string, words: readonly string[]): boolean {
    this.asked.about([path]);
    return words.some((word) => this.hasWord(`${path}\0${word}`));
  }

  /** The paths of the files whose texts the pattern matches, which begins to matter where the word stands. */
  matching(word: string, pattern: RegExp): readonly string[] {
    const matches = (file: File): boolean =>
      !this.project.lacks(file, [word]) && pattern.test(this.project.text(file) ?? '');
    const known = this.matched.get(pattern.source);
    const paths = known ?? this.project.all.filter(matches).map(({ path }) => path);
    this.matched.set(pattern.source, paths);
    this.asked.patterns.add(pattern.source);
    this.asked.about(paths);
    return paths;
  }

  private readonly hasWord = oncePer((key: string): boolean => {
    const [path = '', word = ''] = key.split('\0');
    const file = this.project.files.at(path);
    const name = word.replace('.', '');
    if (file === undefined || this.project.lacks(file, [name])) return false;
    const before = word === name ? '(?<![\\w\\u0080-\\uffff])' : '\\.[\\s\\\\]*';
    return new RegExp(`${before}${name}(?![\\w\\u0080-\\uffff])`).test(this.textOf(path));
  });

  /**
   * Those of the paths whose files may mean one of the targets by a name of it, as far as imports tell. All reach the targets through `home`.
   * With `byName` only what imports tell; see {@link Narrowing}.
   */
  naming(
    targets: readonly Named[],
    home: FileModel,
    paths: ReadonlySet<string>,
    { byName = false, dynamic = false } = {},
  ): ReadonlySet<string> {
    const start = this.project.files.at(home.source.path);
    if (start === undefined) return paths;
    const names = [...new Set(targets.flatMap((target) => target.names))];
    this.asked.withWords(names);
    this.searched(names);
    const namings = targets.flatMap((target) => {
      const file = this.project.files.at(target.file.source.path);
      return file === undefined ? [] : [this.project.graph.naming(file, [...target.names, ...(target.around ?? [])])];
    });
    // Behind a dot or in a string the name may belong to anything that the file got hold of; by itself an import has to bring it.
    const members = this.members(names, namings, byName);
    if (!byName) for (const path of this.handingOn(names, targets)) members.add(path);
    const handed = [...names, ...targets.flatMap(({ around = [] }) => around)];
    const found = new Set(
      this.project.graph.reaching(
        start,
        handed,
        [...paths].filter((path) => members.has(path)),
      ),
    );
    if (dynamic) for (const path of members) if (this.project.dynamic.has(path)) found.add(path);
    for (const { paths: named } of namings) for (const path of named) if (paths.has(path)) found.add(path);
    return namings.length < targets.length ? paths : found;
  }

  /** The paths of the files that have one of the names as a member of what may have it. */
  private members(names: readonly string[], namings: readonly Naming[], byName: boolean): Set<string> {
    const found = new Set<string>();
    for (const { search } of this.searches)
      for (const name of names)
        for (const [path, owners] of search.asMember(name)) {
          const mayHave = (file: string): boolean => namings.some((naming) => naming.mayHave(name, file));
          const counts = (owner: string): boolean =>
            owner === SOMETHING ? !byName : this.modulesMeant(`${path}\0${owner}`)?.some(mayHave) !== false;
          if (!found.has(path) && owners.some(counts)) found.add(path);
        }
    return found;
  }

  /** The paths of the files that have one of the names in a string, and import a module of the targets, of which it may be made an attribute. */
  private *handingOn(names: readonly string[], targets: readonly Named[]): Iterable<string> {
    const homes = targets.flatMap(({ file }) => this.project.files.at(file.source.path)?.realPath ?? []);
    for (const { search } of this.searches)
      for (const name of names)
        for (const path of search.asString(name))
          if (homes.some((home) => this.project.graph.importsModule(path, home))) yield path;
  }

  /** By path and dotted name, what {@link ImportGraph.modulesMeant} says of names that only imports bind. */
  private readonly modulesMeant = oncePer((key: string): readonly string[] | undefined => {
    const [path = '', dotted = ''] = key.split('\0');
    const modules = this.project.graph.modulesMeant(path, dotted);
    const [first = ''] = dotted.split('.');
    return modules === undefined || !isBoundByImportsOnly(this.textOf(path), first) ? undefined : modules;
  });

  /** Makes sure that the texts have been looked through for the names, and for the attribute of what is called by them. */
  private searched(names: readonly string[], attribute?: string): void {
    const isNew =
      attribute !== undefined &&
      !this.searches.some(
        ({ attributes, owners }) => attributes.has(attribute) && names.every((name) => owners.has(name)),
      );
    const missing = names.filter((name) => !this.searches.some((one) => one.names.has(name)));
    if (!isNew && missing.length === 0) return;
    // Who asks about a class goes on to its subclasses.
    const owners = this.project.classNames.families(names);
    this.searchFor(this.project.classNames.families(missing), new Set(isNew ? [attribute] : []), owners);
  }

  private searchFor(names: ReadonlySet<string>, attributes: ReadonlySet<string>, owners = names): void {
    const search = new NameSearch(names, attributes, owners);
    const words = [...names, ...attributes];
    for (const file of this.project.all) {
      if (words.length <= FEW && this.project.lacks(file, words)) continue;
      const text = this.project.text(file);
      if (text !== undefined) search.add({ path: file.path, text });
    }
    this.searches.push({ names, attributes, owners, search });
  }

  private textOf(path: string): string {
    const file = this.project.files.at(path);
    return (file === undefined ? undefined : this.project.text(file)) ?? '';
  }
}

interface Search {
  readonly names: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
  readonly owners: ReadonlySet<string>;
  readonly search: NameSearch;
}
