/** Who imports whom, by the import statements as they are written: which files can have got hold of what a module defines. */
import { absoluteName } from '../model/file.ts';
import type { FileFacts } from './facts.ts';
import type { ModuleIndex } from './modules.ts';
import { Postings } from './postings.ts';
import type { ProjectFile, ProjectFiles } from './project-files.ts';

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

interface Imported {
  /** Files whose names are taken by `from` imports, or that are the module itself. */
  readonly modules: ReadonlySet<string>;
  /** Packages that are at hand as objects, so that what lies in them is an attribute: `import a.b` gives `a.b` and all of `a`. */
  readonly packages: ReadonlySet<string>;
}

export class ImportGraph {
  private readonly project: ProjectFiles;
  private readonly modules: ModuleIndex;
  /** Absolute paths of the files that may get hold of modules they do not import. */
  private readonly dynamic: readonly string[];
  private readonly imported = new Map<string, Imported>();
  private readonly named = new Map<string, ReadonlySet<string>>();
  /** By its number. */
  private readonly files: readonly FileFacts[];
  /** The numbers of the files that import something, by its name: the last part of a module's; `*` for a star import. */
  private readonly importers = new Postings<number>();
  /** By the name that is imported, `*` for star imports: the number of the file times {@link STATEMENTS}, and that of the statement there. */
  private readonly nameImports = new Postings<number>();
  private readonly statements = new Map<string, NameImport>();

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
  reaching(home: ProjectFile, names: readonly string[], paths: ReadonlySet<string>): ReadonlySet<string> {
    const modules = new Set<string>();
    const packages = new Set<string>();
    const reach = (file: string): void => {
      modules.add(file);
      for (const around of this.modules.packagesOf(file)) packages.add(around);
    };
    reach(home.realPath);
    // What they pass on cannot be told.
    for (const file of this.dynamic) modules.add(file);
    const found = new Set<string>();
    const handed = ['*', ...names, ...this.modules.nameOf(home.realPath).name.split('.')];
    const open = new Set([
      ...paths,
      ...handed.flatMap((name) => this.importers.get(name).map((file) => this.files[file]?.path ?? '')),
    ]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const path of open) {
        const imports = this.importsOf(path);
        if (!meet(imports.modules, modules) && !meet(imports.packages, packages)) continue;
        open.delete(path);
        found.add(path);
        const file = this.project.at(path);
        if (file !== undefined) reach(file.realPath);
        grown = true;
      }
    }
    return new Set([...found].filter((path) => paths.has(path)));
  }

  /**
   * The paths of the files to which import statements may give what the file at `home` defines under one of the names, by a name of
   * its own and not as an attribute of something.
   */
  naming(home: ProjectFile, names: readonly string[]): ReadonlySet<string> {
    const key = `${home.path}\0${names.join()}`;
    const known = this.named.get(key);
    if (known !== undefined) return known;
    const found = new Set<string>();
    /** By a name: the files that may have what is looked for under it. What dynamic ones have cannot be told. */
    const having = new Map<string, Set<string>>();
    const haversOf = (name: string): Set<string> => {
      const havers = having.get(name) ?? new Set(this.dynamic);
      having.set(name, havers);
      return havers;
    };
    for (const name of names) haversOf(name).add(home.realPath);
    const queue = [...names];
    const star = this.importsOfName('*');
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const havers = haversOf(name);
      for (const statement of [...this.importsOfName(name), ...star]) {
        if (statement.sources?.some((file) => havers.has(file)) === false) continue;
        found.add(statement.path);
        for (const local of statement.locals[0] === '*' ? [name] : statement.locals) {
          const holders = haversOf(local);
          if (holders.has(statement.importer)) continue;
          holders.add(statement.importer);
          queue.push(local);
        }
      }
    }
    this.named.set(key, found);
    return found;
  }

  private importsOfName(name: string): readonly NameImport[] {
    return this.nameImports.get(name).flatMap((number) => this.statement(name, number) ?? []);
  }

  private statement(name: string, number: number): NameImport | undefined {
    const key = `${number} ${name}`;
    const known = this.statements.get(key);
    if (known !== undefined) return known;
    const file = this.files[Math.floor(number / STATEMENTS)];
    const module = file?.imports[number % STATEMENTS]?.module;
    if (file === undefined || module === undefined) return undefined;
    const { path, aliases } = file;
    const importer = this.project.at(path)?.realPath ?? path;
    const absolute = absoluteName(module, this.modules.nameOf(importer));
    const sources = absolute === undefined ? undefined : this.modules.all(absolute, importer);
    const locals = [name, ...aliases.filter(([real]) => real === name).map(([, alias]) => alias)];
    const statement = { importer, path, locals, sources };
    this.statements.set(key, statement);
    return statement;
  }

  /** All files that may be meant, where several may. */
  private importsOf(path: string): Imported {
    const known = this.imported.get(path);
    if (known !== undefined) return known;
    const modules = new Set<string>();
    const packages = new Set<string>();
    const importer = this.project.at(path)?.realPath;
    const add = (name: string, ...sets: readonly Set<string>[]): void => {
      if (importer === undefined) return;
      for (const file of this.modules.all(name, importer)) for (const set of sets) set.add(file);
    };
    for (const { module, names } of this.project.facts(path)?.imports ?? []) {
      const absolute = importer === undefined ? undefined : absoluteName(module, this.modules.nameOf(importer));
      if (absolute === undefined) continue;
      add(absolute, modules);
      for (const name of names) add(`${absolute}.${name}`, modules, packages);
      const parts = names.length > 0 ? [] : absolute.split('.');
      for (const index of parts.keys()) add(parts.slice(0, index + 1).join('.'), modules, packages);
    }
    const result = { modules, packages };
    this.imported.set(path, result);
    return result;
  }
}

function lastPart(module: string): string {
  return module.slice(module.lastIndexOf('.') + 1);
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const one of a) if (b.has(one)) return true;
  return false;
}
