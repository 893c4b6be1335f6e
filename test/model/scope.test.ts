/**
 * Scopes and bindings. The sentences say what the language reference says; that they hold for real code is checked against
 * CPython's own symbol tables, on a part of the standard library of the Python that is installed.
 */
import { describe, expect, test } from 'vitest';
import { lookup, mayBeStarImported, type Scope, scopesOf } from '../../src/model/scope.ts';
import { descend } from '../../src/syntax/access.ts';
import { comparePieces, sampleOfLibrary } from '../support/cpython.ts';
import { compareScopes } from '../support/cpython-scopes.ts';
import { findPython } from '../support/python.ts';
import { parsed } from '../support/syntax.ts';

const python = findPython();

/** The scope that the last `name` of the source is looked up in. */
function scopeOfLast(name: string, source: string): Scope {
  const { root } = parsed(source);
  const { ofName } = scopesOf(root, source);
  let scope: Scope | undefined;
  for (const node of descend(root)) {
    if (node.kind === 'identifier' && source.slice(node.start, node.end) === name) scope = ofName.get(node) ?? scope;
  }
  if (scope === undefined) throw new Error(`${name} is not a name in the source`);
  return scope;
}

/** What the last `name` of the source means: the kind and line of the scope that owns it, or `nothing`. */
function ownerOfLast(name: string, source: string): string {
  const binding = lookup(name, scopeOfLast(name, source));
  if (binding === undefined) return 'nothing';
  const line = source.slice(0, binding.scope.node.start).split('\n').length;
  return binding.scope.kind === 'module' ? 'module' : `${binding.scope.kind} ${line}`;
}

