/** What of a stored value becomes a weak reference. */
import type { FileModel } from '../../src/model/file.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

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
