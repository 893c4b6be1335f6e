/** Classes across files: what a name means, who inherits from whom, and what is read to know it. */
import { describe, expect, it } from 'vitest';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { filesAround } from '../../src/model/attribute-files.ts';
import { classesOf, classOf } from '../../src/model/class.ts';
import { resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { isDeclarative } from '../../src/model/class-kind.ts';
import type { FileModel } from '../../src/model/file.ts';
import { type Project, Suspended } from '../../src/project/project.ts';
import { classNamed, lastExpression } from '../support/model.ts';
import { projectOf } from '../support/project.ts';

/** The path and qualified name of the class that the last `name` of the file means. */
function meaning(file: FileModel, name: string): string {
  const model = classOf(file, lastExpression(file, name));
  return model === undefined ? 'unknown' : `${model.file.source.path} ${model.qualifiedName}`;
}

describe('a name in another file means the class', () => {
  const cart = 'class Basket:\n  class Line: pass\n';
  it.each([
    [
      'imported from its module',
      { 'shop/__init__.py': '', 'shop/cart.py': cart },
      'from shop.cart import Basket\nBasket',
      'Basket',
    ],
    ['under another name', { 'shop/cart.py': cart }, 'from shop.cart import Basket as B\nB', 'B'],
    ['through the module', { 'shop/cart.py': cart }, 'import shop.cart\nshop.cart.Basket', 'shop.cart.Basket'],
    [
      're-exported by its package',
      { 'shop/__init__.py': 'from .cart import Basket', 'shop/cart.py': cart },
      'from shop import Basket\nBasket',
      'Basket',
    ],
    [
      're-exported by a star import',
      { 'shop/__init__.py': 'from .cart import *', 'shop/cart.py': cart },
      'import shop\nshop.Basket',
      'shop.Basket',
    ],
    ['by a star import of its own', { 'shop/cart.py': cart }, 'from shop.cart import *\nBasket', 'Basket'],
    [
      'for type checkers only',
      { 'shop/cart.py': cart },
      'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  from shop.cart import Basket\nBasket',
      'Basket',
    ],
    [
      'from whichever module there is, if both lead to it',
      { 'shop/cart.py': cart, 'shop/old.py': 'from .cart import Basket' },
      'try:\n  from shop.cart import Basket\nexcept ImportError:\n  from shop.old import Basket\nBasket',
      'Basket',
    ],
  ])('%s', (_, files, text, name) => {
    const { file } = projectOf({ ...files, 'use.py': text });
    expect(meaning(file('use.py'), name)).toBe('shop/cart.py Basket');
  });

  it('through a module that another one hands on', () => {
    const { file } = projectOf({
      'cart.py': cart,
      'hub.py': 'import cart',
      'gift.py': 'from hub import cart\nclass Gift(cart.Basket): pass',
      'box.py': 'import gift as g\nclass Box(g.Gift): pass',
    });
    const subclasses = subclassesOf(classNamed(file('cart.py'), 'Basket'));
    expect(subclasses.map(({ name }) => name)).toEqual(['Gift', 'Box']);
  });

  it('inside another class', () => {
    const { file } = projectOf({ 'cart.py': cart, 'use.py': 'from cart import Basket\nBasket.Line' });
    expect(meaning(file('use.py'), 'Basket.Line')).toBe('cart.py Basket.Line');
  });

  it('by a relative import, in packages with and without __init__.py', () => {
    const { file } = projectOf({
      'a/__init__.py': '',
      'a/base.py': 'class C: pass',
      'a/b/__init__.py': '',
      'a/b/use.py': 'from ..base import C\nC',
      'space/base.py': 'class D: pass',
      'space/use.py': 'from .base import D\nD',
    });
    expect(meaning(file('a/b/use.py'), 'C')).toBe('a/base.py C');
    expect(meaning(file('space/use.py'), 'D')).toBe('space/base.py D');
  });
});

describe('a name is unknown', () => {
  it.each([
    ['where either of two modules may bring it', 'try:\n  from a import C\nexcept ImportError:\n  from b import C\nC'],
    ['where the module binds it anew', 'from c import C\nC'],
    ['where modules import it from each other', 'from d import C\nC'],
    ['where it comes from outside', 'from elsewhere import C\nC'],
    ['where a star import may hide it', 'from a import *\nfrom elsewhere import *\nC'],
  ])('%s', (_, text) => {
    const { file } = projectOf({
      'a.py': 'class C: pass',
      'b.py': 'class C: pass',
      'c.py': 'class C: pass\nC = wrap(C)',
      'd.py': 'from e import C',
      'e.py': 'from d import C',
      'use.py': text,
    });
    expect(meaning(file('use.py'), 'C')).toBe('unknown');
  });
});

describe('inheritance', () => {
  const files = {
    'base.py': 'class A: pass',
    'middle.py': 'from base import A as Root\nclass B(Root): pass',
    'leaf.py': 'import middle\nclass C(middle.B): pass\nclass Other: pass',
    'prose.py': '"""A class A that is none of this."""\nclass A: pass\nclass Z(A): pass',
  };

  it('is followed through files, up and down', () => {
    const { file } = projectOf(files);
    const subclasses = subclassesOf(classNamed(file('base.py'), 'A'));
    expect(subclasses.map((model) => model.name)).toEqual(['B', 'C']);
    const order = resolutionOrder(classNamed(file('leaf.py'), 'C'));
    expect(order.classes.map((model) => model.name)).toEqual(['C', 'B', 'A']);
    expect(order.complete).toBe(true);
  });

  it('does not take a class of the same name for it, nor read its file', () => {
    const { file, read } = projectOf(files);
    subclassesOf(classNamed(file('base.py'), 'A'));
    expect(read).not.toContain('prose.py');
  });

  it('in a circle of files ends, and is not complete', () => {
    const { file } = projectOf({
      'a.py': 'from b import B\nclass A(B): pass',
      'b.py': 'from a import A\nclass B(A): pass',
    });
    const model = classNamed(file('a.py'), 'A');
    expect(resolutionOrder(model).complete).toBe(false);
    expect(subclassesOf(model).map(({ name }) => name)).toEqual(['B']);
  });
});

describe('a class is declarative', () => {
  it('by a base in another file, or as configured', () => {
    const { file } = projectOf(
      {
        'db.py': 'import django.db.models as m\nclass Base(m.Model): pass\nclass Document: pass',
        'use.py':
          'from db import Base, Document\nclass A(Base): pass\nclass B(Document): pass\nclass C(ext.D): pass\nclass E: pass',
      },
      ['db.Document'],
    );
    const models = classesOf(file('use.py'));
    expect(models.filter(isDeclarative).map(({ name }) => name)).toEqual(['A', 'B']);
  });
});

describe('the uses of an attribute', () => {
  it('are found in all files that can know the class, and in no other', () => {
    const { file, read } = projectOf({
      'cart.py': 'class Basket:\n  lines = []\n  def add(self): self.lines.append(1)',
      'gift.py': 'from cart import Basket\nclass Gift(Basket):\n  def wrap(self): self.lines.pop()',
      'report.py': 'import cart\nprint(cart.Basket.lines)',
      'test_cart.py': 'from unittest.mock import patch\n@patch("cart.Basket.lines", [])\ndef test(): pass',
      'other.py': 'class Basket:\n  lines = []\nBasket.lines',
      'unrelated.py': 'import cart\nx.lines.append(1)',
    });
    const model = classNamed(file('cart.py'), 'Basket');
    const binding = model.scope.bindings.get('lines');
    const { instance, classLevel } = accessesOf({ class: model, name: 'lines', binding });
    const paths = (list: readonly { readonly file: FileModel }[]) => list.map((access) => access.file.source.path);
    expect(paths(instance)).toEqual(['cart.py', 'gift.py']);
    expect(paths(classLevel)).toEqual(['report.py', 'test_cart.py']);
    expect(read).not.toContain('unrelated.py');
  });

  it('are all known where the files that know the class are, however much was read in between', () => {
    const filler = `# ${'x'.repeat(98)}\n`.repeat(9_000);
    const files = Object.fromEntries(
      [1, 2, 3, 4].map((index) => [`use${index}.py`, `from cart import Basket\n${filler}Basket.lines.clear()\n`]),
    );
    const { project, file } = projectOf({ 'cart.py': 'class Basket:\n  lines = []\n', ...files });
    const model = classNamed(file('cart.py'), 'Basket');
    const attribute = { class: model, name: 'lines', binding: model.scope.bindings.get('lines') };
    const around = resumed(project, () => filesAround(attribute));
    expect(around).toMatchObject({ files: { length: 5 }, incomplete: undefined });
    const counted = resumed(project, () => {
      const { classLevel, byName } = accessesOf(attribute);
      return [classLevel.length, byName.length];
    });
    expect(counted).toEqual([4, 4]);
  });
});

/** Asks again where native memory had to be given back. */
function resumed<T>(project: Project, ask: () => T): T {
  for (;;) {
    project.resume();
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof Suspended)) throw error;
    }
  }
}
