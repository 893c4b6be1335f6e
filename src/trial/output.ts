/**
 * What a program prints, however much it is: digests of all of it, and the bytes of its beginning and its end.
 *
 * Two runs of one program seldom print the same times and addresses, so a second digest leaves numbers out.
 */
import { createHash, type Hash } from 'node:crypto';

/** So much of the beginning is kept, to show where two outputs part. In bytes, as all lengths here. */
const HEAD = 1 << 20;
/** So much of the end is kept, to show why a command failed. */
const TAIL = 1 << 14;

export interface Output {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** The same of the output with each number, hexadecimal ones included, taken for one and the same. */
  readonly sha256ButNumbers: string;
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** Takes the chunks of an output as they come. */
export class OutputRecorder {
  private bytes = 0;
  private readonly hash: Hash = createHash('sha256');
  private readonly hashButNumbers: Hash = createHash('sha256');
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private tail: Buffer = Buffer.alloc(0);
  private inNumber = false;

  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    this.hashButNumbers.update(this.withoutNumbers(chunk));
    if (this.headBytes < HEAD) {
      const first = Buffer.from(chunk.subarray(0, HEAD - this.headBytes));
      this.head.push(first);
      this.headBytes += first.length;
    }
    this.tail = Buffer.concat([this.tail, chunk.subarray(-TAIL)]).subarray(-TAIL);
  }

  /** Once, at the end. */
  finish(): Output {
    return {
      bytes: this.bytes,
      sha256: this.hash.digest('hex'),
      sha256ButNumbers: this.hashButNumbers.digest('hex'),
      head: Buffer.concat(this.head),
      tail: this.tail,
    };
  }

  private withoutNumbers(chunk: Buffer): Buffer {
    const kept = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    for (const byte of chunk) {
      const continues = this.inNumber && isInNumber(byte);
      this.inNumber = continues || isDigit(byte);
      if (!continues) kept[length++] = this.inNumber ? DIGIT : byte;
    }
    return kept.subarray(0, length);
  }
}

const DIGIT = 0x30;

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** A digit, a letter of a hexadecimal number, its `x`, or the decimal point. */
function isInNumber(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66) || lower === 0x78 || byte === 0x2e;
}

/** How two outputs compare. */
export type Likeness = 'same' | 'same but for numbers' | 'different';

export function likenessOf(a: Output, b: Output): Likeness {
  if (a.sha256 === b.sha256) return 'same';
  return a.sha256ButNumbers === b.sha256ButNumbers ? 'same but for numbers' : 'different';
}

/** The first line in which two outputs part, from 1, with both texts; undefined if that is beyond what was kept. */
export interface Difference {
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

export function firstDifference(before: Output, after: Output): Difference | undefined {
  const [a, b] = [before, after].map(({ head }) => head.toString('utf8').split('\n'));
  if (a === undefined || b === undefined) return undefined;
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left = '', right = ''] = [a[index], b[index]];
    if (withoutNumbers(left) !== withoutNumbers(right)) return { line: index + 1, before: left, after: right };
  }
  return undefined;
}

function withoutNumbers(line: string): string {
  return line.replace(/[0-9][0-9a-fx.]*/gi, '0');
}

/** The last lines of what a command printed, standard error behind standard output. Without a line end. */
export function lastLines(outputs: readonly Output[], count: number): string {
  const lines = outputs
    .flatMap(({ tail }) => tail.toString('utf8').split(/\r?\n/))
    .filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n');
}
