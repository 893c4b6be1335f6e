/** What is stored in the pointers: a weak reference takes an object, and not every object. */
import type { Obligation } from '../../src/core/finding.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { isNamed, pathOf } from '../../src/model/object-path.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { assignedValue, isDeleted, isStored } from '../../src/model/use.ts';
import { weakRoomOf } from '../../src/model/weak-room.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';

/** Kinds of literals that have no room for weak references. */
const NO_OBJECT =
  /^(?:integer|float|string|concatenated_string|true|false|tuple|list|dictionary|set|list_comprehension|dictionary_comprehension|set_comprehension)$/;

/** The obligation `weakly-referenceable`. */
export function weakValues(group: Group): Obligation | Unwritable {
  const id = 'weakly-referenceable';
  const { holder, owners, files, pointers, types } = group;
  const family = relatives(holder);
  let open: Obligation | undefined;
  for (const file of files) {
    for (const { attribute } of pointers) {
      for (const node of file.attributes(attribute)) {
        if (!isStored(node) || isDeleted(node)) continue;
        const object = field(node, 'object');
        const receiver = object === undefined ? undefined : receiverOf(file, object);
        const isOwn = receiver?.kind === 'instance' && family.has(receiver.class);
        if (!isOwn && receiver?.kind !== 'unknown') continue;
        const value = assignedValue(node)?.value;
        const flat = value === undefined ? undefined : literalIn(value);
        if (flat !== undefined && isOwn)
          return { unwritable: `\`${excerpt(file, flat)}\` is stored there too, and cannot be weakly referenced` };
        if (open !== undefined) continue;
        const known = value === undefined ? undefined : types.ofExpression(file, value);
        if (value === undefined || known?.complete !== true || hasOtherDefault(file, value)) {
          const what = value === undefined ? excerpt(file, node) : excerpt(file, value);
          open = unknown(id, { file, node, detail: `whether \`${what}\` can be weakly referenced is not known` });
        }
      }
    }
  }
  for (const owner of owners) {
    const room = weakRoomOf(owner);
    if (room.kind === 'unknown') open ??= unknown(id, { ...room, detail: room.why });
  }
  return open ?? met(id, 'everything that is stored there is `None` or an object that can be weakly referenced');
}

function literalIn(value: PyNode): PyNode | undefined {
  const node = unwrap(value);
  if (NO_OBJECT.test(node.kind)) return node;
  const parts =
    node.kind === 'conditional_expression'
      ? [node.children[0], node.children[2]]
      : node.kind === 'boolean_operator'
        ? node.children
        : [];
  return parts.flatMap((part) => (part === undefined || part.field === 'operator' ? [] : (literalIn(part) ?? [])))[0];
}

/** True for a parameter that is something else than `None` where it is not given. */
function hasOtherDefault(file: FileModel, value: PyNode): boolean {
  const path = pathOf(file, value);
  if (path === undefined || !isNamed(path)) return false;
  return path.root.sites.some(({ kind, operation }) => {
    const initial = kind === 'parameter' ? field(operation, 'value') : undefined;
    return initial !== undefined && initial.kind !== 'none';
  });
}