/** What the `x` that stands last means in each source. */
const MEANINGS: readonly (readonly [meaning: string, source: string, owner: string])[] = [
  ['the binding of its own function', 'x = 1\ndef f():\n  x = 2\n  x', 'function 2'],
  ['that also when the binding comes below', 'x = 1\ndef f():\n  x\n  x = 2', 'function 2'],
  ['the module, where the function declares it global', 'def f():\n  global x\n  x = 2\n  x', 'module'],
  [
    'the module, where the declaration stands in an `if`',
    'x = 1\ndef g(x):\n  def f():\n    if a: global x\n    x',
    'module',
  ],
  ['the enclosing function', 'def f(x):\n  def g():\n    return x', 'function 1'],
  ['the enclosing function, past a class', 'def f(x):\n  class C:\n    x = 1\n    def g(self): return x', 'function 1'],
  ['the module, in a method of a class that binds it', 'x = 1\nclass C:\n  x = 2\n  def f(self): return x', 'module'],
  ['the module, in a class in a class that binds it', 'x = 1\nclass C:\n  x = 2\n  class D: x', 'module'],
  ['the class, in its own body', 'x = 1\nclass C:\n  x = 2\n  y = x', 'class 2'],
  ['the module, in a comprehension of a class', 'x = 1\nclass C:\n  x = 2\n  y = [x for _ in z]', 'module'],
  ['the class, as the first iterable of a comprehension', 'class C:\n  x = 2\n  y = [_ for _ in x]', 'class 1'],
  ['the owner of a nonlocal', 'def f():\n  def g():\n    nonlocal x\n    x = 1\n  x = 2\n  x', 'function 1'],
  ['the class, in a default', 'class C:\n  x = 2\n  def f(a=x): pass', 'class 1'],
  ['the class, in a decorator', 'class C:\n  x = 2\n  @x\n  def f(): pass', 'class 1'],
  ['the function, when `:=` binds it in a comprehension', 'def f():\n  [x := 1 for _ in y]', 'function 1'],
  ['the comprehension, for what its loops bind', 'x = 1\n[a for y in z for x in y if x]', 'comprehension 2'],
  ['the comprehension around', 'x = 1\n{a: b for x in y if (x for _ in a)}', 'comprehension 2'],
  ['the module, when a class declares it global', 'class C:\n  global x\n  x = 1\n  x', 'module'],
  ['the function, when a class declares it nonlocal', 'def f(x):\n  class C:\n    nonlocal x\n    x = 1', 'function 1'],
  [
    'the module, when `:=` binds what the function declares global',
    'def f():\n  global x\n  [x := a for a in b]',
    'module',
  ],
  ['the lambda, when `:=` binds it there', 'x = 1\nf = lambda: (x := 2)', 'lambda 2'],
  ['the function, when it is imported under a condition', 'x = 1\ndef f():\n  if a: import x\n  x', 'function 2'],
  [
    'the function, when the import may fail',
    'x = 1\ndef f():\n  try: from a import x\n  except B: pass\n  x',
    'function 2',
  ],
  ['the function, when `import x.a` binds it', 'def f():\n  import x.a\n  x', 'function 1'],
  ['nothing, when `import a.x as b` does not bind it', 'def f():\n  import a.x as b\n  x', 'nothing'],
  ['the function, when a loop binds it', 'def f():\n  for a, (x, *b) in c: pass\n  x', 'function 1'],
  ['the function, when `with` binds it', 'def f():\n  with a as b, c as (x, d[e]): pass\n  x', 'function 1'],
  ['the function, when `except` binds it', 'x = 1\ndef f():\n  try: pass\n  except A as x: pass\n  x', 'function 2'],
  ['the function, when `except*` binds it', 'x = 1\ndef f():\n  try: pass\n  except* A as x: pass\n  x', 'function 2'],
  ['the function, when a pattern captures it', 'def f(y):\n  match y:\n    case {"a": [x, *_]}: x', 'function 1'],
  ['the function, when a class pattern captures it', 'def f(y):\n  match y:\n    case A(b=C(x)): x', 'function 1'],
  ['the function, when a pattern names what it matches', 'def f(y):\n  match y:\n    case 1 | 2 as x: x', 'function 1'],
  ['the function, when a pattern captures the rest', 'def f(y):\n  match y:\n    case {**x}: x', 'function 1'],
  ['what is around, when a pattern compares with it', 'x = 1\ndef f(y):\n  match y:\n    case x.a: pass', 'module'],
  ['the function, when it is only deleted', 'x = 1\ndef f():\n  del (a, x)\n', 'function 2'],
  ['the function, when it is only annotated', 'x = 1\ndef f():\n  x: int', 'function 2'],
  ['the module, when the annotated target has parentheses', 'x = 1\ndef f():\n  (x): int\n  x', 'module'],
  ['the module, when an annotated target is part of it', 'x = 1\ndef f():\n  x.a: int', 'module'],
  ['the module, when its function deletes another', 'x = 1\ndef f():\n  del x.a, x[0]\n', 'module'],
  ['the type parameter', 'def f[x](a: x) -> x: return x', 'type-parameters 1'],
  [
    'the type parameter of a class, in its bases and methods',
    'class C[x](A[x]):\n  def f(self): x',
    'type-parameters 1',
  ],
  ['the type parameter of an alias', 'x = 1\ntype A[x] = list[x]', 'type-parameters 2'],
  ['the type parameter, in the bound of another', 'x = 1\ndef f[x, y: x](): pass', 'type-parameters 2'],
  ['the module, when it is the name of an alias', 'type x[T] = list[T]\ndef f(): x', 'module'],
  ['the class, in the bound of a type parameter', 'class C:\n  x = 1\n  def f[y: x](self): pass', 'class 1'],
  ['the module, in the default of a generic function', 'x = 1\ndef f[x](a=x): pass', 'module'],
  ['the class, in an alias', 'class C:\n  x = int\n  type A = list[x]', 'class 1'],
  ['the module, in a lambda in an alias', 'x = 1\nclass C:\n  x = int\n  type A = lambda: x', 'module'],
  ['nothing known, when it is a builtin', 'def f(): return x', 'nothing'],
  ['the caught exception of Python 2', 'def f():\n  try: pass\n  except A, x: pass', 'function 1'],
];

