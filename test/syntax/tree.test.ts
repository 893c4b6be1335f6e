/** The tree's places are those of the text, whatever stands in it, and no depth of nesting brings the parser down. */
import { describe, expect, test } from 'vitest';
import { scopesOf } from '../../src/model/scope.ts';
import { descend } from '../../src/syntax/access.ts';
import { parse, parses } from '../../src/syntax/tree.ts';
import { parsed, shape, texts } from '../support/syntax.ts';

describe('lines', () => {
  const lines = ['if x:', '    y = 1  # one', '    z = 2', 'w = 3', ''];

  test.each([
    ['\\n', '\n'],
    ['\\r\\n', '\r\n'],
    ['\\r', '\r'],
  ])('end at %s', (_, end) => {
    const text = lines.join(end);
    expect(shape(parsed(text).root)).toBe('if(expression expression) expression');
    expect(texts('assignment', text)).toEqual(['y = 1', 'z = 2', 'w = 3']);
    expect(parsed(text).comments.map(({ start, end: stop }) => text.slice(start, stop))).toEqual(['# one']);
  });

  test('may end in all three ways in one file', () => {
    expect(texts('assignment', 'a = 1\rb = 2\r\nc = 3\nd = 4')).toEqual(['a = 1', 'b = 2', 'c = 3', 'd = 4']);
  });

  test.each(['x = 1 + \\\n 2', 'x = 1 + \\\r\n 2', 'x = 1 + \\\r 2'])('go on after a backslash: %j', (text) => {
    expect(texts('integer', text)).toEqual(['1', '2']);
    expect(shape(parsed(text).root)).toBe('expression');
  });

  test('are joined by backslashes that are no part of the tree', () => {
    const text = 'f \\\n (\\\n a, \\\n b\\\n)';
    const kinds = [...descend(parsed(text).root)].map(({ kind }) => kind);
    expect(kinds.join(' ')).toBe('module expression_statement call identifier argument_list identifier identifier');
  });

  test('of a string may end in any way', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(texts('string', `x = """a${end}b"""${end}y`)).toEqual([`"""a${end}b"""`]);
  });

  test('start with a form feed that counts as no indentation', () => {
    expect(shape(parsed('\fx = 1\n').root)).toBe('expression');
    expect(shape(parsed('if x:\n    y\n\f    z\nw\n').root)).toBe('if(expression expression) expression');
    expect(shape(parsed('if x:\n    y\n\f\nif z:\n    w\n').root)).toBe('if(expression) if(expression)');
  });

  test('are indented to the next multiple of eight by a tab', () => {
    expect(shape(parsed('if x:\n\ty\n        z\n').root)).toBe('if(expression expression)');
  });

  test('may be none', () => {
    for (const text of ['', '\n', '#', '\r', ' ', '\f']) expect(shape(parsed(text).root)).toBe('');
  });
});

describe('places', () => {
  test('count UTF-16 units, two for a character outside the basic plane', () => {
    const text = 'x = "\u{1f600}"; y = 1\n\u{1d431} = 2 # \u{1f600}\nz = 3';
    expect(texts('assignment', text)).toEqual(['x = "\u{1f600}"', 'y = 1', '\u{1d431} = 2', 'z = 3']);
  });

  test('of children lie in their parents and follow each other', () => {
    const text =
      'class C(B, x=1):\n  @d\n  async def f(self, *a, b: int = 2, **k) -> int:\n    return [f"{x!r:>{w}}" for x in y if z]\n';
    for (const node of descend(parsed(text).root)) {
      let end = node.start;
      for (const child of node.children) {
        expect(child.parent).toBe(node);
        expect(child.start).toBeGreaterThanOrEqual(end);
        expect(child.end).toBeLessThanOrEqual(node.end);
        end = child.end;
      }
    }
  });
});

describe('size', () => {
  test('a line may have a million characters', () => {
    const text = `x = "${'a'.repeat(1_000_000)}"; y = 1`;
    expect(texts('assignment', text).map((each) => each.length)).toEqual([1_000_006, 5]);
    const list = `x = [${'1, '.repeat(100_000)}]`;
    expect(texts('integer', list)).toHaveLength(100_000);
  });

  test.each([
    ['attributes', `x${'.a'.repeat(5000)}`],
    ['parentheses', `${'('.repeat(3000)}x${')'.repeat(3000)}`],
    ['lists', `x = ${'['.repeat(3000)}${']'.repeat(3000)}`],
    ['operators', `x${' + 1'.repeat(3000)}`],
    ['signs', `${'-'.repeat(3000)}x`],
    ['negations', `${'not '.repeat(3000)}x`],
    ['calls', `x${'()'.repeat(3000)}`],
    ['nested calls', `${'f('.repeat(3000)}x${')'.repeat(3000)}`],
    ['lambdas', `${'lambda: '.repeat(3000)}x`],
    ['comprehensions', `${'['.repeat(500)}x${' for x in y]'.repeat(500)}`],
    ['assignments', `${'x = '.repeat(3000)}1`],
    ['targets', `${'('.repeat(3000)}x${',)'.repeat(3000)} = 1`],
    ['deleted targets', `del ${'('.repeat(3000)}x${',)'.repeat(3000)}`],
    ['parameters', `def f(${'('.repeat(1000)}x${',)'.repeat(1000)}): pass`],
    ['patterns', `match y:\n case ${'['.repeat(2000)}x${']'.repeat(2000)}: pass`],
    ['elifs', `if x: pass\n${'elif x: pass\n'.repeat(3000)}`],
    ['strings', `x = ${'"a" '.repeat(5000)}`],
    [
      'functions',
      `${Array.from({ length: 90 }, (_, depth) => `${' '.repeat(depth)}def x():\n`).join('')}${' '.repeat(90)}x`,
    ],
  ])('thousands of %s overflow nothing', (_, text) => {
    const { root } = parsed(text);
    const names = [...descend(root)].filter((node) => node.kind === 'identifier' && text.startsWith('x', node.start));
    expect(names.length).toBeGreaterThan(0);
    const { ofName } = scopesOf(root, text);
    expect(names.every((name) => ofName.has(name))).toBe(true);
  });
});

describe('a syntax error', () => {
  test.each([
    ['x = 1\ny = = 2\nz = 3\n', '= 2'],
    ['x = 1\ry = = 2\rz = 3\r', '= 2'],
    ['x = 1\n"abc\n', '"abc'],
    ['x = """abc\n', '"""abc'],
    ['def f(:\n  pass\n', ':\n  pass'],
    ['x = "\u{1f600}"\ny = )\n', 'y = )'],
    ['class A:\n    def f(self):\n        return {1: }\n', ': }'],
    ['def f(x):\n    retrun x\ny = 1\n', 'retrun x'],
    ['\u{1f600} = 1\n', '\u{1f600} = 1'],
    ['if x:\n    y\nclass C\n    z\n', 'class C'],
  ])('is found where it is: %j', (text, rest) => {
    const outcome = parse(text);
    expect('offset' in outcome && text.slice(outcome.offset).startsWith(rest)).toBe(true);
    expect(parses(text)).toBe(false);
  });

  test('is no syntax error of the next text', () => {
    expect(parses('x = (')).toBe(false);
    expect(parses('x = ()')).toBe(true);
    expect(parses('try: pass\nexcept A, B, C: pass')).toBe(true);
  });
});
