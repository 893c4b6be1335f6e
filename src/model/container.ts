/** Mutable containers: which expressions build a new one, and which operations change it. */
import { field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel } from './file.ts';

export type ContainerType =
  | 'list'
  | 'dict'
  | 'set'
  | 'bytearray'
  | 'array'
  | 'deque'
  | 'defaultdict'
  | 'OrderedDict'
  | 'Counter'
  | 'ChainMap'
  | 'queue';

/** A new mutable container, built where the expression stands. */
export interface Container {
  readonly type: ContainerType;
  /** True if it is built without elements. */
  readonly empty: boolean;
  /** True unless every element is known to be immutable: then a path through it may reach something that can change. */
  readonly nested: boolean;
}

const SEQUENCE = [
  'append',
  'extend',
  'insert',
  'remove',
  'pop',
  'reverse',
  '__setitem__',
  '__delitem__',
  '__iadd__',
  '__imul__',
];
const MAPPING = ['update', 'setdefault', 'pop', 'popitem', 'clear', '__setitem__', '__delitem__', '__ior__'];

/** The methods that change a container, by type (library reference, "Built-in Types" and "collections"). */
const MUTATORS: Readonly<Record<ContainerType, ReadonlySet<string>>> = {
  list: new Set([...SEQUENCE, 'sort', 'clear']),
  dict: new Set(MAPPING),
  set: new Set([
    ...['add', 'discard', 'remove', 'pop', 'clear', 'update', 'difference_update', 'intersection_update'],
    ...['symmetric_difference_update', '__ior__', '__iand__', '__isub__', '__ixor__'],
  ]),
  bytearray: new Set([...SEQUENCE, 'clear']),
  array: new Set([...SEQUENCE, 'frombytes', 'fromfile', 'fromlist', 'fromstring', 'fromunicode', 'byteswap', 'clear']),
  deque: new Set([...SEQUENCE, 'appendleft', 'extendleft', 'popleft', 'rotate', 'clear']),
  defaultdict: new Set([...MAPPING, '__missing__']),
  OrderedDict: new Set([...MAPPING, 'move_to_end']),
  Counter: new Set([...MAPPING, 'subtract', '__iadd__', '__isub__', '__iand__']),
  ChainMap: new Set(MAPPING),
  queue: new Set(['put', 'put_nowait', 'get', 'get_nowait']),
};

/** Deeper inside a container the type is not known, and each of these names changes what it is called on. */
const ANY_MUTATOR: ReadonlySet<string> = new Set(
  Object.entries(MUTATORS).flatMap(([type, names]) => (type === 'queue' ? [] : [...names])),
);

/** Methods that give access to an element without copying it. */
const ELEMENT_ACCESS: ReadonlySet<string> = new Set(['get', 'setdefault', '__getitem__']);

const CONSTRUCTORS: Readonly<Record<string, ContainerType>> = {
  'builtins.list': 'list',
  'builtins.dict': 'dict',
  'builtins.set': 'set',
  'builtins.bytearray': 'bytearray',
  'builtins.sorted': 'list',
  'builtins.dict.fromkeys': 'dict',
  'array.array': 'array',
  'collections.deque': 'deque',
  'collections.defaultdict': 'defaultdict',
  'collections.OrderedDict': 'OrderedDict',
  'collections.Counter': 'Counter',
  'collections.ChainMap': 'ChainMap',
  'collections.UserDict': 'dict',
  'collections.UserList': 'list',
  'queue.Queue': 'queue',
  'queue.LifoQueue': 'queue',
  'queue.PriorityQueue': 'queue',
  'queue.SimpleQueue': 'queue',
  // Python 2 names.
  'Queue.Queue': 'queue',
  'Queue.LifoQueue': 'queue',
  'Queue.PriorityQueue': 'queue',
  'UserDict.UserDict': 'dict',
  'UserList.UserList': 'list',
};

const DISPLAYS: Readonly<Record<string, ContainerType>> = {
  list: 'list',
  list_comprehension: 'list',
  dictionary: 'dict',
  dictionary_comprehension: 'dict',
  set: 'set',
  set_comprehension: 'set',
};

