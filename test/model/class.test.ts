/** Classes, their methods and the order in which Python looks through them, held against CPython where it can tell. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classesOf, mangled, manglingClass } from '../../src/model/class.ts';
import { findMethod, isMetaclass, resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { classNamed, lastExpression, modelOf } from '../support/model.ts';
import { findPython } from '../support/python.ts';

const python = findPython();

function order(text: string, name: string): string {
  const { classes, complete } = resolutionOrder(classNamed(modelOf(text), name));
  return classes.map((model) => model.name).join(' ') + (complete ? '' : ' ...');
}

describe('the method resolution order', () => {
  test.each([
    ['of a class alone is the class', 'class A: pass', 'A', 'A'],
    ['goes from left to right', 'class A: pass\nclass B: pass\nclass C(A, B): pass', 'C', 'C A B'],
    [
      'takes a shared base last',
      'class A: pass\nclass B(A): pass\nclass C(A): pass\nclass D(B, C): pass',
      'D',
      'D B C A',
    ],
    ['sees through subscripts', 'class A(Generic[T]): pass\nclass B(A[int]): pass', 'B', 'B A ...'],
    ['knows object', 'class A(object): pass', 'A', 'A'],
    ['knows builtin exceptions', 'class A(ValueError): pass', 'A', 'A'],
    ['is open where a base is unknown', 'from m import B\nclass A(B): pass', 'A', 'A ...'],
    ['is open where bases are unpacked', 'class A(*bases): pass', 'A', 'A ...'],
    ['is open where a base is bound twice', 'class B: pass\nclass B: pass\nclass A(B): pass', 'A', 'A ...'],
    ['is open where a base is a call', 'class A(make()): pass', 'A', 'A ...'],
    [
      'is open where the bases contradict each other',
      'class A: pass\nclass B(A): pass\nclass C(A, B): pass',
      'C',
      'C A B ...',
    ],
    ['reaches an inner class by its path', 'class O:\n  class I: pass\nclass A(O.I): pass', 'A', 'A I'],
  ])('%s', (_, text, name, expected) => {
    expect(order(text, name)).toBe(expected);
  });

  test.each(['class A(A): pass', 'class A(B): pass\nclass B(A): pass', 'class A(B): pass\nclass B(B, A): pass'])(
    'is open, and ends, where inheritance goes round: %j',
    (text) => {
      expect(order(text, 'A')).toMatch(/^A\b.* \.\.\.$/);
    },
  );

  /** Of each class: which of those before it are its bases. */
  const hierarchies = fc.array(fc.uniqueArray(fc.nat(7), { maxLength: 4 }), { minLength: 5, maxLength: 8 });

  test.skipIf(python === undefined)('is that of CPython, and open exactly where CPython refuses the class', () => {
    const cases = fc
      .sample(hierarchies, { numRuns: 400, seed: 8 })
      .map((bases) => bases.map((list, index) => list.filter((base) => base < index)));
    const answers = JSON.parse(
      execFileSync(python?.command ?? '', ['-c', ORDERS], { input: JSON.stringify(cases), encoding: 'utf8' }),
    ) as readonly (readonly (string | null)[])[];
    const refused = answers.filter((answer) => answer.includes(null)).length;
    expect(refused).toBeGreaterThan(20);
    expect(cases.length - refused).toBeGreaterThan(20);
    for (const [index, bases] of cases.entries()) {
      const text = bases
        .map((list, number) => `class C${number}(${list.map((base) => `C${base}`).join(', ')}): pass\n`)
        .join('');
      for (const [number, expected] of (answers[index] ?? []).entries()) {
        const found = order(text, `C${number}`);
        if (expected === null) expect([text, found.endsWith(' ...')]).toEqual([text, true]);
        else expect([text, found]).toEqual([text, expected]);
      }
    }
  });
});

/** The orders of hierarchies on stdin; null for the first class that cannot be, after which nothing is said. */
const ORDERS = `
import json, sys


def orders(hierarchy):
    classes, answers = [], []
    for number, bases in enumerate(hierarchy):
        try:
            classes.append(type("C%d" % number, tuple(classes[base] for base in bases), {}))
        except TypeError:
            return answers + [None]
        answers.append(" ".join(c.__name__ for c in classes[-1].__mro__[:-1]))
    return answers


json.dump([orders(hierarchy) for hierarchy in json.load(sys.stdin)], sys.stdout)
`;

describe('a subclass', () => {
  test('is one at any distance, in any order of the text, the nearest first', () => {
    const file = modelOf('class C(B): pass\nclass A: pass\nclass B(A): pass\nclass D: pass');
    expect(subclassesOf(classNamed(file, 'A')).map((model) => model.name)).toEqual(['B', 'C']);
  });

  test('is not the class itself, even if that inherits from itself', () => {
    expect(subclassesOf(classNamed(modelOf('class A(A): pass'), 'A'))).toEqual([]);
  });
});

