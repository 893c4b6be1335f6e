/**
 * Places in a file, as people and reports count them: lines, columns and bytes for the UTF-16 offsets that the stages speak of.
 *
 * A line ends at `\n`, `\r\n` or `\r`; a form feed ends none (Python language reference, 2.1.2 Physical lines).
 */
import type { ByteEdit, Edit } from '../core/edit.ts';
import { endsLine } from '../core/lines.ts';
import type { ReportPosition } from '../core/report.ts';
import type { SourceFile } from '../core/source-file.ts';
import { encode } from './codec.ts';

const UTF8_BOM_BYTES = 3;
/** UTF-16 units between two offsets whose byte is remembered: the most that is encoded for one question. */
const BLOCK = 1 << 14;

/** Line and column of `offset`, both from 1, the column in code points. For one question; for many there is {@link LineIndex}. */
export function lineColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let at = 0; at < offset; at += 1) {
    if (!endsLine(text, at)) continue;
    line += 1;
    start = at + 1;
  }
  return { line, column: codePoints(text, start, offset) + 1 };
}

function codePoints(text: string, start: number, end: number): number {
  let count = 0;
  for (let offset = start; offset < end; offset += 1) {
    if (!splitsPair(text, offset) || offset === start) count += 1;
  }
  return count;
}

/** True if `offset` lies between the two units of one code point. */
function splitsPair(text: string, offset: number): boolean {
  const low = text.charCodeAt(offset);
  if (low < 0xdc00 || low > 0xdfff) return false;
  const high = text.charCodeAt(offset - 1);
  return high >= 0xd800 && high <= 0xdbff;
}

/**
 * The positions of one file. Nothing is computed before the first question, and then only as far into the file as the question goes.
 * An offset is one of `file.text`; the end of the text counts.
 */
export class LineIndex {
  readonly #file: Pick<SourceFile, 'text' | 'encoding' | 'bytes' | 'bom'>;
  readonly #bomBytes: number;
  /** Every character of the supported encodings has at least one byte for each of its UTF-16 units, so equal lengths mean equal offsets. */
  readonly #byteIsOffset: boolean;
  readonly #lineStarts: number[] = [0];
  /** How far the text was searched for line ends. */
  #searched = 0;
  /** The byte of every BLOCK-th offset, the byte order mark not counted. */
  readonly #blockBytes: number[] = [0];

  constructor(file: Pick<SourceFile, 'text' | 'encoding' | 'bytes' | 'bom'>) {
    this.#file = file;
    this.#bomBytes = file.bom ? UTF8_BOM_BYTES : 0;
    this.#byteIsOffset = file.bytes.length - this.#bomBytes === file.text.length;
  }

  position(offset: number): ReportPosition {
    const line = this.#lineOf(offset);
    const start = this.#lineStarts[line] ?? 0;
    const column = this.#byteIsOffset ? offset - start : codePoints(this.#file.text, start, offset);
    return { line: line + 1, column: column + 1, byte: this.byte(offset) };
  }

  /** The byte, from 0 in the file as it was read, at which the character at `offset` starts. */
  byte(offset: number): number {
    if (this.#byteIsOffset) return this.#bomBytes + offset;
    const block = Math.floor(offset / BLOCK);
    while (this.#blockBytes.length <= block) {
      const next = this.#blockBytes.length;
      this.#blockBytes.push((this.#blockBytes[next - 1] ?? 0) + this.#size(next - 1, next * BLOCK));
    }
    return this.#bomBytes + (this.#blockBytes[block] ?? 0) + this.#size(block, offset);
  }

  /** An edit of this file in bytes. */
  byteEdit(edit: Pick<Edit, 'range' | 'text'>): ByteEdit {
    return { startByte: this.byte(edit.range.start), endByte: this.byte(edit.range.end), text: edit.text };
  }

  /** Bytes from the start of a block to `end`. */
  #size(block: number, end: number): number {
    const { text, encoding } = this.#file;
    const slice = text.slice(wholePoint(text, block * BLOCK), wholePoint(text, end));
    if (encoding === 'utf-8') return Buffer.byteLength(slice, 'utf8');
    const bytes = encode(slice, encoding);
    if (bytes === undefined) throw new RangeError(`the text has a character that ${encoding} has not`);
    return bytes.length;
  }

  /** The line, from 0, that holds `offset`. */
  #lineOf(offset: number): number {
    const { text } = this.#file;
    for (; this.#searched < offset; this.#searched += 1) {
      if (endsLine(text, this.#searched)) this.#lineStarts.push(this.#searched + 1);
    }
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** `offset`, or the start of the code point it would cut in two. */
function wholePoint(text: string, offset: number): number {
  return splitsPair(text, offset) ? offset - 1 : offset;
}
