/**
 * Classes, methods and imports are what CPython's own `ast` shows: in every form that the language has for them, and in a part of the
 * standard library of the Python that is installed.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { comparePieces, sampleOfLibrary } from '../support/cpython.ts';
import { compareClasses } from '../support/cpython-classes.ts';
import { canRun, findPython } from '../support/python.ts';

const python = findPython();

/** What is the same on both sides, and Python that shows it. */
const FORMS: readonly (readonly [what: string, source: string])[] = [
  ['the places of bases', 'class C: pass\nclass D(): pass\nclass E(C, a.b[c].d(e), ): pass'],
  ['bases in parentheses', 'class C((A), ((B)), (A, B), (x for x in y), (yes if x else no)): pass'],
  ['bases that are no names', 'class C(not a, -b, a or b, [a], {a: b}, "s" "t", 1, None, f"{x}", lambda: 1): pass'],
  ['bases on several lines', 'class C(\n  # one\n  A, # two\n  B,\n  k=v\n): pass'],
  ['bases on lines that a backslash joins', 'class C \\\n  (A \\\n  , B, k \\\n  = v): pass'],
  ['bases beyond ASCII', 'class Bäse(Plän, Öther, \u{1d401}, k=é, l=v): pass'],
  ['keywords of a class', 'class C(A, metaclass=(M), key=x if y else z): pass'],
  ['unpacked bases and keywords', 'class C(A, *b): pass\nclass D(k=v, **k): pass\nclass E(*b, A): pass'],
  [
    'classes called like soft keywords',
    'class match(type): pass\nclass type(case): pass\nclass print: pass\nclass _: pass',
  ],
  [
    'decorators',
    '@a\n@b . c\n\n# more\n@d.e(f)\nclass C:\n  @a\n  @b.c(d)\n  def f(self): pass\n  @a\n  async def g(self): pass',
  ],
  [
    'line ends of all kinds',
    'class A(B):\r\n  def f(self): pass\r\rclass C(B,\r\n  D):\n  def g(self): yield\n\fclass E(F): pass',
  ],
  ['a byte order mark', '\ufeffclass A(B): pass'],
  [
    'nested classes',
    'class A:\n  class B:\n    class C: pass\n  def f(self):\n    class D:\n      def g(self):\n        class E: pass',
  ],
  [
    'classes under statements',
    'if a:\n  class A: pass\nelif b:\n  class B: pass\nelse:\n  while c:\n    class C: pass\n  else:\n    for d in e:\n      with f:\n        class D: pass',
  ],
  [
    'classes under `try`',
    'try:\n  class A: pass\nexcept E:\n  class A: pass\nelse:\n  class A: pass\nfinally:\n  class A: pass',
  ],
  ['classes in a coroutine', 'async def f():\n  class A: pass\n  async with a:\n    class B: pass'],
  ['a class of an enclosing function', 'def f():\n  def g():\n    nonlocal A\n    class A: pass\n  class A: pass'],
  [
    'a class that its function declares global',
    'def f():\n  global A\n  class A:\n    class B: pass\n    def g(self):\n      class C: pass',
  ],
  ['a class in a function that is declared global', 'def f():\n  global g\n  def g():\n    class A: pass'],
  ['a class that a class declares global', 'class A:\n  if x: global B\n  class B: pass'],
  ['all spellings of one class name', 'class \u{1d402}(A):\n  class ªInner: pass'],

  [
    'methods under statements',
    'class C:\n  if a:\n    def f(self): pass\n  elif b:\n    def g(self): pass\n  else:\n    def h(self): pass\n  for x in y:\n    with z:\n      while w:\n        def i(self): pass',
  ],
  [
    'methods under `try`',
    'class C:\n  try:\n    def f(self): pass\n  except E:\n    def g(self): pass\n  else:\n    def h(self): pass\n  finally:\n    def i(self): pass',
  ],
  ['methods that are bound again', 'class C:\n  def f(self): pass\n  def f(self, x): pass\n  f = 1\n  del f'],
  ['functions in methods', 'class C:\n  def f(self):\n    def g(self): pass\n  h = lambda self: 0'],
  ['functions that a class declares global', 'class C:\n  global f\n  def f(self): pass'],
  ['private names', 'class _C:\n  def __f(self, __x): pass\n  def __g(__self): pass\n  def _h(_C__self): pass'],
  ['all spellings of one parameter', 'class C:\n  def \u{1d41f}(ſelf): pass'],
  [
    'what only type checkers see',
    'from typing import TYPE_CHECKING, overload\nimport typing as t\nclass C:\n  @overload\n  def f(self): ...\n  @t.overload\n  def f(self, x): ...\n  def f(self, x=0): ...\n  if TYPE_CHECKING:\n    def g(self): ...\n  elif t.TYPE_CHECKING:\n    def h(self): ...\n  else:\n    def i(self): ...\n  if not TYPE_CHECKING:\n    def j(self): ...',
  ],
  [
    'the first parameter',
    'class C:\n  def f(this, a): pass\n  def g(self=None): pass\n  def h(self: "C"): pass\n  def i(self: int = 1): pass',
  ],
  ['positional-only parameters', 'class C:\n  def f(this, /, a): pass\n  def g(this=1, /, *, a): pass'],
  [
    'methods without a first parameter',
    'class C:\n  def f(): pass\n  def g(*args): pass\n  def h(*, a): pass\n  def i(**k): pass',
  ],
  ['annotated parameters that take all others', 'class C:\n  def f(*args: int): pass\n  def g(**k: int): pass'],
  [
    'static and class methods',
    'class C:\n  @staticmethod\n  def f(a): pass\n  @classmethod\n  @d\n  def g(cls): pass\n  @d(classmethod)\n  def h(self): pass',
  ],
  [
    'methods that are static or of the class by name',
    'class C:\n  def __new__(cls): pass\n  def __init_subclass__(cls): pass\n  def __class_getitem__(cls, i): pass\n  @d\n  def __new__(cls): pass',
  ],
  [
    'decorators that say what the name says',
    'class C:\n  @staticmethod\n  def __new__(cls): pass\n  @classmethod\n  def __init_subclass__(cls): pass',
  ],
  [
    'decorators that say other than the name',
    'class C:\n  @classmethod\n  def __new__(cls): pass\n  @staticmethod\n  def __init_subclass__(): pass',
  ],
  [
    'coroutines',
    'class C:\n  async def f(self): pass\n  async  def g(self): await x\n  async\\\n  def h(self): pass\n  def async_(self): pass',
  ],
  [
    'generators',
    'class C:\n  def f(self): yield\n  def g(self): return (yield from x)\n  async def h(self): x = yield 1\n  def i(self):\n    if 0: f(a, k=(yield))\n  def j(self): return [x for x in (yield)]\n  def k(self): f"{(yield)}"',
  ],
  [
    'what yields in a method without making it a generator',
    'class C:\n  def f(self):\n    def g(): yield\n  def h(self): return lambda: (yield)\n  def i(self):\n    class D:\n      def j(self): yield\n  def k(self, x=lambda: (yield)): pass\n  async def l(self):\n    async def m(): yield',
  ],
  [
    'generators whose `yield` stands in the head of an inner definition',
    'class C:\n  def f(self):\n    def g(a=(yield)): pass\n  def h(self):\n    @d((yield))\n    def g(): pass\n  def i(self):\n    class D((yield)): pass\n  def j(self): return lambda a=(yield): a',
  ],

  ['imports of modules', 'import a, b as c, d.e, f.g as h, d.i\nimport j . k, l . m as n'],
  ['imports from modules', 'from a import b, c as d\nfrom a.b import (c, d as e,)\nfrom a . b import c'],
  [
    'imports from around',
    'from . import a\nfrom .. import b as c\nfrom .d import e\nfrom ...f.g import h\nfrom . i import j\nfrom .import k\nfrom ....import l',
  ],
  ['imports of everything', 'from a.b import *\nfrom . import *\nfrom ..c import *'],
  ['imports on several lines', 'from a import (\n  # one\n  b as c, # two\n  d,\n)\nfrom e \\\n  import f as \\\n  g'],
  ['names that a backslash cuts', 'import a.\\\nb as c\nfrom d.\\\n  e import f\nfrom .\\\n  g import h'],
  ['imports from the future', 'from __future__ import annotations, division as d'],
  [
    'imports under statements',
    'try: import a\nexcept E: import b as a\nif x: from c import d\nelse:\n  with e: import f.g',
  ],
  [
    'imports in functions and classes',
    'class A:\n  import b\n  import __c, __d.e\n  def f(self):\n    from .g import h, __i\n    global j\n    import j',
  ],
];

