/** What stands before the dot, as far as one file tells. Unknown is an answer; a wrong class is not. */
import { describe, expect, test } from 'vitest';
import { receiverOf } from '../../src/model/receiver.ts';
import { lastExpression, modelOf } from '../support/model.ts';

/** Of the object of the last `.x` in the text. */
function receiver(text: string): string {
  const file = modelOf(text);
  const object = [...text.matchAll(/([\w.]+(?:\([\w, ]*\))?|\([^()]*\))\.x\b/g)].at(-1)?.[1];
  if (object === undefined) throw new Error('no .x');
  const found = receiverOf(file, lastExpression(file, object));
  if (found.kind === 'instance') {
    const how = found.method === undefined ? '' : found.declared ? `, self of ${found.method.name}` : ', undeclared';
    return `instance of ${found.class.name}${how}`;
  }
  return found.kind === 'class' ? `class ${found.class.name} by ${found.through}` : found.kind;
}

const inMethod = (body: string, before = 'def f(self):'): string => `class A:\n  ${before}\n    ${body}\n`;

describe('an instance', () => {
  test.each([
    ['the first parameter of a method', inMethod('self.x'), 'instance of A, self of f'],
    ['whatever it is called', inMethod('lexer.x', 'def f(lexer, self):'), 'instance of A, self of f'],
    ['in parentheses', inMethod('(self).x'), 'instance of A, self of f'],
    ['in an inner function', inMethod('def g(): self.x'), 'instance of A, self of f'],
    ['in a lambda', inMethod('lambda: self.x'), 'instance of A, self of f'],
    ['in a comprehension', inMethod('[self.x for _ in y]'), 'instance of A, self of f'],
    ['in a generic method', inMethod('self.x', 'def f[T](self: T):'), 'instance of A, self of f'],
    ['in a property', inMethod('self.x', '@property\n  def f(self):'), 'instance of A, self of f'],
    ['in a coroutine', inMethod('self.x', 'async def f(self):'), 'instance of A, self of f'],
    ['where the method forgot to declare it', inMethod('self.x', 'def f():'), 'instance of A, undeclared'],
    ['a call of the class', 'class A: pass\nA().x', 'instance of A'],
    ['a name bound to such a call', 'class A: pass\na = A()\na.x', 'instance of A'],
    ['a name bound to two such calls', 'class A: pass\nif y: a = A()\nelse: a = A(1)\na.x', 'instance of A'],
    ['a parameter annotated with the class', 'class A: pass\ndef f(a: A): a.x', 'instance of A'],
    ['a deleted one, as long as it is bound', 'class A: pass\na = A()\na.x\ndel a', 'instance of A'],
  ])('is %s', (_, text, expected) => {
    expect(receiver(text)).toBe(expected);
  });
});

describe('a class', () => {
  test.each([
    ['its name', 'class A: pass\nA.x', 'class A by name'],
    ['its path', 'class A:\n  class B: pass\nA.B.x', 'class B by name'],
    ['the first parameter of a class method', inMethod('cls.x', '@classmethod\n  def f(cls):'), 'class A by cls'],
    ['that of __new__', inMethod('cls.x', 'def __new__(cls):'), 'class A by cls'],
    ['that of __init_subclass__', inMethod('cls.x', 'def __init_subclass__(cls):'), 'class A by cls'],
    ['type() of an instance', inMethod('type(self).x'), 'class A by type'],
    ['type() of an instance that is assigned to', inMethod('type(self).x = 1'), 'class A by type'],
    ['__class__ of an instance', inMethod('self.__class__.x'), 'class A by type'],
    ['the __class__ cell', inMethod('__class__.x'), 'class A by name'],
    ['super()', inMethod('super().x'), 'class A by super'],
    ['super() with arguments', inMethod('super(A, self).x'), 'class A by super'],
  ])('is %s', (_, text, expected) => {
    expect(receiver(text)).toBe(expected);
  });
});

describe('some class that is not known', () => {
  test.each([
    ['type() of something', 'def f(a): type(a).x'],
    ['__class__ of something', 'def f(a): a.__class__.x'],
    ['the first parameter of a metaclass method', 'class M(type):\n  def f(cls): cls.x'],
  ])('is %s', (_, text) => {
    expect(receiver(text)).toBe('some-class');
  });
});

describe('unknown', () => {
  test.each([
    ['a parameter', 'def f(a): a.x'],
    ['the second parameter of a method', inMethod('other.x', 'def f(self, other):')],
    ['the first of a static method', inMethod('self.x', '@staticmethod\n  def f(self):')],
    ['self outside of classes', 'def f(self): self.x'],
    ['self of an inner function', inMethod('def g(self): self.x')],
    ['a rebound self', inMethod('self = y; self.x')],
    ['a class name bound twice', 'class A: pass\nA = y\nA.x'],
    ['a class name bound inside the function', 'class A: pass\ndef f():\n  A = y\n  A.x'],
    ['a name bound to two classes', 'class A: pass\nclass B: pass\na = A()\na = B()\na.x'],
    ['a name bound by a loop as well', 'class A: pass\na = A()\nfor a in y: pass\na.x'],
    ['a call of a function', 'def f(): pass\nf().x'],
    ['type() with three arguments', 'type(a, b, c).x'],
    ['type where it is no builtin', 'class A:\n  def f(self, type):\n    type(self).x'],
    ['an attribute of something', 'def f(a): a.b.x'],
  ])('is %s', (_, text) => {
    expect(receiver(text)).toBe('unknown');
  });
});
