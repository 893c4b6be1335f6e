/**
 * The only door to tree-sitter: text in, a plain tree of Python nodes out.
 *
 * The native tree is copied once, by cursor, and dropped. Everything after works on plain objects: a property read there costs
 * a hundredth of a call into the add-on, and no native memory outlives the parse.
 */
import Parser from 'tree-sitter';
import Python from 'tree-sitter-python';

/** A node of tree-sitter-python's grammar. Comments are not among the children; they stand in {@link Syntax.comments}. */
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
  readonly children: MutableNode[];
}

let parser: Parser | undefined;

function python(): Parser {
  if (parser === undefined) {
    parser = new Parser();
    parser.setLanguage(Python as unknown as Parser.Language);
  }
  return parser;
}

/**
 * The same text, unit for unit, in the grammar's dialect: a lone carriage return ends a line in Python but not in the grammar,
 * and template strings (PEP 750) are to it what f-strings are. A match inside a string or comment does no harm: only places are
 * taken from the tree, never text.
 */
function dialect(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
  return /\b[tT][rR]?["']|\b[rR][tT]["']/.test(lines)
    ? lines.replace(/(?<![\w"'])(?:[tT]([rR]?)(?=["'])|([rR])[tT](?=["']))/g, (_, raw, before) =>
        before === undefined ? `f${raw}` : `${before}f`,
      )
    : lines;
}

/** Parses Python 2 or 3. Depth is limited by memory only: the tree is copied without recursion. */
export function parse(text: string): Syntax | SyntaxFailure {
  const input = dialect(text);
  const tree = python().parse((index) => (index < input.length ? input.slice(index, index + CHUNK) : null));
  return tree.rootNode.hasError ? { offset: firstError(tree.rootNode) } : copy(tree.walk(), input);
}

/** True if the text parses without an error node. */
export function parses(text: string): boolean {
  const input = dialect(text);
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

function copy(cursor: Parser.TreeCursor, text: string): Syntax {
  const comments: PyNode[] = [];
  const root = node(cursor, undefined);
  let python2 = false;
  let parent: MutableNode = root;
  // Strings keep only their interpolations; all other leaves are as they are.
  if (!cursor.gotoFirstChild()) return { root, comments, python2 };
  for (;;) {
    const kind = cursor.nodeType;
    let entered: MutableNode | undefined;
    if (kind === 'comment') {
      comments.push(node(cursor, undefined));
    } else if (cursor.nodeIsNamed || cursor.currentFieldName) {
      entered = node(cursor, parent);
      if (PYTHON_2_KINDS.has(kind) || isPython2Token(entered, text)) python2 = true;
      parent.children.push(entered);
    }
    if (entered !== undefined && cursor.gotoFirstChild()) {
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

function node(cursor: Parser.TreeCursor, parent: MutableNode | undefined): MutableNode {
  const kind = cursor.nodeType;
  const field = cursor.currentFieldName;
  return { kind, start: cursor.startIndex, end: cursor.endIndex, parent, field: field || undefined, children: [] };
}

/** `except A, e:`, `0777`, `10L`, `` `x` ``, `ur''` and `<>`. */
function isPython2Token(entered: PyNode, text: string): boolean {
  switch (entered.kind) {
    case 'integer':
      return /^0\d*[1-9]\d*$|[lL]$/.test(text.slice(entered.start, entered.end));
    case 'string_start':
      return /^(`|ur)/i.test(text.slice(entered.start, entered.end));
    case '<>':
      return true;
    default:
      return false;
  }
}
