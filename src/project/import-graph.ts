/** Who imports whom, by the import statements as they are written: which files can have got hold of what a module defines. */
import { oncePer } from '../core/once.ts';
import { absoluteName } from '../model/module-name.ts';
import type { FileFacts } from './facts.ts';
import type { ModuleIndex } from './modules.ts';
import { Postings } from './postings.ts';
import type { ProjectFile, ProjectFiles } from './project-files.ts';
import { type Imported, type ImportsOfFiles, Reach } from './reach.ts';

/** `from module import name as local`; `name` is `*` for a star import. */
interface NameImport {
  /** Absolute; of the file that has the statement. */
  readonly importer: string;
  readonly path: string;
  readonly locals: readonly string[];
  /** The files that the module may be, absolute; undefined if nothing tells. */
  readonly sources: readonly string[] | undefined;
}

/** More than any file has: a number tells a file and a statement of it. */
const STATEMENTS = 1 << 20;

/** To whom import statements may give what one file defines. */
export interface Naming {
  /** The paths of the files that may get it by a name of their own, and not as an attribute of something. */
  readonly paths: ReadonlySet<string>;
  /** By a name: the files, absolute, that may have it under that name as a module. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
}

export class ImportGraph {
  private readonly project: ProjectFiles;
  private readonly modules: ModuleIndex;
  /** Absolute paths of the files that may get hold of modules they do not import. */
  private readonly dynamic: readonly string[];
  private readonly named = new Map<string, Naming>();
  /** By its number. */
  private readonly files: readonly FileFacts[];
  /** The numbers of the files that import something, by its name: the last part of a module's; `*` for a star import. */
  private readonly importers = new Postings<number>();
  /** By the name that is imported, `*` for star imports: the number of the file times {@link STATEMENTS}, and that of the statement there. */
  private readonly nameImports = new Postings<number>();

  constructor(project: ProjectFiles, modules: ModuleIndex) {
    this.project = project;
    this.modules = modules;
    this.files = [...project.allFacts];
    this.dynamic = this.files.flatMap(({ path, dynamic }) => (dynamic ? [project.at(path)?.realPath ?? path] : []));
    for (const [file, { imports }] of this.files.entries()) {
      for (const [statement, { module, names }] of imports.entries()) {
        if (names.length === 0) this.importers.add(lastPart(module), file);
        for (const name of names) {
          this.importers.add(name, file);
          this.nameImports.add(name, file * STATEMENTS + statement);
        }
      }
    }
  }

  /**
   * The paths, of those given, of the files that can use what the file at `home` defines under one of the names: they import it, a
   * package it lies in, or a file that passes it on. What is imported by a name that only running the program tells is not followed.
   */
  reaching(home: ProjectFile, names: readonly string[], paths: readonly string[]): readonly string[] {
    if (paths.length === 0) return paths;
    const handed = ['*', ...names, ...this.modules.nameOf(home.realPath).name.split('.')];
    const passing = [...paths, ...handed.flatMap((name) => this.importersOf(name))];
    // Who has the module, or one that has it, may pass that on too.
    const surely = new Reach(this.links);
    surely.add(home.realPath);
    surely.open(passing);
    for (const path of surely) {
      const file = this.realPath(path);
      surely.add(file);
      surely.open(this.importersOf(lastPart(this.modules.nameOf(file).name)));
    }
    if (paths.every((path) => surely.found.has(path))) return paths;
    // What dynamic files have cannot be told: only who imports something of the names from them is followed.
    const perhaps = new Reach(this.links);
    for (const file of this.dynamic) perhaps.add(file);
    for (const path of surely.found) perhaps.add(this.realPath(path));
    perhaps.open(passing);
    for (const path of perhaps) perhaps.add(this.realPath(path));
    return paths.filter((path) => surely.found.has(path) || perhaps.found.has(path));
  }

  private realPath(path: string): string {
    return this.project.at(path)?.realPath ?? path;
  }

  private importersOf(name: string): readonly string[] {
    return this.importers.get(name).map((file) => this.files[file]?.path ?? '');
  }

