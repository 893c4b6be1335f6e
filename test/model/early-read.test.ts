/** Where an attribute may be read from an instance on which nothing has bound it yet. */
import { describe, expect, test } from 'vitest';
import { earlyReads, mayRead } from '../../src/model/early-read.ts';
import type { FileModel } from '../../src/model/file.ts';
import { isStored } from '../../src/model/use.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { classNamed, modelOf } from '../support/model.ts';

/** What is read early, or how it gets out of sight, as an instance of the last class of the text runs; then whether its constructor binds `x`. */
function early(text: string): string {
  const file = modelOf(text);
  const name = [...text.matchAll(/class (\w+)/g)].at(-1)?.[1] ?? '';
  const { first, constructed } = earlyReads(classNamed(file, name), usesIn(file));
  return `${first === undefined ? '' : first.file.text(first.node)} ${constructed ? 'constructed' : 'open'}`.trim();
}

function usesIn(file: FileModel): { writes: Set<PyNode>; reads: Set<PyNode> } {
  const all = file.attributes('x');
  return { writes: new Set(all.filter(isStored)), reads: new Set(all.filter((node) => !isStored(node))) };
}

const READ = '  def get(self): return self.x\n';
const init = (...lines: readonly string[]): string =>
  `class A:\n  def __init__(self, y):\n${lines.map((line) => `    ${line}\n`).join('')}`;

describe('the constructor binds it', () => {
  test.each([
    ['in a line of its own', init('self.x = 1') + READ],
    ['on both branches', init('if y: self.x = 1', 'else: self.x = 2') + READ],
    ['or raises', init('if y: raise ValueError', 'self.x = 1') + READ],
    ['in a method that it calls', `${init('self.open()')}  def open(self): self.x = 1\n${READ}`],
    ['through the base', `${init('self.x = 1')}class B(A):\n  def __init__(self): super().__init__(1)\n${READ}`],
    [
      'through the base by its name',
      `${init('self.x = 1')}class B(A):\n  def __init__(self): A.__init__(self, 1)\n${READ}`,
    ],
    ['without one of its own', `${init('self.x = 1')}class B(A):\n${READ}`],
    ['after methods that do not read it', `${init('self.log()', 'self.x = 1')}  def log(self): print(self.y)\n${READ}`],
    ['after keeping what may read it', `${init('self.call = self.get', 'self.x = 1')}${READ}`],
    ['in a generated hook', `@dataclass\nclass A:\n  y: int\n  def __post_init__(self): self.x = 1\n${READ}`],
  ])('%s', (_, text) => expect(early(`from dataclasses import dataclass\n${text}`)).toBe('constructed'));
});

describe('it may be read before', () => {
  test.each([
    ['where one branch binds it', init('if y: self.x = 1') + READ, 'self.x open'],
    ['where a loop does', init('for z in y: self.x = 1') + READ, 'self.x open'],
    ['where an exception is swallowed', init('try: self.x = y()', 'except E: pass') + READ, 'self.x open'],
    ['where the constructor returns', init('if y: return', 'self.x = 1') + READ, 'self.x open'],
    ['where a function inside does', init('def later(): self.x = 1') + READ, 'self.x open'],
    ['where another method does', `class A:\n  def open(self): self.x = 1\n${READ}`, 'self.x open'],
    ['in the constructor', init('print(self.x)', 'self.x = 1'), 'self.x open'],
    ['in the value it gets', init('self.x = self.x or 1'), 'self.x open'],
    ['in a method called first', `${init('self.get()', 'self.x = 1')}${READ}`, 'self.x open'],
    [
      'in a property read first',
      `${init('self.p', 'self.x = 1')}  @property\n  def p(self): return self.x\n`,
      'self.x open',
    ],
    [
      'in the base',
      `class A:\n  def __init__(self): self.x\nclass B(A):\n  def __init__(self):\n    super().__init__()\n    self.x = 1\n`,
      'self.x open',
    ],
    ['by who gets the instance', init('y.add(self)', 'self.x = 1') + READ, 'self open'],
    ['by who gets a method', init('y.on(self.get)', 'self.x = 1') + READ, 'self.get open'],
    [
      'by a base that is not known',
      `class A(Other):\n  def __init__(self):\n    super().__init__()\n    self.x = 1\n${READ}`,
      'super().__init__() open',
    ],
    ['by the finaliser', `${init('self.x = 1')}  def __del__(self): self.x\n`, 'self.x constructed'],
  ])('%s', (_, text, expected) => expect(early(text)).toBe(expected));

  test('by no method that binds it first', () => {
    expect(early('class A:\n  def put(self):\n    self.x = 1\n    return self.x\n')).toBe('open');
    expect(early('class A:\n  def put(self, y):\n    if y: self.x = 1\n    return self.x\n')).toBe('self.x open');
  });
});

test('a method reads it in what it calls', () => {
  const file = modelOf(
    `class A:\n  def __del__(self): self.stop()\n  def stop(self): self.x\n  def rest(self): self.y\n`,
  );
  const model = classNamed(file, 'A');
  const { reads } = usesIn(file);
  const reading = model.methods.filter((method) => mayRead(model, method, reads) !== undefined);
  expect(reading.map(({ name }) => name)).toEqual(['__del__', 'stop']);
});
