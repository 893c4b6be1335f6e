/**
 * Runs the user's own program before and after the fixes, and says what each of them came to: the command `prove`.
 *
 * Both runs are over copies, so that nothing the program does reaches the project. Every fix that can be written is tried, the unsafe
 * ones too: whether they hold is the question.
 */
import { constants } from 'node:os';
import type { Environment } from './config/main.ts';
import { version } from './config/version.ts';
import { runOverCopies, workspaceFor } from './copies.ts';
import { UserError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import type { Proof } from './core/proof.ts';
import type { Report } from './core/report.ts';
import { Stopwatch } from './core/stopwatch.ts';
import { visible, visibleLines } from './core/visible.ts';
import { type Decided, decide } from './decide.ts';
import { output, requireOutput } from './emit.ts';
import { find } from './find.ts';
import type { Judged } from './judge.ts';
import { baselineOf } from './narrow.ts';
import { describeRun } from './outcome.ts';
import { assemble, type Measurement } from './proof/assemble.ts';
import { optionThatShutsOut } from './proof/probe.ts';
import { readRecords } from './proof/records.ts';
import { proofJson } from './report/proof-json.ts';
import { proofText } from './report/proof-text.ts';
import { policyReviewer } from './review/reviewer.ts';
import { withSignals } from './signals.ts';
import { describeEnd, passed } from './trial/command.ts';
import { lastLines } from './trial/output.ts';
import type { Workspace } from './trial/workspace.ts';

/** So many lines of a command that did not do well are shown. */
const LINES = 10;

/**
 * The exit status: 0 where every finding was confirmed, 1 where one was not, 2 where a file could not be read, and 128 and its number
 * for a signal. Throws UserError where nothing can be measured.
 */
export async function prove(options: Options, io: Environment): Promise<number> {
  const started = performance.now();
  requireMeasurable(options);
  await requireOutput(options);
  const found = await find(options, io, await baselineOf(options), new Stopwatch(started));
  // A file that may not be written may still be fixed in a copy.
  const recheck = () => Promise.resolve(undefined);
  const decided = await decide(found.narrowed, policyReviewer(true), 'skipped', recheck);
  const { scanned, judged, input } = found;
  const errors = [...input.errors, ...scanned.errors, ...judged.errors];
  const milliseconds = Math.round(performance.now() - started);
  const report = describeRun({
    options,
    version,
    scanned,
    sources: judged.sources,
    decided,
    written: NONE,
    errors,
    milliseconds,
  });
  for (const { path, message } of errors) io.stderr.write(`${visible(`${path}: ${message}`)}\n`);
  if (report.findings.length === 0) {
    io.stderr.write('Nothing was found, so there is nothing to prove.\n');
    return errors.length > 0 ? 2 : 0;
  }
  const workspace = workspaceFor(options);
  try {
    const subject = { report, sources: judged.sources, rendered: decided.rendered };
    const { result, interrupted } = await withSignals((stop) => measure(options, io, subject, workspace, stop));
    if (interrupted !== undefined || result === undefined) {
      io.stderr.write('Interrupted: the copies are gone, and nothing was changed.\n');
      return 128 + constants.signals[interrupted ?? 'SIGTERM'];
    }
    const shown = options.format === 'json' ? proofJson(result) : proofText(result, io.stdout.isTTY && options.color);
    await output(options, io, Buffer.from(shown));
    if (errors.length > 0) return 2;
    return options.exitZero || result.findings.every(({ verdict }) => verdict === 'confirmed') ? 0 : 1;
  } finally {
    workspace.remove();
  }
}

/** What the runs are about. */
interface Subject extends Pick<Judged, 'sources'>, Pick<Decided, 'rendered'> {
  readonly report: Report;
}

const NONE = { written: [], errors: [], heldBack: [], interrupted: undefined };

function requireMeasurable({ command, format }: Options): void {
  if (format !== 'text' && format !== 'json') throw new UserError(`prove reports as text or json, not as ${format}`);
  const option = optionThatShutsOut(command);
  if (option === undefined) return;
  throw new UserError(
    `\`${command[0]} ${option}\` cannot be measured: with ${option}, Python starts without what PYTHONPATH brings, and so without the probe`,
  );
}

/** Both runs and what they come to; undefined if one was stopped. */
async function measure(
  options: Options,
  io: Environment,
  subject: Subject,
  workspace: Workspace,
  stop: AbortSignal,
): Promise<Proof | undefined> {
  const { report, sources, rendered } = subject;
  const { command } = options;
  const targets = report.findings.map(({ path, symbol }) => {
    const source = sources.get(path);
    if (source === undefined) throw new TypeError(`the source of ${path} was not kept`);
    return { original: source.realPath, symbol };
  });
  const once = async (changes: Subject['rendered']): Promise<Measurement> => {
    const request = { words: command, shell: false, env: io.env, changes, targets };
    const { ran, output: folder } = await runOverCopies(workspace, options, request, stop);
    return { ran, records: readRecords(folder) };
  };
  const say = (text: string) => options.quiet || io.stderr.write(`${visibleLines(text)}\n`);
  const tell = (which: string, { ran, records }: Measurement) => {
    if (!passed(ran)) say(`${which}: ${describeEnd(ran.end)}\n${lastLines([ran.stdout, ran.stderr], LINES)}`.trimEnd());
    for (const failure of records.failures) say(`warning: the probe failed in a process: ${failure}`);
  };
  say(`Running over a copy of the project: ${command.join(' ')}`);
  const before = await once([]);
  if (stop.aborted) return undefined;
  requireMeasured(before);
  tell('Before', before);
  say('Running over a copy with the fixes in.');
  const after = await once(rendered);
  if (stop.aborted) return undefined;
  tell('After', after);
  return assemble(report, command, before, after);
}

function requireMeasured({ ran, records }: Measurement): void {
  if (records.processes.length > 0) return;
  const last = lastLines([ran.stdout, ran.stderr], LINES);
  const [failure] = records.failures;
  const why =
    failure === undefined
      ? 'the command has to start CPython 3.8 or later with the environment it is given, and without -I, -S and -E'
      : `the probe failed: ${failure}`;
  throw new UserError(`nothing was measured (${describeEnd(ran.end)}): ${why}${last && `; it said: ${last}`}`);
}
