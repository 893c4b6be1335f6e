import type { Method } from '../../src/model/class.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** True for an attribute of the object that the method runs on: `self.x`. */
export function isOwnAttribute({ class: { file }, first }: Method, node: PyNode): boolean {
  const object = node.kind === 'attribute' ? field(node, 'object') : undefined;
  return object?.kind === 'identifier' && first !== undefined && file.resolve(object) === first;
}
