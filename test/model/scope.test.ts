/**
 * Scopes and bindings. The sentences say what the language reference says; that they hold for real code is checked against
 * CPython's own symbol tables, on a part of the standard library of the Python that is installed.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lookup, type Scope, scopesOf } from '../../src/model/scope.ts';
import { descend } from '../../src/syntax/access.ts';
import { parse } from '../../src/syntax/tree.ts';
import { compareScopes } from '../support/cpython-scopes.ts';
import { findPython } from '../support/python.ts';

const python = findPython();

/** What the last `name` of the source means: the kind and line of the scope that owns it, or `nothing`. */
function ownerOfLast(name: string, source: string): string {
  const syntax = parse(source);
  if ('offset' in syntax) throw new Error(`syntax error at ${syntax.offset}`);
  const { ofName } = scopesOf(syntax.root, source);
  let scope: Scope | undefined;
  for (const node of descend(syntax.root)) {
    if (node.kind === 'identifier' && source.slice(node.start, node.end) === name) scope = ofName.get(node) ?? scope;
  }
  if (scope === undefined) throw new Error(`${name} is not a name in the source`);
  const binding = lookup(name, scope);
  if (binding === undefined) return 'nothing';
  const line = source.slice(0, binding.scope.node.start).split('\n').length;
  return binding.scope.kind === 'module' ? 'module' : `${binding.scope.kind} ${line}`;
}

describe('a name means', () => {
  test.each([
    ['the binding of its own function', 'x = 1\ndef f():\n  x = 2\n  x', 'function 2'],
    ['that also when the binding comes below', 'x = 1\ndef f():\n  x\n  x = 2', 'function 2'],
    ['the module, where the function declares it global', 'def f():\n  global x\n  x = 2\n  x', 'module'],
    [
      'the module, where the declaration stands in an `if`',
      'x = 1\ndef g(x):\n  def f():\n    if a: global x\n    x',
      'module',
    ],
    ['the enclosing function', 'def f(x):\n  def g():\n    return x', 'function 1'],
    [
      'the enclosing function, past a class',
      'def f(x):\n  class C:\n    x = 1\n    def g(self): return x',
      'function 1',
    ],
    ['the class, in its own body', 'x = 1\nclass C:\n  x = 2\n  y = x', 'class 2'],
    ['the module, in a comprehension of a class', 'x = 1\nclass C:\n  x = 2\n  y = [x for _ in z]', 'module'],
    ['the class, as the first iterable of a comprehension', 'class C:\n  x = 2\n  y = [_ for _ in x]', 'class 1'],
    ['the owner of a nonlocal', 'def f():\n  def g():\n    nonlocal x\n    x = 1\n  x = 2\n  x', 'function 1'],
    ['the class, in a default', 'class C:\n  x = 2\n  def f(a=x): pass', 'class 1'],
    ['the class, in a decorator', 'class C:\n  x = 2\n  @x\n  def f(): pass', 'class 1'],
    ['the function, when `:=` binds it in a comprehension', 'def f():\n  [x := 1 for _ in y]', 'function 1'],
    [
      'the function, when a loop, `with` or `except` binds it',
      'def f():\n  for a, (x, *b) in c: pass\n  x',
      'function 1',
    ],
    ['the function, when a pattern captures it', 'def f(y):\n  match y:\n    case {"a": [x, *_]}: x', 'function 1'],
    ['what is around, when a pattern compares with it', 'x = 1\ndef f(y):\n  match y:\n    case x.a: pass', 'module'],
    ['the function, when it is only deleted', 'x = 1\ndef f():\n  del (a, x)\n', 'function 2'],
    ['the function, when it is only annotated', 'x = 1\ndef f():\n  x: int', 'function 2'],
    ['the module, when the annotated target has parentheses', 'x = 1\ndef f():\n  (x): int', 'module'],
    ['the type parameter', 'def f[x](a: x) -> x: return x', 'type-parameters 1'],
    ['the module, in the default of a generic function', 'x = 1\ndef f[x](a=x): pass', 'module'],
    ['the class, in an alias', 'class C:\n  x = int\n  type A = list[x]', 'class 1'],
    ['the module, in a lambda in an alias', 'x = 1\nclass C:\n  x = int\n  type A = lambda: x', 'module'],
    ['nothing known, when it is a builtin', 'def f(): return x', 'nothing'],
    ['the caught exception of Python 2', 'def f():\n  try: pass\n  except A, x: pass', 'function 1'],
  ])('%s', (_, source, owner) => {
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

  test('nothing where it stands for an attribute or a keyword', () => {
    expect(() => ownerOfLast('x', 'a.x; f(x=1)\nmatch a:\n  case C(x=1): pass')).toThrow('not a name');
  });
});

test('a call of type on the left of an assignment is a call', () => {
  expect(ownerOfLast('self', 'def f(self):\n  type(self).x = 1')).toBe('function 1');
  expect(ownerOfLast('type', 'def f(self):\n  type(self).x = 1')).toBe('nothing');
});

test('bindings list their sites in the order of the text, also those of inner functions', () => {
  const source = 'def f():\n  def g():\n    nonlocal x\n    x = 1\n  x = 2\n  def h():\n    nonlocal x\n    x = 3';
  const syntax = parse(source);
  if ('offset' in syntax) throw new Error('syntax error');
  const sites = scopesOf(syntax.root, source).module.children[0]?.bindings.get('x')?.sites ?? [];
  expect(sites.map(({ operation }) => source.slice(operation.start, operation.end))).toEqual([
    'x = 1',
    'x = 2',
    'x = 3',
  ]);
});

/** About this many files of the standard library are compared, so that the test takes seconds. */
const SAMPLE = 60;

test.skipIf(python === undefined)(
  'CPython has the same scopes, bindings and owners in its standard library',
  async () => {
    const command = python?.command ?? '';
    const { stdout } = spawnSync(command, ['-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'], {
      encoding: 'utf8',
    });
    const library = stdout.trim();
    const all = readdirSync(library, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.py') && !path.includes('site-packages'))
      .sort();
    const step = Math.ceil(all.length / SAMPLE);
    const paths = all.filter((_, index) => index % step === 0).map((path) => join(library, path));
    const { differences, compared } = await compareScopes(command, paths);
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(paths.length * 0.9);
  },
);
