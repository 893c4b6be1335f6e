/** Which object a function makes hold which, and under what it is known where that is asked. */
import { describe, expect, test } from 'vitest';
import type { FileModel } from '../../src/model/file.ts';
import { bodiesOf, linksIn, writtenLinks } from '../../src/model/link.ts';
import { isNamed, type ObjectPath } from '../../src/model/object-path.ts';
import { modelOf } from '../support/model.ts';

function shown(file: FileModel, path: ObjectPath): string {
  const root = isNamed(path) ? path.root.name : file.text(path.root as Parameters<FileModel['text']>[0]);
  return [root, ...path.steps].join('.');
}

/** The links of the last function of the text, or of the module where it has none. */
function links(text: string, read = linksIn): readonly string[] {
  const file = modelOf(text);
  const body = bodiesOf(file).at(-1);
  if (body === undefined) throw new Error('no body');
  return read(file, body).map(
    ({ object, attribute, by, value }) =>
      `${shown(file, object)}.${attribute} ${by === 'direct' ? '=' : 'has'} ${shown(file, value)}`,
  );
}

describe('a statement links', () => {
  test.each([
    ['a.up = b', ['a.up = b']],
    ['a.up = b or c', ['a.up = b', 'a.up = c']],
    ['a.up = b if c else None', ['a.up = b']],
    ['a.items = [b, c]', ['a.items has b', 'a.items has c']],
    ['a.items.append(b)', ['a.items has b']],
    ['a.items[c] = b', ['a.items has b']],
    ['a.items += [b]', ['a.items has b']],
    ['a.up, b.down = b, a', ['a.up = b', 'b.down = a']],
    ['setattr(a, "up", b)', ['a.up = b']],
    ['d = a.up\n    d.down = b', ['a.up.down = b']],
    ['for d in a.items: d.up = b', ['a.items.[].up = b']],
    ['a.up = b\n    a.up.down = c', ['a.up = b', 'b.down = c']],
  ])('%j', (body, expected) => {
    expect(links(`def f(a, b, c):\n    ${body}\n`)).toEqual(expected);
  });

  test.each([
    ['a.up = None'],
    ['a.up = weakref.ref(b)'],
    ['a.name = "b"'],
    ['items.append(b)'],
    ['a.up == b'],
    ['lambda: setattr(a, "up", b)'],
  ])('nothing in %j', (body) => {
    expect(links(`import weakref\ndef f(a, b, items):\n    ${body}\n`)).toEqual([]);
  });
});

const NODE =
  'class Node:\n  def __init__(self, up=None):\n    self.up = up\n  def hold(self, node):\n    self.items.append(node)\n';

describe('a call links what the function does to its arguments', () => {
  test.each([
    ['Node(a)', ['Node(a).up = a']],
    ['Node(up=a)', ['Node(up=a).up = a']],
    ['a.hold(b)', ['a.items has b']],
    ['Node.hold(a, b)', ['a.items has b']],
    ['a.hold(node=b)', ['a.items has b']],
    ['a.child = Node(a)', ['a.child = Node(a)', 'Node(a).up = a']],
  ])('%j', (body, expected) => {
    expect([...links(`${NODE}def f(a, b):\n  ${body}\n`)].sort()).toEqual([...expected].sort());
  });

  test('a subclass through super(), and a function one call on', () => {
    expect(links(`${NODE}class Leaf(Node):\n  def __init__(self, up):\n    super().__init__(up)\n`)).toEqual([
      'self.up = up',
    ]);
    expect(links(`${NODE}def g(x, y):\n  x.hold(y)\ndef f(a, b):\n  g(a, b)\n`)).toEqual(['a.items has b']);
  });

  test('but not where calls are left aside', () => {
    expect(links(`${NODE}def f(a, b):\n  a.hold(b)\n`, writtenLinks)).toEqual([]);
  });

  test('and not where one object is given for two, or the function makes another one each time it runs', () => {
    expect(links(`${NODE}def f(a):\n  a.hold(a)\n`)).toEqual([]);
    const again =
      'class M:\n  def __init__(self, text):\n    self.text = text\nclass L:\n  def emit(self, text):\n    self.next.emit(M(text))\n';
    expect(links(again)).toEqual(['M(text).text = text']);
  });

  test('the same whoever is asked first', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const text = `def a(x, y):\n  x.up = y\n${names
      .slice(1)
      .map((name, index) => `def ${name}(x, y):\n  ${names[index]}(x, y)\n`)
      .join('')}`;
    const counts = (order: readonly number[]): readonly number[] => {
      const file = modelOf(text);
      const bodies = bodiesOf(file).slice(1);
      const found = new Map(order.map((index) => [index, linksIn(file, bodies[index] ?? file.syntax.root).length]));
      return names.map((_, index) => found.get(index) ?? -1);
    };
    expect(counts([5, 4, 3, 2, 1, 0])).toEqual(counts([0, 1, 2, 3, 4, 5]));
    expect(counts([0, 1, 2, 3, 4, 5])).toEqual([1, 1, 1, 1, 1, 0]);
  });
});
