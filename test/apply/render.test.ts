import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Encode, type Rendered, render, sha256 } from '../../src/apply/render.ts';
import type { ByteEdit, Edit } from '../../src/core/edit.ts';
import type { FileError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { encode } from '../../src/source/decode.ts';

function sourceOf(text: string, encoding = 'utf-8', bom = false): SourceFile {
  const body = encode(text, encoding);
  if (body === undefined) throw new Error(`${text} in ${encoding}`);
  const bytes = bom ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) : body;
  return { path: 'x.py', realPath: '/x.py', bytes, text, encoding, bom, writable: true };
}

const edit = (start: number, end: number, text: string): Edit => ({ path: 'x.py', range: { start, end }, text });

function rendered(source: SourceFile, edits: readonly Edit[], by: Encode = encode): Rendered {
  const result = render(source, edits, by);
  if ('kind' in result) throw new Error(result.message);
  return result;
}

function refused(source: SourceFile, edits: readonly Edit[], by: Encode = encode): FileError {
  const result = render(source, edits, by);
  if (!('kind' in result)) throw new Error('was rendered');
  return result;
}

/** As a reader of the JSON report would: from last to first, each text in the file's encoding. */
function applied({ source, byteEdits }: Rendered): Buffer {
  return byteEdits.toReversed().reduce((bytes, { startByte, endByte, text }: ByteEdit) => {
    const by = encode(text, source.encoding) ?? Buffer.from('?');
    return Buffer.concat([bytes.subarray(0, startByte), by, bytes.subarray(endByte)]);
  }, source.bytes);
}