describe('a method', () => {
  const text = [
    'from functools import cached_property as cached',
    'class A:',
    '  def plain(self): pass',
    '  @classmethod',
    '  def of_class(cls): pass',
    '  @staticmethod',
    '  def static(): pass',
    '  def __new__(cls): pass',
    '  def __init_subclass__(cls): pass',
    '  def __class_getitem__(cls, item): pass',
    '  @property',
    '  def read(self): pass',
    '  @read.setter',
    '  def read(self, value): pass',
    '  @cached',
    '  def once(self): pass',
    '  if x:',
    '    def maybe(self): pass',
    '  def twice(self): pass',
    '  def twice(self): pass',
    '  def any(*args): pass',
    '  async def later(this, /): pass',
  ].join('\n');

  test.each([
    ['plain', 'instance, self, certain'],
    ['of_class', 'class, cls, certain'],
    ['static', 'static, nothing, certain'],
    ['__new__', 'static, cls, certain'],
    ['__init_subclass__', 'class, cls, certain'],
    ['__class_getitem__', 'class, cls, certain'],
    ['read', 'instance, self, certain, property'],
    ['once', 'instance, self, certain, property'],
    ['maybe', 'instance, self'],
    ['twice', 'instance, self'],
    ['any', 'instance, nothing, certain'],
    ['later', 'instance, this, certain'],
  ])('%s is known by its decorators and place', (name, expected) => {
    const method = classNamed(modelOf(text), 'A').methods.find((candidate) => candidate.name === name);
    const facts = [method?.kind, method?.first?.name ?? 'nothing'];
    if (method?.certain) facts.push('certain');
    if (method?.property) facts.push('property');
    expect(facts.join(', ')).toBe(expected);
  });

  test.each([
    ['is the nearest in the order', 'class A:\n  def f(self): pass\nclass B(A): pass', 'A certain'],
    ['is the last of its name in a class', 'class B:\n  def f(self): pass\n  def f(self): pass', 'B'],
    ['is unsure behind an unknown base', 'class A:\n  def f(self): pass\nclass B(X, A): pass', 'A'],
    ['is sure in the class itself', 'class B(X):\n  def f(self): pass', 'B certain'],
    ['may be hidden by an attribute', 'class A:\n  def f(self): pass\nclass B(A):\n  f = 1', 'none'],
    ['is certainly absent where all bases are known', 'class B: pass', 'none certain'],
    ['may be in an unknown base', 'class B(X): pass', 'none'],
  ])('%s', (_, source, expected) => {
    const { method, certain } = findMethod(classNamed(modelOf(source), 'B'), 'f');
    expect(`${method?.class.name ?? 'none'}${certain ? ' certain' : ''}`).toBe(expected);
  });
});

test('a metaclass is known by its bases', () => {
  const file = modelOf(
    'import abc\nclass M(type): pass\nclass N(M): pass\nclass A(metaclass=M): pass\nclass B(abc.ABC): pass',
  );
  expect(
    classesOf(file)
      .filter(isMetaclass)
      .map((model) => model.name),
  ).toEqual(['M', 'N']);
});

test('qualified names are those of PEP 3155', () => {
  const file = modelOf('class A:\n  class B:\n    def f(self):\n      class C[T]:\n        class D: pass');
  expect(classesOf(file).map((model) => model.qualifiedName)).toEqual([
    'A',
    'A.B',
    'A.B.f.<locals>.C',
    'A.B.f.<locals>.C.D',
  ]);
});

describe('a private name', () => {
  const names = [
    ['A', '__x', '_A__x'],
    ['_A', '__x', '_A__x'],
    ['__A', '__x', '_A__x'],
    ['__', '__x', '__x'],
    ['A_', '__x', '_A___x'],
    ['A', '__x__', '__x__'],
    ['A', '_x', '_x'],
    ['A', '__x_', '_A__x_'],
    ['A', '___x', '_A___x'],
  ] as const;

  test.each(names)('in class %s: %s is %s', (name, attribute, expected) => {
    expect(mangled(attribute, classNamed(modelOf(`class ${name}: pass`), name))).toBe(expected);
  });

  test.skipIf(python === undefined)('is that also to CPython', () => {
    const program = names.map(
      ([name, attribute]) =>
        `class ${name}:\n  def f(self): self.${attribute}\nprint(${name}.f.__code__.co_names[0])\n`,
    );
    const printed = execFileSync(python?.command ?? '', ['-c', program.join('')], { encoding: 'utf8' });
    expect(printed.trim().split(/\s+/)).toEqual(names.map(([, , expected]) => expected));
  });

  test('belongs to the nearest class around it', () => {
    const file = modelOf('class A:\n  class B:\n    def f(self):\n      return lambda: self\n  def g(this): this');
    expect(manglingClass(file, file.scopeOf(lastExpression(file, 'self')))?.name).toBe('B');
    expect(manglingClass(file, file.scopeOf(lastExpression(file, 'this')))?.name).toBe('A');
    expect(manglingClass(file, file.scopes.module)).toBeUndefined();
  });
});
