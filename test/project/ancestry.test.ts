/** Names and import statements alone know every base class that the model knows, and few others. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf } from '../../src/model/class.ts';
import { resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { HUBS, IMPORTS } from '../support/hubs.ts';
import { projectOf } from '../support/project.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 120);
const CART = 'class Basket:\n    class Line: pass\n';

function has(user: string, files: Readonly<Record<string, string>> = {}, name = 'Basket'): boolean {
  const { project } = projectOf({ 'shop/__init__.py': '', 'shop/cart.py': CART, 'user.py': user, ...files });
  return project.ancestry.of('user.py')?.has('shop/cart.py', name) === true;
}

describe('a class inherits from one of another file', () => {
  it.each([
    ['by its name', 'from shop.cart import Basket\nclass Mine(Basket): pass\n'],
    ['by another name', 'from shop.cart import Basket as B\nclass Mine(B): pass\n'],
    ['by its module', 'import shop.cart\nclass Mine(shop.cart.Basket): pass\n'],
    ['by its module under another name', 'import shop.cart as c\nclass Mine(c.Basket): pass\n'],
    ['by a star import', 'from shop.cart import *\nclass Mine(Basket): pass\n'],
    ['by a class between them', 'from shop.cart import Basket\nclass A(Basket): pass\nclass B(A): pass\n'],
    [
      'beside others',
      'import abc\nfrom shop.cart import Basket\nclass Mine(abc.ABC, Basket, metaclass=abc.ABCMeta): pass\n',
    ],
    ['by a name that no statement brings', 'class Mine(Basket): pass\n'],
  ])('%s', (_, user) => {
    expect(has(user)).toBe(true);
  });

  it('by files that hand it on', () => {
    const hub = { 'hub.py': 'from shop.cart import *\n', 'base.py': 'import hub\nclass Base(hub.Basket): pass\n' };
    expect(has('from hub import Basket\nclass Mine(Basket): pass\n', hub)).toBe(true);
    expect(has('from base import Base\nclass Mine(Base): pass\n', hub)).toBe(true);
    expect(has('import base\nclass Mine(base.Base): pass\n', hub)).toBe(true);
  });

  it('or from one inside another', () => {
    expect(has('from shop.cart import Basket\nclass Mine(Basket.Line): pass\n', {}, 'Line')).toBe(true);
  });

  it('and not from what is only called like it', () => {
    expect(has('from elsewhere import Basket\nclass Mine(Basket): pass\n')).toBe(false);
    expect(has('class Basket: pass\nclass Mine(Basket): pass\n')).toBe(false);
    expect(has('from shop.cart import Basket\nclass Mine: pass\n')).toBe(false);
    const other = { 'other.py': 'class Basket: pass\n' };
    expect(has('from other import Basket\nclass Mine(Basket): pass\n', other)).toBe(false);
  });
});

it('of very many classes nothing is told', () => {
  const many = Array.from({ length: 1001 }, (_, index) => `class C${index}: pass\n`).join('');
  const { project } = projectOf({ 'user.py': many, 'few.py': 'class C0: pass\n' });
  expect([project.ancestry.of('user.py'), project.ancestry.of('few.py')?.paths.size]).toEqual([undefined, 1]);
});

const BASES = [
  'Basket',
  'B',
  'c.Basket',
  'shop.Basket',
  'shop.cart.Basket',
  'hub.Basket',
  'hub.cart.Basket',
  'cart.Basket',
  'Basket.Line',
  'Korb',
  'Base',
];

it('whatever the model knows as a base', () => {
  const hubs = fc.tuple(...Object.values(HUBS).map((texts) => fc.constantFrom(...texts)));
  const lines = fc.array(fc.constantFrom(...IMPORTS), { minLength: 3, maxLength: 6 });
  const bases = fc.array(fc.constantFrom(...BASES), { minLength: 1, maxLength: 2 });
  let known = 0;
  fc.assert(
    fc.property(hubs, lines, bases, bases, (texts, imports, first, second) => {
      const user = `${imports.join('\n')}\nclass Base(${first.join(', ')}): pass\nclass Mine(${second.join(', ')}): pass\n`;
      const files = Object.fromEntries(Object.keys(HUBS).map((path, index) => [path, texts[index] ?? '']));
      const { project } = projectOf({ ...files, 'shop/cart.py': CART, 'user.py': user });
      const model = project.file('user.py');
      const ancestors = project.ancestry.of('user.py');
      for (const mine of model === undefined ? [] : classesOf(model)) {
        for (const { file, name } of resolutionOrder(mine).classes) {
          known += Number(file !== model);
          expect([
            file.source.path,
            name,
            ancestors?.has(file.source.path, name),
            ancestors?.paths.has(file.source.path),
          ]).toEqual([file.source.path, name, true, true]);
        }
      }
    }),
    { numRuns: numRuns * 3 },
  );
  expect(known).toBeGreaterThan(numRuns);
});