describe('a name means', () => {
  test.each(MEANINGS)('%s', (_, source, owner) => {
    expect(ownerOfLast('x', source)).toBe(owner);
  });

  test('the class that Python 3.14 catches without parentheses', () => {
    expect(ownerOfLast('KeyError', 'try: pass\nexcept TypeError, KeyError: pass')).toBe('nothing');
    expect(ownerOfLast('KeyError', 'try: pass\nexcept A, TypeError, KeyError: pass')).toBe('nothing');
  });

  test('something else for a private name inside a class', () => {
    expect(ownerOfLast('__x', '__x = 1\nclass C:\n  def f(self): return __x')).toBe('nothing');
    expect(ownerOfLast('__x', '_C__x = 1\nclass C:\n  def f(self): return __x')).toBe('module');
    expect(ownerOfLast('__x', 'class C:\n  def f(self):\n    global __x\n    __x = 1\n  def g(self): return __x')).toBe(
      'module',
    );
    expect(ownerOfLast('_C__x', 'class C:\n  def f(self, __x): return _C__x')).toBe('function 2');
    expect(ownerOfLast('__x__', '__x__ = 1\nclass C:\n  def f(self): return __x__')).toBe('module');
  });

  test('the same in all spellings of one identifier (PEP 3131)', () => {
    expect(ownerOfLast('\u{1d431}', 'x = 1\n\u{1d431}')).toBe('module');
  });

  test('nothing where it stands for an attribute or a keyword, or is annotated in parentheses', () => {
    expect(() => ownerOfLast('x', 'a.x; f(x=1)\nmatch a:\n  case C(x=1): pass')).toThrow('not a name');
    expect(() => ownerOfLast('x', '(x): int')).toThrow('not a name');
  });
});

test('a call of type on the left of an assignment is a call', () => {
  expect(ownerOfLast('self', 'def f(self):\n  type(self).x = 1')).toBe('function 1');
  expect(ownerOfLast('type', 'def f(self):\n  type(self).x = 1')).toBe('nothing');
});

test('bindings list their sites in the order of the text, also those of inner functions', () => {
  const source = 'def f():\n  def g():\n    nonlocal x\n    x = 1\n  x = 2\n  def h():\n    nonlocal x\n    x = 3';
  const sites = scopesOf(parsed(source).root, source).module.children[0]?.bindings.get('x')?.sites ?? [];
  expect(sites.map(({ operation }) => source.slice(operation.start, operation.end))).toEqual([
    'x = 1',
    'x = 2',
    'x = 3',
  ]);
});

describe('an import', () => {
  const kindsOf = (name: string, source: string): readonly string[] =>
    scopesOf(parsed(source).root, source)
      .module.bindings.get(name)
      ?.sites.map(({ kind }) => kind) ?? [];

  test.each([
    ['under a condition', 'if a: import x\nelse: x = None', ['import', 'assignment']],
    ['that may fail', 'try: from a import x\nexcept ImportError: import b as x', ['import', 'import']],
    ['that may fail for a class', 'try: from a import x\nexcept ImportError:\n  class x: pass', ['import', 'class']],
    ['in a loop and a `with`', 'for a in b:\n  with c: import x.y\n', ['import']],
  ])('%s is one of the bindings of its name', (_, source, kinds) => {
    expect(kindsOf('x', source)).toEqual(kinds);
  });

  test('of everything binds no name that is known', () => {
    expect(kindsOf('x', 'from x import *')).toEqual([]);
    expect(kindsOf('*', 'from x import *')).toEqual([]);
  });

  test('of everything may bind any name that no block around binds', () => {
    expect(isUnknown('x', 'from a import *\nx')).toBe(true);
    expect(isUnknown('x', 'def f():\n  x\nif a: from b import *')).toBe(true);
    expect(isUnknown('len', 'from a import *\ndef f(): len')).toBe(true);
    expect(isUnknown('x', 'import a\nx')).toBe(false);
  });
});

/** True if the last `name` of the source has no binding and may have one. */
function isUnknown(name: string, source: string): boolean {
  const scope = scopeOfLast(name, source);
  return lookup(name, scope) === undefined && mayBeStarImported(scope);
}

test.skipIf(python === undefined)('CPython reads all of that alike', async () => {
  const answers = await comparePieces(
    compareScopes,
    python?.command ?? '',
    MEANINGS.map(([, source]) => source),
  );
  // What it does not accept is newer than it, or Python 2.
  const accepted = answers.filter((differences) => differences !== undefined);
  expect(accepted.flat()).toEqual([]);
  expect(accepted.length).toBeGreaterThan(MEANINGS.length / 2);
});

/** About this many files of the standard library are compared, so that the test takes seconds. */
const SAMPLE = 60;

test.skipIf(python === undefined)(
  'CPython has the same scopes, bindings and owners in its standard library',
  async () => {
    const command = python?.command ?? '';
    const paths = sampleOfLibrary(command, SAMPLE);
    const { differences, compared } = await compareScopes(command, paths);
    expect(differences).toEqual([]);
    expect(compared.length).toBeGreaterThan(paths.length * 0.9);
  },
);
