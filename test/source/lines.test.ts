import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineEnd, lineEnding, lineStart } from '../../src/core/lines.ts';
import { decode } from '../../src/source/decode.ts';
import { LineIndex, lineColumn } from '../../src/source/lines.ts';

function indexOf(bytes: Buffer): { readonly index: LineIndex; readonly text: string } {
  const decoded = decode(bytes);
  if ('failure' in decoded) throw new Error(decoded.failure);
  return { index: new LineIndex({ ...decoded, bytes }), text: decoded.text };
}

describe('positions', () => {
  test('lines and columns count from 1, bytes from 0', () => {
    const { index } = indexOf(Buffer.from('ab\ncd'));
    expect(index.position(0)).toEqual({ line: 1, column: 1, byte: 0 });
    expect(index.position(4)).toEqual({ line: 2, column: 2, byte: 4 });
    expect(index.position(5)).toEqual({ line: 2, column: 3, byte: 5 });
  });

  test('a line ends at \\n, \\r\\n and \\r, and not at a form feed', () => {
    const { index, text } = indexOf(Buffer.from('a\fb\r\nc\rd\n\ne'));
    expect([...text].map((_, offset) => index.position(offset).line)).toEqual([1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5]);
  });

  test('columns are characters, whatever they take in memory or on disk', () => {
    const { index } = indexOf(Buffer.from('\u{1f600}\u00e9x'));
    expect(index.position(2)).toEqual({ line: 1, column: 2, byte: 4 });
    expect(index.position(3)).toEqual({ line: 1, column: 3, byte: 6 });
  });

  test('a byte order mark has three bytes and no column', () => {
    const { index } = indexOf(Buffer.from('\ufeffx = 1'));
    expect(index.position(0)).toEqual({ line: 1, column: 1, byte: 3 });
    expect(index.byteEdit({ range: { start: 4, end: 5 }, text: '2' })).toEqual({ startByte: 7, endByte: 8, text: '2' });
  });

  test('bytes are those of the file, in its own encoding', () => {
    const latin = Buffer.from('# coding: latin-1\n\u00e9x', 'latin1');
    expect(indexOf(latin).index.byte(19)).toBe(19);
    const gbk = Buffer.concat([Buffer.from('# coding: gbk\n'), Buffer.from([0xd6, 0xd0, 0x78])]);
    expect(indexOf(gbk).index.position(15)).toEqual({ line: 2, column: 2, byte: 16 });
  });

  test('far into a file of 50 MB the answer is right and takes no time worth speaking of', () => {
    const line = 'caf\u00e9 = {"\u{1f600}": []}\n';
    const count = Math.ceil(50_000_000 / Buffer.byteLength(line));
    const bytes = Buffer.from(line.repeat(count));
    const { index, text } = indexOf(bytes);
    const started = performance.now();
    expect(index.position(text.length - 5)).toEqual({ line: count, column: 13, byte: bytes.length - 5 });
    expect(index.position(4)).toEqual({ line: 1, column: 5, byte: 5 });
    // Generous: a machine under load must not fail it, a quadratic search must.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  const chars = fc.constantFrom(
    'a',
    '\n',
    '\r',
    '\r\n',
    '\f',
    '\t',
    '\u00e9',
    '\u4e2d',
    '\u{1f600}',
    '\u2028',
    '\u0085',
    'word '.repeat(4000),
  );
  const asked = fc.array(fc.nat(), { minLength: 1, maxLength: 8 });
  test.each(['utf-8', 'latin-1', 'gb18030', 'gbk', 'big5'])(
    'agree with counting from the start, asked in any order: %s',
    (encoding) => {
      fc.assert(
        fc.property(fc.boolean(), fc.array(chars, { maxLength: 12 }), asked, (mark, parts, places) => {
          const wanted = parts
            .filter((part) => encoding !== 'latin-1' || part <= '\u00ff')
            .filter((part) => !/gbk|big5/.test(encoding) || part <= '\u007f' || part === '\u4e2d');
          const bom = mark && encoding === 'utf-8';
          const text = wanted.join('');
          const bytes = naiveBytes(text, encoding, bom);
          const index = new LineIndex({ text, encoding, bom, bytes });
          const points = [...text];
          for (const place of places) {
            const before = points.slice(0, place % (points.length + 1)).join('');
            // A line end is not over before its last unit.
            const ended = before.endsWith('\r') && text[before.length] === '\n' ? before.slice(0, -1) : before;
            const lines = ended.split(/\r\n|\r|\n/);
            const column = [...(lines.at(-1) ?? '')].length + 1 + (before.length - ended.length);
            const expected = { line: lines.length, column };
            expect(index.position(before.length)).toEqual({
              ...expected,
              byte: naiveBytes(before, encoding, bom).length,
            });
            expect(lineColumn(text, before.length)).toEqual(expected);
          }
        }),
      );
    },
  );
});

/** Without the code under test: the bytes of the few characters that the property uses. */
function naiveBytes(text: string, encoding: string, bom: boolean): Buffer {
  const special: Record<string, Record<string, string>> = {
    gb18030: {
      '\u00e9': 'a8a6',
      '\u4e2d': 'd6d0',
      '\u{1f600}': '9439fc36',
      '\u2028': '8136a635',
      '\u0085': '81308135',
    },
    gbk: { '\u4e2d': 'd6d0' },
    big5: { '\u4e2d': 'a4a4' },
  };
  if (encoding === 'utf-8') return Buffer.from((bom ? '\ufeff' : '') + text);
  return Buffer.concat(
    [...text].map((char) =>
      Buffer.from(special[encoding]?.[char] ?? char, special[encoding]?.[char] === undefined ? 'latin1' : 'hex'),
    ),
  );
}

describe('the line end of a file', () => {
  test.each([
    ['none is \\n', 'x', '\n'],
    ['\\n', 'a\nb\n', '\n'],
    ['\\r\\n', 'a\r\nb', '\r\n'],
    ['\\r', 'a\rb\r', '\r'],
    ['the one that dominates', 'a\r\nb\r\nc\n', '\r\n'],
    ['of equals \\n before \\r\\n', 'a\r\nb\n', '\n'],
    ['of equals \\r\\n before \\r', 'a\rb\r\n', '\r\n'],
  ])('%s', (_what, text, ending) => {
    expect(lineEnding(text)).toBe(ending);
  });
});

test('lineStart and lineEnd enclose the line without its end', () => {
  const text = 'ab\r\ncd\r\nef\rgh\n';
  const line = (offset: number) => text.slice(lineStart(text, offset), lineEnd(text, offset));
  expect([0, 1, 2, 3].map(line)).toEqual(['ab', 'ab', 'ab', 'ab']);
  expect(line(4)).toBe('cd');
  expect(line(9)).toBe('ef');
  expect(line(12)).toBe('gh');
  expect(line(text.length)).toBe('');
});
