/** Puts what two runs of the command showed beside what was found. */
import type { Proof, ProofFinding, ProofRun } from '../core/proof.ts';
import type { Report, ReportFinding } from '../core/report.ts';
import { describeEnd, type Ran, sameEnd } from '../trial/command.ts';
import { firstDifference, likenessOf } from '../trial/output.ts';
import { heldOf, type Measured } from './held.ts';
import type { ProcessRecord, Records } from './records.ts';
import { type Case, judgeFinding } from './verdict.ts';

/** A run of the command with what the probe saw of it. */
export interface Measurement {
  readonly ran: Ran;
  readonly records: Records;
}

/** The findings of `report` are the targets of the probe, in its order; those that are planned were fixed in `after`. */
export function assemble(report: Report, command: readonly string[], before: Measurement, after: Measurement): Proof {
  const otherEnd = sameEnd(before.ran.end, after.ran.end)
    ? undefined
    : `${describeEnd(after.ran.end)}, not ${describeEnd(before.ran.end)}`;
  const killed = before.records.processes.some(isKilled);
  const output = likenessOf(before.ran.stdout, after.ran.stdout);
  return {
    schemaVersion: 1,
    tool: report.tool,
    mode: 'prove',
    command,
    before: runOf(before),
    after: runOf(after),
    output,
    difference: output === 'different' ? (firstDifference(before.ran.stdout, after.ran.stdout) ?? null) : null,
    findings: report.findings.map((finding, number) => {
      const held = (measurement: Measurement) => heldOf(measurement.records.processes, number, finding.retention);
      return findingOf(finding, held(before), held(after), { killed, otherEnd });
    }),
    errors: report.errors.map(({ path, kind, message }) => ({ path, kind, message })),
  };
}

function findingOf(
  finding: ReportFinding,
  before: Measured,
  after: Measured,
  { killed, otherEnd }: Pick<Case, 'killed' | 'otherEnd'>,
): ProofFinding {
  const { id, rule, retention, path, start, symbol, fixes, status, reason } = finding;
  const [fix] = fixes;
  const isFixed = status === 'planned';
  const { verdict, reason: why } = isFixed
    ? judgeFinding({ retention, symbol, before, after, killed, otherEnd })
    : { verdict: 'not-fixed' as const, reason: reason ?? 'no fix is offered' };
  return {
    id,
    rule,
    retention,
    path,
    line: start.line,
    symbol,
    strategy: isFixed && fix !== undefined ? fix.strategy : null,
    applicability: fix?.applicability ?? 'manual',
    before: heldAlone(before),
    after: isFixed ? heldAlone(after) : null,
    verdict,
    reason: why,
  };
}

function heldAlone({ held, made, alive, collected, entries }: Measured): ProofFinding['before'] {
  return { held, made, alive, collected, entries };
}

function runOf({ ran, records: { processes } }: Measurement): ProofRun {
  const { end, milliseconds, stdout, stderr } = ran;
  const peaks = processes.flatMap(({ peak }) => peak ?? []);
  const killed = processes.filter(isKilled).length;
  return {
    status: end.kind === 'exit' ? end.status : null,
    signal: end.kind === 'signal' ? end.signal : null,
    timedOut: end.kind === 'timeout',
    milliseconds: Math.round(milliseconds),
    processes: processes.length - killed,
    killed,
    unseen: processes.reduce((sum, { unseen }) => sum + unseen, 0),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    stdout: { bytes: stdout.bytes, sha256: stdout.sha256 },
    stderr: { bytes: stderr.bytes, sha256: stderr.sha256 },
  };
}

/** Its last word is that it runs. */
function isKilled({ how }: ProcessRecord): boolean {
  return how === 'running';
}
