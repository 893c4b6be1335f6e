/**
 * The only door to tree-sitter: text in, a plain tree of Python nodes out.
 *
 * The native tree is copied once, by cursor, and dropped. Everything after works on plain objects: a property read there costs
 * a hundredth of a call into the add-on, and no native memory outlives the parse.
 */
import Parser from 'tree-sitter';
import Python from 'tree-sitter-python';
import { dialect } from './dialect.ts';
import { THIN_ABOVE, thinned } from './top-level.ts';

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

export interface Syntax {
  readonly root: PyNode;
  /** In the order of the text. */
  readonly comments: readonly PyNode[];
  /** True if the source uses syntax that only Python 2 accepts. */
  readonly python2: boolean;
}

/** The text does not parse; `offset` is where the first error node starts. */
export interface SyntaxFailure {
  readonly offset: number;
}

/** Statements and clauses that no Python 3 parser accepts. */
const PYTHON_2_KINDS: ReadonlySet<string> = new Set(['print_statement', 'exec_statement', 'chevron']);
const CHUNK = 1 << 15;

interface MutableNode extends PyNode {
  children: MutableNode[];
}

/** Shared by all leaves, which are most nodes. */
const NO_CHILDREN: MutableNode[] = [];

let parser: Parser | undefined;

function python(): Parser {
  if (parser === undefined) {
    parser = new Parser();
    parser.setLanguage(Python as unknown as Parser.Language);
  }
  return parser;
}

export interface ParseOptions {
  /** UTF-16 units: a longer text is {@link thinned} first. */
  readonly thinAbove?: number;
}

/**
 * Parses Python 2 or 3. Depth is limited by memory only: the tree is copied without recursion. Of a text longer than `thinAbove`
 * the tree lacks top-level simple statements that no class has to do with, and an error in one of them goes unseen.
 */
export function parse(text: string, { thinAbove = THIN_ABOVE }: ParseOptions = {}): Syntax | SyntaxFailure {
  const input = dialect(text.length > thinAbove ? thinned(text) : text);
  const tree = python().parse((index) => (index < input.length ? input.slice(index, index + CHUNK) : null));
  return tree.rootNode.hasError ? { offset: firstError(tree.rootNode) } : copy(tree.walk(), input);
}

/** True if the text parses without an error node. What is not looked at in a long text is said at {@link parse}. */
export function parses(text: string, { thinAbove = THIN_ABOVE }: ParseOptions = {}): boolean {
  const input = dialect(text.length > thinAbove ? thinned(text) : text);
  const tree = python().parse((index) => (index < input.length ? input.slice(index, index + CHUNK) : null));
  return !tree.rootNode.hasError;
}

function firstError(root: Parser.SyntaxNode): number {
  let node = root;
  for (;;) {
    if (node.isError || node.isMissing) return node.startIndex;
    const next = node.children.find((child) => child.hasError || child.isError || child.isMissing);
    if (next === undefined) return node.startIndex;
    node = next;
  }
}

/** Each call into the add-on costs more than all else that is done with a node, so none is made whose answer is known. */
function copy(cursor: Parser.TreeCursor, text: string): Syntax {
  const comments: PyNode[] = [];
  const root = node(cursor, typeOf(cursor), undefined, undefined);
  let python2 = false;
  let parent: MutableNode = root;
  // Strings keep only their interpolations; all other leaves are as they are.
  if (!cursor.gotoFirstChild()) return { root, comments, python2 };
  for (;;) {
    const type = typeOf(cursor);
    let entered: MutableNode | undefined;
    if (type.kind === 'comment') {
      comments.push(comment(cursor, type, text));
    } else if (type.kind !== 'line_continuation' && !type.punctuation) {
      const name = fieldOf(cursor);
      if (type.named || name !== undefined) {
        entered = node(cursor, type, name, parent);
        if (type.mayBePython2 && (PYTHON_2_KINDS.has(type.kind) || isPython2(entered, text))) python2 = true;
        if (parent.children === NO_CHILDREN) parent.children = [entered];
        else parent.children.push(entered);
      }
    }
    // Below a token there is nothing.
    if (entered !== undefined && type.named && !type.leaf && cursor.gotoFirstChild()) {
      parent = entered;
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      cursor.gotoParent();
      if (parent.parent === undefined) return { root, comments, python2 };
      parent = parent.parent as MutableNode;
    }
  }
}

function node(
  cursor: Parser.TreeCursor,
  { kind }: NodeType,
  field: string | undefined,
  parent: MutableNode | undefined,
): MutableNode {
  return { kind, start: cursor.startIndex, end: cursor.endIndex, parent, field, children: NO_CHILDREN };
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
/** See {@link isPython2}. */
const MAYBE_PYTHON_2: ReadonlySet<string> = new Set([
  ...PYTHON_2_KINDS,
  'integer',
  'string_start',
  '<>',
  'expression_list',
  'tuple_pattern',
  'identifier',
  'tuple',
]);

/** By the grammar's number for the type: a number is cheaper to get from the add-on than a string. */
const types = new Map<number, NodeType>();

function typeOf(cursor: Parser.TreeCursor): NodeType {
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

function fieldOf(cursor: Parser.TreeCursor): string | undefined {
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
function comment(cursor: Parser.TreeCursor, type: NodeType, text: string): PyNode {
  const whole = node(cursor, type, undefined, undefined);
  return text.charAt(whole.end - 1) === '\r' ? { ...whole, end: whole.end - 1 } : whole;
}

/** `0777`, `10L`, `` `x` ``, `ur''`, `<>`, `raise A, b`, `def f((a, b))` and `except A, e:`. */
function isPython2(entered: PyNode, text: string): boolean {
  switch (entered.kind) {
    case 'integer':
      return /^0\d*[1-9]\d*$|[lL]$/.test(text.slice(entered.start, entered.end));
    case 'string_start':
      return /^(`|ur)/i.test(text.slice(entered.start, entered.end));
    case '<>':
      return true;
    case 'expression_list':
      return entered.parent?.kind === 'raise_statement';
    case 'tuple_pattern':
      return entered.parent !== undefined && PARAMETER_LISTS.has(entered.parent.kind);
    default:
      return isPython2Alias(entered, text);
  }
}

const PARAMETER_LISTS: ReadonlySet<string> = new Set(['parameters', 'lambda_parameters', 'default_parameter']);

/**
 * True for the `e` of Python 2's `except A, e:`. Since PEP 758 Python 3 reads `except A, B:` as a list of classes; what tells them
 * apart is that names of classes are capitalised or dotted, and names of caught exceptions are not.
 */
export function isPython2Alias(node: PyNode, text: string): boolean {
  if (node.field !== 'alias' || node.parent?.kind !== 'except_clause') return false;
  return node.kind === 'tuple' || (node.kind === 'identifier' && !/^[A-Z]/.test(text.slice(node.start, node.end)));
}
