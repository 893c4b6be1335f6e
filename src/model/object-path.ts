/**
 * How a function calls an object: a local name or a call that made it, and the attributes and elements that lead on from there. Two
 * expressions with the same path mean the same object, as far as the order of the text tells.
 */
import { ancestor, field, unwrap, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel } from './file.ts';
import type { Binding } from './scope.ts';

/** A step that leads from a container to any of its elements. */
export const ELEMENT = '[]';

export interface ObjectPath {
  /** A name that is bound in more than one way, or a parameter; or the call that makes the object. */
  readonly root: Binding | PyNode;
  /** How often the name was bound before, so that what it meant earlier is another object. */
  readonly version: number;
  /** Names of attributes, and {@link ELEMENT}. */
  readonly steps: readonly string[];
}

const ids = new WeakMap<object, number>();
let nextId = 0;

/** Equal for paths that mean the same object. */
export function keyOf({ root, version, steps }: ObjectPath): string {
  let id = ids.get(root);
  if (id === undefined) {
    id = nextId++;
    ids.set(root, id);
  }
  return [`${id}#${version}`, ...steps].join('.');
}

/** True for a path that starts at a name. */
export function isNamed(path: ObjectPath): path is ObjectPath & { readonly root: Binding } {
  return 'sites' in path.root;
}

/** The path with more steps behind it. */
export function extended(path: ObjectPath, ...steps: readonly string[]): ObjectPath {
  return { ...path, steps: [...path.steps, ...steps] };
}

/** The path that an expression means; undefined where it is no object that could be followed. */
export function pathOf(file: FileModel, expression: PyNode, depth = 0): ObjectPath | undefined {
  const node = unwrap(expression);
  if (depth > MAX_DEPTH) return undefined;
  switch (node.kind) {
    case 'identifier':
      return pathOfName(file, node, depth);
    case 'attribute': {
      const object = field(node, 'object');
      const name = field(node, 'attribute');
      const path = object === undefined ? undefined : pathOf(file, object, depth + 1);
      return path === undefined || name === undefined ? undefined : extended(path, file.identifier(name));
    }
    case 'subscript': {
      const value = field(node, 'value');
      const path = value === undefined ? undefined : pathOf(file, value, depth + 1);
      if (path === undefined) return undefined;
      return field(node, 'subscript')?.kind === 'slice' ? path : extended(path, ELEMENT);
    }
    case 'named_expression': {
      const value = field(node, 'value');
      return value === undefined ? undefined : pathOf(file, value, depth + 1);
    }
    case 'call':
      return pathOfCall(file, node, depth);
    default:
      return undefined;
  }
}

const MAX_DEPTH = 30;
/** Names that are bound more often are not followed: each use would look through all of it. */
const MAX_SITES = 200;

function pathOfName(file: FileModel, node: PyNode, depth: number): ObjectPath | undefined {
  const binding = file.resolve(node);
  if (binding === undefined || binding.sites.length > MAX_SITES) return undefined;
  const [site] = binding.sites;
  if (binding.sites.length === 1 && site !== undefined && site.node !== node) {
    const value = site.kind === 'assignment' || site.kind === 'walrus' ? site.value : undefined;
    if (value !== undefined && value.start < node.start) {
      const meant = pathOf(file, value, depth + 1);
      if (meant !== undefined) return meant;
    }
    const elements = site.kind === 'for' ? loopedOver(file, site.operation, site.node, depth) : undefined;
    if (elements !== undefined) return elements;
  }
  const version =
    binding.sites.length === 1 ? 0 : binding.sites.filter((one) => boundBefore(one.node, one.operation, node)).length;
  return { root: binding, version, steps: [] };
}

/** True if the binding operation has happened where `use` stands, going by the text: an assignment binds after its value was read. */
function boundBefore(target: PyNode, operation: PyNode, use: PyNode): boolean {
  if (target === use) return true;
  const right = operation.kind === 'assignment' ? field(operation, 'right') : undefined;
  if (right !== undefined && within(use, right)) return false;
  return target.start < use.start;
}

/** What a loop's name means: an element of what is looped over, of `items()` the second, of `enumerate` too. */
function loopedOver(file: FileModel, loop: PyNode, name: PyNode, depth: number): ObjectPath | undefined {
  const left = field(loop, 'left');
  const right = field(loop, 'right');
  if (left === undefined || right === undefined) return undefined;
  const called = unwrap(right).kind === 'call' ? field(unwrap(right), 'function') : undefined;
  const text = called === undefined ? '' : file.text(called);
  const isPair = text.endsWith('.items') || text === 'enumerate';
  const place = left === name ? 0 : left.children.indexOf(name);
  if (isPair ? place !== 1 || left === name : left !== name) return undefined;
  const path = pathOf(file, right, depth + 1);
  return path === undefined ? undefined : extended(path, ELEMENT);
}

/** Functions and methods that give the same elements in another container. */
const SAME_ELEMENTS = /^builtins\.(?:list|tuple|set|frozenset|sorted|reversed|iter|enumerate)$/;
const VIEWS: ReadonlySet<string> = new Set(['values', 'items', 'copy', 'itervalues', 'iteritems']);
const GIVES_ELEMENT: ReadonlySet<string> = new Set(['get', 'pop', 'popleft', 'setdefault', '__getitem__']);

function pathOfCall(file: FileModel, call: PyNode, depth: number): ObjectPath | undefined {
  const callee = field(call, 'function');
  if (callee === undefined) return undefined;
  const name = file.qualifiedName(callee);
  const { positional } = file.argumentsOf(call);
  const [first] = positional;
  // Weakly: nobody is held.
  if (name?.startsWith('weakref.') === true) return undefined;
  if (name !== undefined && SAME_ELEMENTS.test(name) && first !== undefined) return pathOf(file, first, depth + 1);
  const method = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (method !== undefined && object !== undefined) {
    const isView = VIEWS.has(file.text(method)) && positional.length === 0;
    const isElement = GIVES_ELEMENT.has(file.text(method));
    const holder = isView || isElement ? pathOf(file, object, depth + 1) : undefined;
    // Only of an attribute: `queue.get()` of who knows what gives who knows what.
    if (holder !== undefined && holder.steps.length > 0) return isView ? holder : extended(holder, ELEMENT);
  }
  return { root: call, version: 0, steps: [] };
}

const BLOCKS: ReadonlySet<string> = new Set(['block', 'module']);

/** The block that a statement stands in. */
export function blockAround(node: PyNode): PyNode | undefined {
  return ancestor(node, BLOCKS);
}
