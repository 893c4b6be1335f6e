/** What `class-in-function` leaves alone and what keeps its fix from being safe, case by case. The bytes are what fixtures are for. */
import { describe, expect, it } from 'vitest';
import { applicabilityOf } from '../../src/core/finding.ts';
import { judgeFile } from '../../src/judge.ts';
import { loadRules } from '../../src/rules.ts';
import { mayMatch } from '../../transforms/class-in-function/sift.ts';
import { modelOf } from '../support/model.ts';

const rules = await loadRules(['class-in-function']);

/** The findings in a function `f(a)` with a class `C`: its applicability, with what is unmet or why nothing is offered. */
function judged(text: string): readonly string[] {
  const { findings, errors } = judgeFile(modelOf(text), { rules, strategies: new Map() });
  expect(errors).toEqual([]);
  return findings.map(({ fixes: [fix] }) => {
    if (fix === undefined || 'unfixable' in fix) return `manual: ${fix?.unfixable}`;
    const open = fix.obligations.filter(({ holds }) => holds !== true).map(({ id }) => id);
    return [applicabilityOf(fix), ...open].join(' ');
  });
}

/** `f` with a class that has the body, and what the function does then. */
function inFunction(body: string, then: string, above = ''): string {
  return `${above}def f(a):\n    class C:\n        ${body}\n    ${then}\n`;
}

describe('a name is resolved before it counts as one of the function', () => {
  it.each([
    ['a variable of a comprehension', 'size = tuple(a for a in range(3))'],
    ['a name of the class body', 'a = 1; b = a'],
    ['a variable of a generator that is used up at once', 'x = tuple((a for a in range(3)))'],
    ['a parameter of a method', 'def m(self, a): return a'],
    ['a parameter of a lambda', 'm = lambda self, a: a'],
    ['the class itself', 'def m(self): return C()'],
    ['a type parameter of a method', 'def m[a](self, x: a) -> a: return x'],
    ['a keyword argument', 'def m(self): return dict(a=1)'],
    ['an attribute', 'def m(self): return self.a'],
    [
      'super() in a nested function',
      'def m(self):\n            def n(): return super().__init__()\n            return n',
    ],
  ])('%s is none', (_, body) => expect(judged(inFunction(body, 'return C()'))).toEqual(['safe']));

  it.each([
    ['in a default', 'def m(self, x=a): return x'],
    ['in a nested function', 'def m(self):\n            def n(): return a(1)\n            return n'],
    ['in a comprehension', 'size = tuple(a for _ in range(3))'],
    ['by nonlocal', 'def m(self):\n            nonlocal a\n            a = 1'],
    ['in an annotation', 'def m(self, x: a): return x'],
  ])('%s it is one', (_, body) => expect(judged(inFunction(body, 'return C()'))).toEqual([]));

  it('a type parameter of the function is one', () => {
    expect(
      judged('from typing import Generic\ndef f[T](a: T):\n    class C(Generic[T]):\n        x: T\n    C()\n'),
    ).toEqual([]);
    expect(judged('def f(a):\n    class C[T]:\n        x: T\n    C()\n')).toEqual(['safe']);
  });
});

describe('the class has to stay in the function', () => {
  it.each([
    'return C()',
    'return isinstance(a, (C, int))',
    'raise C()',
    'x: C = C()',
    'return [C() for _ in a]',
    'return C.x',
    'match a:\n        case C(): pass',
    'try: a()\n    except (C, ValueError) as e: pass',
  ])('as it does in `%s`', (then) => expect(judged(inFunction('x = 1', then))).toHaveLength(1));

  it.each([
    'return C',
    'return [C]',
    'a.kind = C',
    'a(C)',
    'a(kind=C)',
    'return type(a) is C',
    'yield C',
    'kind = C',
    'C.x = 2',
    'C.x += 2',
    'C.m.label = 2',
    'del C.x',
    'a[C] = 1',
    'return C.__dict__',
    'return lambda: C',
    'return C if a else None',
    'return {"c": C}',
    'class D(a(C)): pass',
    'setattr(C, "x", 2)',
  ])('as it does not in `%s`', (then) => expect(judged(inFunction('x = 1', then))).toEqual([]));
});

it.each(['cls', 'kind', 'klass'])('a class method that keeps something on `%s` needs the class of its call', (cls) => {
  expect(judged(inFunction(`@classmethod\n        def m(${cls}): ${cls}.x = 1`, 'return C()'))).toEqual([]);
});

it('a class whose lines are indented in two ways stays where it is', () => {
  expect(judged('def f(a):\n    class C:\n\tx = 1\n    return C()\n')).toEqual([
    expect.stringMatching(/^manual: .*tabs/),
  ]);
});

