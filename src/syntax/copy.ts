/**
 * Copies native trees into plain ones, by cursor. Each call into the add-on costs more than all else that is done with a node, so none
 * is made whose answer is known.
 */
import type { NativeCursor, NativeTree } from './native.ts';
import { append, leaf, type MutableNode, type PyNode } from './node.ts';
import { isPython2, MAYBE_PYTHON_2 } from './python2.ts';

/** A tree, and what it has beside its nodes. */
export interface Copied {
  readonly root: MutableNode;
  /** In the order of the text. */
  readonly comments: PyNode[];
  python2: boolean;
}

/** The plain tree of a native one, whose text `text` is. */
export function copyOf(tree: NativeTree, text: string): Copied {
  const cursor = tree.walk();
  const copied: Copied = { root: nodeOf(cursor, typeOf(cursor).kind), comments: [], python2: false };
  copyBelow(cursor, text, copied);
  return copied;
}

function copyBelow(cursor: NativeCursor, text: string, copied: Copied): void {
  const { root } = copied;
  let parent = root;
  if (!cursor.gotoFirstChild()) return;
  for (;;) {
    const type = typeOf(cursor);
    let entered: MutableNode | undefined;
    if (type.kind === 'comment') copied.comments.push(commentOf(cursor, text));
    else if (type.kind !== 'line_continuation' && !type.punctuation) {
      const field = fieldOf(cursor);
      if (type.named || field !== undefined) {
        entered = nodeOf(cursor, type.kind);
        entered.field = field;
        append(parent, entered);
        if (type.mayBePython2 && isPython2(entered, text)) copied.python2 = true;
      }
    }
    // Below a token there is nothing.
    if (entered !== undefined && type.named && !type.leaf && cursor.gotoFirstChild()) {
      parent = entered;
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      cursor.gotoParent();
      if (parent === root) return;
      parent = parent.parent ?? root;
    }
  }
}

function nodeOf(cursor: NativeCursor, kind: string): MutableNode {
  return leaf(kind, cursor.startIndex, cursor.endIndex);
}

interface NodeType {
  readonly kind: string;
  readonly named: boolean;
  /** True for a node that never has children. */
  readonly leaf: boolean;
  /** True for a token that never has a field. */
  readonly punctuation: boolean;
  readonly mayBePython2: boolean;
}

const LEAVES: ReadonlySet<string> = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'string_start',
  'string_end',
]);
const PUNCTUATION: ReadonlySet<string> = new Set(['(', ')', '[', ']', '{', '}', ',', ':', '.', '=', ';']);
/** By the grammar's number for the type: a number is cheaper to get from the add-on than a string. */
const types = new Map<number, NodeType>();

function typeOf(cursor: NativeCursor): NodeType {
  const id = cursor.nodeTypeId;
  let type = types.get(id);
  if (type === undefined) {
    const kind = cursor.nodeType;
    const named = cursor.nodeIsNamed;
    type = {
      kind,
      named,
      leaf: LEAVES.has(kind),
      punctuation: !named && PUNCTUATION.has(kind),
      mayBePython2: MAYBE_PYTHON_2.has(kind),
    };
    types.set(id, type);
  }
  return type;
}

/** The grammar's names of fields by their numbers. */
const fields = new Map<number, string>();

function fieldOf(cursor: NativeCursor): string | undefined {
  const id = cursor.currentFieldId;
  // 0 in the grammar's own count is "no field".
  if (!id) return undefined;
  let name = fields.get(id);
  if (name === undefined) {
    name = cursor.currentFieldName;
    fields.set(id, name);
  }
  return name;
}

/** The grammar ends a comment at the line feed, Python at the whole line end. */
function commentOf(cursor: NativeCursor, text: string): PyNode {
  const { startIndex, endIndex } = cursor;
  return leaf('comment', startIndex, text.charAt(endIndex - 1) === '\r' ? endIndex - 1 : endIndex);
}
