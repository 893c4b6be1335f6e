/** Who imports whom, by the import statements as they are written: which files can have got hold of what a module defines. */
import { once, oncePer } from '../core/once.ts';
import { absoluteName } from '../model/module-name.ts';
import { Adjacency } from './adjacency.ts';
import type { FileFacts } from './facts.ts';
import type { ModuleIndex } from './modules.ts';
import { NameImports, type Naming } from './name-imports.ts';
import { Postings } from './postings.ts';
import type { ProjectFile, ProjectFiles } from './project-files.ts';
import { type ImportsOfFiles, Reach } from './reach.ts';

/** Each takes four bytes for every file of the project. */
const KEPT_REACHES = 32;

export class ImportGraph {
  private readonly project: ProjectFiles;
  private readonly modules: ModuleIndex;
  /** The numbers of the files that may get hold of modules they do not import. */
  private readonly dynamic: readonly number[];
  private readonly nameImports: NameImports;
  private readonly reaches = new Map<string, Reach>();
  /** By its number, each file; its absolute path; and the number of that. */
  private readonly files: readonly FileFacts[];
  private readonly realPaths: readonly string[];
  private readonly numbers: ReadonlyMap<string, number>;
  /** The numbers of the files that import something, by its name: the last part of a module's; `*` for a star import. */
  private readonly importers = new Postings<number>();

  constructor(project: ProjectFiles, modules: ModuleIndex) {
    this.project = project;
    this.modules = modules;
    this.files = [...project.allFacts];
    this.realPaths = this.files.map(({ path }) => this.realPath(path));
    this.numbers = new Map(this.realPaths.map((path, number) => [path, number]));
    this.dynamic = this.files.flatMap(({ dynamic }, number) => (dynamic ? [number] : []));
    this.nameImports = new NameImports(this.files, this.realPaths, modules);
    for (const [file, { imports }] of this.files.entries())
      for (const { module, names } of imports)
        for (const name of names.length === 0 ? [lastPart(module)] : names) this.importers.add(name, file);
  }

  /**
   * The paths, of those given, of the files that can use what the file at `home` defines under one of the names: they import it, a
   * package it lies in, or a file that passes it on. What is imported by a name that only running the program tells is not followed.
   */
  reaching(home: ProjectFile, names: readonly string[], paths: readonly string[]): readonly string[] {
    const start = this.numbers.get(home.realPath);
    if (paths.length === 0 || start === undefined) return paths;
    const numberOf = (path: string): number => this.numbers.get(this.realPath(path)) ?? start;
    const asked = paths.map(numberOf);
    const handed = ['*', ...names, ...this.modules.nameOf(home.realPath).name.split('.')];
    const passing = handed.map((name) => this.importers.get(name));
    const surely = new Reach(this.links(), this.surely(start, handed.join(), passing));
    surely.open(asked);
    this.passOn(surely);
    if (asked.every((file) => surely.has(file))) return paths;
    // What dynamic files have cannot be told: only who imports something of the names from them is followed.
    const perhaps = new Reach(this.links(), this.dynamically());
    for (const file of surely.found) perhaps.add(file);
    for (const files of [asked, ...passing]) perhaps.open(files);
    for (const file of perhaps) perhaps.add(file);
    return paths.filter((path) => surely.has(numberOf(path)) || perhaps.has(numberOf(path)));
  }

  /** Who has got hold of the module, as far as it is no matter who asks. One class is asked about several times. */
  private surely(start: number, names: string, passing: readonly (readonly number[])[]): Reach {
    const key = `${start} ${names}`;
    const known = this.reaches.get(key);
    if (known !== undefined) return known;
    const found = new Reach(this.links());
    found.add(start);
    for (const files of passing) found.open(files);
    this.passOn(found);
    if (this.reaches.size >= KEPT_REACHES) this.reaches.clear();
    this.reaches.set(key, found);
    return found;
  }

  /** Who has the module, or one that has it, may pass that on too. */
  private passOn(reach: Reach): void {
    for (const file of reach) {
      reach.add(file);
      reach.open(this.importersOf(file));
    }
  }

  private readonly dynamically = once((): Reach => {
    const reach = new Reach(this.links());
    for (const file of this.dynamic) reach.add(file);
    return reach;
  });

  /** Who imports something by the name of the file, be it that or another. */
  private readonly importersOf = oncePer((file: number): readonly number[] =>
    this.importers.get(lastPart(this.modules.nameOf(this.realPaths[file] ?? '').name)),
  );

  private realPath(path: string): string {
    return this.project.at(path)?.realPath ?? path;
  }

  /** See {@link NameImports.naming}. */
  naming(home: ProjectFile, names: readonly string[]): Naming {
    return this.nameImports.naming(home.realPath, names);
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
    const [importer, imported] = [this.numbers.get(this.realPath(path)), this.numbers.get(home)];
    return importer !== undefined && imported !== undefined && this.links().modules.of(importer).includes(imported);
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

  private readonly links = once((): ImportsOfFiles => {
    const modules = new Edges();
    const packages = new Edges();
    const around = new Edges();
    for (const file of this.files.keys()) {
      const imported = this.importsOf(file);
      modules.add(file, imported.modules);
      packages.add(file, imported.packages);
      around.add(file, this.numbersOf(this.modules.packagesOf(this.realPaths[file] ?? '')));
    }
    const count = this.files.length;
    return {
      count,
      modules: new Adjacency(count, modules.from, modules.to),
      importers: new Adjacency(count, modules.to, modules.from),
      packages: new Adjacency(count, packages.from, packages.to),
      holders: new Adjacency(count, packages.to, packages.from),
      around: new Adjacency(count, around.from, around.to),
    };
  });

  /** All files that may be meant, where several may. */
  private importsOf(file: number): { readonly modules: ReadonlySet<number>; readonly packages: ReadonlySet<number> } {
    const modules = new Set<number>();
    const packages = new Set<number>();
    const importer = this.realPaths[file] ?? '';
    const add = (name: string, ...sets: readonly Set<number>[]): void => {
      for (const number of this.numbersOf(this.modules.all(name, importer))) for (const set of sets) set.add(number);
    };
    for (const { module, names } of this.files[file]?.imports ?? []) {
      const absolute = absoluteName(module, this.modules.nameOf(importer));
      if (absolute === undefined) continue;
      add(absolute, modules);
      // Most names are those of classes and functions.
      for (const name of names) if (this.modules.isNamed(name)) add(`${absolute}.${name}`, modules, packages);
      for (const prefix of names.length > 0 ? [] : prefixes(absolute)) add(prefix, modules, packages);
    }
    return { modules, packages };
  }

  private numbersOf(realPaths: readonly string[]): readonly number[] {
    return realPaths.flatMap((path) => this.numbers.get(path) ?? []);
  }
}

/** Pairs of numbers. */
class Edges {
  readonly from: number[] = [];
  readonly to: number[] = [];

  add(from: number, targets: Iterable<number>): void {
    for (const to of targets) {
      this.from.push(from);
      this.to.push(to);
    }
  }
}

/** `a`, `a.b`, `a.b.c` */
function prefixes(module: string): readonly string[] {
  const parts = module.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}

function lastPart(module: string): string {
  return module.slice(module.lastIndexOf('.') + 1);
}
