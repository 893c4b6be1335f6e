/**
 * Accepted edits to the bytes that will be written, with the same edits in bytes of the file as it was read.
 *
 * The bytes are made twice, from the edited text and by splicing the original bytes, and have to agree: that is what shows that
 * nothing outside the edits changes.
 */
import { createHash } from 'node:crypto';
import MagicString from 'magic-string';
import { type ByteEdit, compareEdits, type Edit } from '../core/edit.ts';
import type { FileError } from '../core/errors.ts';
import { once } from '../core/once.ts';
import { overlaps } from '../core/range.ts';
import type { SourceFile } from '../core/source-file.ts';

/** Text to bytes without a byte order mark; undefined when a character has no code in the encoding. */
export type Encode = (text: string, encoding: string) => Buffer | undefined;

/** One file after its edits. */
export interface Rendered {
  readonly source: SourceFile;
  /** Without the byte order mark, as {@link SourceFile.text}. */
  readonly text: string;
  /** What is to be written, byte order mark included. */
  readonly bytes: Buffer;
  /** Ascending; no two touch. Applying them to `source.bytes` from last to first gives `bytes`. */
  readonly byteEdits: readonly ByteEdit[];
  /** `byteEdits[i].text` in the file's encoding, at the same index. */
  readonly replacements: readonly Buffer[];
  /** Lower-case hexadecimal digests of `source.bytes` and `bytes`. */
  readonly sha256Before: string;
  readonly sha256After: string;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Renders the edits of one file. Edits may touch; insertions at one place are kept in the order given, before an edit that starts
 * there. Edits that change nothing are left out.
 *
 * Returns an `encoding` error if the file's encoding lacks a character, or if the result cannot be shown to differ inside the edits
 * only. Throws a TypeError for edits that overlap, leave the text or belong to another file: the planner should have settled that.
 */
export function render(source: SourceFile, edits: readonly Edit[], encode: Encode): Rendered | FileError {
  const changes = joinTouching(source, checkedEdits(source, edits));
  const replacements: Buffer[] = [];
  for (const { text } of changes) {
    const bytes = encode(text, source.encoding);
    if (bytes === undefined) return lackingCharacter(source, text, encode);
    replacements.push(bytes);
  }

  const text = editedText(source.text, changes);
  const body = encode(text, source.encoding);
  const byteEdits = inBytes(source, changes, encode);
  if (body === undefined || byteEdits === undefined) return unproved(source);
  const bytes = source.bom ? Buffer.concat([BOM, body]) : body;
  if (!bytes.equals(splice(source.bytes, byteEdits, replacements))) return unproved(source);
  // Who only looks at the change asks for none.
  const [before, after] = [once(() => sha256(source.bytes)), once(() => sha256(bytes))];
  return {
    source,
    text,
    bytes,
    byteEdits,
    replacements,
    get sha256Before() {
      return before();
    },
    get sha256After() {
      return after();
    },
  };
}

/** Lower-case hexadecimal. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Sorted. magic-string takes overlapping edits without a word, so they have to be found before it. */
function checkedEdits({ path, text }: SourceFile, edits: readonly Edit[]): readonly Edit[] {
  const sorted = edits.toSorted(compareEdits);
  for (const [index, edit] of sorted.entries()) {
    const { start, end } = edit.range;
    if (edit.path !== path) throw new TypeError(`an edit of ${edit.path} among those of ${path}: ${describe(edit)}`);
    if (!(0 <= start && start <= end && end <= text.length)) {
      throw new TypeError(`${path}: edit outside the text of ${text.length} units: ${describe(edit)}`);
    }
    const before = sorted[index - 1];
    if (before !== undefined && overlaps(before.range, edit.range)) {
      throw new TypeError(`${path}: edits overlap: ${describe(before)} and ${describe(edit)}`);
    }
  }
  return sorted;
}

function describe({ range, text }: Edit): string {
  return `[${range.start}, ${range.end}) ${JSON.stringify(text.slice(0, 60))}`;
}

/** Touching edits as one, so that the order in which a reader applies them cannot matter; without those that change nothing. */
function joinTouching(source: SourceFile, sorted: readonly Edit[]): readonly Edit[] {
  const joined: Edit[] = [];
  for (const edit of sorted) {
    const before = joined.at(-1);
    if (before === undefined || before.range.end < edit.range.start) {
      joined.push(edit);
      continue;
    }
    const range = { start: before.range.start, end: edit.range.end };
    joined[joined.length - 1] = { path: source.path, range, text: before.text + edit.text };
  }
  return joined.filter(({ range, text }) => source.text.slice(range.start, range.end) !== text);
}

function editedText(text: string, changes: readonly Edit[]): string {
  if (changes.length === 0) return text;
  const edited = new MagicString(text);
  for (const { range, text: replacement } of changes) {
    // `update` refuses an empty range.
    if (range.start === range.end) edited.appendLeft(range.start, replacement);
    else edited.update(range.start, range.end, replacement);
  }
  return edited.toString();
}

/** Undefined if a part of the text cannot be encoded by itself. */
function inBytes(source: SourceFile, changes: readonly Edit[], encode: Encode): readonly ByteEdit[] | undefined {
  const bomLength = source.bom ? BOM.length : 0;
  // No encoding of Python source has less than a byte for a unit: equal lengths are one byte a unit everywhere.
  const bytePerUnit = source.bytes.length === bomLength + source.text.length;
  const byteEdits: ByteEdit[] = [];
  let unit = 0;
  let byte = bomLength;
  const advance = (end: number): number | undefined => {
    const length = bytePerUnit ? end - unit : encode(source.text.slice(unit, end), source.encoding)?.length;
    if (length === undefined) return undefined;
    unit = end;
    byte += length;
    return byte;
  };
  for (const { range, text } of changes) {
    const startByte = advance(range.start);
    const endByte = advance(range.end);
    if (startByte === undefined || endByte === undefined) return undefined;
    byteEdits.push({ startByte, endByte, text });
  }
  return byteEdits;
}

function splice(original: Buffer, byteEdits: readonly ByteEdit[], replacements: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let kept = 0;
  for (const [index, { startByte, endByte }] of byteEdits.entries()) {
    parts.push(original.subarray(kept, startByte), replacements[index] ?? Buffer.alloc(0));
    kept = endByte;
  }
  return Buffer.concat([...parts, original.subarray(kept)]);
}

function lackingCharacter({ path, encoding }: SourceFile, text: string, encode: Encode): FileError {
  const lacking = [...text].find((character) => encode(character, encoding) === undefined);
  const name = lacking?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const what = name === undefined ? 'a character' : `the character U+${name}`;
  return { path, kind: 'encoding', message: `the fix needs ${what}, which ${encoding} does not have` };
}

function unproved({ path, encoding }: SourceFile): FileError {
  return { path, kind: 'encoding', message: `the fix would change bytes outside its edits in ${encoding}` };
}
