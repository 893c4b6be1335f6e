/** What the text of a file rules out is not there: with and without the sift the same is found. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { analyse } from '../src/analyse.ts';
import { isFileError } from '../src/core/errors.ts';
import type { SourceFile } from '../src/core/source-file.ts';
import { loadRules } from '../src/rules.ts';
import { sourceFromBytes } from '../src/source/read.ts';
import { project, pyleak, reportOf } from './support/cli.ts';
import { modules } from './support/modules.ts';
import { findPython } from './support/python.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20);
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);
const rules = (await loadRules()).filter(({ meta }) => meta.preview !== true);

function sourceOf(bytes: Buffer, path = 'shop/cart.py'): SourceFile | undefined {
  const source = sourceFromBytes(bytes, { path, realPath: `/${path}`, writable: true });
  return isFileError(source) ? undefined : source;
}

function expectNothingLost(source: SourceFile): void {
  const sifted = analyse(source, rules);
  const whole = analyse(source, rules, { sift: false });
  expect([source.path, sifted.subjects]).toEqual([source.path, whole.subjects]);
}

describe('nothing is lost', () => {
  // Each is something that one of the sifts has to see.
  test.each([
    [
      'a registry filled through an alias',
      'LIVE = []\ndef add(x):\n    live = LIVE\n    live.append(x)\nclass C:\n    def __init__(self):\n        add(self)\n',
    ],
    [
      'a registry in parentheses',
      'class C:\n    live = []\n    def __init__(self):\n        (self.live).append(self)\n',
    ],
    [
      'a registry in one side of a condition',
      'A = []\nclass C:\n    def __init__(self, hot):\n        (A if hot else []).append(self)\n',
    ],
    [
      'a registry by key, with the instance as the key',
      'class D:\n    data = {}\n    def __get__(self, obj, owner):\n        return self.data[obj]\n    def __set__(self, obj, value):\n        self.data[obj] = value\n',
    ],
    [
      'a registry of lists',
      'from collections import defaultdict\nBY = defaultdict(list)\nclass C:\n    def __init__(self, k):\n        BY[k].append(self)\n',
    ],
    [
      'a class attribute of a base by its name',
      'class A:\n    conn = None\nclass B(A):\n    def open(self):\n        A.conn = connect()\n    def use(self):\n        A.conn.send()\n',
    ],
    ['setattr on the own class', 'class A:\n    def open(self):\n        setattr(type(self), "conn", Connection())\n'],
    [
      'a private method that a long one calls',
      `class C:\n    items = []\n    def run(self):\n${'        work(1, 2, 3, 4, 5, 6, 7, 8, 9)\n'.repeat(9)}        self._put(1)\n    def _put(self, x):\n        self.items.append(x)\n`,
    ],
    ...[
      [
        'beside one that is returned',
        'def f(x):\n    class A:\n        pass\n    return A\ndef g():\n    class B:\n        pass\n    B()\n',
      ],
      [
        'of the name of one that another function returns',
        'def f():\n    def g():\n        class A:\n            pass\n        A()\n    def h(A):\n        x = 1\n        return A\n    return g\n',
      ],
      [
        'of a name that is returned in a string',
        'def f():\n    class A:\n        pass\n    A()\n    print("""\n    return A\n    """)\n',
      ],
      ['an attribute of which is returned', 'def f():\n    class A:\n        x = 1\n    return A.x\n'],
      ['an instance of which is returned', 'async def f():\n    class A:\n        x = 1\n    return A()\n'],
      [
        'with a method that is called like a test',
        'class Shop:\n    def f(self):\n        class A:\n            def test_a(self): return 1\n        A()\n',
      ],
    ].map(([how, text]) => [`a class in a function ${how}`, text ?? '']),
    [
      'a class in a class in a function',
      `def f():\n${'    work(1, 2, 3, 4, 5, 6, 7, 8, 9)\n'.repeat(9)}    class A:\n        items = []\n        def add(self, x):\n            self.items.append(x)\n    return A()\n`,
    ],
    [
      'a class that a function needs once',
      `def f(rows):\n${'    work(1, 2, 3, 4, 5, 6, 7, 8, 9)\n'.repeat(9)}    class Row:\n        def __init__(self, x):\n            self.x = x\n    return [Row(x).x for x in rows]\n`,
    ],
    ...[
      ['by an element', 'self.items[0] = 1'],
      ['by one of several targets', 'x, self.items[0] = 1, 2'],
      ['by targets on several lines', '(\n            self.items[0],\n            x,\n        ) = 1, 2'],
      ['by a loop', 'for self.items[0] in range(3):\n            pass'],
      ['by del', 'del self.items[0]'],
      ['by del of several', 'del x, self.items[0]'],
      ['by with', 'with open(x) as self.items[0]:\n            pass'],
      ['by an operator', 'self.items += [1]'],
      ['behind a parenthesis', '(self.items).append(1)'],
      ['on another line', '(self\n            .items  # so\n            .append(1))'],
      ['by a function of another module', 'import heapq\n        heapq.heappush(self.items, 1)'],
      ['by a function under another name', 'from heapq import heappush as push\n        push(self.items, 1)'],
      ['by a method of the type', 'list.append(self.items, 1)'],
      ['under another name', 'items = self.items\n        items.append(1)'],
      ['under a name of an expression', 'if (items := self.items):\n            items.append(1)'],
      ['under one name of several', 'items, y = self.items, 1\n        items.append(1)'],
      ['as the attributes of all instances', 'self.__dict__ = self.items'],
      ['as the attributes of all instances, under another name', 'items = self.items\n        self.__dict__ = items'],
      ['where it is one of two', 'items = self.items or x\n        items.append(1)'],
      ['through another name for self', 'this = self\n        this.items.append(1)'],
      ['in an f-string', 'return f"{self.items.append(1)}"'],
      ['by a method that gets it', 'self.fill(self.items)\n\n    def fill(self, x):\n        x.append(1)'],
      ['by a method that gets it by name', 'self.fill(x=self.items)\n\n    def fill(self, x):\n        x.append(1)'],
      ['where a method returns it', 'self.all().append(1)\n\n    def all(self):\n        return self.items'],
    ].map(([how, statement = '']) => [
      `a list changed ${how}`,
      `class C:\n    items = ${how?.startsWith('as ') ? '{}' : '[0]'}\n\n    def run(self, x):\n        ${statement}\n`,
    ]),
    ['a list in a list', 'class C:\n    rows = [[1]]\n    def run(self):\n        self.rows[0].append(1)\n'],
    [
      'a list by its key',
      'from collections import defaultdict\nclass C:\n    by = defaultdict(list)\n    def run(self, k):\n        return self.by[k]\n',
    ],
    [
      'a list of a base, through a subclass',
      'class A:\n    items = []\nclass B(A):\n    def run(self):\n        self.items.append(1)\n',
    ],
    [
      'a list of an instance that is known',
      'class C:\n    items = []\ndef run():\n    c = C()\n    c.items.append(1)\n',
    ],
    ['a list of a new instance', 'class C:\n    items = []\ndef run():\n    C().items.append(1)\n'],
    ...[
      ['in a tuple', '[]', 'LIVE.append((1, self))'],
      ['as a key', '{}', 'LIVE[self] = 1'],
      ['as a part of a key', '{}', 'LIVE[1, self] = 1'],
      ['as a value', '{}', 'LIVE[1] = self'],
      ['as a value with another name', '{}', 'LIVE[1] = self.me = self'],
      ['by insert', '[]', 'LIVE.insert(0, self)'],
      ['by a display', '{}', 'LIVE.update({self: 1})'],
      ['under another name', '[]', 'live = LIVE\n        live.append(self)'],
      ['under another name for self', '[]', 'this = self\n        LIVE.append(this)'],
      ['by a condition', '[]', 'live = LIVE if hot else []\n        live.append(self)'],
      ['below a key', '{}', 'LIVE.setdefault(1, []).append(self)'],
      ['by a function', '[]', 'add(1, self)\ndef add(x, y):\n    LIVE.append(y)'],
    ].map(([how, value, statement = '']) => [
      `an instance kept ${how}`,
      `LIVE = ${value}\nclass C:\n    def __init__(self, hot):\n        ${statement}\n`,
    ]),
    [
      'an instance that a function makes and returns',
      'LIVE = []\nclass C:\n    pass\ndef make():\n    c = C()\n    LIVE.append(c)\n    return c\n',
    ],
    [
      'an instance kept by a string',
      'class C:\n    live = []\n    def __init__(self):\n        getattr(C, "live").append(self)\n',
    ],
  ])('%s', (_, text = '') => {
    const source = sourceOf(Buffer.from(text));
    if (source === undefined) throw new Error('is no Python');
    expect(analyse(source, rules, { sift: false }).subjects).not.toEqual([]);
    expectNothingLost(source);
  });

  it('of generated modules', () => {
    fc.assert(
      fc.property(modules, (source) => expectNothingLost(source)),
      { seed, numRuns },
    );
  });

  const python = findPython();

  it.skipIf(python === undefined)('of the standard library (skipped without Python 3)', { timeout: 120_000 }, () => {
    const print = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
    const folder = execFileSync(python?.command ?? '', ['-c', print], { encoding: 'utf8' }).trim();
    const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
    expect(names.length).toBeGreaterThan(100);
    // Every third, the large ones left out: npm run corpus looks at all of them.
    for (const name of names.filter((_, index) => index % 3 === 0)) {
      const source = sourceOf(readFileSync(join(folder, name)), name);
      if (source !== undefined && source.text.length < 60_000) expectNothingLost(source);
    }
  });
});

it('--no-sift finds the same over a project, with the same obligations', async () => {
  const folder = project({
    'shop/__init__.py': '',
    'shop/base.py': 'class Base:\n    items = []\n\n    def size(self):\n        return len(self.items)\n',
    'shop/cart.py':
      'from shop.base import Base\n\n\nclass Cart(Base):\n    def add(self, item):\n        self.items.append(item)\n',
    'shop/other.py': 'from shop import base\n\n\ndef names():\n    return vars(base)\n',
  });
  const found = async (...more: readonly string[]) =>
    (await reportOf(folder, '--unsafe', '--exit-zero', ...more)).findings;
  expect(await found('--no-sift')).toEqual(await found());
  const { stdout } = await pyleak(folder, '--help');
  expect(stdout.toString()).not.toContain('sift');
});
