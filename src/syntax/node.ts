/** What a syntax tree is made of. */

/**
 * A node of tree-sitter-python's grammar. Comments are not among the children; they stand in {@link Syntax.comments}. Backslashes
 * that join lines are nowhere.
 */
export interface PyNode {
  /** The grammar's name of the node: `class_definition`, `identifier`, ... */
  readonly kind: string;
  /** UTF-16 offsets into the text that was parsed; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly parent: PyNode | undefined;
  /** The role in the parent (`left`, `body`, ...), where the grammar names one. */
  readonly field: string | undefined;
  /** Named nodes, and those anonymous tokens that have a field (operators), in the order of the text. */
  readonly children: readonly PyNode[];
}

/** A node that is being made: its parent, its role and, of a target, its kind are known only after what is in it. */
export interface MutableNode extends PyNode {
  kind: string;
  parent: MutableNode | undefined;
  field: string | undefined;
  children: MutableNode[];
}

/** Shared by all leaves, which are most nodes. */
const NO_CHILDREN: MutableNode[] = [];

/** A node without children; UTF-16 offsets. All nodes are made here, so that they are alike to the engine. */
export function leaf(kind: string, start: number, end: number): MutableNode {
  return { kind, start, end, parent: undefined, field: undefined, children: NO_CHILDREN };
}

/** A node around its children, which are its own from now on. */
export function node(kind: string, start: number, end: number, children: MutableNode[]): MutableNode {
  const made = leaf(kind, start, end);
  if (children.length > 0) adopt(made, children);
  return made;
}

/** The same for a list that grew: as it is it would keep room for sixteen more. */
export function listNode(kind: string, start: number, end: number, children: readonly MutableNode[]): MutableNode {
  return node(kind, start, end, children.slice());
}

/** A node that ends where the last of its children does, of a list that grew. */
export function around(kind: string, start: number, children: readonly MutableNode[]): MutableNode {
  return listNode(kind, start, children[children.length - 1]?.end ?? start, children);
}

/** Makes the children those of the node. */
export function adopt(parent: MutableNode, children: MutableNode[]): void {
  parent.children = children;
  for (const child of children) child.parent = parent;
}

/** The node, with the role that it is to have in its parent. */
export function as(field: string, child: MutableNode): MutableNode {
  child.field = field;
  return child;
}

/** Puts the child behind those that the node has. */
export function append(parent: MutableNode, child: MutableNode): void {
  child.parent = parent;
  if (parent.children === NO_CHILDREN) parent.children = [child];
  else parent.children.push(child);
}
