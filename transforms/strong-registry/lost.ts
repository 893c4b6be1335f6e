/** The uses that a weak container does not bear, one by one: those that would fail, those that would mean something else, those unknown. */
import type { Obligation } from '../../src/core/finding.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { ancestor, field, statements } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Entry } from './entry.ts';
import { instanceAt } from './instance.ts';
import { functionAround, type Operation, TAKES_ALL } from './operation.ts';
import { inFinalizer } from './owner.ts';
import type { Registry } from './registry.ts';
import type { WeakType } from './weak-type.ts';

const ID = 'no-lost-operation';

type Loss = { readonly how: 'fails' | 'differs' | 'unknown'; readonly why: string };

/** Methods of both the strong and the weak type that do the same. */
const KEPT: Readonly<Record<string, ReadonlySet<string>>> = {
  dict: new Set(
    'get setdefault pop popitem update clear keys values items copy __setitem__ __getitem__ __contains__'.split(' '),
  ),
  set: new Set(
    (
      'add discard remove pop clear update copy union intersection difference symmetric_difference issubset issuperset isdisjoint ' +
      'difference_update intersection_update symmetric_difference_update'
    ).split(' '),
  ),
  list: new Set('append remove clear extend'.split(' ')),
};

export function noLostOperation(
  registry: Registry,
  type: WeakType,
  entries: readonly Entry[],
): Obligation | Unwritable {
  const losses = registry.operations
    .filter(({ depth }) => depth === 0)
    .map((operation) => ({ operation, loss: lossOf(registry, type, operation, entries) }));
  const worst = (how: Loss['how']): Obstacle | undefined => {
    const found = losses.find(({ loss }) => loss?.how === how);
    if (found?.loss === undefined) return undefined;
    const { file, node } = found.operation;
    return { file, node, detail: `\`${excerpt(file, node)}\`: ${found.loss.why}` };
  };
  const failing = losses.filter(({ loss }) => loss?.how === 'fails');
  if (failing.length > 0) {
    const all = failing.map(({ operation: { file, node }, loss }) => `\`${excerpt(file, node)}\` (${loss?.why})`);
    return { unwritable: `a ${type} has no such operation: ${[...new Set(all)].join(', ')}` };
  }
  const differs = worst('differs');
  if (differs !== undefined) return unmet(ID, differs);
  const doubt = worst('unknown');
  if (doubt !== undefined) return unknown(ID, doubt);
  const [doubtful] = registry.doubtful;
  if (doubtful !== undefined) {
    const detail = `\`${excerpt(doubtful.file, doubtful.node)}\` may be this one, and what is done with it is not known`;
    return unknown(ID, { ...doubtful, detail });
  }
  if (registry.incomplete !== undefined) return { id: ID, holds: 'unknown', detail: registry.incomplete };
  return met(ID, `everything that is done with it, a ${type} can do too`);
}

function lossOf(registry: Registry, type: WeakType, operation: Operation, entries: readonly Entry[]): Loss | undefined {
  switch (operation.kind) {
    case 'call':
      return ofMethod(registry, type, operation, operation.method, operation.call);
    case 'method':
      return registry.type === 'list' || !KEPT[registry.type]?.has(operation.method)
        ? { how: 'fails', why: 'the method is taken as a value' }
        : undefined;
    case 'load':
    case 'store':
    case 'drop':
      if (registry.type === 'dict') return undefined;
      return { how: 'fails', why: 'no place in it has a number' };
    case 'augment':
      return registry.type === 'dict' && type === 'WeakKeyDictionary' ? undefined : { how: 'fails', why: 'augmented' };
    case 'all':
      return ofAll(registry, operation.file, operation.node, operation.by);
    case 'operator':
      return ofOperator(registry, operation);
    case 'passed':
      return ofArgument(operation.file, operation.node, operation.to, registry, entries);
    case 'handed':
      return { how: 'unknown', why: 'it is handed on here, and what is done with it then is not known' };
    case 'bind':
      return isEmptyContainer(operation) ? undefined : { how: 'fails', why: 'it is bound to something else' };
    case 'test':
      return { how: 'unknown', why: 'it is empty as soon as the last of them dies' };
    case 'contains':
    case 'identity':
      return undefined;
  }
}

