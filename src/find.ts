/**
 * The pipeline up to what was found: discover → read → sift → parse → model → detect → link → judge → narrow.
 *
 * Everything before *link* looks at one file and gives plain data; judging links the files of the project and says what the candidates
 * come to.
 */
import { analyseFiles } from './analysis.ts';
import type { Baseline } from './baseline.ts';
import type { Environment } from './config/main.ts';
import { once } from './core/once.ts';
import type { Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Stopwatch } from './core/stopwatch.ts';
import type { FindAgain } from './decide.ts';
import { evidenceOf, type Input, inputOf } from './input.ts';
import type { Judged } from './judge.ts';
import { type Narrowed, narrow, narrowAgain } from './narrow.ts';
import { progressOf } from './progress.ts';
import { loadRules } from './rules.ts';
import type { Scan } from './scan.ts';

export interface Found {
  readonly input: Input;
  readonly scanned: Scan;
  readonly judged: Judged;
  /** What the run is about. */
  readonly narrowed: Narrowed;
  /** The same in a text that a person has edited. */
  readonly findAgain: FindAgain;
}

/** What is in the baseline does not count. Changes no source. Throws UserError for a mistake in the options. */
export async function find(
  options: Options,
  io: Environment,
  baseline: Baseline | undefined,
  watch: Stopwatch,
): Promise<Found> {
  const rules = once(() => loadRules(options.rules));
  const input = await inputOf(options, io.stdin);
  watch.lap('find the files');
  const progress = progressOf(options, io, input.files.length);
  const evidence = once(() => evidenceOf(options, input));
  const { scanned, judged } = await analyseFiles(input, rules, evidence, options, progress, watch);
  progress.end();
  const narrowed = await narrow(judged, scanned, options, input.changed, baseline);
  const findAgain = async (edited: SourceFile) => {
    const { judgeAgain } = await import('./judge.ts');
    const found = await judgeAgain(edited, scanned, evidence, { ...options, rules: await rules() });
    return narrowAgain(found, edited, judged, narrowed);
  };
  return { input, scanned, judged, narrowed, findAgain };
}
