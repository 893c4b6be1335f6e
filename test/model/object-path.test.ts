/** How an object is called: equal keys mean the same object, as far as the order of the text tells. */
import { expect, test } from 'vitest';
import { keyOf, pathOf } from '../../src/model/object-path.ts';
import { field } from '../../src/syntax/access.ts';
import { modelOf } from '../support/model.ts';

/** True if the two arguments of the last call of `same` are one object. */
function same(text: string): boolean {
  const file = modelOf(text);
  const call = file.calls.findLast((one) => file.text(field(one, 'function') ?? one) === 'same');
  const [one, other] = (call === undefined ? [] : file.argumentsOf(call).positional).map((node) => pathOf(file, node));
  return one !== undefined && other !== undefined && keyOf(one) === keyOf(other);
}

test.each([
  ['b = a', 'same(a, b)'],
  ['b = a.x', 'same(b, a.x)'],
  ['b = a.items[0]', 'same(b, a.items[1])'],
  ['for b in a.items:', '    same(b, a.items[0])'],
  ['for _, b in enumerate(a.items):', '    same(b, a.items[0])'],
  ['for k, b in a.items.items():', '    same(b, a.items[k])'],
  ['b = a.items.pop()', 'same(b, a.items[0])'],
  ['b = sorted(a.items)', 'same(b[0], a.items[0])'],
  ['(b := a.x)', 'same(b, a.x)'],
  ['b = make()', 'same(b, b)'],
])('the same: %s %s', (before, line) => {
  expect(same(`def f(a, k):\n    ${before}\n    ${line}\n`)).toBe(true);
});

test.each([
  ['b = make()', 'same(b, make())'],
  ['a = a.up', 'same(a.up, a)'],
  ['b = a; b = k', 'same(a, b)'],
  ['b = weakref.ref(a)', 'same(a, b)'],
  ['b = a.get(k)', 'same(b, a)'],
  ['for k, b in a.items:', '    same(b, a.items[0])'],
  ['pass', 'same(a.x, a.y)'],
])('not known to be: %s %s', (before, line) => {
  expect(same(`import weakref\ndef f(a, k):\n    ${before}\n    ${line}\n`)).toBe(false);
});
