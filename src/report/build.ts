/** Puts what a run found and decided into the shape of the contract. */
import { createHash } from 'node:crypto';
import type { ByteEdit, Edit } from '../core/edit.ts';
import type { FileError } from '../core/errors.ts';
import { applicabilityOf, type Finding, type Fix, type Unfixable } from '../core/finding.ts';
import type { Mode } from '../core/options.ts';
import type {
  Report,
  ReportError,
  ReportFile,
  ReportFinding,
  ReportFix,
  ReportPosition,
  ReportSummary,
  Status,
} from '../core/report.ts';

/** Offsets of one file in the units of the report. */
export interface Positions {
  position(offset: number): ReportPosition;
  byteEdit(edit: Edit): ByteEdit;
}

/** A finding with what became of it. */
export interface Outcome {
  readonly finding: Finding;
  readonly status: Status;
  readonly reason?: string | undefined;
  /** The files that an accepted change is made in, ascending. */
  readonly paths?: readonly string[] | undefined;
}

export interface ReportInput {
  readonly version: string;
  readonly mode: Mode;
  /** By path, then position. */
  readonly outcomes: readonly Outcome[];
  readonly files: readonly ReportFile[];
  readonly errors: readonly FileError[];
  readonly summary: Pick<ReportSummary, 'files' | 'bytes' | 'parsed' | 'milliseconds'>;
  positionsOf(path: string): Positions;
  /** The edits and the diff of one fix alone. */
  alone(fix: Fix): { readonly edits: readonly Edit[]; readonly diff: string };
  /** The source a finding stands on, for its id. */
  excerpt(finding: Finding): string;
}

export function buildReport(input: ReportInput): Report {
  const findingsOf = input.outcomes.map(({ finding }) => finding);
  const ids = findingIds(findingsOf, input.excerpt);
  const findings = input.outcomes.map((outcome, index) => reportFinding(input, outcome, ids[index] ?? ''));
  const written = idsByPath(findings, input.outcomes);
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  return {
    schemaVersion: 1,
    tool: { name: 'pyleak-fix', version: input.version },
    mode: input.mode,
    findings,
    files: input.files.map((file) => ({ ...file, findings: written.get(file.path) ?? [] })),
    errors: input.errors.map(reportError),
    summary: {
      ...input.summary,
      findings: findings.length,
      planned: count('planned'),
      applied: count('applied'),
      skipped: findings.length - count('planned') - count('applied'),
    },
  };
}

function isWritten({ status }: ReportFinding): boolean {
  return status === 'planned' || status === 'applied';
}

/** Which findings are the reason that a file is written. */
function idsByPath(
  findings: readonly ReportFinding[],
  outcomes: readonly Outcome[],
): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const [index, finding] of findings.entries()) {
    if (!isWritten(finding)) continue;
    for (const path of outcomes[index]?.paths ?? [finding.path]) {
      const inFile = ids.get(path);
      if (inFile === undefined) ids.set(path, [finding.id]);
      else inFile.push(finding.id);
    }
  }
  return ids;
}

/**
 * Stable from run to run and under edits elsewhere: made of the rule, the path, the symbol and the source itself, and of a number
 * where all of these are the same.
 */
export function findingIds(findings: readonly Finding[], excerpt: ReportInput['excerpt']): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = [finding.rule, finding.path, finding.symbol, excerpt(finding).replace(/\s+/g, ' ')].join('\0');
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return createHash('sha256').update(`${key}\0${before}`).digest('hex').slice(0, 16);
  });
}

function reportFinding(input: ReportInput, { finding, status, reason }: Outcome, id: string): ReportFinding {
  const positions = input.positionsOf(finding.path);
  return {
    id,
    rule: finding.rule,
    retention: finding.retention,
    path: finding.path,
    symbol: finding.symbol,
    start: positions.position(finding.range.start),
    end: positions.position(finding.range.end),
    message: finding.message,
    evidence: finding.evidence.map(({ place, message }) => {
      const { line, column } = input.positionsOf(place.path).position(place.range.start);
      return { path: place.path, line, column, message };
    }),
    fixes: finding.fixes.map((fix) => reportFix(input, fix)),
    ...(finding.measured === undefined ? {} : { measured: finding.measured }),
    status,
    ...(reason === undefined ? {} : { reason }),
  };
}

function reportFix(input: ReportInput, fix: Fix | Unfixable): ReportFix {
  const { strategy } = fix;
  if ('unfixable' in fix) {
    return {
      strategy,
      applicability: 'manual',
      title: `No fix is offered: ${fix.unfixable}`,
      obligations: [],
      edits: [],
      diff: '',
    };
  }
  const { edits, diff } = input.alone(fix);
  return {
    strategy,
    applicability: applicabilityOf(fix),
    title: fix.title,
    obligations: fix.obligations.map(({ id, holds, detail }) => ({
      id,
      holds: holds === 'unknown' ? null : holds,
      detail,
    })),
    edits: edits.map((edit) => {
      const positions = input.positionsOf(edit.path);
      const [start, end] = [positions.position(edit.range.start), positions.position(edit.range.end)];
      return { path: edit.path, ...positions.byteEdit(edit), start, end };
    }),
    diff,
  };
}

function reportError({ path, kind, message, line, column }: FileError): ReportError {
  return { path, kind, message, line: line ?? null, column: column ?? null };
}