describe('render', () => {
  test('edits replace, insert and remove, in whatever order they are given', () => {
    const { text, bytes, byteEdits } = rendered(sourceOf('a = []\nb = {}\n'), [
      edit(11, 13, 'None'),
      edit(0, 7, ''),
      edit(7, 7, '# '),
    ]);
    expect(text).toBe('# b = None\n');
    expect(bytes.toString()).toBe(text);
    expect(byteEdits).toEqual([
      { startByte: 0, endByte: 7, text: '# ' },
      { startByte: 11, endByte: 13, text: 'None' },
    ]);
  });

  test('insertions at one place stay in the order given, before an edit that starts there and after one that ends there', () => {
    const edits = [edit(2, 4, 'CD'), edit(2, 2, '1'), edit(4, 4, '3'), edit(2, 2, '2'), edit(4, 4, '4')];
    const result = rendered(sourceOf('abcdef'), edits);
    expect(result.text).toBe('ab12CD34ef');
    expect(result.byteEdits).toEqual([{ startByte: 2, endByte: 4, text: '12CD34' }]);
  });

  test('byte edits count bytes of the file as it was read, the byte order mark included', () => {
    const { bytes, byteEdits } = rendered(sourceOf('é = "日本"\nx = 1\n', 'utf-8', true), [
      edit(13, 14, '😀'),
      edit(0, 1, 'e'),
    ]);
    expect(byteEdits).toEqual([
      { startByte: 3, endByte: 5, text: 'e' },
      { startByte: 3 + 18, endByte: 3 + 19, text: '😀' },
    ]);
    expect(bytes.toString()).toBe('\ufeffe = "日本"\nx = 😀\n');
  });

  test('the file keeps its encoding', () => {
    const { bytes, replacements } = rendered(sourceOf('é = 1\n', 'latin-1'), [edit(4, 5, '"ü"')]);
    expect(bytes.toString('latin1')).toBe('é = "ü"\n');
    expect(replacements).toEqual([Buffer.from('"ü"', 'latin1')]);
  });

  test('a character that the encoding lacks is an encoding error that names it', () => {
    expect(refused(sourceOf('x = 1\n', 'latin-1'), [edit(4, 5, '"é→"')])).toEqual({
      path: 'x.py',
      kind: 'encoding',
      message: 'the fix needs the character U+2192, which latin-1 does not have',
    });
  });

  test('edits that change nothing are left out', () => {
    const { byteEdits, bytes, sha256Before, sha256After } = rendered(sourceOf('abc'), [
      edit(1, 1, ''),
      edit(2, 3, 'c'),
    ]);
    expect(byteEdits).toEqual([]);
    expect(bytes.toString()).toBe('abc');
    expect(sha256After).toBe(sha256Before);
  });

  test('an empty file can be filled and a full one emptied', () => {
    expect(rendered(sourceOf(''), [edit(0, 0, 'x\n')]).bytes.toString()).toBe('x\n');
    expect(rendered(sourceOf('x\n'), [edit(0, 2, '')]).bytes.length).toBe(0);
  });

  test('the digests are those of the bytes before and after', () => {
    const { sha256Before, sha256After } = rendered(sourceOf('a'), [edit(0, 1, 'b')]);
    expect([sha256Before, sha256After]).toEqual([sha256(Buffer.from('a')), sha256(Buffer.from('b'))]);
  });

  test('edits that overlap are a bug, and the error names both', () => {
    expect(() => render(sourceOf('abcdef'), [edit(0, 3, 'X'), edit(2, 5, 'Y')], encode)).toThrow(
      new TypeError('x.py: edits overlap: [0, 3) "X" and [2, 5) "Y"'),
    );
    expect(() => render(sourceOf('abcdef'), [edit(2, 2, 'X'), edit(0, 5, 'Y')], encode)).toThrow('edits overlap');
  });

  test('edits of another file or outside the text are a bug', () => {
    expect(() => render(sourceOf('ab'), [{ ...edit(0, 1, ''), path: 'y.py' }], encode)).toThrow(TypeError);
    expect(() => render(sourceOf('ab'), [edit(1, 3, '')], encode)).toThrow(TypeError);
    expect(() => render(sourceOf('ab'), [edit(1, 0, '')], encode)).toThrow(TypeError);
  });

  test('an encoding in which the text around an edit would get other bytes is an encoding error', () => {
    const stateful: Encode = (text) => Buffer.from(`~${text}`);
    const source = { ...sourceOf('aébc'), bytes: Buffer.from('~aébc') };
    expect(refused(source, [edit(3, 3, 'x')], stateful)).toMatchObject({ kind: 'encoding' });
  });

  test('half of a surrogate pair is never written', () => {
    expect(refused(sourceOf('😀'), [edit(0, 1, 'x')])).toMatchObject({ kind: 'encoding' });
  });

  test('a 50 MB file with few edits takes a fraction of a second', () => {
    const source = sourceOf('value = 1  # a line of an ordinary length\n'.repeat(1_200_000));
    const edits = [
      edit(8, 9, '2'),
      edit(25_000_000, 25_000_000, 'x'),
      edit(source.text.length, source.text.length, 'y\n'),
    ];
    const started = performance.now();
    rendered(source, edits);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

const texts = {
  'utf-8': fc.string({ unit: 'binary' }),
  'latin-1': fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\xe9', '\xff') }),
  'windows-1252': fc.string({ unit: fc.constantFrom('a', '\n', '€', 'é') }),
  'shift-jis': fc.string({ unit: fc.constantFrom('a', '\n', '日', 'ｱ', '表') }),
  gb18030: fc.string({ unit: fc.constantFrom('a', '\n', '日', 'é', '😀') }),
};

const anyEdits = fc.constantFrom(...(Object.keys(texts) as (keyof typeof texts)[])).chain((encoding) =>
  fc.tuple(texts[encoding], fc.boolean()).chain(([text, bom]) => {
    const units = [...text];
    // Between code points only.
    const places = [0, ...units.map((_, index) => units.slice(0, index + 1).join('').length)];
    return fc.record({
      source: fc.constant(sourceOf(text, encoding, bom && encoding === 'utf-8')),
      edits: fc
        .array(fc.tuple(fc.constantFrom(...places), fc.constantFrom(...places), texts[encoding]), { maxLength: 6 })
        .map((raw) => {
          const sorted = raw.flatMap((one) => [one[0], one[1]]).toSorted((a, b) => a - b);
          return raw.map(([, , by], index) => edit(sorted[2 * index] ?? 0, sorted[2 * index + 1] ?? 0, by));
        }),
    });
  }),
);

describe('for any edits in any encoding', () => {
  test('applying the byte edits to the bytes gives the rendered bytes, and everything outside them is the same', () => {
    fc.assert(
      fc.property(anyEdits, ({ source, edits }) => {
        const result = rendered(source, edits);
        expect(applied(result)).toEqual(result.bytes);
        for (const [index, { startByte, endByte }] of result.byteEdits.entries()) {
          expect(startByte).toBeLessThanOrEqual(endByte);
          expect(startByte).toBeGreaterThan(result.byteEdits[index - 1]?.endByte ?? -1);
        }
      }),
    );
  });

  test('the text is what replacing from last to first gives', () => {
    fc.assert(
      fc.property(anyEdits, ({ source, edits }) => {
        const text = edits.reduceRight(
          (now, { range, text: by }) => now.slice(0, range.start) + by + now.slice(range.end),
          source.text,
        );
        expect(rendered(source, edits).text).toBe(text);
      }),
    );
  });
});