describe('what makes the fix unsafe', () => {
  it.each([
    ['fresh-class-not-needed', 'return C().__class__.__mro__'],
    ['fresh-class-not-needed', 'return C(), locals()'],
    ['fresh-class-not-needed', 'return C(), eval(a)'],
    ['fresh-class-not-needed', 'def g(): raise C\n    try: a(g)\n    except C: pass'],
    ['name-not-observed', 'return C(), a.__qualname__'],
    ['module-name-free', 'return C(), globals()'],
  ])('%s: `%s`', (id, then) => expect(judged(inFunction('x = 1', then))).toEqual([`unsafe ${id}`]));

  it.each([
    ['fresh-class-not-needed', 'def __eq__(self, other): return isinstance(other, C)'],
    ['body-computes-nothing', 'x = [1]'],
    ['body-computes-nothing', 'def m(self, x={}): return x'],
    ['body-computes-nothing', 'x = dict(y=1)'],
    ['body-computes-nothing', 'x = (n for n in range(3))'],
    ['name-not-observed', '"""Shows.\n\n        >>> 1 + 1\n        2\n        """'],
  ])('%s: `%s` in the body', (id, body) => expect(judged(inFunction(body, 'return C()'))).toEqual([`unsafe ${id}`]));

  it.each([
    ['module-name-free', 'from os.path import *\n'],
    ['module-name-free', 'def __getattr__(name): return name\n'],
  ])('%s: `%s` in the module', (id, above) => {
    expect(judged(inFunction('x = 1', 'return C()', above))).toEqual([`unsafe ${id}`]);
  });

  it('names-mean-the-same: what the body reads may be set by the time of the call', () => {
    expect(judged(inFunction('x = conf.LIMIT', 'return C()', 'import conf\n'))).toEqual(['unsafe names-mean-the-same']);
    expect(judged(inFunction('x = LIMIT', 'return C()', 'LIMIT = read()\n'))).toEqual(['unsafe names-mean-the-same']);
    expect(judged(inFunction('x = LIMIT', 'return C()', 'LIMIT = 3\n'))).toEqual(['safe']);
    const variable = 'from typing import TypeVar\nT = TypeVar("T")\n';
    expect(judged(inFunction('def m(self, x: T) -> T: return x', 'return C()', variable))).toEqual(['safe']);
    expect(judged(inFunction('def m(self): return conf.LIMIT', 'return C()', 'import conf\n'))).toEqual(['safe']);
  });
});

describe('what runs once, or in tests, may build its class', () => {
  it.each(['main', '_main', 'setup', 'setUp', 'test_it', 'testIt', 'tearDownModule', 'create_app'])('%s', (name) => {
    expect(judged(`def ${name}(a):\n    class C:\n        x = 1\n    return C()\n`)).toEqual([]);
  });

  it.each(['testify', 'mainly', 'latest', 'setups', 'set_up', 'initial_value'])('%s is no such name', (name) => {
    expect(judged(`def ${name}(a):\n    class C:\n        x = 1\n    return C()\n`)).toEqual(['safe']);
  });

  it.each(['register_log_actions', '_init_no_clipboard', 'install_hooks', 'onetimesetup', 'initialise_plugins'])(
    '%s is one for a function of the module, and none for a method',
    (name) => {
      expect(judged(`def ${name}(a):\n    class C:\n        x = 1\n    return C()\n`)).toEqual([]);
      const method = `class A:\n    def ${name}(self):\n        class C:\n            x = 1\n        return C()\n`;
      expect(judged(method)).toEqual(['safe']);
    },
  );

  it.each(['ttl_cache(60)', 'async_lru_cache', 'util.propertycache', 'unfilteredpropertycache', 'functools.cache'])(
    'what `@%s` keeps',
    (decorator) => {
      expect(judged(`@${decorator}\ndef f(a):\n    class C:\n        x = 1\n    return C()\n`)).toEqual([]);
    },
  );

  it('`@never_cache` keeps nothing', () => {
    expect(judged('@never_cache\ndef f(a):\n    class C:\n        x = 1\n    return C()\n')).toEqual(['safe']);
  });
});

describe('the text alone', () => {
  it.each(['def f():\n  class C: pass', 'def f():\r\tclass C: pass', 'def f():\n class\\\n  C: pass'])(
    'may match %j',
    (text) => expect(mayMatch(text, 'shop/cart.py')).toBe(true),
  );
  it.each(['class C:\n  def f(): pass', 'def f():\n  klass = 1', 'if x:\n  class C: pass'])('cannot match %j', (text) =>
    expect(mayMatch(text, 'shop/cart.py')).toBe(false),
  );
});