function isEmptyContainer(operation: Operation): boolean {
  const value = operation.kind === 'bind' ? operation.value : undefined;
  return value !== undefined && /^(?:\{\s*\}|\[\s*\]|(?:dict|list|set)\(\s*\))$/.test(operation.file.text(value));
}

function ofMethod(
  registry: Registry,
  type: WeakType,
  operation: Operation,
  method: string,
  call: PyNode,
): Loss | undefined {
  const { file } = operation;
  if (registry.type === 'dict' && /^(?:keys|values|items)$/.test(method)) return ofView(registry, file, call);
  if (KEPT[registry.type]?.has(method) !== true) return { how: 'fails', why: `\`.${method}\`` };
  if (method === 'remove' && registry.type === 'list' && !isTolerant(file, call) && !inFinalizer(operation))
    return { how: 'differs', why: 'a missing element raises `KeyError`, not `ValueError`' };
  const [key] = file.argumentsOf(call).positional;
  const asks = type === 'WeakKeyDictionary' && /^(?:get|setdefault|pop)$/.test(method);
  if (asks && key !== undefined && instanceAt(file, key) === undefined)
    return { how: 'unknown', why: 'asked for a key that cannot be weakly referenced, it raises `TypeError`' };
  return undefined;
}

/** True where a `remove` that finds nothing changes nothing: guarded by `in`, or with its error passed over. */
export function isTolerant(file: FileModel, call: PyNode): boolean {
  const statement = call.parent;
  const block = statement?.kind === 'expression_statement' ? statement.parent : undefined;
  const holder = block?.parent;
  if (holder === undefined || statements(block).length !== 1) return false;
  if (holder.kind === 'if_statement') {
    const condition = field(holder, 'condition');
    const element = file.argumentsOf(call).positional[0];
    return (
      condition?.kind === 'comparison_operator' &&
      element !== undefined &&
      file.text(condition.children[0] ?? condition) === file.text(element) &&
      file.text(condition.children[1] ?? condition) === 'in'
    );
  }
  const handlers =
    holder.kind === 'try_statement' ? holder.children.filter(({ kind }) => kind === 'except_clause') : [];
  const [handler] = handlers;
  const body = handler?.children.at(-1);
  return (
    handlers.length === 1 &&
    body?.kind === 'block' &&
    body.children.length === 1 &&
    body.children[0]?.kind === 'pass_statement'
  );
}

const NO_ORDER = /^(?:builtins\.(?:set|frozenset|sorted|sum|any|all|min|max)|in)$/;

/** A loop over a list keeps its order; a weak set has none. Its length tells how many were ever put in. */
function ofAll(registry: Registry, file: FileModel, node: PyNode, by: string): Loss | undefined {
  if (registry.type === 'list' && !NO_ORDER.test(by) && !losesOrder(file, node))
    return { how: 'differs', why: 'a `WeakSet` has no order, and holds nothing twice' };
  const body = by === 'for' ? ancestor(node, new Set(['for_statement'])) : undefined;
  const grows = registry.operations.find(
    (other) =>
      other.file === file &&
      body !== undefined &&
      other.kind === 'store' &&
      other.node.start > body.start &&
      other.node.end < body.end,
  );
  return grows === undefined ? undefined : { how: 'unknown', why: 'something is put in while it is looked through' };
}

/** `any(x.busy for x in _live)`, `{x.name for x in _live}`. */
function losesOrder(file: FileModel, node: PyNode): boolean {
  const comprehension = node.parent?.kind === 'for_in_clause' ? node.parent.parent : undefined;
  if (comprehension?.kind === 'set_comprehension') return true;
  const list = comprehension?.parent?.kind === 'call' ? comprehension.parent : comprehension?.parent?.parent;
  const callee = list?.kind === 'call' ? field(list, 'function') : undefined;
  return callee !== undefined && NO_ORDER.test(file.qualifiedName(callee) ?? '');
}

