/** Whether a method's changes reach the container of the class or one of the instance's own. */
import { describe, expect, test } from 'vitest';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { classAttributes } from '../../src/model/class-attribute.ts';
import { findMethod } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import { InstanceFlow } from '../../src/model/instance-flow.ts';
import { classNamed, modelOf } from '../support/model.ts';

interface Flow {
  /** Lines of the method's body, from 1, where the class's container is changed. */
  readonly changed: readonly number[];
  readonly bound: boolean;
}

/** Follows `f` of a class with `x = []`, whose body is given, entered with nothing bound. */
function follow(body: string, more = ''): Flow {
  const lines = body.split('\n').map((line) => `    ${line}`);
  const file = modelOf(`class A:\n  x = []\n  def f(self, o, y, z):\n${lines.join('\n')}\n${more}`);
  const model = classNamed(file, 'A');
  const [attribute] = classAttributes(model);
  const container = attribute === undefined ? undefined : freshContainer(file, attribute.value);
  const { method } = findMethod(model, 'f');
  if (attribute === undefined || container === undefined || method === undefined)
    throw new Error('no class A with x, f');
  const { instance, classLevel } = accessesOf(attribute);
  const [uses, classUses] = [instance, classLevel].map((accesses) => new Set(accesses.map((access) => access.node)));
  if (uses === undefined || classUses === undefined) throw new Error('no uses');
  const summary = new InstanceFlow(model, 'x', container, uses, classUses).summary(method, false);
  const changed = [...summary.changes].map(({ node }) => file.source.text.slice(0, node.start).split('\n').length - 3);
  return { changed: changed.sort((a, b) => a - b), bound: summary.boundAtExit };
}

describe('a change reaches the class', () => {
  test.each([
    ['when nothing is bound', 'self.x.append(1)', [1]],
    ['before the instance gets its own', 'self.x.append(1)\nself.x = []\nself.x.append(2)', [1]],
    ['when only one branch binds', 'if y: self.x = []\nself.x.append(1)', [2]],
    ['in the branch that does not bind', 'if y:\n  self.x = []\nelse:\n  self.x.append(1)', [4]],
    ['after a loop that may not run', 'for i in y: self.x = []\nself.x.append(1)', [2]],
    ['after a `while` that may not run', 'while y: self.x = []\nself.x.append(1)', [2]],
    ['in a handler', 'try:\n  y()\n  self.x = []\nexcept E:\n  self.x.append(1)', [5]],
    ['in a `finally`', 'try:\n  y()\n  self.x = []\nfinally:\n  self.x.append(1)', [5]],
    ['when a case may not match', 'match y:\n  case 1: self.x = []\nself.x.append(1)', [3]],
    ['after the own one is deleted', 'self.x = []\ndel self.x\nself.x.append(1)', [3]],
    ['when it is bound to itself', 'self.x = self.x\nself.x.append(1)', [2]],
    ['when it may be bound to itself', 'self.x = y or self.x\nself.x.append(1)', [2]],
    ['through a name', 'a = self.x\na.append(1)', [2]],
    ['through a name that was taken before', 'a = self.x\nself.x = []\na.append(1)', [3]],
    ['through two names', 'a = self.x\nb = a\nb.append(1)', [3]],
    ['through a name of one branch', 'a = []\nif y: a = self.x\na.append(1)', [3]],
    ['through a name of the turn before', 'a = []\nfor i in y:\n  a.append(1)\n  a = self.x', [3]],
    ['through `:=`', 'if (a := self.x): a.append(1)', [1]],
    ['through unpacking', 'a, b = self.x, 1\na.append(1)', [2]],
    ['by an operator', 'self.x += [1]', [1]],
    ['by a subscript', 'self.x[0] = 1', [1]],
    ['in a lambda', 'return lambda: self.x.append(1)', [1]],
    ['in an inner function', 'def g():\n  self.x.append(1)\nreturn g', [2]],
    ['in a comprehension', '[self.x.append(i) for i in y]', [1]],
    ['when another object gets one', 'o.x = []\nself.x.append(1)', [2]],
    ["when another object's dictionary gets one", 'o.__dict__["x"] = []\nself.x.append(1)', [2]],
    ['when it is only declared', 'self.x: list\nself.x.append(1)', [2]],
    ["when it is bound to the class's own", 'self.x = A.x\nself.x.append(1)', [2]],
    ['when a swallowed exception may come first', 'with suppress(E):\n  y()\n  self.x = []\nself.x.append(1)', [4]],
    ['through another name for the instance', 's = self\ns.x.append(1)', [2]],
  ])('%s', (_, body, lines) => {
    expect(follow(body).changed).toEqual(lines);
  });
});

