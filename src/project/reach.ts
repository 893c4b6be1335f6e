/** Follows modules from file to file: who imports a file that is reached may have got hold of what it defines. */

/** What the import statements of one file bring, as files: absolute. */
export interface Imported {
  /** Files whose names are taken by `from` imports, or that are the module itself. */
  readonly modules: readonly string[];
  /** Packages that are at hand as objects, so that what lies in them is an attribute: `import a.b` gives `a.b` and all of `a`. */
  readonly packages: readonly string[];
}

/** What is known of the project's files. */
export interface ImportsOfFiles {
  imports(path: string): Imported;
  /** The `__init__.py` of every package around a file, absolute. */
  packagesOf(file: string): readonly string[];
}

/** Iterating gives the paths of the files that reach something, each once; what is added or opened on the way counts. */
export class Reach implements Iterable<string> {
  private readonly files: ImportsOfFiles;
  private readonly modules = new Set<string>();
  private readonly packages = new Set<string>();
  private readonly opened = new Set<string>();
  /** By a file that is not reached yet, who imports it. */
  private readonly importers = new Map<string, string[]>();
  /** By a package in which nothing is reached yet, who has it at hand. */
  private readonly holders = new Map<string, string[]>();
  private readonly queue: string[] = [];
  /** Paths. */
  readonly found = new Set<string>();

  constructor(files: ImportsOfFiles) {
    this.files = files;
  }

  /** What the file defines, absolute, is reached. */
  add(file: string): void {
    if (this.modules.has(file)) return;
    this.modules.add(file);
    this.queue.push(...(this.importers.get(file) ?? []));
    for (const around of this.files.packagesOf(file)) {
      if (this.packages.has(around)) continue;
      this.packages.add(around);
      this.queue.push(...(this.holders.get(around) ?? []));
    }
  }

  /** The files at the paths are looked at. */
  open(paths: Iterable<string>): void {
    for (const path of paths) {
      if (this.opened.has(path)) continue;
      this.opened.add(path);
      const { modules, packages } = this.files.imports(path);
      if (modules.some((file) => this.modules.has(file)) || packages.some((file) => this.packages.has(file))) {
        this.queue.push(path);
      } else {
        note(this.importers, modules, path);
        note(this.holders, packages, path);
      }
    }
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let path = this.queue.pop(); path !== undefined; path = this.queue.pop()) {
      if (this.found.has(path)) continue;
      this.found.add(path);
      yield path;
    }
  }
}

function note(index: Map<string, string[]>, files: readonly string[], path: string): void {
  for (const file of files) {
    const paths = index.get(file);
    if (paths === undefined) index.set(file, [path]);
    else paths.push(path);
  }
}
