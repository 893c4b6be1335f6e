/** What becomes of an object at the place where an expression yields it. */
import { describe, expect, test } from 'vitest';
import type { Container } from '../../src/model/container.ts';
import { isStored, type Use, usesOfValue } from '../../src/model/use.ts';
import { lastExpression, modelOf } from '../support/model.ts';

const LIST: Container = { type: 'list', empty: true, nested: true };
const DICT: Container = { type: 'dict', empty: true, nested: true };

function uses(statement: string, container: Container = LIST): string {
  const file = modelOf(`import heapq\ndef f(self, o, a, i):\n    ${statement}\n`);
  return usesOfValue(file, lastExpression(file, 'self.x'), container)
    .map((use) => describeUse(use, (node) => file.text(node)))
    .join('; ');
}

function describeUse(use: Use, text: (node: Use['node']) => string): string {
  switch (use.kind) {
    case 'change':
      return `changed by ${use.how}${use.depth > 0 ? ` at depth ${use.depth}` : ''}`;
    case 'bind':
      return `bound to ${use.value === undefined ? 'something' : text(use.value)}`;
    case 'alias':
      return `also called ${text(use.name)}${use.depth > 0 ? ` at depth ${use.depth}` : ''}`;
    case 'argument':
      return `argument ${use.position} of ${text(use.call)}`;
    default:
      return use.kind === 'return' && use.depth > 0 ? `return at depth ${use.depth}` : use.kind;
  }
}

describe('a list', () => {
  test.each([
    ['self.x.append(1)', 'changed by .append()'],
    ['(self.x).append(1)', 'changed by .append()'],
    ['y = self.x.pop()', 'changed by .pop()'],
    ['self.x.index(1)', 'read'],
    ['self.x.copy().append(1)', 'read'],
    ['add = self.x.append', 'changed by .append()'],
    ['self.x[0] = 1', 'changed by [...] ='],
    ['self.x[0], y = z', 'changed by [...] ='],
    ['(self.x[0]) = 1', 'changed by [...] ='],
    ['[self.x[0], *y] = z', 'changed by [...] ='],
    ['self.x[:] = []', 'changed by [...] ='],
    ['self.x[0]: int = 1', 'changed by [...] ='],
    ['self.x[0] += 1', 'changed by [...] augmented'],
    ['del self.x[0]', 'changed by del [...]'],
    ['del (self.x[0], y)', 'changed by del [...]'],
    ['for self.x[0] in y: pass', 'changed by [...] ='],
    ['with y as self.x[0]: pass', 'changed by [...] ='],
    ['self.x += [1]', 'changed by +='],
    ['self.x *= 2', 'changed by *='],
    ['y += self.x', 'read'],
    ['y = self.x[0]', 'also called y at depth 1; read'],
    ['self.x[0].append(1)', 'changed by .append() at depth 1'],
    ['self.x[0][1].append(1)', 'changed by .append() at depth 2'],
    ['self.x[0][1] = 2', 'changed by [...] = at depth 1'],
    ['y[self.x] = 1', 'read'],
    ['self.x.sort', 'changed by .sort()'],
    ['self.x is y', 'read'],
    ['len(self.x)', 'argument 0 of len(self.x)'],
    ['g(1, *y, self.x)', 'argument 2 of g(1, *y, self.x)'],
    ['g(k=self.x)', 'argument k of g(k=self.x)'],
    ['heapq.heappush(self.x, 1)', 'changed by heapq.heappush()'],
    ['heapq.heappush(o, self.x)', 'argument 1 of heapq.heappush(o, self.x)'],
    ['list.append(self.x, 1)', 'changed by builtins.list.append()'],
    ['return self.x', 'return'],
    ['yield self.x', 'return'],
    ['return self.x[0]', 'return at depth 1'],
    ['return 1, self.x', 'return'],
    ['return (1, self.x)', 'return'],
    ['return y or self.x', 'return'],
    ['return self.x if y else z', 'return'],
    ['return z if self.x else y', 'read'],
    ['for y in self.x: pass', 'read; also called y at depth 1'],
    ['if self.x: pass', 'read'],
    ['[y for y in self.x]', 'read; also called y at depth 1'],
    ['print([self.x])', 'read'],
    ['f"{self.x}"', 'read'],
    ['assert self.x', 'read'],
  ])('%s: %s', (statement, expected) => {
    expect(uses(statement)).toBe(expected);
  });
});

describe('a dict', () => {
  test.each([
    ['self.x.setdefault("a", []).append(1)', 'changed by .setdefault(); changed by .append() at depth 1'],
    ['self.x.get("a").append(1)', 'changed by .append() at depth 1'],
    ['self.x["a"].append(1)', 'changed by .append() at depth 1'],
    ['self.x["a"].b', 'read'],
    ['self.x |= y', 'changed by |='],
    ['self.__dict__ = self.x', 'changed by __dict__; read'],
    ['self.x.append(1)', 'read'],
  ])('%s: %s', (statement, expected) => {
    expect(uses(statement, DICT)).toBe(expected);
  });

  test('with a default changes when it is asked for a key', () => {
    expect(uses('self.x["a"]', { type: 'defaultdict', empty: true, nested: true })).toBe('changed by [...]; read');
    expect(uses('self.x["a"]', DICT)).toBe('read');
  });

  test('of immutable values has nothing inside that could change', () => {
    expect(uses('self.x["a"].append(1)', { type: 'dict', empty: false, nested: false })).toBe('read');
  });
});

describe('a name or attribute', () => {
  test.each([
    ['self.x = []', 'bound to []'],
    ['y = self.x = []', 'bound to []'],
    ['self.x = y = []', 'bound to []'],
    ['self.x: list = []', 'bound to []'],
    ['a, self.x = 1, []', 'bound to []'],
    ['(a, self.x) = (1, [])', 'bound to []'],
    ['a, self.x = y', 'bound to something'],
    ['for self.x in y: pass', 'bound to something'],
    ['with y as self.x: pass', 'bound to something'],
    ['del self.x', 'delete'],
    ['del self.x, a', 'delete'],
    ['y = self.x', 'also called y; read'],
    ['y = z = self.x', 'also called z; also called y; read'],
    ['y = z or self.x', 'also called y; read'],
    ['if (y := self.x): pass', 'also called y; read'],
    ['a, b = self.x, 1', 'also called a'],
    ['a, b = 1, self.x', 'also called b'],
    ['o.y = self.x', 'read'],
  ])('%s: %s', (statement, expected) => {
    expect(uses(statement)).toBe(expected);
  });
});

test.each([
  ['self.x = 1', true],
  ['self.x += 1', true],
  ['a, (b, self.x) = y', true],
  ['[a, *self.x] = y', true],
  ['for a, self.x in y: pass', true],
  ['with y as self.x: pass', true],
  ['del self.x', true],
  ['del a, self.x', true],
  ['del (a, self.x)', true],
  ['y = self.x', false],
  ['y = a, self.x', false],
  ['y += self.x', false],
  ['for a in self.x: pass', false],
  ['with self.x as y: pass', false],
  ['self.x[0] = 1', false],
  ['self.x.y = 1', false],
])('`%s` stores: %s', (statement, expected) => {
  const file = modelOf(`def f(self):\n  ${statement}`);
  expect(isStored(lastExpression(file, 'self.x'))).toBe(expected);
});