describe('a change stays with the instance', () => {
  test.each([
    ['after it got its own', 'self.x = []\nself.x.append(1)'],
    ['when both branches bind', 'if y: self.x = []\nelse: self.x = [1]\nself.x.append(1)'],
    ['when the other branch leaves', 'if y: self.x = []\nelse: return\nself.x.append(1)'],
    ['when the other branch raises', 'if not y: raise z\nelif z: self.x = []\nelse: return\nself.x.append(1)'],
    ['when every handler leaves', 'try: self.x = []\nexcept E: return\nself.x.append(1)'],
    ['when `finally` binds', 'try: y()\nfinally: self.x = []\nself.x.append(1)'],
    ['when a `with` binds first', 'with y: self.x = []\nself.x.append(1)'],
    ['when every case binds', 'match y:\n  case 1: self.x = []\n  case _: self.x = [2]\nself.x.append(1)'],
    ['when an endless loop binds before it leaves', 'while True:\n  self.x = []\n  if y: break\nself.x.append(1)'],
    ['when the empty one is replaced', 'if not self.x: self.x = []\nself.x.append(1)'],
    ['when it is in its own dictionary', 'if "x" not in self.__dict__: self.x = []\nself.x.append(1)'],
    ['when it is copied', 'self.x = list(self.x)\nself.x.append(1)'],
    ['when the copy is named', 'a = self.x[:]\na.append(1)'],
    ['when the name means something else by then', 'a = self.x\na = []\na.append(1)'],
    ['when both are bound at once', 'self.x = a = []\na.append(1)\nself.x.append(1)'],
    ['when unpacking binds', 'self.x, a = [], 1\nself.x.append(1)'],
    ['when setattr binds', 'setattr(self, "x", [])\nself.x.append(1)'],
    ['when the dictionary binds', 'self.__dict__["x"] = []\nself.x.append(1)'],
    ['when object.__setattr__ binds', 'object.__setattr__(self, "x", [])\nself.x.append(1)'],
    ['when vars() binds', 'vars(self)["x"] = []\nself.x.append(1)'],
    ['when the dictionary is updated', 'self.__dict__.update(x=[])\nself.x.append(1)'],
    ['when the empty one is passed over', 'self.x = self.x or []\nself.x.append(1)'],
    ['when it is bound where it is empty', 'if self.x: pass\nelse: self.x = []\nself.x.append(1)'],
    ['when a capture takes what is left', 'match y:\n  case 1: self.x = []\n  case n: self.x = [n]\nself.x.append(1)'],
    ['when it is only read', 'len(self.x)\nfor i in self.x: print(i)\nreturn self.x[0] if self.x else None'],
  ])('%s', (_, body) => {
    expect(follow(body).changed).toEqual([]);
  });

  test('when its own method binds', () => {
    expect(follow('self.g()\nself.x.append(1)', '  def g(self): self.x = []').changed).toEqual([]);
    expect(follow('self.g()\nself.x.append(1)', '  def g(self): pass').changed).toEqual([2]);
    const generator = '  def g(self):\n    self.x = []\n    yield';
    expect(follow('self.g()\nself.x.append(1)', generator).changed).toEqual([2]);
    expect(follow('self.g()\nself.x.append(1)', '  async def g(self): self.x = []').changed).toEqual([2]);
  });
});

test.each([
  ['self.x = []', true],
  ['if y: return\nself.x = []', false],
  ['if y: raise z\nself.x = []', true],
  ['self.g()', true],
  ['y and self.g()', false],
  ['self.g() and y', true],
  ['y if self.g() else z', true],
  ['[self.g() for i in y]', false],
  ['def h(): self.x = []', false],
  ['def h(): self.x = []\nh()', false],
  ['while True: pass', false],
  ['try: return 1\nfinally: self.x = []', true],
  ['self.f(o, y, z)', false],
])('`%s` binds on every way out: %s', (body, bound) => {
  expect(follow(body, '  def g(self): self.x = []').bound).toBe(bound);
});
