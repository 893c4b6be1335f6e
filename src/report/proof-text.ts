/** A proof for people: a table of the findings, and how the two runs compare. */
import type { Measured } from '../core/measured.ts';
import type { Proof, ProofFinding, ProofRun, Verdict } from '../core/proof.ts';
import { visible } from '../core/visible.ts';

const colors: Readonly<Record<Verdict, number>> = {
  confirmed: 32,
  'not-reached': 33,
  'no-difference': 33,
  'made-worse': 31,
  'not-fixed': 33,
  'not-measured': 33,
};

/** Ends with a line end. */
export function proofText(proof: Proof, color: boolean): string {
  const { findings } = proof;
  const rows = findings.map((finding) => [
    visible(finding.symbol),
    unitOf(finding),
    String(finding.before.held),
    finding.after === null ? '-' : String(finding.after.held),
  ]);
  const head = ['finding', 'what is held', 'before', 'after'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  const paint = (verdict: Verdict) => {
    const word = verdict.replace('-', ' ');
    return color ? `\x1b[${colors[verdict]}m${word}\x1b[0m` : word;
  };
  const table = [
    [...line(head), 'verdict'].join('  '),
    ...findings.flatMap((finding, index) => [
      [...line(rows[index] ?? []), paint(finding.verdict)].join('  '),
      `  ${visible(placeAndReason(finding))}`,
    ]),
  ];
  const confirmed = findings.filter(({ verdict }) => verdict === 'confirmed').length;
  const sum = `Confirmed ${confirmed} of ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.`;
  return [...table, '', ...comparison(proof), '', sum].map((text) => `${text}\n`).join('');
}

function placeAndReason({ path, line, reason }: ProofFinding): string {
  return reason === null ? `${path}:${line}` : `${path}:${line}: ${reason.split('\n', 1).join('')}`;
}

/** What the figures of a finding count. */
export function unitOf({ retention, before }: Pick<ProofFinding, 'retention' | 'before'>): Measured['unit'] {
  if (retention === 'gc') return 'objects left to gc';
  return before.entries.length > 0 ? 'entries' : 'objects';
}

function comparison({ before, after, output, difference }: Proof): string[] {
  const lines = [`Before: ${described(before)}`];
  if (after === null) return lines;
  lines.push(`After:  ${described(after)}`);
  if (endOf(before) !== endOf(after)) {
    lines.push('`pyleak-fix --batch --unsafe --verify CMD` finds the fix that makes the difference.');
  }
  lines.push(`Output: ${output === 'different' ? 'different' : `the ${output}`}`);
  if (difference !== null) {
    lines.push(`  line ${difference.line} before: ${visible(difference.before)}`);
    lines.push(`  line ${difference.line} after:  ${visible(difference.after)}`);
  }
  return lines;
}

/** `exit status 0 in 1.2 s, 3 Python processes, peak 12.1 MB`. */
function described(run: ProofRun): string {
  const { milliseconds, processes, killed, unseen, peakBytes } = run;
  const lost = killed === 0 ? '' : `, ${killed} killed before the end`;
  const hidden = unseen === 0 ? '' : `, ${unseen} started with -I, -S or -E and not measurable`;
  const peak = peakBytes === null ? '' : `, peak ${(peakBytes / 1e6).toFixed(1)} MB`;
  const count = `${processes} Python ${processes === 1 ? 'process' : 'processes'} measured`;
  return `${endOf(run)} in ${(milliseconds / 1000).toFixed(1)} s, ${count}${lost}${hidden}${peak}`;
}

function endOf({ status, signal, timedOut }: ProofRun): string {
  if (timedOut) return 'no end within the time limit';
  return signal === null ? `exit status ${status}` : `signal ${signal}`;
}
