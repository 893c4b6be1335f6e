/** Of which class an object is, told by what is assigned and passed; where some value cannot be told, that is said. */
import { describe, expect, test } from 'vitest';
import { TypeQuery } from '../../src/model/object-type.ts';
import { lastExpression, modelOf } from '../support/model.ts';

/** Of the object of the last `<object>.x` in the text. */
function type(text: string): string {
  const file = modelOf(text);
  const object = [...text.matchAll(/([\w.[\]()]+)\.x\b/g)].at(-1)?.[1];
  if (object === undefined) throw new Error('no .x');
  const { classes, complete } = new TypeQuery([file]).ofExpression(file, lastExpression(file, object));
  const names = [...classes].map(({ name }) => name).sort();
  return `${names.join(' ') || 'nothing'}${complete ? '' : ', or more'}`;
}

const AB = 'class A:\n  pass\nclass B:\n  pass\n';

describe('an object is', () => {
  test.each([
    ['of the class that is called', `${AB}a = A()\na.x`, 'A'],
    ['of either', `${AB}if y:\n  a = A()\nelse:\n  a = B()\na.x`, 'A B'],
    ['None or of the class', `${AB}a = None\na = A()\na.x`, 'A'],
    ['what one of two calls makes', `${AB}a = A() if y else B()\na.x`, 'A B'],
    ["the method's own", 'class A:\n  def f(self):\n    self.x', 'A'],
    ['what the function is given', `${AB}def f(a):\n  a.x\nf(A())\n`, 'A'],
    ['also by keyword', `${AB}f(a=B())\ndef f(a):\n  a.x\n`, 'B'],
    ['what the annotation says', `${AB}def f(a: "A | None"):\n  a.x\n`, 'A'],
    [
      'what the constructor is given',
      `${AB}class C:\n  def __init__(self, a):\n    self.a = a\n  def f(self):\n    self.a.x\nC(A())\n`,
      'A',
    ],
    [
      'an element of what was filled',
      `${AB}class C:\n  def f(self):\n    self.items.append(A())\n    self.items[0].x\n`,
      'A',
    ],
  ])('%s', (_, text, expected) => {
    expect(type(text)).toBe(expected);
  });

  test.each([
    ['a function that is never called', `${AB}def f(a):\n  a.x\n`],
    ['what somebody else makes', `${AB}a = make()\na.x`],
    ['an element of a local list', `${AB}items = [A()]\nitems[0].x`],
  ])('not known: %s', (_, text) => {
    expect(type(text)).toBe('nothing, or more');
  });

  test('known in part', () => {
    expect(type(`${AB}a = A()\na = make()\na.x`)).toBe('A, or more');
  });
});
