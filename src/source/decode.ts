/**
 * A file's bytes to its text as CPython reads them: byte order mark, encoding declaration, strict decoding. A file counts as read
 * only if encoding its text gives back its bytes, so that nothing outside an edit can change.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { decodeLossy, encode, normalizedEncoding } from './codec.ts';
import { lineColumn } from './lines.ts';

export { encode } from './codec.ts';

/** `text` is without the byte order mark; `encoding` is the normalised name: `utf-8`, `latin-1`, `windows-1252`, ... */
export interface Decoded {
  readonly text: string;
  readonly encoding: string;
  readonly bom: boolean;
}

/** Why the bytes are not text. Line and column from 1, the column in code points. */
export interface DecodeFailure {
  readonly failure: string;
  readonly line: number;
  readonly column: number;
}

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_BOMS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** Python language reference, 2.1.4 Encoding declarations; PEP 263. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/d;
/** A first line that lets the second declare the encoding. */
const BLANK_OR_COMMENT = /^[ \t\f]*(#|$)/;

interface Cookie {
  /** As written. */
  readonly name: string;
  /** Where it starts, in bytes. */
  readonly at: number;
}

export function decode(bytes: Buffer): Decoded | DecodeFailure {
  if (UTF16_BOMS.some((mark) => startsWith(bytes, mark))) {
    return { failure: 'the file is UTF-16, which Python does not read as source', line: 1, column: 1 };
  }
  const bom = startsWith(bytes, UTF8_BOM);
  const body = bom ? bytes.subarray(UTF8_BOM.length) : bytes;

  const cookie = findCookie(body);
  if (cookie !== undefined && bom && !isPlainUtf8(cookie.name)) {
    const failure = `the file has a UTF-8 byte order mark but declares ${cookie.name} (beside the mark Python takes utf-8 alone)`;
    return failureAt(body.subarray(0, cookie.at), 'utf-8', failure);
  }
  const encoding = normalizedEncoding(cookie?.name ?? 'utf-8');
  if (encoding === undefined)
    return failureAt(body.subarray(0, cookie?.at), 'utf-8', unknownEncoding(cookie?.name ?? ''));
  const nul = body.indexOf(0);
  if (nul >= 0)
    return failureAt(body.subarray(0, nul), encoding, 'the file has a NUL byte, which Python does not read in source');

  const text = decodeExact(body, encoding);
  return text === undefined ? undecodable(body, encoding, cookie !== undefined) : { text, encoding, bom };
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}

/** The encoding declaration in the first line, or in the second below a line that is blank or only a comment. */
function findCookie(body: Buffer): Cookie | undefined {
  const firstEnd = lineEndByte(body, 0);
  const first = body.toString('latin1', 0, firstEnd);
  const inFirst = COOKIE.exec(first);
  if (inFirst !== null) return cookieOf(inFirst, 0);
  if (firstEnd === body.length || !BLANK_OR_COMMENT.test(first)) return undefined;

  const secondStart = firstEnd + (body[firstEnd] === 13 && body[firstEnd + 1] === 10 ? 2 : 1);
  const inSecond = COOKIE.exec(body.toString('latin1', secondStart, lineEndByte(body, secondStart)));
  return inSecond === null ? undefined : cookieOf(inSecond, secondStart);
}

function cookieOf(match: RegExpExecArray, lineStart: number): Cookie {
  return { name: match[1] ?? '', at: lineStart + (match.indices?.[1]?.[0] ?? 0) };
}

function lineEndByte(body: Buffer, start: number): number {
  let end = start;
  while (end < body.length && body[end] !== 10 && body[end] !== 13) end += 1;
  return end;
}

/** Beside a byte order mark CPython compares the declared name itself: `utf8` is refused (`check_coding_spec` in its tokenizer). */
function isPlainUtf8(name: string): boolean {
  return /^utf[-_]8([-_]|$)/i.test(name);
}

function unknownEncoding(name: string): string {
  if (/^(utf|u)[-_]?(16|32)/i.test(name)) return `the file declares ${name}, which Python does not read as source`;
  if (/^((utf|u)[-_]?7|iso[-_]?2022|hz)/i.test(name)) {
    return `the file declares ${name}, which keeps state between characters and is not supported`;
  }
  return `the file declares an encoding that is unknown or not supported: ${name}`;
}

/** The text, or undefined when encoding it would not give the same bytes. */
function decodeExact(body: Buffer, encoding: string): string | undefined {
  // Every supported encoding is a superset of ASCII, and well-formed UTF-8 has one text and that text one form: no need to compare.
  if (isAscii(body)) return body.toString('latin1');
  if (encoding === 'utf-8') return isUtf8(body) ? body.toString('utf8') : undefined;
  if (encoding === 'latin-1') return body.toString('latin1');
  const text = decodeLossy(body, encoding);
  return encode(text, encoding)?.equals(body) ? text : undefined;
}

function undecodable(body: Buffer, encoding: string, declared: boolean): DecodeFailure {
  const text = decodeLossy(body, encoding);
  const { offset, byte } = exactPrefix(body, text, encoding);
  const value = `0x${(body[byte] ?? 0).toString(16).padStart(2, '0')}`;
  const failure = declared
    ? `byte ${value} does not decode as ${encoding}, the encoding the file declares`
    : `byte ${value} is not UTF-8, and the file declares no other encoding (PEP 263)`;
  return { failure, ...lineColumn(text, offset) };
}

/** The longest start of the text that encodes to the start of the bytes, found by halving: its length in UTF-16 units and in bytes. */
function exactPrefix(body: Buffer, text: string, encoding: string): { readonly offset: number; readonly byte: number } {
  let offset = 0;
  let byte = 0;
  let end = text.length;
  while (offset < end) {
    let middle = (offset + end + 1) >>> 1;
    if (/^[\udc00-\udfff]/.test(text.charAt(middle)) && middle < end) middle += 1;
    const part = encode(text.slice(offset, middle), encoding);
    if (part?.equals(body.subarray(byte, byte + part.length))) {
      offset = middle;
      byte += part.length;
    } else {
      end = middle - 1;
    }
  }
  return { offset, byte };
}

function failureAt(before: Buffer, encoding: string, failure: string): DecodeFailure {
  const text = decodeLossy(before, encoding);
  return { failure, ...lineColumn(text, text.length) };
}
