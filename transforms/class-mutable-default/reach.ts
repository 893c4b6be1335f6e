/** Whether anything that yields the container may change it, whatever state its instance is in: asked before methods are followed. */

import { type AttributeAccesses, filesWithMember } from '../../src/model/attribute-accesses.ts';
import { methodAround } from '../../src/model/class.ts';
import type { NamedAttribute } from '../../src/model/class-attribute.ts';
import type { Container } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import type { Binding } from '../../src/model/scope.ts';
import { parameterOf } from '../../src/model/shared-state.ts';
import { type Use, usesOfValue } from '../../src/model/use.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** An expression that yields the container, or at a `depth` something inside it. */
interface Yielding {
  readonly file: FileModel;
  readonly node: PyNode;
  readonly depth: number;
}

/** False proves that nothing shared is ever changed: no use through an instance leads to a change. */
export function mayReachChange(attribute: NamedAttribute, container: Container, accesses: AttributeAccesses): boolean {
  const queue: Yielding[] = accesses.instance.map(({ file, node }) => ({ file, node, depth: 0 }));
  const seen = new Map<PyNode, Set<number>>();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { file, node } = next;
    // How deep inside is all one: `row = row[0]` in a loop would go on for ever.
    const depth = Math.min(next.depth, 1);
    const depths = seen.get(node) ?? new Set();
    seen.set(node, depths);
    if (depths.has(depth)) continue;
    depths.add(depth);
    for (const use of usesOfValue(file, node, container, depth)) {
      if (use.kind === 'change') return true;
      if (use.kind === 'alias') queue.push(...under(file, file.resolve(use.name), use.depth));
      else if (use.kind === 'argument') {
        const parameter = parameterOf(use);
        if (parameter !== undefined) queue.push(...under(parameter.file, parameter.binding, use.depth));
      } else if (use.kind === 'return') queue.push(...behind(file, use, attribute));
    }
  }
  return false;
}

function under(file: FileModel, binding: Binding | undefined, depth: number): readonly Yielding[] {
  return binding === undefined ? [] : file.usesOf(binding).map((node) => ({ file, node, depth }));
}

/** What calls of the method around give, and the property that it is. */
function behind(
  file: FileModel,
  { node, depth }: Extract<Use, { kind: 'return' }>,
  attribute: NamedAttribute,
): readonly Yielding[] {
  const method = methodAround(file, file.scopeAround(node));
  if (method === undefined) return [];
  return filesWithMember(attribute, method.name).flatMap((other) =>
    other.attributes(method.name).flatMap((use): readonly Yielding[] => {
      const object = field(use, 'object');
      if (object === undefined || receiverOf(other, object).kind !== 'instance') return [];
      const result = method.property ? use : use.field === 'function' ? use.parent : undefined;
      return result === undefined ? [] : [{ file: other, node: result, depth }];
    }),
  );
}
