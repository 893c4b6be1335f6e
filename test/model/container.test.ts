/** Which expressions build a new mutable container, and which methods change one; the latter is tried out in CPython. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type ContainerType, freshContainer, isMutatingFunction, isMutator } from '../../src/model/container.ts';
import { field } from '../../src/syntax/access.ts';
import { lastExpression, modelOf } from '../support/model.ts';
import { findPython } from '../support/python.ts';

const python = findPython();

/** Of the value in `value = ...`, after some imports. */
function container(expression: string, imports = ''): string {
  const file = modelOf(`${imports}\nvalue = ${expression}\n`);
  const value = field(lastExpression(file, `value = ${expression}`), 'right');
  const found = value === undefined ? undefined : freshContainer(file, value);
  if (found === undefined) return 'none';
  return [found.empty ? 'empty' : 'filled', found.type, ...(found.nested ? ['of anything'] : [])].join(' ');
}

describe('a new container is', () => {
  test.each([
    ['[]', 'empty list'],
    ['{}', 'empty dict'],
    ['([])', 'empty list'],
    ['[1, "a", (2, None)]', 'filled list'],
    ['[1, []]', 'filled list of anything'],
    ['[x]', 'filled list of anything'],
    ['{"a": 1}', 'filled dict'],
    ['{"a": []}', 'filled dict of anything'],
    ['{1, 2}', 'filled set'],
    ['[*x]', 'filled list of anything'],
    ['{**x}', 'filled dict of anything'],
    ['[x for x in y]', 'filled list of anything'],
    ['{x: x for x in y}', 'filled dict of anything'],
    ['{x for x in y}', 'filled set of anything'],
    ['list()', 'empty list'],
    ['list(x)', 'filled list of anything'],
    ['dict(a=1)', 'filled dict of anything'],
    ['set()', 'empty set'],
    ['bytearray()', 'empty bytearray'],
    ['sorted(x)', 'filled list of anything'],
    ['[0] * 8', 'filled list'],
    ['8 * [None]', 'filled list'],
    ['[x] + []', 'filled list of anything'],
    ['dict.fromkeys(x)', 'filled dict of anything'],
  ])('%s: %s', (expression, expected) => {
    expect(container(expression)).toBe(expected);
  });

  test.each([
    ['deque()', 'from collections import deque', 'empty deque'],
    ['dq(maxlen=3)', 'from collections import deque as dq', 'empty deque'],
    ['c.deque([1])', 'import collections as c', 'filled deque of anything'],
    ['defaultdict(list)', 'from collections import defaultdict', 'empty defaultdict of anything'],
    ['defaultdict(list, a=1)', 'from collections import defaultdict', 'filled defaultdict of anything'],
    ['OrderedDict()', 'from collections import OrderedDict', 'empty OrderedDict'],
    ['Counter(x)', 'from collections import Counter', 'filled Counter of anything'],
    ['Queue(8)', 'from queue import Queue', 'empty queue'],
    ['Queue.Queue()', 'import Queue', 'empty queue'],
    ['array("i")', 'from array import array', 'empty array'],
    ['array("i", [1])', 'from array import array', 'filled array of anything'],
    ['deque()', 'try: from collections import deque\nexcept ImportError: from other import deque', 'empty deque'],
  ])('%s after `%s`: %s', (expression, imports, expected) => {
    expect(container(expression, imports)).toBe(expected);
  });
});

describe('no new container is', () => {
  test.each([
    ...[
      '()',
      '(1, [])',
      '"[]"',
      'x',
      'x.y',
      'x[0]',
      'f()',
      'x or []',
      'lambda: []',
      '1',
      'None',
      'frozenset()',
      'tuple([])',
    ],
    ...['(x for x in y)', 'collections.deque()', 'deque()', 'x * 2', 'f"{[]}"', 'await f()', 'list', 'list[int]'],
  ])('%s', (expression) => {
    expect(container(expression)).toBe('none');
  });

  test.each([
    ['list()', 'def list(): pass'],
    ['list()', 'from m import list'],
    ['list()', 'from m import *'],
    ['deque()', 'from m import deque'],
    ['deque()', 'from collections import deque\ndeque = x'],
  ])('%s after `%s`', (expression, imports) => {
    expect(container(expression, imports)).toBe('none');
  });
});