/** What kind of new mutable container the expression builds; undefined when it builds none, or that cannot be known. */
export function freshContainer(file: FileModel, expression: PyNode): Container | undefined {
  const node = unwrap(expression);
  const display = DISPLAYS[node.kind];
  if (display !== undefined) {
    return { type: display, empty: node.children.length === 0, nested: node.children.some((child) => !isFlat(child)) };
  }
  if (node.kind === 'binary_operator') {
    const left = field(node, 'left');
    const right = field(node, 'right');
    const sides = [left, right].map((side) => (side === undefined ? undefined : freshContainer(file, side)));
    const fresh = sides.find(isSequence);
    // `[0] * n` repeats what it holds; of `[] + x` the elements of `x` are not known.
    const nested = sides.some((side) => side?.nested === true) || file.text(node).includes('+');
    return fresh === undefined ? undefined : { ...fresh, empty: false, nested };
  }
  if (node.kind !== 'call') return undefined;
  const callee = field(node, 'function');
  const name = callee === undefined ? undefined : file.qualifiedName(callee);
  const type = name === undefined ? undefined : CONSTRUCTORS[name];
  if (type === undefined) return undefined;
  const { positional, keywords, spread } = file.argumentsOf(node);
  // Arguments that say how, not what: a factory, a bound, a type code.
  const contents = type === 'queue' ? 0 : positional.length - (type === 'defaultdict' || type === 'array' ? 1 : 0);
  const named = [...keywords.keys()].filter((keyword) => keyword !== 'maxlen' && keyword !== 'maxsize').length;
  return {
    type,
    empty: contents <= 0 && named === 0 && !spread,
    nested: contents > 0 || named > 0 || spread || type === 'defaultdict',
  };
}

function isSequence(container: Container | undefined): container is Container {
  return container?.type === 'list' || container?.type === 'deque' || container?.type === 'bytearray';
}

const IMMUTABLE: ReadonlySet<string> = new Set([
  ...['string', 'concatenated_string', 'integer', 'float', 'true', 'false', 'none', 'ellipsis'],
  ...['unary_operator', 'not_operator', 'comparison_operator', 'lambda'],
]);

/** True for an element that holds nothing that could change: literals, and tuples and pairs of them. */
function isFlat(node: PyNode): boolean {
  if (IMMUTABLE.has(node.kind)) return true;
  if (node.kind === 'tuple') return node.children.every(isFlat);
  if (node.kind !== 'pair') return false;
  const value = field(node, 'value');
  return value !== undefined && isFlat(value);
}

/** True if calling `method` changes a container of this type, or (`depth > 0`) something inside it. */
export function isMutator(method: string, container: Container, depth: number): boolean {
  return depth === 0 ? MUTATORS[container.type].has(method) : container.nested && ANY_MUTATOR.has(method);
}

/** True if the method hands out an element itself. */
export function isElementAccess(method: string): boolean {
  return ELEMENT_ACCESS.has(method);
}

/** True if the method gives a view of the elements, not a copy. */
export function isView(method: string): boolean {
  return method === 'values' || method === 'items';
}

/** Functions that change the argument at the given position (library reference: heapq, bisect, random, operator). */
const MUTATING_FUNCTIONS: Readonly<Record<string, number>> = {
  'heapq.heappush': 0,
  'heapq.heappop': 0,
  'heapq.heapify': 0,
  'heapq.heapreplace': 0,
  'heapq.heappushpop': 0,
  'bisect.insort': 0,
  'bisect.insort_left': 0,
  'bisect.insort_right': 0,
  'random.shuffle': 0,
  'operator.setitem': 0,
  'operator.delitem': 0,
  'operator.iadd': 0,
  'operator.iconcat': 0,
  'operator.ior': 0,
  'struct.pack_into': 1,
};

/** True if the function is known to change the argument at `position`; unbound methods (`list.append(x, 1)`) included. */
export function isMutatingFunction(qualifiedName: string, position: number, container: Container): boolean {
  if (MUTATING_FUNCTIONS[qualifiedName] === position) return true;
  const [, type, method] = /^(?:builtins|collections)\.(\w+)\.(\w+)$/.exec(qualifiedName) ?? [];
  return position === 0 && type === container.type && method !== undefined && MUTATORS[container.type].has(method);
}
