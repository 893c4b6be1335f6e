import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decoded, type DecodeFailure, decode, encode } from '../../src/source/decode.ts';

const BOM = '\u00ef\u00bb\u00bf';

/** Bytes written as the characters U+0000 to U+00FF. */
function bytes(latin1: string): Buffer {
  return Buffer.from(latin1, 'latin1');
}

function decoded(latin1: string): Decoded {
  const result = decode(bytes(latin1));
  if ('failure' in result) throw new Error(result.failure);
  return result;
}

function refused(latin1: string): DecodeFailure {
  const result = decode(bytes(latin1));
  if (!('failure' in result)) throw new Error(`decoded as ${result.encoding}`);
  return result;
}

describe('a file without a declaration', () => {
  test('is UTF-8', () => {
    expect(decoded('x = "\u00c3\u00a9"\n')).toEqual({ text: 'x = "\u00e9"\n', encoding: 'utf-8', bom: false });
  });

  test('may be empty', () => {
    expect(decoded('')).toEqual({ text: '', encoding: 'utf-8', bom: false });
  });

  test('may start with a byte order mark, which is no text', () => {
    expect(decoded(`${BOM}x\n`)).toEqual({ text: 'x\n', encoding: 'utf-8', bom: true });
    expect(decoded(BOM)).toEqual({ text: '', encoding: 'utf-8', bom: true });
  });

  test('keeps a second byte order mark as a character', () => {
    expect(decoded(BOM + BOM).text).toBe('\ufeff');
  });

  test('keeps its line ends, form feeds and tabs', () => {
    expect(decoded('a\r\n\tb\rc\f\nd \n').text).toBe('a\r\n\tb\rc\f\nd \n');
  });
});

describe('an encoding declaration (PEP 263)', () => {
  test.each([
    ['in an Emacs line', '# -*- coding: latin-1 -*-\n'],
    ['in a Vim line', '# vim: set fileencoding=latin1 :\n'],
    ['after blanks and a form feed', '\f \t#coding:\tiso-8859-1\n'],
    ['on the second line below a shebang', '#!/usr/bin/python\n# coding=latin-1\n'],
    ['on the second line below a blank one', ' \t\f\n# coding=latin-1\n'],
    ['on the second line behind a carriage return', '\r# coding: latin-1\r'],
    ['on the second line behind both', '\r\n# coding: latin-1\r\n'],
    ['on the first line, against the second', '# coding: latin-1\n# coding: ascii\n'],
    ['the first that is well-formed', '# coding: @ coding: latin-1\n'],
    ['without a line end behind the declaration', '# \u00e9 coding: latin-1'],
  ])('is read %s', (_where, head) => {
    expect(decoded(`${head}'\u00e9'`)).toEqual({ text: `${head}'\u00e9'`, encoding: 'latin-1', bom: false });
  });

  test.each([
    ['on the third line', '\n\n# coding: latin-1\n'],
    ['below a line of code', 'x = 1\n# coding: latin-1\n'],
    ['below a line that goes on', '\\\n# coding: latin-1\n'],
    ['behind code', 'x = 1  # coding: latin-1\n'],
    ['with a blank before the colon', '# coding : latin-1\n'],
  ])('is none %s', (_where, head) => {
    expect(decoded(head).encoding).toBe('utf-8');
  });

  test('decides how the bytes are read', () => {
    expect(decoded('# coding: cp1252\n\u0080').text).toBe('# coding: cp1252\n\u20ac');
    expect(decoded('# coding: koi8-r\n\u00c1').text).toBe('# coding: koi8-r\n\u0430');
    expect(decoded('# coding: gbk\n\u00d6\u00d0').text).toBe('# coding: gbk\n\u4e2d');
    expect(decoded('# coding: euc-jp\n\u00a4\u00a2').text).toBe('# coding: euc-jp\n\u3042');
    expect(decoded('# coding: big5\n\u00a4\u00a4').text).toBe('# coding: big5\n\u4e2d');
    expect(decoded('# coding: sjis\n\u0082\u00a0').text).toBe('# coding: sjis\n\u3042');
    expect(decoded('# coding: mac-roman\n\u00db').text).toBe('# coding: mac-roman\n\u20ac');
  });

  test('may say utf-8 beside a byte order mark', () => {
    expect(decoded(`${BOM}# coding: UTF_8\n`)).toEqual({ text: '# coding: UTF_8\n', encoding: 'utf-8', bom: true });
  });
});