  /** Who may have what the file at `home` defines under one of the names. */
  naming(home: ProjectFile, names: readonly string[]): Naming {
    const key = `${home.path}\0${names.join()}`;
    const known = this.named.get(key);
    if (known !== undefined) return known;
    const paths = new Set<string>();
    const holders = new Map<string, Set<string>>();
    /** What dynamic ones have cannot be told. */
    const holdersOf = (name: string): Set<string> => {
      const found = holders.get(name) ?? new Set(this.dynamic);
      holders.set(name, found);
      return found;
    };
    for (const name of names) holdersOf(name).add(home.realPath);
    const queue = [...names];
    const star = this.importsOfName('*');
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const sources = holdersOf(name);
      for (const statement of [...this.importsOfName(name), ...star]) {
        if (statement.sources?.some((file) => sources.has(file)) === false) continue;
        paths.add(statement.path);
        for (const local of statement.locals[0] === '*' ? [name] : statement.locals) {
          const found = holdersOf(local);
          if (found.has(statement.importer)) continue;
          found.add(statement.importer);
          queue.push(local);
        }
      }
    }
    const naming = { paths, holders };
    this.named.set(key, naming);
    return naming;
  }

  /**
   * The files, absolute, that a dotted name means as a module in the file at `path`, whose first part nothing but import statements bind;
   * none for modules outside the project, undefined where it may mean anything else.
   */
  modulesMeant(path: string, dotted: string): readonly string[] | undefined {
    const { imports = [], aliases = [] } = this.project.facts(path) ?? {};
    const importer = this.project.at(path)?.realPath;
    if (importer === undefined || imports.some(({ names }) => names.includes('*'))) return undefined;
    const [local = '', ...members] = dotted.split('.');
    const isLocal = (name: string): boolean =>
      name === local || aliases.some(([real, alias]) => alias === local && real === name);
    const meant = imports.flatMap(({ module, names }) => {
      const absolute = absoluteName(module, this.modules.nameOf(importer)) ?? module;
      if (names.length > 0) return names.filter(isLocal).map((name) => [absolute, name]);
      // `import a.b` binds `a`; `import a.b as c` binds the module itself.
      const plain = module.split('.')[0] === local ? [[local]] : [];
      return isLocal(lastPart(module)) ? [...plain, [absolute]] : plain;
    });
    const files = meant.map((parts) => this.moduleAt([...parts, ...members].join('.'), importer));
    return files.length === 0 || files.includes(undefined) ? undefined : files.flatMap((found) => found ?? []);
  }

  /** See {@link modulesMeant}. */
  private moduleAt(name: string, importer: string): readonly string[] | undefined {
    if (name.startsWith('.')) return undefined;
    const around = prefixes(name).map((prefix) => this.modules.all(prefix, importer));
    const parts = name.split('.');
    const isShadowed = around.some((files, index) => files.some((file) => this.brings(file, parts[index + 1])));
    const found = around.at(-1) ?? [];
    const isMember = found.length === 0 && around.some((files) => files.length > 0);
    return isShadowed || isMember ? undefined : found;
  }

  /** True if the file at the path may import what lies at `home`, absolute, or names of it. */
  importsModule(path: string, home: string): boolean {
    return this.importsOf(path).modules.includes(home);
  }

  /** True if the file has a class of that name, or takes it from somewhere: then it is no module of a package. */
  private brings(file: string, name: string | undefined): boolean {
    const facts = this.project.facts(this.project.atRealPath(file)?.path ?? '');
    if (facts === undefined || name === undefined) return false;
    return (
      facts.classes.some((one) => one.name === name) ||
      facts.aliases.some(([, alias]) => alias === name) ||
      facts.imports.some(({ module, names }) => /[^.]/.test(module) && names.includes(name))
    );
  }

  private readonly importsOfName = oncePer((name: string): readonly NameImport[] =>
    this.nameImports.get(name).flatMap((number) => this.statement(name, number) ?? []),
  );

  private statement(name: string, number: number): NameImport | undefined {
    const file = this.files[Math.floor(number / STATEMENTS)];
    const module = file?.imports[number % STATEMENTS]?.module;
    if (file === undefined || module === undefined) return undefined;
    const { path, aliases } = file;
    const importer = this.realPath(path);
    const absolute = absoluteName(module, this.modules.nameOf(importer));
    const sources = absolute === undefined ? undefined : this.modules.all(absolute, importer);
    const locals = [name, ...aliases.filter(([real]) => real === name).map(([, alias]) => alias)];
    return { importer, path, locals, sources };
  }

  /** All files that may be meant, where several may. */
  private readonly importsOf = oncePer((path: string): Imported => {
    const modules = new Set<string>();
    const packages = new Set<string>();
    const importer = this.project.at(path)?.realPath;
    if (importer === undefined) return NOTHING;
    const add = (name: string, ...sets: readonly Set<string>[]): void => {
      for (const file of this.modules.all(name, importer)) for (const set of sets) set.add(file);
    };
    for (const { module, names } of this.project.facts(path)?.imports ?? []) {
      const absolute = absoluteName(module, this.modules.nameOf(importer));
      if (absolute === undefined) continue;
      add(absolute, modules);
      for (const name of names) add(`${absolute}.${name}`, modules, packages);
      for (const prefix of names.length > 0 ? [] : prefixes(absolute)) add(prefix, modules, packages);
    }
    return { modules: [...modules], packages: [...packages] };
  });
  private readonly links: ImportsOfFiles = {
    imports: this.importsOf,
    packagesOf: (file) => this.modules.packagesOf(file),
  };
}

const NOTHING: Imported = { modules: [], packages: [] };

/** `a`, `a.b`, `a.b.c` */
function prefixes(module: string): readonly string[] {
  const parts = module.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

function lastPart(module: string): string {
  return module.slice(module.lastIndexOf('.') + 1);
}
