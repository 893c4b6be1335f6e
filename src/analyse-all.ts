/** What is found in the files of a run where it is not known from another: they are scanned, in threads where that is worth it, and judged. */
import { availableParallelism } from 'node:os';
import { isStandardInput, type Options } from './core/options.ts';
import type { Stopwatch } from './core/stopwatch.ts';
import type { Input } from './input.ts';
import { type Evidence, type Judged, judge, type KnownJudgements } from './judge.ts';
import type { RunProgress } from './progress.ts';
import type { AnyTransform } from './rules.ts';
import { type Scan, scan } from './scan.ts';
import { finishFile, scanFile, type Unfinished } from './scan-file.ts';
import type { FileEntry } from './source/discover.ts';
import type { Ahead } from './workers/ahead.ts';

export interface Analysed {
  readonly scanned: Scan;
  readonly judged: Judged;
}

/** Fewer files are scanned before threads have started. */
const WORTH_THREADS = 300;

/** What is known from another run, and who is told of what was found out. */
export interface Known extends Pick<NonNullable<Parameters<typeof scan>[2]>, 'known' | 'onScanned'> {
  readonly judgements?: (scanned: Scan) => Promise<KnownJudgements>;
}

/** Scans the files and judges them. */
export async function analyseAll(
  input: Input,
  load: () => Promise<readonly AnyTransform[]>,
  evidence: () => Promise<Evidence>,
  options: Options,
  progress: RunProgress,
  watch: Stopwatch,
  known: Known = {},
): Promise<Analysed> {
  const rules = await load();
  const scanned = await scanAll(input, rules, options, progress, known);
  watch.lap('scan');
  const judgements = await known.judgements?.(scanned);
  const judged = await judge(scanned, evidence, { ...options, rules, judgements, onFile: progress.judged });
  watch.lap('judge');
  return { scanned, judged };
}

/** By itself, so that nothing that the threads needed is kept in memory for longer. */
async function scanAll(
  input: Input,
  rules: readonly AnyTransform[],
  options: Options,
  progress: RunProgress,
  known: Known,
): Promise<Scan> {
  const ahead = await aheadOf(input, rules, options, known);
  const how = { ...options, ...known, ahead, read: input.read, onFile: progress.read };
  return scan(input.files, rules, how).finally(() => ahead?.end());
}

/** Threads that scan what is not known yet; undefined where one thread is done before more would have started. */
async function aheadOf(
  { files }: Input,
  rules: readonly AnyTransform[],
  options: Options,
  { known }: Known,
): Promise<Ahead | undefined> {
  const jobs = options.jobs === 'auto' ? availableParallelism() : options.jobs;
  // Node cannot run the sources in a thread: only the built program can.
  if (jobs < 2 || isStandardInput(options) || !import.meta.url.endsWith('.js') || files.length < WORTH_THREADS)
    return undefined;
  const unknown = known === undefined ? files : files.filter((entry) => known(entry) === undefined);
  if (unknown.length < WORTH_THREADS) return undefined;
  const { Ahead: Threads } = await import('./workers/ahead.ts');
  const worker = new URL('./workers/scan-worker.js', import.meta.url);
  const here = (file: FileEntry, unfinished?: Unfinished) =>
    unfinished === undefined ? scanFile(file, rules, options) : finishFile(file, unfinished, rules, options);
  return new Threads(unknown, { ...options, jobs, worker, here });
}
