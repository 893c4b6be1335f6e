/**
 * The pipeline, one way:
 *
 *   discover → read → sift → parse → model → detect → link → judge → review → render → gate → write → report
 *
 * Everything before *link* looks at one file and gives plain data ({@link scan}); *link* settles what other files decide; the rest
 * runs once. Only this thread asks, and only it writes.
 */
import type { Environment } from './config/main.ts';
import { version } from './config/version.ts';
import type { FileError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import { type Decided, decide } from './decide.ts';
import { emit, emitSource, summarize } from './emit.ts';
import { evidenceFiles, inputOf } from './input.ts';
import { describeRun } from './outcome.ts';
import { policyReviewer, type Reviewer } from './review/reviewer.ts';
import { loadRules } from './rules.ts';
import { link, scan } from './scan.ts';
import { type Written, write } from './write.ts';

/** Exit statuses of the contract. */
const CLEAN = 0;
const FINDINGS_REMAIN = 1;
const TROUBLE = 2;

/** Runs once with the given options; the exit status. Throws UserError for a mistake in them. */
export async function run(options: Options, io: Environment): Promise<number> {
  const started = performance.now();
  const rules = await loadRules(options.rules);
  const input = await inputOf(options, io.stdin);
  const scanned = await scan(input.files, rules, options.strategies, input.read);
  const findings = await link(scanned.findings, () => evidenceFiles(options));
  const reviewer = await reviewerFor(options, io);
  const decided = await decide(
    findings,
    scanned.sources,
    reviewer,
    options.mode === 'interactive' ? 'rejected' : 'skipped',
    input.recheck,
  );
  const written =
    options.mode === 'dry-run' || input.standardInput ? nothingWritten : await write(options, decided.rendered);
  const errors = [...input.errors, ...scanned.errors, ...decided.errors, ...written.errors].sort(byPlace);
  const milliseconds = Math.round(performance.now() - started);
  const report = describeRun({ options, version, scanned, decided, written, errors, milliseconds });

  await emit(options, io, report, decided);
  if (input.standardInput && options.mode === 'batch') await emitSource(options, io, input.source, decided);
  summarize(options, io, report, [...input.warnings, ...scanned.warnings], written);
  return exitStatus(options, report, decided, written);
}

const nothingWritten: Written = { written: [], errors: [], interrupted: false };

async function reviewerFor(options: Options, io: Environment): Promise<Reviewer> {
  if (options.mode !== 'interactive') return policyReviewer(options.unsafe);
  const { interactiveReviewer } = await import('./review/interactive.ts');
  return interactiveReviewer(io, options);
}

function exitStatus(options: Options, report: Report, decided: Decided, written: Written): number {
  if (decided.interrupted || written.interrupted) return 130;
  if (report.errors.length > 0) return TROUBLE;
  const remaining = report.findings.some(({ status }) => status !== 'applied');
  return remaining && !options.exitZero ? FINDINGS_REMAIN : CLEAN;
}

function byPlace(a: FileError, b: FileError): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : (a.line ?? 0) - (b.line ?? 0);
}
