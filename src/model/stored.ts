/** What a change puts into the container. What holds the instances themselves is a registry, and belongs to `strong-registry`. */

import { field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { methodAround } from './class.ts';
import type { FileModel } from './file.ts';
import type { Change } from './instance-flow.ts';
import { receiverOf } from './receiver.ts';

/** True if an instance of the class (or the object a descriptor serves) is put into the container. */
export function storesInstances(changes: readonly { readonly file: FileModel; readonly change: Change }[]): boolean {
  return changes.some(({ file, change }) => storedValues(file, change.node).some((value) => isInstance(file, value)));
}

/** What an operation puts in: arguments of a call, key and value of an assignment, elements of a display among them. */
export function storedValues(file: FileModel, change: PyNode): readonly PyNode[] {
  const found: PyNode[] = [];
  if (change.kind === 'call') found.push(...file.argumentsOf(change).positional);
  // `self.refs[type(self)].add(x)`: the keys on the way are part of it.
  const callee = change.kind === 'call' ? field(change, 'function') : undefined;
  const way = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (way?.kind === 'subscript') found.push(...way.children.slice(1));
  if (change.kind === 'subscript') {
    const key = field(change, 'subscript');
    const value = change.parent?.kind === 'assignment' ? field(change.parent, 'right') : undefined;
    found.push(...[key, value].filter((node) => node !== undefined));
  }
  if (change.kind === 'augmented_assignment') {
    const value = field(change, 'right');
    if (value !== undefined) found.push(value);
  }
  return found
    .map(unwrap)
    .flatMap((value) => (['tuple', 'list', 'set'].includes(value.kind) ? value.children.map(unwrap) : [value]));
}

const DESCRIPTOR_METHODS: ReadonlySet<string> = new Set(['__get__', '__set__', '__delete__']);

function isInstance(file: FileModel, value: PyNode): boolean {
  if (value.kind !== 'identifier') return false;
  const receiver = receiverOf(file, value);
  if (receiver.kind === 'instance' && receiver.method !== undefined) return true;
  const method = methodAround(file, file.scopeOf(value));
  if (method === undefined) return false;
  const binding = file.resolve(value);
  const second = field(method.node, 'parameters')?.children[1];
  if (DESCRIPTOR_METHODS.has(method.name) && binding?.sites[0]?.operation === second && second !== undefined)
    return true;
  // obj = super().__new__(cls); obj = cls()
  return (
    binding?.sites.some(
      (site) =>
        site.value?.kind === 'call' &&
        /(?:\.__new__|^cls)$/.test(file.text(field(site.value, 'function') ?? site.value)),
    ) === true
  );
}