/** `keys()`, `values()` and `items()` of a weak dictionary are generators: they have no length, and can be gone through once. */
function ofView(registry: Registry, file: FileModel, call: PyNode): Loss | undefined {
  const { parent } = call;
  const why = 'of a weak dictionary this is a generator';
  if (parent === undefined) return undefined;
  if (/^(?:for_statement|for_in_clause)$/.test(parent.kind)) return ofAll(registry, file, call, 'for');
  if (parent.kind === 'comparison_operator') return undefined;
  if (/^(?:list_splat|yield|dictionary_splat)$/.test(parent.kind)) return undefined;
  if (parent.kind === 'argument_list') {
    const callee = parent.parent === undefined ? undefined : field(parent.parent, 'function');
    const name = callee === undefined ? undefined : file.qualifiedName(callee);
    if (name !== undefined && (TAKES_ALL.test(name) || name === 'builtins.dict')) return undefined;
    if (callee !== undefined && /\.join$/.test(file.text(callee))) return undefined;
    if (name === 'builtins.len' || name?.startsWith('json.')) return { how: 'fails', why };
    return { how: 'unknown', why };
  }
  if (/^(?:subscript|binary_operator)$/.test(parent.kind)) return { how: 'fails', why };
  return { how: 'unknown', why };
}

function ofOperator(registry: Registry, { file, node }: Operation): Loss {
  const operator = field(node, 'operator') ?? node.children[1];
  const sign = operator === undefined ? '' : file.text(operator);
  if (registry.type === 'set' && /^(?:[|&^-]=?|[<>]=?)$/.test(sign))
    return { how: 'unknown', why: 'what it gives is a `WeakSet`' };
  if (/^[=!]=$/.test(sign)) return { how: 'differs', why: 'it equals no list, dict or set any more' };
  return registry.type === 'dict' && /^\|=?$/.test(sign)
    ? { how: 'unknown', why: 'before Python 3.9 a weak dictionary has no `|`' }
    : { how: 'fails', why: `\`${sign}\`` };
}

const FAILING =
  /^(?:json\.|pickle\.|cPickle\.|marshal\.|yaml\.|random\.(?:choice|sample|shuffle|choices)$|heapq\.|bisect\.|builtins\.(?:reversed|next)$)/;

function ofArgument(
  file: FileModel,
  node: PyNode,
  to: string | undefined,
  registry: Registry,
  entries: readonly Entry[],
): Loss | undefined {
  const around = functionAround(file, node);
  if (to === 'builtins.len') {
    const fills = entries.some(
      ({ operation }) => operation.file === file && functionAround(file, operation.node) === around,
    );
    return fills
      ? { how: 'differs', why: 'it counts what was ever put in, and numbers would be given twice' }
      : { how: 'unknown', why: 'it counts only what is alive then' };
  }
  if (to === undefined) return { how: 'unknown', why: 'it is handed to a function that may need what is lost' };
  if (/^builtins\.(?:bool|id)$/.test(to)) return undefined;
  if (FAILING.test(to)) return { how: 'fails', why: 'it refuses weak containers' };
  if (/^builtins\.(?:isinstance|issubclass|type)$/.test(to))
    return { how: 'differs', why: `it is no ${registry.type} any more` };
  if (/^builtins\.(?:print|repr|str|format)$/.test(to)) return { how: 'differs', why: 'it is printed in another way' };
  if (to === 'builtins.dict') return undefined;
  if (/^copy\.(?:copy|deepcopy)$/.test(to)) return { how: 'differs', why: 'the copy is weak too' };
  return { how: 'unknown', why: 'it is handed to a function that may need what is lost' };
}
