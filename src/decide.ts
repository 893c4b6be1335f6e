/**
 * From findings to what will be written: each fix is put before the reviewer, and what was accepted is composed, rendered and
 * checked, file by file.
 */
import type { Rendered } from './apply/render.ts';
import { render } from './apply/render.ts';
import { type FileError, isFileError } from './core/errors.ts';
import { applicabilityOf, type Finding, type Fix } from './core/finding.ts';
import { overlaps } from './core/range.ts';
import type { SourceFile } from './core/source-file.ts';
import { composeEdits } from './plan/compose.ts';
import type { Outcome } from './report/build.ts';
import { unifiedDiff } from './review/diff.ts';
import { Interrupted } from './review/prompt.ts';
import type { Decision, Proposal, Reviewer } from './review/reviewer.ts';
import { encode } from './source/decode.ts';
import { LineIndex } from './source/lines.ts';

import { parses } from './syntax/tree.ts';

export interface Decided {
  /** In the order of the findings; `planned` for what was accepted. */
  readonly outcomes: readonly Outcome[];
  /** What is to be written, by path. */
  readonly rendered: readonly Rendered[];
  readonly errors: readonly FileError[];
  /** True if the person pressed Ctrl-C: nothing is to be written. */
  readonly interrupted: boolean;
}

/** Whether a file still has the bytes that were read: `undefined` if so, else the error to report. */
export type Recheck = (source: SourceFile) => Promise<FileError | undefined>;

export async function decide(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, SourceFile>,
  reviewer: Reviewer,
  rejectedStatus: 'skipped' | 'rejected',
  recheck: Recheck,
): Promise<Decided> {
  const outcomes: Outcome[] = [];
  const rendered: Rendered[] = [];
  const errors: FileError[] = [];
  const offered = findings.filter((finding) => firstFix(finding) !== undefined);
  let number = 0;
  let stopped = false;
  let interrupted = false;
  for (const [path, inFile] of byPath(findings)) {
    const source = sources.get(path);
    if (source === undefined) continue;
    const index = new LineIndex(source);
    const accepted: { finding: Finding; fix: Fix }[] = [];
    const changed = stopped ? undefined : await recheck(source);
    if (changed !== undefined) errors.push(changed);
    for (const finding of inFile) {
      const fix = firstFix(finding);
      if (fix === undefined) {
        outcomes.push({ finding, status: 'unfixable', reason: unfixableReason(finding) });
        continue;
      }
      number += 1;
      const leave = (status: Outcome['status'], reason: string): void =>
        void outcomes.push({ finding, status, reason });
      if (changed !== undefined) leave('skipped', changed.message);
      else if (!source.writable) leave('skipped', 'the file lies outside the root and is read only');
      else if (stopped) leave(rejectedStatus, 'the review was stopped before it');
      else {
        const before = accepted.map((other) => other.fix);
        const blocked = firstOverlap(source, accepted, fix);
        if (blocked !== undefined) {
          leave('conflict', `its edits overlap those of ${blocked.rule} for ${blocked.symbol}`);
          continue;
        }
        const applicability = applicabilityOf(fix);
        const decision = await ask(reviewer, {
          finding,
          fix,
          applicability,
          position: index.position(finding.range.start),
          evidencePositions: finding.evidence.map(({ place }) => index.position(place.range.start)),
          number,
          total: offered.length,
          diff: () => diffBetween(source, before, [...before, fix]),
        });
        interrupted = decision === 'interrupted';
        stopped = interrupted || decision === 'stop';
        if (decision !== 'accept')
          leave(rejectedStatus, stopped ? 'the review was stopped here' : rejection(fix, rejectedStatus));
        else {
          accepted.push({ finding, fix });
          outcomes.push({ finding, status: 'planned' });
        }
      }
    }
    const result = renderAccepted(source, accepted, outcomes);
    if (result === undefined) continue;
    if (isFileError(result)) errors.push(result);
    else rendered.push(result);
  }
  return { outcomes, rendered: interrupted ? [] : rendered, errors, interrupted };
}

