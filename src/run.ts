/**
 * The pipeline, one way:
 *
 *   discover → read → sift → parse → model → detect → link → judge → narrow → review → render → gate → write → report
 *
 * Up to *narrow* it is {@link find}; the rest runs once. Only this thread asks, and only it writes.
 */
import { constants } from 'node:os';
import { parsingResults } from './analysis.ts';
import { requireCleanBatch, requireCleanReview } from './clean.ts';
import type { Environment } from './config/main.ts';
import { version } from './config/version.ts';
import type { FileError } from './core/errors.ts';
import { isVerified, type Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import { Stopwatch } from './core/stopwatch.ts';
import { decide, type Refusal } from './decide.ts';
import { emit, requireOutput, summarize, summarizeEnd } from './emit.ts';
import { evidenceById, led, ledReport, strangeEvidence } from './evidence.ts';
import { find } from './find.ts';
import { baselineOf } from './narrow.ts';
import { describeRun } from './outcome.ts';
import { recoverKilledRuns } from './recover.ts';
import { reviewed } from './review-session.ts';
import { statsText } from './stats.ts';
import type { unusedIgnores as UnusedIgnores } from './unused-ignores.ts';
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
  const watch = new Stopwatch(started);
  await requireOutput(options);
  const [baseline, evidence] = [await baselineOf(options), await evidenceById(options)];
  await recoverKilledRuns(options, io);
  const { input, scanned, judged, narrowed: inOrder, findAgain } = await find(options, io, baseline, watch);
  const narrowed = led(inOrder, evidence);
  const unused = scanned.mayIgnore.length === 0 ? [] : await unusedComments(options, input, scanned, judged);
  await requireCleanReview(options, narrowed);
  const stopped = isVerified(options) && (await (await verification()).requirePassingReview(options, io, narrowed));
  if (stopped) return SIGNAL + constants.signals[stopped];
  const { decided, written, kept } = await reviewed(options, io, input.files, async (reviewer) => {
    const { recheck } = input;
    const results = parsingResults(input, options);
    const refusal = refusalOf(options);
    const decisions = await decide(
      narrowed,
      reviewer,
      refusal,
      recheck,
      findAgain,
      options.maxChanges,
      results?.parses,
    );
    results?.keep();
    await requireCleanBatch(options, decisions);
    if (isVerified(options)) return (await verification()).writeVerified(options, io, decisions);
    return { decided: decisions, written: await write(options, decisions) };
  });
  const errors = [input, scanned, judged, decided, written].flatMap((stage) => stage.errors).sort(byPlace);
  watch.lap('plan and write');
  const milliseconds = Math.round(performance.now() - started);
  const { sources } = judged;
  const found = describeRun({ options, version, scanned, sources, decided, written, errors, milliseconds });
  const report = ledReport(found, evidence);

  await emit(options, io, report, decided, input.standardInput);
  const warnings = [
    ...input.warnings,
    ...scanned.warnings,
    ...narrowed.warnings,
    ...strangeEvidence(narrowed, evidence),
    ...unused,
  ];
  summarize(options, io, { report, sources, warnings, notes: narrowed.notes });
  watch.lap('report');
  if (options.stats) io.stderr.write(statsText(watch.laps, scanned));
  summarizeEnd(options, io, decided, written, kept);
  const { interrupted } = written;
  if (interrupted !== undefined) return SIGNAL + constants.signals[interrupted];
  return exitStatus(options, report, unused.length > 0);
}

/** Loaded where a comment may be of no use. */
async function unusedComments(...given: Parameters<typeof UnusedIgnores>): Promise<readonly string[]> {
  return (await import('./unused-ignores.ts')).unusedIgnores(...given);
}

/** Loaded where it is asked for. */
function verification() {
  return import('./verify.ts');
}

/** What a person did not accept was rejected; what the options do not allow is skipped. */
function refusalOf({ mode }: Options): Refusal {
  return mode === 'interactive' ? 'rejected' : 'skipped';
}

function exitStatus(options: Options, report: Report, unusedIgnores: boolean): number {
  if (report.errors.length > 0) return TROUBLE;
  const remaining = unusedIgnores || report.findings.some(({ status }) => status !== 'applied');
  return remaining && !options.exitZero ? FINDINGS_REMAIN : CLEAN;
}

function byPlace(a: FileError, b: FileError): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : (a.line ?? 0) - (b.line ?? 0);
}
