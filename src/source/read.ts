/** Files read whole: bytes, text and encoding, or the reason why not. */
import { constants as bufferConstants } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileError } from '../core/errors.ts';
import type { SourceFile } from '../core/source-file.ts';
import { decode } from './decode.ts';
import type { FileEntry } from './discover.ts';
import { ioReason } from './io-error.ts';

/** Reads and decodes one file. Trouble with it is a value: `io` when it cannot be read, `encoding` when it is not text. */
export async function readSource(entry: FileEntry): Promise<SourceFile | FileError> {
  return readSourceNow(entry);
}

/** The same without a promise. */
export function readSourceNow(entry: FileEntry): SourceFile | FileError {
  return withSource(entry, (source) => ('kind' in source ? source : { ...source, bytes: Buffer.from(source.bytes) }));
}

/** What `use` makes of the file. The bytes that it is given are those of the next file as soon as it returns. */
export function withSource<T>(entry: FileEntry, use: (source: SourceFile | FileError) => T): T {
  const bytes = readBytes(entry.realPath);
  if (typeof bytes === 'string')
    return use({ path: entry.path, kind: 'io', message: `cannot read the file: ${bytes}` });
  return use(sourceFromBytes(bytes, entry));
}

/**
 * True if none of the words stands in the text of the file, as its bytes alone tell: decoding costs ten times the search. False where they do
 * not tell: for words beyond ASCII, for encodings that may write ASCII in other ways, and for a file that cannot be read.
 */
export function lacksWords({ realPath }: FileEntry, words: readonly string[]): boolean {
  if (!words.every((word) => /^[\0-\x7f]+$/.test(word))) return false;
  const bytes = readBytes(realPath);
  if (typeof bytes === 'string') return false;
  const declared = DECLARED.exec(bytes.toString('latin1', 0, LONGEST_DECLARATION))?.[1];
  if (declared !== undefined && !PLAIN.test(declared)) return false;
  return words.every((word) => !bytes.includes(word));
}

/** Where a file declares its encoding (PEP 263), in the first two lines; and the encodings in which ASCII is written as it is. */
const DECLARED = /coding[:=][ \t]*([-\w.]+)/;
const PLAIN = /^(?:utf[-_]?8|(?:us-)?ascii|latin|iso[-_]?8859|cp125|windows-125|koi8)/i;
const LONGEST_DECLARATION = 1000;

/** The same for bytes that are there already, such as those of standard input (`realPath` is empty then). */
export function sourceFromBytes(bytes: Buffer, entry: FileEntry): SourceFile | FileError {
  const { path, realPath, writable } = entry;
  // A string may have that many units, and a byte is at most one unit.
  if (bytes.length > bufferConstants.MAX_STRING_LENGTH) return { path, kind: 'io', message: 'the file is too large' };
  const decoded = decode(bytes);
  if ('failure' in decoded) {
    return { path, kind: 'encoding', message: decoded.failure, line: decoded.line, column: decoded.column };
  }
  return { path, realPath, bytes, ...decoded, writable };
}

/** In bytes: what the files are read into has room for nearly all of them, and is not kept if it had to grow beyond the second. */
const ROOM = 1 << 18;
const MOST_ROOM = 1 << 22;

/** What the files are read into, one after the other: memory of its own for each of very many would be given back late, and in pieces. */
let buffer = Buffer.allocUnsafeSlow(ROOM);

/**
 * The bytes, which the next call writes over, or why there are none. The calls are synchronous: source files are small, and four trips
 * through the thread pool cost fifteen times the four system calls. O_NONBLOCK keeps a FIFO that took the file's place from holding up
 * the run.
 */
function readBytes(realPath: string): Buffer | string {
  let descriptor: number | undefined;
  if (buffer.length > MOST_ROOM) buffer = Buffer.allocUnsafeSlow(ROOM);
  try {
    descriptor = openSync(realPath, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) return 'it is a folder';
    if (!stats.isFile()) return 'it is not a regular file';
    return stats.size > bufferConstants.MAX_STRING_LENGTH ? 'it is too large' : readAll(descriptor, stats.size);
  } catch (error) {
    return ioReason(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** `size` is what the file is said to have: it may grow meanwhile, and some file systems say nothing. */
function readAll(descriptor: number, size: number): Buffer {
  let length = 0;
  for (;;) {
    // One byte more shows the end.
    const needed = Math.max(size, length) + 1;
    if (needed > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length)], needed + ROOM);
    const read = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.subarray(0, length);
    length += read;
  }
}
