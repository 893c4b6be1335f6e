/** Follows modules from file to file: who imports a file that is reached may have got hold of what it defines. */

/** What the import statements of one file bring, as files by their numbers. */
export interface Imported {
  /** Files whose names are taken by `from` imports, or that are the module itself. */
  readonly modules: readonly number[];
  /** Packages that are at hand as objects, so that what lies in them is an attribute: `import a.b` gives `a.b` and all of `a`. */
  readonly packages: readonly number[];
}

/** What is known of the project's files, which are numbered from 0 on. */
export interface ImportsOfFiles {
  readonly count: number;
  imports(file: number): Imported;
  /** The `__init__.py` of every package around a file. */
  packagesOf(file: number): readonly number[];
}

/** Iterating gives the files that reach something, each once; what is added or opened on the way counts. */
export class Reach implements Iterable<number> {
  private readonly files: ImportsOfFiles;
  /** By file, 1 for yes. */
  private readonly modules: Uint8Array;
  private readonly packages: Uint8Array;
  private readonly opened: Uint8Array;
  private readonly isFound: Uint8Array;
  /** By a file that is not reached yet, who imports it. */
  private readonly importers = new Map<number, number[]>();
  /** By a package in which nothing is reached yet, who has it at hand. */
  private readonly holders = new Map<number, number[]>();
  private readonly queue: number[] = [];
  readonly found: number[] = [];

  constructor(files: ImportsOfFiles) {
    this.files = files;
    const flags = (): Uint8Array => new Uint8Array(files.count);
    [this.modules, this.packages, this.opened, this.isFound] = [flags(), flags(), flags(), flags()];
  }

  has(file: number): boolean {
    return this.isFound[file] === 1;
  }

  /** What the file defines is reached. */
  add(file: number): void {
    if (this.modules[file] === 1) return;
    this.modules[file] = 1;
    this.queue.push(...(this.importers.get(file) ?? []));
    for (const around of this.files.packagesOf(file)) {
      if (this.packages[around] === 1) continue;
      this.packages[around] = 1;
      this.queue.push(...(this.holders.get(around) ?? []));
    }
  }

  /** The files are looked at. */
  open(files: Iterable<number>): void {
    for (const file of files) {
      if (this.opened[file] === 1) continue;
      this.opened[file] = 1;
      const { modules, packages } = this.files.imports(file);
      if (modules.some((other) => this.modules[other] === 1) || packages.some((other) => this.packages[other] === 1)) {
        this.queue.push(file);
      } else {
        note(this.importers, modules, file);
        note(this.holders, packages, file);
      }
    }
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let file = this.queue.pop(); file !== undefined; file = this.queue.pop()) {
      if (this.isFound[file] === 1) continue;
      this.isFound[file] = 1;
      this.found.push(file);
      yield file;
    }
  }
}

function note(index: Map<number, number[]>, files: readonly number[], importer: number): void {
  for (const file of files) {
    const importers = index.get(file);
    if (importers === undefined) index.set(file, [importer]);
    else importers.push(importer);
  }
}
