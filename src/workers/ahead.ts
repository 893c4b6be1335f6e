/**
 * Scans files in threads, ahead of who asks for them in their order; instead of waiting for one, who asks scans others itself. No more is
 * done ahead than a few portions for each thread, so that what waits takes no more memory for more files. The threads end with
 * {@link Ahead.end}.
 */
import { statSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import Tinypool from 'tinypool';
import type { IgnoreOptions } from '../analyse.ts';
import type { Scanned } from '../scan-file.ts';
import type { FileEntry } from '../source/discover.ts';
import type { ScanTask } from './scan-worker.ts';
import { withinTime } from './within-time.ts';

/** Files that a thread is given at once: few enough for the threads to end together, and more of them where there are very many. */
const PORTION = 24;
const LARGEST_PORTION = 96;
/** Portions that all files are cut into, where their size allows. */
const PORTIONS = 400;
/** Portions that may be under way or wait to be taken, for each thread. */
const AHEAD = 3;
/** What the files of one portion may take together, in milliseconds; then each is tried alone, for as long. */
const PATIENCE = 120_000;
/** The same in the thread that asks, where it takes a twentieth of a second and keeps the others waiting. */
const PATIENCE_HERE = 10_000;

export interface AheadOptions extends IgnoreOptions {
  /** How many threads, with the one that asks if it scans too. */
  readonly jobs: number;
  /** The ids of the rules. */
  readonly rules: readonly string[];
  /** See {@link PATIENCE}; in milliseconds. */
  readonly patience?: number;
  /** The module that the threads run, the built {@link file://./scan-worker.ts}. */
  readonly worker: URL;
  /**
   * Scans a file in this thread, which then is one of the {@link jobs}: what it would wait for it does itself. It takes small files alone,
   * which do not fill the memory.
   */
  readonly here?: ((file: FileEntry) => Scanned) | undefined;
}

export class Ahead {
  private readonly pool: Tinypool;
  private readonly options: AheadOptions;
  private readonly portions: readonly (readonly FileEntry[])[];
  private readonly indexOf = new Map<string, number>();
  /** Threads that have nothing to do, and those who wait for one: what a portion may take counts from when it has a thread. */
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private readonly under = new Map<number, Promise<ReadonlyMap<string, Scanned>>>();
  private readonly threads: number;
  /** How many portions are with the threads, and which of those under way have come back. */
  private inThreads = 0;
  private readonly done = new Set<number>();
  private begun = 0;

  constructor(files: readonly FileEntry[], options: AheadOptions) {
    this.options = options;
    const portions: FileEntry[][] = [];
    const size = Math.min(LARGEST_PORTION, Math.max(PORTION, Math.ceil(files.length / PORTIONS)));
    for (const [index, file] of files.entries()) {
      if (index % size === 0) portions.push([]);
      portions.at(-1)?.push(file);
      this.indexOf.set(file.path, portions.length - 1);
    }
    this.portions = portions;
    const threads = Math.min(options.here === undefined ? options.jobs : options.jobs - 1, portions.length);
    this.threads = threads;
    this.free = threads;
    this.pool = new Tinypool({
      filename: options.worker.href,
      minThreads: threads,
      maxThreads: threads,
      isolateWorkers: false,
    });
  }

  /** What a file came to; undefined for one that was none of those given, or that stands before one that was asked for. */
  async get({ path }: FileEntry): Promise<Scanned | undefined> {
    const index = this.indexOf.get(path);
    if (index === undefined) return undefined;
    const until = Math.min(this.portions.length, index + AHEAD * this.options.jobs);
    // Who asks goes on in the order of the files: what came before was taken.
    for (const before of this.under.keys()) if (before < index) this.forget(before);
    for (;;) {
      while (this.begun < until && (this.begun <= index || this.inThreads < 2 * this.threads)) this.begin();
      if (this.done.has(index) || this.begun >= until || !this.beginHere()) break;
      // What came back from the threads is heard.
      await turn();
    }
    const found = await this.under.get(index);
    return found?.get(path);
  }

  private forget(index: number): void {
    this.under.delete(index);
    this.done.delete(index);
  }

  /** Gives the next portion to the threads. */
  private begin(): void {
    const index = this.begun++;
    this.inThreads += 1;
    const portion = this.portion(this.portions[index] ?? []).finally(() => {
      this.inThreads -= 1;
      if (this.under.has(index)) this.done.add(index);
    });
    this.under.set(index, portion);
  }

  /** Does the next portion in this thread, or gives it to the others if it is too much for that; false where this thread does none. */
  private beginHere(): boolean {
    const { here, patience = PATIENCE } = this.options;
    if (here === undefined) return false;
    const files = this.portions[this.begun] ?? [];
    const scanned = files.every(isSmall)
      ? withinTime(() => files.map(here), Math.min(patience, PATIENCE_HERE))
      : undefined;
    if (scanned === undefined) {
      this.begin();
      return true;
    }
    const found = new Map(files.map((file, index) => [file.path, scanned[index] ?? lost(file, 'nothing came back')]));
    this.under.set(this.begun, Promise.resolve(found));
    this.done.add(this.begun++);
    return true;
  }

  async end(): Promise<void> {
    await this.pool.destroy();
  }

  private async portion(files: readonly FileEntry[]): Promise<ReadonlyMap<string, Scanned>> {
    const scanned = await this.run(files).catch(() => this.eachAlone(files));
    return new Map(files.map((file, index) => [file.path, scanned[index] ?? lost(file, 'nothing came back')]));
  }

  /** Something in the portion brings its thread down, or does not end: which file it is shows when each is alone. */
  private async eachAlone(files: readonly FileEntry[]): Promise<readonly Scanned[]> {
    const scanned: Scanned[] = [];
    for (const file of files) {
      const [one] = await this.run([file]).catch((error: unknown) => [lost(file, reasonOf(error))]);
      if (one !== undefined) scanned.push(one);
    }
    return scanned;
  }

  private async run(files: readonly FileEntry[]): Promise<readonly Scanned[]> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await this.inThread(files);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next();
    }
  }

  private inThread(files: readonly FileEntry[]): Promise<readonly Scanned[]> {
    const { rules, patience = PATIENCE, knownRules, reportUnusedIgnores, sift, stats } = this.options;
    const task: ScanTask = { files, rules, options: { knownRules, reportUnusedIgnores, sift, stats } };
    const signal = AbortSignal.timeout(patience);
    return this.pool.run(task, { signal }) as Promise<readonly Scanned[]>;
  }
}

/** In bytes. */
const SMALL = 1 << 18;

function isSmall({ realPath }: FileEntry): boolean {
  const stats = statSync(realPath, { throwIfNoEntry: false });
  return stats === undefined || stats.size <= SMALL;
}

function lost({ path }: FileEntry, reason: string): Scanned {
  return { path, kind: 'internal', message: `the file was given up: ${reason}` };
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'reading it did not come to an end';
  return error instanceof Error ? error.message : String(error);
}
