import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLossy, encode, normalizedEncoding } from '../../src/source/codec.ts';

/** Every encoding that is read with one byte for each character. */
const SINGLE_BYTE = [
  'ascii latin-1 koi8-r koi8-t koi8-u mac-roman hp-roman8',
  'iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-9 iso-8859-10 iso-8859-11',
  'iso-8859-13 iso-8859-14 iso-8859-15 iso-8859-16',
  'windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258',
  'cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp865 cp866 cp869 cp874 cp1125',
].flatMap((names) => names.split(' '));
const MULTI_BYTE = 'utf-8 shift-jis cp932 euc-jp gb2312 gbk gb18030 big5 big5hkscs cp950 euc-kr cp949'.split(' ');

const python = pythonCommand();

describe('names', () => {
  test.each([
    ['utf-8', 'utf-8 UTF-8 utf8 U8 utf_8 utf-8-sig utf-8-unix cp65001'],
    ['latin-1', 'latin-1 Latin_1 latin1 iso-8859-1 ISO_8859-1 iso8859-1 l1 iso-latin-1 iso-8859-1-unix latin-1-dos'],
    ['ascii', 'ascii us-ascii 646 ANSI_X3.4-1968'],
    ['iso-8859-15', 'iso8859-15 iso-8859-15 latin9 L9'],
    ['windows-1252', 'cp1252 windows-1252 1252 Windows_1252'],
    ['mac-roman', 'mac-roman macroman macintosh'],
    ['shift-jis', 'shift_jis shift-jis sjis s_jis'],
    ['euc-jp', 'euc-jp eucjp ujis'],
    ['big5', 'big5 big5-tw'],
    ['koi8-r', 'koi8-r KOI8_R'],
    ['gbk', 'gbk 936 cp936'],
  ])('%s is also called %s', (encoding, names) => {
    for (const name of names.split(' ')) expect(normalizedEncoding(name), name).toBe(encoding);
  });

  test('names that Python does not know, or that keep state, are no encoding', () => {
    const names =
      'utf-16 utf-16-le utf-32 utf-7 iso2022_jp hz rot13 hex base64 binary ucs2 foo utf8-unix .latin-1 constructor cp037';
    for (const name of names.split(' ')) expect(normalizedEncoding(name), name).toBeUndefined();
  });
});

describe.skipIf(python === undefined)('as CPython has it (skipped where there is no python3)', () => {
  const facts: CPythonFacts = python === undefined ? { codecs: {}, tables: {} } : cpythonFacts(python);

  test('every normalised name and every alias leads to the same codec', () => {
    const read = Object.entries(facts.codecs).filter(([name]) => normalizedEncoding(name) !== undefined);
    expect(read.length).toBeGreaterThan(200);
    for (const [name, codec] of read) expect(facts.codecs[normalizedEncoding(name) ?? ''], name).toBe(codec);
  });

  test.each(SINGLE_BYTE)('%s: the same character for every byte, or none in both', (encoding) => {
    expect(facts.tables[encoding]).toHaveLength(256);
    facts.tables[encoding]?.forEach((char, byte) => {
      const text = decodeLossy(Buffer.from([byte]), encoding);
      const back = encode(text, encoding);
      expect(back?.length === 1 && back[0] === byte ? text : null, `byte ${byte}`).toBe(char);
    });
  });
});

describe('encode', () => {
  test('is undefined when a character has no code in the encoding', () => {
    expect(encode('\u00e9', 'ascii')).toBeUndefined();
    expect(encode('\u20ac', 'latin-1')).toBeUndefined();
    expect(encode('\u4e2d', 'windows-1252')).toBeUndefined();
    expect(encode('\ufffd', 'windows-1252')).toBeUndefined();
    expect(encode('\u00a5', 'shift-jis')).toBeUndefined();
    expect(encode('\u00a4', 'mac-roman')).toBeUndefined();
    expect(encode('\ud800', 'utf-8')).toBeUndefined();
  });

  test.each([...SINGLE_BYTE, ...MULTI_BYTE])(
    '%s: what it gives decodes to the text, and slices encode by themselves',
    (encoding) => {
      const unit = fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 1 }),
        fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => decodeLossy(Buffer.from(bytes), encoding)),
      );
      fc.assert(
        fc.property(
          fc.array(unit).map((units) => units.join('')),
          fc.nat(),
          (text, at) => {
            const bytes = encode(text, encoding);
            if (bytes === undefined) return;
            expect(decodeLossy(bytes, encoding)).toBe(text);
            const points = [...text];
            const cut = at % (points.length + 1);
            const parts = [points.slice(0, cut), points.slice(cut)].map((part) => encode(part.join(''), encoding));
            expect(Buffer.concat(parts.map((part) => part ?? Buffer.from('no code')))).toEqual(bytes);
          },
        ),
      );
    },
  );
});

interface CPythonFacts {
  /** Names and aliases in lower case, each with the name of its codec. */
  readonly codecs: Readonly<Record<string, string>>;
  /** The character of each byte, `null` where there is none. */
  readonly tables: Readonly<Record<string, readonly (string | null)[]>>;
}

function cpythonFacts(command: string): CPythonFacts {
  const program = `
import codecs, encodings.aliases, json, sys
single, multi = json.load(sys.stdin)
def codec(name):
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "none"
def decoded(encoding, byte):
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return None
names = single + multi + [alias for alias in encodings.aliases.aliases if alias == alias.lower()]
print(json.dumps({
    "codecs": {name: codec(name) for name in names},
    "tables": {encoding: [decoded(encoding, byte) for byte in range(256)] for encoding in single},
}))`;
  const input = JSON.stringify([SINGLE_BYTE, MULTI_BYTE]);
  return JSON.parse(execFileSync(command, ['-c', program], { input, encoding: 'utf8' }));
}

function pythonCommand(): string | undefined {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return 'python3';
  } catch {
    return undefined;
  }
}