/** The same for what came to the language later, or what `ast` did not always show right. */
const NEWER_FORMS: readonly (readonly [requirement: string, what: string, source: string])[] = [
  ['>=3.9', 'all spellings of one imported name', 'import ﬁle, ﬁle.ﬂow as ﬀ\nfrom ﬁle.ﬂow import ﬂow'],
  ['>=3.9', 'decorators that are any expression', '@(a := b)\n@c[0].d\n@(e)\n@lambda f: f\nclass A: pass'],
  [
    '>=3.10',
    'methods and classes under `match`',
    'class C:\n  match x:\n    case 1:\n      def f(self): pass\n    case _:\n      class D: pass',
  ],
  ['>=3.11', 'methods under `except*`', 'class C:\n  try: pass\n  except* E:\n    def f(self): pass'],
  [
    '>=3.12',
    'generic classes, methods and functions',
    'class A[T: (int, str), *Ts, **P](B[T], k=T):\n  class C[U](T): pass\n  def f[V](self: T) -> V: pass\n  @staticmethod\n  def g[V](a): yield\ndef h[T]():\n  class D[T]: pass\ntype X[T] = list[T]',
  ],
  [
    '>=3.12',
    'a generic class that its function declares global',
    'def f():\n  global A\n  class A[T]:\n    class B: pass',
  ],
  [
    '>=3.13',
    'defaults of type parameters',
    'class A[T = int, *U = *tuple[int], **P = [int, str]](B[T], k=T):\n  def f[V: int = str](self): pass',
  ],
];

describe.skipIf(python === undefined)('CPython shows the same for', () => {
  const every = [...FORMS.map(([what, source]) => ['>=3.8', what, source] as const), ...NEWER_FORMS];
  let answers: readonly (readonly string[] | undefined)[];

  beforeAll(async () => {
    answers = await comparePieces(
      compareClasses,
      python?.command ?? '',
      every.map(([, , source]) => source),
    );
  });

  for (const [index, [requirement, what]] of every.entries()) {
    test.skipIf(python === undefined || !canRun(python, requirement))(what, () => {
      expect(answers[index]).toEqual([]);
    });
  }
});

/** About this many files of the standard library are compared, so that the test takes seconds. */
const SAMPLE = 100;

test.skipIf(python === undefined)(
  'CPython shows the same classes, methods and imports in its standard library',
  async () => {
    const command = python?.command ?? '';
    const paths = sampleOfLibrary(command, SAMPLE);
    const { differences, compared } = await compareClasses(command, paths);
    expect(differences).toEqual([]);
    expect(compared.length).toBeGreaterThan(paths.length * 0.9);
  },
);
