/** Which changes, anywhere in a file, reach the one container that all instances of a class share. */
import { describe, expect, test } from 'vitest';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { classAttributes } from '../../src/model/class-attribute.ts';
import { freshContainer } from '../../src/model/container.ts';
import { sharedChanges } from '../../src/model/shared-state.ts';
import { classNamed, modelOf } from '../support/model.ts';

/** The methods in which `A.x` is changed through instances, `-` outside of classes; in the order of the text. */
function changers(text: string): string {
  const file = modelOf(text);
  const attribute = classAttributes(classNamed(file, 'A')).find((candidate) => candidate.name === 'x');
  const container = attribute === undefined ? undefined : freshContainer(file, attribute.value);
  if (attribute === undefined || container === undefined) throw new Error('no container A.x');
  return sharedChanges(attribute, container, accessesOf(attribute))
    .map(({ method }) => (method === undefined ? '-' : `${method.class.name}.${method.name}`))
    .join(' ');
}

const A = 'class A:\n  x = []\n';
const ADD = '  def add(self): self.x.append(1)\n';
const INIT = '  def __init__(self): self.x = []\n';

describe('shared and changed', () => {
  test.each([
    ['by a method', A + ADD, 'A.add'],
    ['by several', `${A}${ADD}  def cut(self): del self.x[0]\n`, 'A.add A.cut'],
    ['by a subclass', `${A}class B(A):\n${ADD}`, 'B.add'],
    ['by a base class', `class M:\n${ADD}class A(M):\n  x = []\n`, 'M.add'],
    ['by a mixin beside it', `${A}class M:\n${ADD}class B(M, A): pass\n`, 'M.add'],
    [
      'by the constructor before it binds',
      `${A}  def __init__(self):\n    self.x.append(1)\n    self.x = []\n`,
      'A.__init__',
    ],
    [
      'when only one way through the constructor binds',
      `${A}  def __init__(self, y):\n    if y: self.x = []\n${ADD}`,
      'A.add',
    ],
    [
      'when the subclass has a constructor that does not bind',
      `${A}${INIT}${ADD}class B(A):\n  def __init__(self): pass\n`,
      'A.add',
    ],
    ['when another method binds, maybe later', `${A}  def reset(self): self.x = []\n${ADD}`, 'A.add'],
    [
      'in a helper the constructor calls first',
      `${A}  def __init__(self):\n    self._go()\n    self.x = []\n  def _go(self): self.x.append(1)\n`,
      'A._go',
    ],
    [
      'where a method returns it',
      `${A}  def get(self): return self.x\n  def add(self): self.get().append(1)\n`,
      'A.add',
    ],
    [
      'where a property returns it',
      `${A}  @property\n  def view(self): return self.x\n  def add(self): self.view.append(1)\n`,
      'A.add',
    ],
    ['where it is passed to', `def add(to): to.append(1)\n${A}  def f(self): add(self.x)\n`, '-'],
    ['where it is passed to by keyword', `def add(to): to.append(1)\n${A}  def f(self): add(to=self.x)\n`, '-'],
    ['where a method gets it', `${A}  def f(self): self.g(self.x)\n  def g(self, to): to.append(1)\n`, 'A.g'],
    [
      'where a static method gets it',
      `${A}  def f(self): self.g(self.x)\n  @staticmethod\n  def g(to): to.append(1)\n`,
      'A.g',
    ],
    ['from outside', `${A}a = A()\na.x.append(1)\n`, '-'],
    ['in a method that forgot self', `${A}  def add(): self.x.append(1)\n`, 'A.add'],
    ['through a local name', 'class A:\n  x = []\n  def f(self):\n    y = self.x\n    y.append(1)\n', 'A.f'],
  ])('%s', (_, text, expected) => {
    expect(changers(text)).toBe(expected);
  });
});

describe('not shared, or not changed', () => {
  test.each([
    ['when the constructor binds', A + INIT + ADD],
    [
      'when the constructor binds through a method',
      `${A}  def __init__(self): self.reset()\n  def reset(self): self.x = []\n${ADD}`,
    ],
    ['when the constructor of the base binds', `class M:\n${INIT}class A(M):\n  x = []\n${ADD}`],
    [
      'when the subclass passes the call on',
      `${A}${INIT}${ADD}class B(A):\n  def __init__(self): super().__init__()\n`,
    ],
    ['when __new__ binds', `${A}  def __new__(cls):\n    o = super().__new__(cls)\n    o.x = []\n    return o\n${ADD}`],
    [
      'when __post_init__ of a dataclass binds',
      `from dataclasses import dataclass\n@dataclass\n${A}  def __post_init__(self): self.x = []\n${ADD}`,
    ],
    [
      'when setUp of a test case binds',
      `import unittest\nclass A(unittest.TestCase):\n  x = []\n  def setUp(self): self.x = []\n  def test(self): self.x.append(1)\n`,
    ],
    ['when the subclass that changes it has its own', `${A}class B(A):\n  x = []\n${ADD}`],
    ['when another class has one of that name', `${A}class B:\n  x = []\n${ADD}`],
    ['when it is only read', `${A}  def f(self): return len(self.x)\n`],
    ['when a copy is changed', `${A}  def f(self):\n    y = list(self.x)\n    y.append(1)\n`],
    ['when a copy is returned', `${A}  def get(self): return list(self.x)\n  def add(self): self.get().append(1)\n`],
    ['when it is changed through the class', `${A}  @classmethod\n  def f(cls): cls.x.append(1)\n`],
    ['when an unknown object has one', `${A}def f(o): o.x.append(1)\n`],
    ['when the function it is passed to only reads', `def show(of): print(of)\n${A}  def f(self): show(self.x)\n`],
    [
      'when only a private method changes it, called after it is bound',
      `${A}  def f(self):\n    self.x = []\n    self._go()\n  def _go(self): self.x.append(1)\n`,
    ],
  ])('%s', (_, text) => {
    expect(changers(text)).toBe('');
  });
});
