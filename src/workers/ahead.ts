/**
 * Scans files in threads, ahead of who asks for them in their order; instead of waiting for one, who asks scans others itself. No more is
 * done ahead than a few portions for each thread, so that what waits takes no more memory for more files. The threads end with
 * {@link Ahead.end}.
 *
 * One thread beside the one that asks reads texts, and leaves trees to that: code is slow until it has run for a while, and so each
 * warms up its own half.
 */
import { statSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import Tinypool from 'tinypool';
import { isUnfinished, type Scanned, type Unfinished } from '../scan-file.ts';
import type { IgnoreOptions } from '../sift.ts';
import type { FileEntry } from '../source/discover.ts';
import type { ScanTask } from './scan-worker.ts';
import { withinTime } from './within-time.ts';

/** Files that a thread is given at once: few enough for the threads to end together, and more of them where there are very many. */
const PORTION = 24;
const LARGEST_PORTION = 96;
/** Portions that all files are cut into, where their size allows. */
const PORTIONS = 400;
/** Portions that a thread is given before it is done: it shall not wait for who asks, who is busy. */
const QUEUED = 6;
/** Portions that may be under way or wait to be taken, for each thread. */
const AHEAD = 8;
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
   * Scans a file in this thread, or does what is left of one; then this thread is one of the {@link jobs}: what it would wait for it does
   * itself. It takes small files alone, which do not fill the memory.
   */
  readonly here?: ((file: FileEntry, unfinished?: Unfinished) => Scanned) | undefined;
}

type OfPortion = readonly (Scanned | Unfinished)[];

export class Ahead {
  private pool: Tinypool;
  /** One thread for what brought another down. */
  private solitary: Tinypool | undefined;
  /** When that thread is free. */
  private alone: Promise<unknown> = Promise.resolve();
  private readonly options: AheadOptions;
  private readonly portions: readonly (readonly FileEntry[])[];
  private readonly indexOf = new Map<string, number>();
  private readonly under = new Map<number, Promise<ReadonlyMap<string, Scanned | Unfinished>>>();
  private readonly threads: number;
  /** How many portions are with the threads, and which of those under way have come back. */
  private inThreads = 0;
  private readonly done = new Set<number>();
  private begun = 0;
  /** One for each portion that is with the threads. */
  private readonly timers = new Set<NodeJS.Timeout>();
  private isEnded = false;

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
    this.pool = this.started(threads);
  }

  /** What a file came to; undefined for one that was none of those given, or that stands before one that was asked for. */
  async get(file: FileEntry): Promise<Scanned | undefined> {
    const { path } = file;
    const index = this.indexOf.get(path);
    if (index === undefined) return undefined;
    const until = Math.min(this.portions.length, index + AHEAD * this.options.jobs);
    // Who asks goes on in the order of the files: what came before was taken.
    for (const before of this.under.keys()) if (before < index) this.forget(before);
    for (;;) {
      while (this.begun < until && (this.begun <= index || this.inThreads < this.room)) this.begin();
      if (this.done.has(index) || this.begun >= until || !this.beginHere()) break;
      // What came back from the threads is heard.
      await turn();
    }
    const found = (await this.under.get(index))?.get(path);
    return found !== undefined && isUnfinished(found) ? this.finish(file, found) : found;
  }

  /** How many portions the threads may have: towards the end fewer, or who asks would wait for the last ones. */
  private get room(): number {
    const left = this.portions.length - this.begun;
    return Math.min(QUEUED * this.threads, Math.ceil(left / 2));
  }

  private async finish(file: FileEntry, unfinished: Unfinished): Promise<Scanned | undefined> {
    const finished = this.withinTime(() => this.options.here?.(file, unfinished));
    return finished ?? (await this.eachAlone([file]))[0];
  }

  private withinTime<T>(work: () => T): T | undefined {
    return withinTime(work, Math.min(this.options.patience ?? PATIENCE, PATIENCE_HERE));
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
    const { here } = this.options;
    if (here === undefined) return false;
    const files = this.portions[this.begun] ?? [];
    const scanned = files.every(isSmall) ? this.withinTime(() => files.map((file) => here(file))) : undefined;
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
    this.isEnded = true;
    await Promise.all([this.pool.destroy(), this.solitary?.destroy()]);
  }

  private started(threads: number): Tinypool {
    const filename = this.options.worker.href;
    const size = { minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: QUEUED };
    return new Tinypool({ filename, ...size, isolateWorkers: false });
  }

  private async portion(files: readonly FileEntry[]): Promise<ReadonlyMap<string, Scanned | Unfinished>> {
    const scanned = await this.inThread(files).catch(() => this.eachAlone(files));
    return new Map(files.map((file, index) => [file.path, scanned[index] ?? lost(file, 'nothing came back')]));
  }

  /** Throws if it takes too long, and where another portion of its thread does: then there are other threads from then on. */
  private async inThread(files: readonly FileEntry[]): Promise<OfPortion> {
    const { pool } = this;
    const timer = setTimeout(() => {
      if (this.pool === pool) this.pool = this.started(this.threads);
      void pool.destroy();
    }, this.options.patience ?? PATIENCE);
    this.timers.add(timer);
    try {
      return await pool.run(this.task(files, this.threads === 1 && this.options.here !== undefined ? SMALL : 0));
    } finally {
      clearTimeout(timer);
      this.timers.delete(timer);
      // Those that waited behind it count from now.
      for (const other of this.timers) other.refresh();
    }
  }

  /** Something in the portion brings its thread down, or does not end: which file it is shows when each is alone. */
  private eachAlone(files: readonly FileEntry[]): Promise<readonly Scanned[]> {
    const scanned = this.alone.then(async () => {
      const found: Scanned[] = [];
      // What was under way when the threads ended is asked for by nobody.
      for (const file of this.isEnded ? [] : files) found.push(await this.oneAlone(file));
      return found;
    });
    this.alone = scanned;
    return scanned;
  }

  private async oneAlone(file: FileEntry): Promise<Scanned> {
    this.solitary ??= this.started(1);
    const signal = AbortSignal.timeout(this.options.patience ?? PATIENCE);
    try {
      const [one] = await this.solitary.run(this.task([file], 0), { signal });
      return one ?? lost(file, 'nothing came back');
    } catch (error) {
      return lost(file, reasonOf(error));
    }
  }

  private task(files: readonly FileEntry[], leave: number): ScanTask {
    const { rules, knownRules, reportUnusedIgnores, sift, stats } = this.options;
    return { files, rules, options: { knownRules, reportUnusedIgnores, sift, stats }, leave };
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