describe('what CPython refuses', () => {
  test.each([
    ['bytes that are not UTF-8', 'a\n\u00c3\u00a9\u00e9', 2, 2, /byte 0xe9 is not UTF-8/],
    ['an overlong form', 'x\u00c0\u0080', 1, 2, /0xc0/],
    ['a surrogate', "'\u00ed\u00a0\u0080'", 1, 2, /0xed/],
    ['a character cut off at the end', 'ab\u00e2\u0082', 1, 3, /0xe2/],
    ['a bad byte behind a true replacement character', '\u00ef\u00bf\u00bd\u00ff', 1, 2, /0xff/],
    ['a bad byte behind a character of two units', '\u00f0\u009f\u0098\u0080\u00ff', 1, 2, /0xff/],
    ['non-ASCII in an ascii file', '# coding: ascii\r\nx\u00e9', 2, 2, /0xe9 does not decode as ascii/],
    [
      'a byte that the encoding leaves undefined',
      '# coding: cp1252\r\u0080\u0081',
      2,
      2,
      /0x81 does not decode as windows-1252/,
    ],
    ['half a character', '# coding: gbk\n\u00d6\u00d0\u00d6', 2, 2, /0xd6 does not decode as gbk/],
    [
      'a byte order mark against the declaration',
      `${BOM}# coding: latin-1\n`,
      1,
      11,
      /byte order mark but declares latin-1/,
    ],
    [
      'a byte order mark against another spelling',
      `${BOM}# coding: utf8\n`,
      1,
      11,
      /byte order mark but declares utf8/,
    ],
    ['an unknown encoding', '#!python\n# \u00c3\u00a9 coding: fou\n', 2, 13, /unknown or not supported: fou/],
    ['a declaration of UTF-16', '# coding: utf-16\n', 1, 11, /utf-16, which Python does not read/],
    ['a codec that is not of text', '# coding: rot13\n', 1, 11, /unknown or not supported: rot13/],
    ['a UTF-16 file', '\u00ff\u00fex\0', 1, 1, /UTF-16/],
    ['a UTF-16 file of the other byte order', '\u00fe\u00ff\0x', 1, 1, /UTF-16/],
    ['a NUL byte', 'x = 1\n"\u00c3\u00a9\0"', 2, 3, /NUL byte/],
    ['a NUL byte in another encoding', '# coding: latin-1\n\u00c3\u00a9\0', 2, 3, /NUL byte/],
  ])('is refused with its place: %s', (_what, source, line, column, message) => {
    expect(refused(source)).toEqual({ failure: expect.stringMatching(message), line, column });
  });

  test('CPython refuses these too', ({ skip }) => {
    const sources = [
      '\u00e9',
      '\u00c0\u0080',
      '# coding: cp1252\n\u0081',
      `${BOM}# coding: utf8\n`,
      '# coding: rot13\n',
      '# coding: utf-16\n',
      '\0',
    ];
    const program =
      'import sys\ntry: compile(sys.stdin.buffer.read(), "x", "exec")\nexcept (SyntaxError, ValueError): print("refused")';
    for (const source of sources) {
      let output: string;
      try {
        output = execFileSync('python3', ['-c', program], { input: bytes(source), encoding: 'utf8' });
      } catch {
        skip('there is no python3');
        return;
      }
      expect(output.trim(), JSON.stringify(source)).toBe('refused');
      refused(source);
    }
  });
});

describe('what this tool refuses beyond that', () => {
  test.each(['utf-7', 'UTF7', 'iso-2022-jp', 'hz'])('%s keeps state between characters', (name) => {
    expect(refused(`# coding: ${name}\n`).failure).toContain('keeps state between characters');
  });

  test('bytes that would not come back from their text', () => {
    // Windows' Shift JIS has two codes for this character, and encoding it gives the other.
    expect(refused('# coding: cp932\nx\u00ed\u0040')).toMatchObject({ line: 2, column: 2 });
  });
});

const NAMES =
  'utf-8 ascii latin-1 cp1252 windows-1255 koi8-r mac-roman iso-8859-7 sjis cp932 euc-jp gbk gb18030 gb2312 big5 big5hkscs euc-kr cp949'.split(
    ' ',
  );

test.each(NAMES)('%s: random bytes are refused, or encoding the text gives them back', (name) => {
  const chunk = fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => Buffer.from(text)),
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
      const head = `# coding: ${name}\n`;
      const source = Buffer.concat([Buffer.from(head), ...chunks]);
      const result = decode(source);
      if ('failure' in result) {
        expect(result.line).toBeGreaterThan(1);
        return;
      }
      accepted += 1;
      expect(encode(result.text, result.encoding)?.equals(source)).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(accepted).toBeGreaterThan(0);
});

test('the place of an encoding error is where the first character fails, wherever that is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      const good = before.replaceAll('\0', '');
      const result = decode(
        Buffer.concat([Buffer.from(`x${good}`), Buffer.from([0xff]), Buffer.from(after.replaceAll('\0', ''))]),
      );
      const lines = `x${good}`.split(/\r\n|\r|\n/);
      expect(result).toMatchObject({ line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 });
    }),
  );
});
