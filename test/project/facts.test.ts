/** What a text says by itself: never less than Python sees, and no word of prose taken for an import. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/project/facts.ts';

const facts = (text: string) => factsOf('a.py', text);

describe('the classes of a file', () => {
  it.each([
    ['without bases', 'class A:\n  pass', [{ name: 'A', bases: [] }]],
    ['with bases', 'class A(B, m.C):\n  pass', [{ name: 'A', bases: ['B', 'm', 'C'] }]],
    ['over several lines, past comments', 'class A(\n  B,  # no )\n  C,\n): pass', [{ name: 'A', bases: ['B', 'C'] }]],
    ['with type parameters', 'class A[T](B[T]): pass', [{ name: 'A', bases: ['B', 'T'] }]],
    ['nested and indented', 'if x:\n\tclass A(B): pass', [{ name: 'A', bases: ['B'] }]],
    ['with letters beyond ASCII', 'class Größe(Maß): pass', [{ name: 'Größe', bases: ['Maß'] }]],
    ['not the word in prose', '# the class A (of B)\nx = "class C(D):"', []],
  ])('%s', (_, text, expected) => {
    expect(facts(text).classes).toEqual(expected);
  });
});

describe('the imports of a file', () => {
  it.each([
    [
      'modules',
      'import a, b.c as d',
      [
        ['a', []],
        ['b.c', []],
      ],
    ],
    ['names', 'from a.b import c, d as e', [['a.b', ['c', 'd']]]],
    ['names in parentheses, past comments', 'from a import (\n  b,  # not x\n  c as d,\n)', [['a', ['b', 'c']]]],
    ['names over joined lines', 'from a import b, \\\n    c', [['a', ['b', 'c']]]],
    [
      'relative ones',
      'from . import a\nfrom ..b import *',
      [
        ['.', ['a']],
        ['..b', ['*']],
      ],
    ],
    [
      'behind a colon or a semicolon',
      'try: import a\nexcept E: pass; import b',
      [
        ['a', []],
        ['b', []],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(facts(text).imports.map(({ module, names }) => [module, names])).toEqual(expected);
  });

  it('give aliases, and nothing else does', () => {
    const text = 'from a import B as C\nimport d.e as f\nwith open(x) as y: pass\nexcept E as z: pass';
    expect(facts(text).aliases).toEqual([
      ['B', 'C'],
      ['e', 'f'],
    ]);
  });
});

describe('the attributes that a file changes', () => {
  it.each([
    ['by a method', 'self.a.append(1)', ['a']],
    ['by a subscript', 'self.a[0] = 1', ['a']],
    ['by an augmented assignment', 'self.a += [1]', ['a']],
    ['not by reading', 'self.a.count(1)\nprint(self.b)', []],
  ])('%s', (_, line, expected) => {
    expect(facts(`class A(B):\n  def f(self):\n    ${line}`).changed).toEqual(expected);
  });

  it('count only where a class could have inherited them', () => {
    expect(facts('class A:\n  def f(self):\n    self.a.append(1)').changed).toEqual([]);
  });
});

it('any text is read in time that grows with its length alone', () => {
  const piece = fc.constantFrom(
    'class A(',
    'from a import (',
    'import ',
    ' as ',
    '\\\n',
    'a',
    '.',
    '(',
    '#',
    '\n',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 400 }), (pieces, times) => {
      const started = performance.now();
      facts(pieces.join('').repeat(times));
      expect(performance.now() - started).toBeLessThan(5_000);
    }),
    { numRuns: 60 },
  );
});

describe('a file may have what its text does not say', () => {
  it.each([
    ['def __getattr__(name):\n    return load(name)\n'],
    ['from lazy import __getattr__\n'],
    ['__getattr__ = make(__name__)\n'],
    ['shop = importlib.import_module("shop")\n'],
    ['sys.modules[__name__] = Lazy()\n'],
  ])('%j', (text) => {
    expect(factsOf('a.py', text).dynamic).toBe(true);
  });

  it.each([
    ['class Proxy:\n    def __getattr__(self, name):\n        return getattr(self.target, name)\n'],
    ['import importlib_resources\n'],
  ])('but not for %j', (text) => {
    expect(factsOf('a.py', text).dynamic).toBe(false);
  });
});
