/** `--evidence FILE`: the report of a proof says which findings really piled up, and those come first. */
import { readFile } from 'node:fs/promises';
import { UserError } from './core/errors.ts';
import type { Finding } from './core/finding.ts';
import type { Measured } from './core/measured.ts';
import type { Options } from './core/options.ts';
import type { Proof, ProofFinding } from './core/proof.ts';
import type { Report } from './core/report.ts';
import type { Judged } from './judge.ts';
import { findingIds } from './report/build.ts';
import { unitOf } from './report/proof-text.ts';
import { ioReason } from './source/io-error.ts';

/** What was measured, by the id of the finding. */
export type EvidenceById = ReadonlyMap<string, Measured>;

/** Undefined where none is given. Throws UserError if FILE cannot be read or is no proof. */
export async function evidenceById({ evidence: path }: Options): Promise<EvidenceById | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UserError(`--evidence: cannot read ${path}: ${ioReason(error)}`, { cause: error });
  });
  const proof = parsed(text);
  if (proof === undefined) {
    throw new UserError(
      `--evidence: ${path} is not the report of a proof; \`pyleak-fix prove --format json --output proof.json -- CMD\` makes one`,
    );
  }
  const command = proof.command.join(' ');
  return new Map(proof.findings.map((finding) => [finding.id, measuredOf(finding, command)]));
}

/** The findings with what was measured of them, those that held most first; of the others the order stays. */
export function led<J extends Pick<Judged, 'findings' | 'sources'>>(judged: J, evidence: EvidenceById | undefined): J {
  if (evidence === undefined) return judged;
  const { findings, sources } = judged;
  const ids = findingIds(findings, ({ path, range }) => sources.get(path)?.text.slice(range.start, range.end) ?? '');
  const measured = findings.map((finding, index): Finding => {
    const found = evidence.get(ids[index] ?? '');
    return found === undefined ? finding : { ...finding, measured: found };
  });
  return { ...judged, findings: measured.toSorted(byWeight) };
}

/** A line where the proof speaks of none of the findings: ids hold the path from the working directory. */
export function strangeEvidence(
  { findings }: Pick<Judged, 'findings'>,
  evidence: EvidenceById | undefined,
): readonly string[] {
  if (evidence === undefined || findings.length === 0 || findings.some(({ measured }) => measured !== undefined))
    return [];
  return ['--evidence knows none of the findings; was the proof made in another working directory?'];
}

/** The report in the same order. */
export function ledReport(report: Report, evidence: EvidenceById | undefined): Report {
  return evidence === undefined ? report : { ...report, findings: report.findings.toSorted(byWeight) };
}

/** Entries and objects weigh the same: what is left to the collector comes behind what is never freed. */
function byWeight(a: { readonly measured?: Measured | undefined }, b: typeof a): number {
  const isKept = ({ measured }: typeof a) =>
    measured !== undefined && measured.before > 0 && !isLate(measured) ? 1 : 0;
  return isKept(b) - isKept(a) || (b.measured?.before ?? 0) - (a.measured?.before ?? 0);
}

function isLate({ unit }: Measured): boolean {
  return unit === 'objects left to gc';
}

function measuredOf(finding: ProofFinding, command: string): Measured {
  const { before, after, verdict } = finding;
  return { unit: unitOf(finding), before: before.held, after: after?.held ?? null, verdict, command };
}

/** Undefined for what no version of `prove` has written. */
function parsed(text: string): Proof | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isProof(value) ? value : undefined;
}

function isProof(value: unknown): value is Proof {
  const { schemaVersion, mode, command, findings } = asRecord(value);
  return (
    schemaVersion === 1 &&
    mode === 'prove' &&
    Array.isArray(command) &&
    Array.isArray(findings) &&
    findings.every((finding: unknown) => {
      const { id, before, verdict } = asRecord(finding);
      const { held, entries } = asRecord(before);
      return (
        typeof id === 'string' && typeof verdict === 'string' && typeof held === 'number' && Array.isArray(entries)
      );
    })
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
