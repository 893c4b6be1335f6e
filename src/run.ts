/**
 * The pipeline, one way:
 *
 *   discover → read → sift → parse → model → detect → link → judge → review → render → gate → write → report
 *
 * Everything before *link* looks at one file and gives plain data ({@link scan}); {@link judge} links the files of the project and
 * says what the candidates come to; the rest runs once. Only this thread asks, and only it writes.
 */
import { constants } from 'node:os';
import type { Environment } from './config/main.ts';
import { version } from './config/version.ts';
import type { FileError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import type { SourceFile } from './core/source-file.ts';
import { decide, type Refusal } from './decide.ts';
import { emit, requireOutput, summarize, summarizeEnd } from './emit.ts';
import { evidenceOf, inputOf } from './input.ts';
import { judge, judgeAgain } from './judge.ts';
import { describeRun } from './outcome.ts';
import { recoverKilledRuns } from './recover.ts';
import { reviewed } from './review-session.ts';
import { loadRules } from './rules.ts';
import { scan } from './scan.ts';
import { write } from './write.ts';

/** Exit statuses of the contract. */
const CLEAN = 0;
const FINDINGS_REMAIN = 1;
const TROUBLE = 2;
/** Plus the number of the signal that ended the run, as shells have it. */
const SIGNAL = 128;

/** Runs once with the given options; the exit status. Throws UserError for a mistake in them. */
export async function run(options: Options, io: Environment): Promise<number> {
  const started = performance.now();
  await requireOutput(options);
  await recoverKilledRuns(options, io);
  const rules = await loadRules(options.rules);
  const input = await inputOf(options, io.stdin);
  const scanned = await scan(input.files, rules, input.read);
  const evidence = () => evidenceOf(options);
  const judged = await judge(scanned, evidence, { ...options, rules });
  const findAgain = (edited: SourceFile) => judgeAgain(edited, scanned, evidence, { ...options, rules });
  const { decided, written, kept } = await reviewed(options, io, input.files, async (reviewer) => {
    const decisions = await decide(judged, reviewer, refusalOf(options), input.recheck, findAgain);
    return { decided: decisions, written: await write(options, decisions) };
  });
  const errors = [input, scanned, judged, decided, written].flatMap((stage) => stage.errors).sort(byPlace);
  const milliseconds = Math.round(performance.now() - started);
  const report = describeRun({
    options,
    version,
    scanned,
    sources: judged.sources,
    decided,
    written,
    errors,
    milliseconds,
  });

  await emit(options, io, report, decided, input.standardInput);
  summarize(options, io, report, [...input.warnings, ...scanned.warnings]);
  summarizeEnd(options, io, decided, written, kept);
  const { interrupted } = written;
  return interrupted === undefined ? exitStatus(options, report) : SIGNAL + constants.signals[interrupted];
}

/** What a person did not accept was rejected; what the options do not allow is skipped. */
function refusalOf({ mode }: Options): Refusal {
  return mode === 'interactive' ? 'rejected' : 'skipped';
}

function exitStatus(options: Options, report: Report): number {
  if (report.errors.length > 0) return TROUBLE;
  const remaining = report.findings.some(({ status }) => status !== 'applied');
  return remaining && !options.exitZero ? FINDINGS_REMAIN : CLEAN;
}

function byPlace(a: FileError, b: FileError): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : (a.line ?? 0) - (b.line ?? 0);
}
