/** Where the grammar is behind the language, the tree is what it would be if it were not; nothing else is touched. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsed, shape, texts } from '../support/syntax.ts';

describe('what the grammar does not know', () => {
  test.each(['t', 'T', 'tr', 'Tr', 'rT', 'RT'])('template strings: %s', (prefix) => {
    expect(texts('interpolation', `x = ${prefix}"a {y.z} b {w!r:>9}"`)).toEqual(['{y.z}', '{w!r:>9}']);
    expect(texts('identifier', `x = ${prefix}'{y}'`)).toEqual(['x', 'y']);
    expect(texts('identifier', `x = f"{${prefix}'{y}'}"`)).toEqual(['x', 'y']);
  });

  test('names that end in t before a string are no prefixes', () => {
    expect(texts('string', 'not"a"\nx if y else"b"\nt["c"]\nt ["d"]')).toEqual(['"a"', '"b"', '"c"', '"d"']);
  });

  test.each(['type(x).y = z', 'type (x).y: int = z', 'type(x)[y] = z', 'type[x] = y', 'type(x)(y).z += 1'])(
    'an assignment that starts with the builtin: %s',
    (text) => {
      expect(shape(parsed(text).root)).toBe('expression');
    },
  );

  test.each([
    'type X = int',
    'type X[T] = list[T]',
    'type type = type[int]',
    'type = 1',
    'type: int = 1',
    'type.x = 1',
  ])('what it knows stays as it is: %s', (text) => {
    expect(shape(parsed(text).root)).toBe(/^type \w/.test(text) ? 'type_alias' : 'expression');
  });

  test.each(['except A, B:', 'except A, b.C, D:', 'except A.b,C,D:', 'except* A, B:', 'except* A, B, C:'])(
    'several classes without parentheses (PEP 758): %s',
    (clause) => {
      const text = `try: pass\n${clause} pass`;
      expect(shape(parsed(text).root)).toBe('try(pass)');
      const names = texts('identifier', text);
      expect(names).toEqual(clause.match(/\b[A-Zb]\b/g));
    },
  );

  test.each([
    'class C[T = int]: x = T',
    'def f[T: (int, str) = int, **P = [int, str]](x: T = 1): return T',
    'type X[*Ts = *tuple[int, ...]] = tuple[*Ts]',
    'class C[T = dict[str, int], U = None](B, key=[U]): pass',
  ])('defaults of type parameters (PEP 696): %s', (text) => {
    const withDefaults = parsed(text);
    const blanked = text.replace(/ = (?:int|\[int, str\]|\*tuple\[int, \.\.\.\]|dict\[str, int\]|None)(?=[,\]])/g, '');
    expect(shape(withDefaults.root)).toBe(shape(parsed(blanked).root));
    expect(withDefaults.root.end).toBe(text.length);
  });

  test('what is subscripted and assigned keeps its value', () => {
    expect(texts('integer', 'x[1] = 2\nclass_[3] = 4\n"def f["\ny[5] = "]"')).toEqual(['1', '2', '3', '4', '5']);
  });

  const tricky = fc
    .array(
      fc.constantFrom(
        't',
        'rt',
        'Tr',
        'tR',
        '"',
        "'",
        ' ',
        '(',
        '[',
        ',',
        ':',
        '#',
        'type(',
        'type [',
        'x',
        '\u{1f600}',
        'except A, B, C:',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

  test('in strings and comments the text is left alone in every way that counts', () => {
    const literal = fc
      .record({
        prefix: fc.constantFrom('', 'r', 'b', 'Rb', 'u'),
        quote: fc.constantFrom('"', "'", '"""', "'''"),
        body: tricky,
      })
      .map(({ prefix, quote, body }) => `${prefix}${quote}${body.replaceAll(quote.charAt(0), '')}${quote}`);
    const line = fc.record({ literal, comment: tricky });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'), (list, end) => {
        const text = list.map((each) => `x = ${each.literal} # ${each.comment}${end}`).join('');
        expect(texts('string', text)).toEqual(list.map((each) => each.literal));
        const { comments } = parsed(text);
        expect(comments.map(({ start, end: stop }) => text.slice(start, stop))).toEqual(
          list.map((each) => `# ${each.comment}`),
        );
      }),
    );
  });

  test('what stands in triple quotes is never a line of the program', () => {
    fc.assert(
      fc.property(fc.array(tricky, { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r'), (list, end) => {
        const literal = `'''${list.map((each) => each.replaceAll("'", '')).join(end)}'''`;
        expect(texts('string', `x = ${literal}${end}y = 1`)).toEqual([literal]);
        expect(texts('assignment', `x = ${literal}${end}y = 1`)).toEqual([`x = ${literal}`, 'y = 1']);
      }),
    );
  });
});
