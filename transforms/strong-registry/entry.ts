/** What is put into a registry: which part of an entry is an instance, and what stands beside it. */
import type { ContainerType } from '../../src/model/container.ts';
import { field, fields, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { type Instance, instanceAt } from './instance.ts';
import { functionAround, type Operation } from './operation.ts';
import type { Registry } from './registry.ts';

export type Role = 'key' | 'value' | 'element';

/** One expression that an operation puts in. */
export interface Put {
  readonly operation: Operation;
  readonly role: Role;
  readonly node: PyNode;
  /** For a key, the value that it gets; undefined where that is not one expression. */
  readonly value?: PyNode | undefined;
}

export interface Entry extends Put {
  readonly instance: Instance;
  /** What lies between the registry and the instance, where it is not held directly. */
  readonly inside: 'tuple' | 'container' | undefined;
}

/** The puts of instances, in functions: what a module does once at its import is not repeated. */
export function entriesOf(registry: Registry): readonly Entry[] {
  return putsOf(registry.type, registry.byName).flatMap((put) => {
    const { file } = put.operation;
    if (functionAround(file, put.node) === undefined) return [];
    const node = unwrap(put.node);
    const inner = node.kind === 'tuple' ? node.children : [node];
    const inside = put.operation.depth > 0 ? 'container' : node.kind === 'tuple' ? 'tuple' : undefined;
    return inner.flatMap((part): readonly Entry[] => {
      const instance = instanceAt(file, part);
      return instance === undefined ? [] : [{ ...put, node: part, instance, inside }];
    });
  });
}

/** Everything that is put in, at any depth. */
export function putsOf(type: ContainerType, operations: readonly Operation[]): readonly Put[] {
  return operations.flatMap((operation): readonly Put[] => {
    switch (operation.kind) {
      case 'store':
      case 'augment':
        return stored(operation, operation.subscript);
      case 'load':
        // Looking up a missing key inserts it.
        return /^(?:defaultdict|Counter)$/.test(type) && operation.depth === 0
          ? keyed(operation, operation.subscript, undefined)
          : [];
      case 'call':
        return called(operation, operation.method, operation.call);
      default:
        return [];
    }
  });
}

function stored(operation: Operation, subscript: PyNode): readonly Put[] {
  const assignment = subscript.parent?.kind === 'assignment' ? subscript.parent : undefined;
  let value = assignment === undefined ? undefined : field(assignment, 'right');
  while (value?.kind === 'assignment') value = field(value, 'right');
  return keyed(operation, subscript, value);
}

function keyed(operation: Operation, subscript: PyNode, value: PyNode | undefined): readonly Put[] {
  const keys = fields(subscript, 'subscript');
  const [key] = keys;
  if (key === undefined || key.kind === 'slice') return [];
  return pair(operation, keys, value);
}

function pair(operation: Operation, keys: readonly PyNode[], value: PyNode | undefined): readonly Put[] {
  const put = keys.map((node): Put => ({ operation, role: 'key', node, value }));
  return value === undefined ? put : [...put, { operation, role: 'value', node: value }];
}

function called(operation: Operation, method: string, call: PyNode): readonly Put[] {
  const [first, second] = operation.file.argumentsOf(call).positional;
  if (first === undefined) return [];
  const element = (node: PyNode): Put => ({ operation, role: 'element', node });
  switch (method) {
    case 'append':
    case 'appendleft':
    case 'add':
      return [element(first)];
    case 'insert':
      return second === undefined ? [] : [element(second)];
    case 'setdefault':
      return pair(operation, [first], second);
    case 'extend':
    case 'update': {
      const display = unwrap(first);
      if (display.kind === 'dictionary')
        return display.children.flatMap((child) => {
          const [key, value] = [field(child, 'key'), field(child, 'value')];
          return key === undefined ? [] : pair(operation, [key], value);
        });
      return /^(?:list|tuple|set)$/.test(display.kind) ? display.children.map(element) : [];
    }
    default:
      return [];
  }
}

/** True where a key is made of several expressions, `_seen[a, b]`: then it is a tuple. */
export function isCompound({ operation }: Put): boolean {
  const subscript = 'subscript' in operation ? operation.subscript : undefined;
  return subscript !== undefined && fields(subscript, 'subscript').length > 1;
}
