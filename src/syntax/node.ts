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

/** A node that is being made. */
export interface MutableNode extends PyNode {
  children: MutableNode[];
}
