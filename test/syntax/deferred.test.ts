/** A tree whose function bodies are read later is, once they are read, the tree of the whole text. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { FileModel } from '../../src/model/file.ts';
import { sourceFromBytes } from '../../src/source/read.ts';
import { descend, descendRead } from '../../src/syntax/access.ts';
import { BodyFailure, parse, type Syntax } from '../../src/syntax/tree.ts';
import { modules } from '../support/modules.ts';
import { findPython } from '../support/python.ts';

const seed = Number(process.env['PROPERTY_SEED'] ?? 20);
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);

const LONG = 'value = compute(first, second, third)  # long enough to be put off\n';
const body = (indent: string): string => `${indent}${LONG}`.repeat(3);

function deferring(text: string): Syntax {
  const syntax = parse(text, { deferBodies: true });
  if ('offset' in syntax) throw new Error(`does not parse from ${syntax.offset} on`);
  return syntax;
}

/** Every node, with its place and role, and what the tree has beside them. */
function told({ root, comments, python2 }: Syntax): unknown {
  const places = comments.map(({ start, end }) => [start, end]);
  return [[...descend(root)].map(({ kind, field, start, end }) => `${kind} ${field} ${start} ${end}`), places, python2];
}

function expectSame(text: string): void {
  const whole = parse(text);
  if ('offset' in whole) return;
  expect(told(deferring(text))).toEqual(told(whole));
}

describe('a body', () => {
  const text = `import a\n\nclass C:\n    x = []\n\n    def f(self):\n${body('        ')}\n    def g(self): return 1\n`;

  it('is there from the start with its place, and is read when its children are asked for', () => {
    const { deferred, root } = deferring(text);
    const [block] = deferred;
    expect(deferred).toHaveLength(1);
    expect(block?.isRead).toBe(false);
    expect(text.slice(block?.start, block?.end)).toBe(body('        ').trim());
    expect([...descendRead(root)].filter(({ kind }) => kind === 'assignment')).toHaveLength(1);
    expect(block?.children).toHaveLength(3);
    expect(block?.isRead).toBe(true);
    expect(block?.children.every((child) => child.parent === block)).toBe(true);
  });

  it('is read when the model is asked for a word that it has, and for no other', () => {
    const source = sourceFromBytes(Buffer.from(text), { path: 'c.py', realPath: '/c.py', writable: true });
    if ('kind' in source) throw new Error(source.message);
    const syntax = deferring(text);
    const file = new FileModel(source, syntax);
    expect(file.names('absent')).toEqual([]);
    expect(file.names('valu')).toEqual([]);
    expect(syntax.deferred[0]?.isRead).toBe(false);
    expect(file.names('value')).toHaveLength(3);
    expect(syntax.deferred[0]?.isRead).toBe(true);
  });

  it('that does not parse says so when it is read', () => {
    const { deferred, root } = deferring(`def f():\n${body('    ')}    x = = 1\n`);
    expect(() => deferred[0]?.children).toThrow(BodyFailure);
    try {
      deferred[0]?.load();
    } catch (error) {
      expect((error as BodyFailure).root).toBe(root);
    }
  });

  it('that only Python 2 takes says so too, since the grammar reads whole texts alone', () => {
    const { deferred } = deferring(`def f():\n${body('    ')}    print "x"\n`);
    expect(() => deferred[0]?.children).toThrow(BodyFailure);
  });

  it('that begins with a bracket is left out like any other', () => {
    const text = `def f():\n    (a, b) = c\n${body('    ')}\ndef g():\n${body('    ')}`;
    expect(deferring(text).deferred).toHaveLength(2);
    expectSame(text);
  });

  it('that binds names of the module is read at once', () => {
    const syntax = deferring(`def f():\n    global found\n${body('    ')}    found = []\n`);
    const source = sourceFromBytes(Buffer.from(''), { path: 'c.py', realPath: '/c.py', writable: true });
    if ('kind' in source) throw new Error(source.message);
    const text = `def f():\n    global found\n${body('    ')}    found = []\n`;
    const file = new FileModel({ ...source, text }, syntax);
    expect(file.scopes.module.bindings.has('found')).toBe(true);
  });

  it('with a name that normal form KC makes another is found by that name (language reference 2.3)', () => {
    const text = `def f(cart):\n${body('    ')}    cart.ﬁles.append(1)\n`;
    const source = sourceFromBytes(Buffer.from(text), { path: 'c.py', realPath: '/c.py', writable: true });
    if ('kind' in source) throw new Error(source.message);
    expect(new FileModel(source, deferring(text)).attributes('files')).toHaveLength(1);
  });
});

describe('the tree is the same', () => {
  test.each([
    [
      'comments in front of a body, behind it and below it',
      `def f():  # head\n    # first\n${body('    ')}    # last\n  # less\n# none\n`,
    ],
    ['a semicolon and a comment at the end', `def f():\n${body('    ')}    x = 1;  # end\ny = 2\n`],
    ['no line end at the end', `def f():\n${body('    ')}    x = 1`],
    ['blank lines and a joined line at the end', `def f():\n${body('    ')}    x = 1 \\\n\n\n`],
    ['CRLF', `def f():\r\n${body('    ').replaceAll('\n', '\r\n')}x = 1\r\n`],
    ['tabs and form feeds', `\fdef f():\n${body('\t')}\f\n\tx = 1\n\f\nclass C:\n\tdef g(self):\n${body('\t\t')}`],
    [
      'a decorated method under a condition',
      `class C:\n    if x:\n        @wraps(f)\n        def g(self):\n${body('            ')}    else:\n        g = None\n`,
    ],
    ['a string that looks like code', `def f():\n    """\ndef g():\n    # no\n"""\n${body('    ')}`],
    [
      'a function in a function, with classes',
      `def f():\n    class A:\n        def g(self):\n${body('            ')}    return A\n`,
    ],
    [
      'async functions, type parameters and return types',
      `async def f[T](x: T = (1,\n  2)) -> list[T]:\n${body('    ')}    await x\n`,
    ],
    [
      'a comment of a nested block at the end of all',
      `def f():\n${body('    ')}    if x:\n        y\n        # deep\n    # shallow\nz = 1\n`,
    ],
  ])('for %s', (_, text) => {
    expect(deferring(text).deferred.length).toBeGreaterThan(0);
    expectSame(text);
  });

  it('for every module that is generated', () => {
    fc.assert(
      fc.property(modules, fc.constantFrom('', '\n    # more\n'), ({ text }, end) => expectSame(`${text}${end}`)),
      { seed, numRuns },
    );
  });

  const python = findPython();

  it.skipIf(python === undefined)('for the standard library (skipped without Python 3)', { timeout: 60_000 }, () => {
    const print = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
    const folder = execFileSync(python?.command ?? '', ['-c', print], { encoding: 'utf8' }).trim();
    const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
    expect(names.length).toBeGreaterThan(100);
    let bodies = 0;
    for (const name of names) {
      const source = sourceFromBytes(readFileSync(join(folder, name)), { path: name, realPath: name, writable: true });
      if ('kind' in source || source.text.length > 60_000) continue;
      expectSame(source.text);
      bodies += deferring(source.text).deferred.length;
    }
    expect(bodies).toBeGreaterThan(500);
  });
});
