/**
 * The pipeline up to what was found: discover → read → sift → parse → model → detect → link → judge → narrow.
 *
 * Everything before *link* looks at one file and gives plain data ({@link scan}); {@link judge} links the files of the project and
 * says what the candidates come to.
 */
import type { Baseline } from './baseline.ts';
import type { Environment } from './config/main.ts';
import type { Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { FindAgain } from './decide.ts';
import { evidenceOf, type Input, inputOf } from './input.ts';
import { type Judged, judge, judgeAgain } from './judge.ts';
import { type Narrowed, narrow, narrowAgain } from './narrow.ts';
import { progressOf } from './progress.ts';
import { loadRules } from './rules.ts';
import { type Scan, scan } from './scan.ts';

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
export async function find(options: Options, io: Environment, baseline: Baseline | undefined): Promise<Found> {
  const rules = await loadRules(options.rules);
  const input = await inputOf(options, io.stdin);
  const progress = progressOf(options, io, input.files.length);
  const scanned = await scan(input.files, rules, { ...options, read: input.read, onFile: progress.read });
  const evidence = () => evidenceOf(options);
  const judged = await judge(scanned, evidence, { ...options, rules, onFile: progress.judged });
  progress.end();
  const narrowed = await narrow(judged, scanned, options, input.changed, baseline);
  const findAgain = async (edited: SourceFile) =>
    narrowAgain(await judgeAgain(edited, scanned, evidence, { ...options, rules }), edited, judged, narrowed);
  return { input, scanned, judged, narrowed, findAgain };
}