/** A Ctrl-C at the question is an answer too. */
async function ask(reviewer: Reviewer, proposal: Proposal): Promise<Decision | 'interrupted'> {
  try {
    return await reviewer.decide(proposal);
  } catch (error) {
    if (error instanceof Interrupted) return 'interrupted';
    throw error;
  }
}

function byPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}

/** The fix that would be used: the first strategy's, if it can be written. */
function firstFix(finding: Finding): Fix | undefined {
  const [first] = finding.fixes;
  return first === undefined || 'unfixable' in first ? undefined : first;
}

function unfixableReason(finding: Finding): string {
  const [first] = finding.fixes;
  return first !== undefined && 'unfixable' in first ? first.unfixable : 'the rule offers no fix here';
}

function rejection(fix: Fix, status: 'skipped' | 'rejected'): string {
  if (status === 'rejected') return 'rejected in the review';
  const unmet = fix.obligations.find((obligation) => obligation.holds !== true);
  return unmet === undefined ? 'not allowed' : `unsafe: ${unmet.detail} (${unmet.id})`;
}

function firstOverlap(
  source: SourceFile,
  accepted: readonly { finding: Finding; fix: Fix }[],
  fix: Fix,
): Finding | undefined {
  const own = composeEdits(source, [fix]);
  // What two fixes share is written once and cannot clash; only edits of their own can.
  return accepted.find((other) =>
    other.fix.edits.some((edit) => own.some((candidate) => overlaps(edit.range, candidate.range))),
  )?.finding;
}

/** Renders what was accepted in one file; takes back what would leave a syntax error that was not there. */
function renderAccepted(
  source: SourceFile,
  accepted: readonly { finding: Finding; fix: Fix }[],
  outcomes: Outcome[],
): Rendered | FileError | undefined {
  let remaining = accepted;
  for (;;) {
    if (remaining.length === 0) return undefined;
    const result = renderFixes(
      source,
      remaining.map(({ fix }) => fix),
    );
    if (!isFileError(result)) {
      if (parses(result.text)) return result;
    } else if (remaining.length === 1) {
      drop(outcomes, remaining, result.message);
      return result;
    }
    const guilty = remaining.filter(({ fix }) => {
      const alone = renderFixes(source, [fix]);
      return isFileError(alone) || !parses(alone.text);
    });
    const dropped = guilty.length > 0 ? guilty : remaining;
    drop(outcomes, dropped, 'the result would not parse or could not be encoded, so the fix was dropped');
    remaining = remaining.filter((one) => !dropped.includes(one));
  }
}

function drop(outcomes: Outcome[], dropped: readonly { finding: Finding }[], reason: string): void {
  for (const { finding } of dropped) {
    const index = outcomes.findIndex((outcome) => outcome.finding === finding);
    outcomes[index] = { finding, status: 'unfixable', reason };
  }
}

function renderFixes(source: SourceFile, fixes: readonly Fix[]): Rendered | FileError {
  return render(source, composeEdits(source, fixes), encode);
}

/** The unified diff from one set of fixes to another, in the file's own bytes; empty if either cannot be rendered. */
export function diffBetween(source: SourceFile, before: readonly Fix[], after: readonly Fix[]): Buffer {
  const from = before.length === 0 ? undefined : renderFixes(source, before);
  if (from === undefined) {
    const to = renderFixes(source, after);
    return isFileError(to) ? Buffer.alloc(0) : unifiedDiff(source.path, source.bytes, to.byteEdits, to.replacements);
  }
  const to = renderFixes(source, after);
  if (isFileError(from) || isFileError(to)) return Buffer.alloc(0);
  // One edit that replaces everything between the first and the last difference.
  const start = commonPrefix(from.bytes, to.bytes);
  const end = commonSuffix(from.bytes, to.bytes, start);
  const replacement = to.bytes.subarray(start, to.bytes.length - end);
  const edit = { startByte: start, endByte: from.bytes.length - end, text: '' };
  return unifiedDiff(source.path, from.bytes, [edit], [replacement]);
}

function commonPrefix(a: Buffer, b: Buffer): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

function commonSuffix(a: Buffer, b: Buffer, prefix: number): number {
  const limit = Math.min(a.length, b.length) - prefix;
  let length = 0;
  while (length < limit && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}
