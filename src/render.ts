/** From accepted fixes to the bytes of a file, and the gate they pass: a result that would not parse is not written. */
import { type Rendered, render } from './apply/render.ts';
import { type FileError, isFileError } from './core/errors.ts';
import type { Finding, Fix } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { composeEdits } from './plan/compose.ts';
import type { Outcome } from './report/build.ts';
import { unifiedDiff } from './review/diff.ts';
import { encode } from './source/decode.ts';
import { parses } from './syntax/tree.ts';

export interface Accepted {
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface Gated {
  /** Undefined when nothing is left to write. */
  readonly rendered: Rendered | undefined;
  /** What was taken back, and why. */
  readonly dropped: readonly Outcome[];
  readonly error: FileError | undefined;
}

/** True if the text of a result parses. */
export type Parses = (rendered: Pick<Rendered, 'text' | 'sha256After'>) => boolean;

const parsesNow: Parses = ({ text }) => parses(text);

/** Renders the fixes of one file. Those that would leave a syntax error, or cannot be encoded, are dropped; the others stay. */
export function gate(source: SourceFile, accepted: readonly Accepted[], isSound: Parses = parsesNow): Gated {
  const dropped: Outcome[] = [];
  let remaining = accepted;
  let error: FileError | undefined;
  while (remaining.length > 0) {
    const result = renderFixes(source, remaining);
    if (isFileError(result)) error = result;
    else if (isSound(result)) return { rendered: result, dropped, error };
    const alone = remaining.filter((one) => !stands(source, [one], isSound));
    const guilty = alone.length > 0 ? alone : remaining;
    const reason = error?.message ?? 'the result would not parse, so the fix was dropped';
    dropped.push(...guilty.map(({ finding }): Outcome => ({ finding, status: 'unfixable', reason })));
    remaining = remaining.filter((one) => !guilty.includes(one));
  }
  return { rendered: undefined, dropped, error };
}

function stands(source: SourceFile, fixes: readonly Accepted[], isSound: Parses): boolean {
  const result = renderFixes(source, fixes);
  return !isFileError(result) && isSound(result);
}

function renderFixes(source: SourceFile, fixes: readonly Pick<Accepted, 'fix'>[]): Rendered | FileError {
  return render(
    source,
    composeEdits(
      source,
      fixes.map(({ fix }) => fix),
    ),
    encode,
  );
}

/** The whole file after the fixes, in its own bytes; undefined if its encoding lacks a character of theirs. */
export function resultOf(source: SourceFile, fixes: readonly Fix[]): Buffer | undefined {
  const result = renderFixes(
    source,
    fixes.map((fix) => ({ fix })),
  );
  return isFileError(result) ? undefined : result.bytes;
}

/** The unified diff from one set of fixes to another, in the file's own bytes; empty if either cannot be rendered. */
export function diffBetween(source: SourceFile, before: readonly Fix[], after: readonly Fix[]): Buffer {
  const to = renderFixes(
    source,
    after.map((fix) => ({ fix })),
  );
  if (isFileError(to)) return Buffer.alloc(0);
  if (before.length === 0) return unifiedDiff(source.path, source.bytes, to.byteEdits, to.replacements);
  const from = renderFixes(
    source,
    before.map((fix) => ({ fix })),
  );
  if (isFileError(from)) return Buffer.alloc(0);
  // One edit that replaces all from the first difference to the last.
  const start = commonPrefix(from.bytes, to.bytes);
  const rest = commonSuffix(from.bytes, to.bytes, Math.min(from.bytes.length, to.bytes.length) - start);
  const edit = { startByte: start, endByte: from.bytes.length - rest, text: '' };
  return unifiedDiff(source.path, from.bytes, [edit], [to.bytes.subarray(start, to.bytes.length - rest)]);
}

function commonPrefix(a: Buffer, b: Buffer): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function commonSuffix(a: Buffer, b: Buffer, limit: number): number {
  let length = 0;
  while (length < limit && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}
