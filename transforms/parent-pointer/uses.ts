/** Every place that reads or binds one of the pointers, with the receiver resolved: what `ref` and `proxy` have to change, or to bear. */
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { assignedValue, isDeleted, isStored } from '../../src/model/use.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, stringValue, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isFieldOf } from './dataclass.ts';
import type { Group } from './match.ts';

export interface PointerUses {
  /** `<object>.<pointer>` expressions that yield the pointer. */
  readonly reads: ReadonlySet<PyNode>;
  /** What is stored in a pointer. */
  readonly values: readonly PyNode[];
}

/** All of them, or why they cannot be told from others. */
export function pointerUses(group: Group): PointerUses | Unwritable {
  const { holder, pointers, files, incomplete } = group;
  if (incomplete !== undefined) return { unwritable: `not every use can be seen: ${incomplete}` };
  const reads = new Set<PyNode>();
  const values: PyNode[] = [];
  for (const { attribute } of pointers) {
    if (isFieldOf(holder, attribute)) return { unwritable: `a generated constructor sets \`${attribute}\`` };
    for (const file of files) {
      for (const node of file.attributes(attribute)) {
        const own = isOwn(group, file, node);
        if (own === false) continue;
        if (own === undefined)
          return { unwritable: `what \`${file.text(node)}\` is read from in ${file.source.path} is not known` };
        if (file !== holder.file)
          return { unwritable: `\`${file.text(node)}\` in ${file.source.path} would have to change too` };
        if (isDeleted(node)) continue;
        if (!isStored(node)) {
          reads.add(node);
          continue;
        }
        const value = node.parent?.kind === 'augmented_assignment' ? undefined : assignedValue(node)?.value;
        if (value === undefined)
          return { unwritable: `what is stored by \`${file.text(node.parent ?? node)}\` cannot be rewritten` };
        values.push(value);
      }
      const named = file.calls.find((call) => namesIt(file, call, attribute));
      if (named !== undefined) return { unwritable: `\`${file.text(named)}\` reaches it by its name` };
    }
  }
  return { reads, values: [...new Set(values)] };
}

/** True if the object is of the family, undefined where that is not known. */
function isOwn({ holder, types }: Group, file: FileModel, node: PyNode): boolean | undefined {
  const object = field(node, 'object');
  if (object === undefined) return undefined;
  const family = relatives(holder);
  const type = types.ofExpression(file, object);
  const all = [...type.classes];
  if (!type.complete || all.length === 0) return undefined;
  if (all.every((model) => family.has(model))) return true;
  return all.some((model) => family.has(model)) ? undefined : false;
}

function namesIt(file: FileModel, call: PyNode, attribute: string): boolean {
  const callee = field(call, 'function');
  if (callee === undefined || !/^builtins\.(?:get|set|has|del)attr$/.test(file.qualifiedName(callee) ?? ''))
    return false;
  const [, named] = file.argumentsOf(call).positional;
  const name = named === undefined ? undefined : stringValue(named, file.source.text);
  return named !== undefined && (name === undefined || name === attribute);
}

/** A value to wrap, or one that stays: a reference is copied as it is. */
export type Wrapped =
  | { readonly kind: 'kept' }
  | { readonly kind: 'wrapped'; readonly never: boolean; readonly node: PyNode };

/** The parts of a stored value that have to be wrapped; undefined where the value must be evaluated once and has no name. */
export function partsOf(
  file: FileModel,
  value: PyNode,
  reads: ReadonlySet<PyNode>,
  self: string | undefined,
): readonly Wrapped[] | undefined {
  const node = unwrap(value);
  if (node.kind === 'none') return [];
  if (reads.has(node)) return [{ kind: 'kept' }];
  if (node.kind === 'conditional_expression') {
    const branches = [node.children[0], node.children[2]].map((one) =>
      one === undefined ? undefined : partsOf(file, one, reads, self),
    );
    return branches.every((one) => one !== undefined) ? branches.flat() : undefined;
  }
  if (node.kind === 'identifier') return [{ kind: 'wrapped', never: file.text(node) === self, node }];
  const isOr = node.kind === 'boolean_operator' && field(node, 'operator')?.kind === 'or';
  const last = isOr ? node.children.at(-1) : undefined;
  // `parent or self` is an object in any case.
  if (last?.kind === 'identifier' && file.text(last) === self && !containsRead(node, reads))
    return [{ kind: 'wrapped', never: true, node }];
  return isPlainPath(node) ? [{ kind: 'wrapped', never: false, node }] : undefined;
}

function containsRead(node: PyNode, reads: ReadonlySet<PyNode>): boolean {
  return [...reads].some((read) => read.start >= node.start && read.end <= node.end);
}

/** True for `a.b.c`: reading it twice is reading it once. */
export function isPlainPath(node: PyNode): boolean {
  let current: PyNode | undefined = node;
  while (current?.kind === 'attribute') current = field(current, 'object');
  return current?.kind === 'identifier';
}
