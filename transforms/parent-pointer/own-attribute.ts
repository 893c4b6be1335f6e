import type { ClassModel, Method } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** True for an attribute of the object that the method runs on: `self.x`. */
export function isOwnAttribute({ class: { file }, first }: Method, node: PyNode): boolean {
  const object = node.kind === 'attribute' ? field(node, 'object') : undefined;
  return object?.kind === 'identifier' && first !== undefined && file.resolve(object) === first;
}

/** Every `self.<name>` in the methods of the class and its relatives. */
export function* ownAttributes(
  model: ClassModel,
  name: string,
): Iterable<{ readonly method: Method; readonly node: PyNode }> {
  for (const relative of relatives(model)) {
    const nodes = relative.file.attributes(name);
    for (const method of relative.methods)
      for (const node of nodes) if (within(node, method.node) && isOwnAttribute(method, node)) yield { method, node };
  }
}
