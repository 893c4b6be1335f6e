/**
 * Copies native trees into plain ones, by cursor. Each call into the add-on costs more than all else that is done with a node, so none
 * is made whose answer is known.
 */
import { DeferredBlock } from './deferred-block.ts';
import type { NativeCursor } from './native.ts';
import type { MutableNode, PyNode } from './node.ts';
import type { FunctionBody } from './outline.ts';
import { isPython2, MAYBE_PYTHON_2 } from './python2.ts';
import type { Places } from './skeleton.ts';

/** What a tree has beside its nodes. */
export interface Findings {
  readonly comments: PyNode[];
  readonly deferred: DeferredBlock[];
  python2: boolean;
  /** Reads the body of a deferred block into its children. */
  readonly read: (block: DeferredBlock) => void;
}

/** Shared by all leaves, which are most nodes. */
const NO_CHILDREN: MutableNode[] = [];

/** The node that the cursor is at, without its children. */
export function copyNode(
  cursor: NativeCursor,
  field: string | undefined,
  parent: MutableNode | undefined,
  places: Places,
): MutableNode {
  return nodeOf(cursor, typeOf(cursor).kind, field, parent, places);
}

/** Copies everything below the cursor's node to below `top`, whose text `text` is; the cursor ends where it began. */
export function copyBelow(
  cursor: NativeCursor,
  top: MutableNode,
  text: string,
  places: Places,
  findings: Findings,
): void {
  let parent = top;
  // Strings keep only their interpolations; all other leaves are as they are.
  if (!cursor.gotoFirstChild()) return;
  for (;;) {
    const type = typeOf(cursor);
    let entered: MutableNode | undefined;
    if (type.kind === 'comment') {
      findings.comments.push(copyComment(cursor, text, places));
    } else if (type.kind !== 'line_continuation' && !type.punctuation) {
      const name = fieldOf(cursor);
      if (type.named || name !== undefined) {
        entered = nodeOf(cursor, type.kind, name, parent, places);
        if (type.mayBePython2 && isPython2(entered, text)) findings.python2 = true;
        const body = type.block ? places.body() : undefined;
        const child = body === undefined ? entered : deferred(entered, body, parent, findings);
        if (parent.children === NO_CHILDREN) parent.children = [child];
        else parent.children.push(child);
        if (child !== entered) {
          entered = undefined;
          noteComments(cursor, text, places, findings);
        }
      }
    }
    // Below a token there is nothing.
    if (entered !== undefined && type.named && !type.leaf && cursor.gotoFirstChild()) {
      parent = entered;
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      cursor.gotoParent();
      if (parent === top) return;
      parent = parent.parent as MutableNode;
    }
  }
}

/** Those behind the body stand in the block, and not in the body. */
function noteComments(cursor: NativeCursor, text: string, places: Places, { comments }: Findings): void {
  if (!cursor.gotoFirstChild()) return;
  do if (cursor.nodeType === 'comment') comments.push(copyComment(cursor, text, places));
  while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

function deferred(
  { start, end }: MutableNode,
  body: FunctionBody,
  parent: MutableNode,
  findings: Findings,
): MutableNode {
  const block = new DeferredBlock({ start, end, parent, body }, findings.read);
  findings.deferred.push(block);
  return block;
}

function nodeOf(
  cursor: NativeCursor,
  kind: string,
  field: string | undefined,
  parent: MutableNode | undefined,
  places: Places,
): MutableNode {
  // The start is asked for first: see Places.
  const start = places.start(cursor.startIndex);
  return { kind, start, end: places.end(cursor.endIndex), parent, field, children: NO_CHILDREN };
}

interface NodeType {
  readonly kind: string;
  readonly named: boolean;
  /** True for a node that never has children. */
  readonly leaf: boolean;
  /** True for a token that never has a field. */
  readonly punctuation: boolean;
  readonly mayBePython2: boolean;
  readonly block: boolean;
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
      block: kind === 'block',
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
export function copyComment(cursor: NativeCursor, text: string, places: Places): PyNode {
  const whole = nodeOf(cursor, 'comment', undefined, undefined, places);
  return text.charAt(whole.end - 1) === '\r' ? { ...whole, end: whole.end - 1 } : whole;
}