/** How CPython makes one of each type, with the same two or three elements that the arguments below speak of. */
const MADE: Readonly<Record<Exclude<ContainerType, 'queue'>, string>> = {
  list: '[3, 1]',
  dict: '{"a": 1, "b": 2}',
  set: '{3, 1}',
  bytearray: 'bytearray(b"ba")',
  array: 'array.array("i", [3, 1])',
  deque: 'collections.deque([3, 1])',
  defaultdict: 'collections.defaultdict(list, a=1, b=2)',
  OrderedDict: 'collections.OrderedDict(a=1, b=2)',
  Counter: 'collections.Counter(a=1, b=2)',
  ChainMap: 'collections.ChainMap({"a": 1, "b": 2})',
};

/** For each type its methods, and those of them that changed it with some arguments. */
const TRIED = `
import array, collections, io, json, sys

ARGUMENTS = lambda: [
    (), (0,), (1,), (3,), (5,), ("a",), ("z",), ([5],), ([],), ({1},), ({5},), ({"a": 5},), (b"abcd",), (0, 5), (5, 0), ("z", 1),
    ("a", 5), (slice(0, 1),), (slice(0, 1), [7]), (slice(0, 1), b"x"), (slice(0, 1), array.array("i", [7])), ("u", None),
    (array.array("i", [7]),), (collections.Counter(a=1),), (collections.Counter(c=9),), (2,), (97,), (io.BytesIO(bytes(8)), 1),
]

# Of every object; only for arrays of characters; what a subscript does is judged where subscripts are.
OTHER = {"__init__", "__class__", "__setattr__", "__delattr__", "__setstate__", "fromunicode", "__getitem__"}


def change(make, name):
    for arguments in ARGUMENTS():
        value = eval(make)
        before = repr(value)
        try:
            getattr(value, name)(*arguments)
        except Exception:
            pass
        if repr(value) != before:
            return True
    return False


found = {}
for kind, make in json.load(sys.stdin).items():
    names = [n for n in dir(eval(make)) if callable(getattr(eval(make), n)) and n not in OTHER]
    found[kind] = {n: change(make, n) for n in names}
json.dump(found, sys.stdout)
`;

describe('a method changes the container', () => {
  test.skipIf(python === undefined)('if it does in CPython, for every method of every type', () => {
    const answer = execFileSync(python?.command ?? '', ['-c', TRIED], {
      input: JSON.stringify(MADE),
      encoding: 'utf8',
    });
    const tried = JSON.parse(answer) as Readonly<Record<string, Readonly<Record<string, boolean>>>>;
    const differences: string[] = [];
    for (const type of Object.keys(MADE) as (keyof typeof MADE)[]) {
      for (const [method, changes] of Object.entries(tried[type] ?? {})) {
        if (isMutator(method, { type, empty: false, nested: false }, 0) !== changes) {
          differences.push(`${type}.${method} ${changes ? 'changes' : 'does not change'} it`);
        }
      }
    }
    expect(differences).toEqual([]);
  });

  test.each(['put', 'put_nowait', 'get', 'get_nowait'])('of a queue: %s', (method) => {
    expect(isMutator(method, { type: 'queue', empty: true, nested: false }, 0)).toBe(true);
  });

  test('deeper inside, where something may be there that can change', () => {
    expect(isMutator('append', { type: 'dict', empty: true, nested: true }, 1)).toBe(true);
    expect(isMutator('append', { type: 'dict', empty: false, nested: false }, 1)).toBe(false);
    expect(isMutator('append', { type: 'dict', empty: false, nested: true }, 0)).toBe(false);
    expect(isMutator('keys', { type: 'dict', empty: false, nested: true }, 1)).toBe(false);
  });
});

test.each([
  ['heapq.heappush', 0, true],
  ['heapq.heappush', 1, false],
  ['heapq.nlargest', 1, false],
  ['bisect.insort', 0, true],
  ['bisect.bisect', 0, false],
  ['random.shuffle', 0, true],
  ['struct.pack_into', 1, true],
  ['builtins.list.append', 0, true],
  ['builtins.list.append', 1, false],
  ['builtins.list.index', 0, false],
  ['builtins.dict.update', 0, false],
  ['builtins.len', 0, false],
])('%s changes its argument %i: %s', (name, position, expected) => {
  expect(isMutatingFunction(name, position, { type: 'list', empty: true, nested: false })).toBe(expected);
});
