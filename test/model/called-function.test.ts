/** Which function of the project a call runs; unknown is an answer, a wrong one is not. */
import { expect, test } from 'vitest';
import { calledFunction } from '../../src/model/called-function.ts';
import { field, within } from '../../src/syntax/access.ts';
import { modelOf } from '../support/model.ts';

/** By the last call of the text: the line of the function that runs, and how. */
function called(text: string): string | undefined {
  const file = modelOf(text);
  // `super()` stands inside the call in question.
  const outer = file.calls.filter((call) => file.calls.every((other) => other === call || !within(call, other)));
  const callee = outer.map((call) => field(call, 'function')).at(-1);
  const found = callee === undefined ? undefined : calledFunction(file, callee);
  if (found === undefined) return undefined;
  const line = text.slice(0, found.node.start).split('\n').length;
  return `line ${line}${found.unbound ? ', unbound' : ''}${found.class === undefined ? '' : `, makes ${found.class.name}`}`;
}

const CLASS = 'class A:\n  def __init__(self):\n    pass\n  def go(self):\n    pass\nclass B(A):\n  pass\n';

test.each([
  ['a function', 'def f():\n  pass\nf()\n', 'line 1'],
  ['a constructor', `${CLASS}A()\n`, 'line 2, makes A'],
  ['that of a base', `${CLASS}B()\n`, 'line 2, makes B'],
  ['a method of an instance', `${CLASS}a = A()\na.go()\n`, 'line 4'],
  ['an inherited one', `${CLASS}b = B()\nb.go()\n`, 'line 4'],
  ['one through its class', `${CLASS}A.go(x)\n`, 'line 4, unbound'],
  ['one through super()', `${CLASS}class C(A):\n  def go(self):\n    super().go()\n`, 'line 4'],
  ['the only one of that name', `${CLASS}def f(a):\n  a.go()\n`, 'line 4'],
  ['the own class', 'class A:\n  def __init__(self):\n    pass\n  def f(self):\n    type(self)()\n', 'line 2, makes A'],
])('%s', (_, text, expected) => {
  expect(called(text)).toBe(expected);
});

test.each([
  ['a name that is bound twice', 'def f():\n  pass\ndef f():\n  pass\nf()\n'],
  ['a method that two classes have', `${CLASS}class C:\n  def go(self):\n    pass\ndef f(a):\n  a.go()\n`],
  ['a name that objects of all kinds have', 'class A:\n  def append(self, x):\n    pass\ndef f(a):\n  a.append(1)\n'],
  ['a static method', 'class A:\n  @staticmethod\n  def go():\n    pass\ndef f(a):\n  a.go()\n'],
  ['what is imported from elsewhere', 'from m import f\nf()\n'],
])('not %s', (_, text) => {
  expect(called(text)).toBeUndefined();
});
