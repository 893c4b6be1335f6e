/** Follows modules from file to file: who imports a file that is reached may have got hold of what it defines. */
import type { Adjacency } from './adjacency.ts';

/** What is known of the project's files, which are numbered from 0 on. */
export interface ImportsOfFiles {
  readonly count: number;
  /** Of a file, those whose names it takes by `from` imports, or that it has as modules; and the other way round. */
  readonly modules: Adjacency;
  readonly importers: Adjacency;
  /** Of a file, the packages that it has at hand as objects: `import a.b` gives all of `a` as attributes; and the other way round. */
  readonly packages: Adjacency;
  readonly holders: Adjacency;
  /** Of a file, the `__init__.py` of every package around it. */
  readonly around: Adjacency;
}

/** Iterating gives the files that reach something, each once; what is added or opened on the way counts. */
export class Reach implements Iterable<number> {
  private readonly files: ImportsOfFiles;
  /** By file, 1 for yes. */
  private readonly modules: Uint8Array;
  private readonly packages: Uint8Array;
  private readonly opened: Uint8Array;
  private readonly isFound: Uint8Array;
  /** What was opened, list by list: of many files those of one name are the same. */
  private readonly lists: Set<readonly number[]>;
  private readonly queue: number[];
  readonly found: number[];

  /** Goes on from where another one stands, and leaves that as it is. */
  constructor(files: ImportsOfFiles, from?: Reach) {
    this.files = files;
    const flags = (known: Uint8Array | undefined): Uint8Array => known?.slice() ?? new Uint8Array(files.count);
    this.modules = flags(from?.modules);
    this.packages = flags(from?.packages);
    this.opened = flags(from?.opened);
    this.isFound = flags(from?.isFound);
    this.lists = new Set(from?.lists);
    this.queue = [...(from?.queue ?? [])];
    this.found = [...(from?.found ?? [])];
  }

  has(file: number): boolean {
    return this.isFound[file] === 1;
  }

  /** What the file defines is reached. */
  add(file: number): void {
    if (this.modules[file] === 1) return;
    this.modules[file] = 1;
    this.reach(this.files.importers.of(file));
    for (const around of this.files.around.of(file)) {
      if (this.packages[around] === 1) continue;
      this.packages[around] = 1;
      this.reach(this.files.holders.of(around));
    }
  }

  /** The files are looked at. */
  open(files: readonly number[]): void {
    if (this.lists.has(files)) return;
    this.lists.add(files);
    for (const file of files) {
      if (this.opened[file] === 1) continue;
      this.opened[file] = 1;
      const isReached = (other: number): boolean => this.modules[other] === 1;
      const isAtHand = (other: number): boolean => this.packages[other] === 1;
      if (this.files.modules.of(file).some(isReached) || this.files.packages.of(file).some(isAtHand))
        this.queue.push(file);
    }
  }

  private reach(files: Int32Array): void {
    for (const file of files) if (this.opened[file] === 1 && this.isFound[file] !== 1) this.queue.push(file);
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
