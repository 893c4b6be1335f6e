/**
 * The only door to tree-sitter: text in, a plain tree of Python nodes out.
 *
 * A native tree is copied once, by cursor, and dropped. Everything after works on plain objects: a property read there costs
 * a hundredth of a call into the add-on, and no native memory outlives the parse.
 */
import { copyBelow, copyComment, copyNode, type Findings } from './copy.ts';
import type { DeferredBlock } from './deferred-block.ts';
import { dialect } from './dialect.ts';
import { firstError, type NativeCursor, nativeTree } from './native.ts';
import type { MutableNode, PyNode } from './node.ts';
import { IN_PLACE, type Places, shifted, skeletonOf } from './skeleton.ts';
import { THIN_ABOVE, thinned } from './top-level.ts';

export { type DeferredBlock, isDeferred } from './deferred-block.ts';
export { parsedSoFar } from './native.ts';
export type { PyNode } from './node.ts';
export { isPython2Alias } from './python2.ts';

export interface Syntax {
  readonly root: PyNode;
  /** The bodies of functions that were not read with the rest, in the order of the text. Each is read when its children are asked for. */
  readonly deferred: readonly DeferredBlock[];
  /** In the order of the text. Asking reads all bodies. */
  readonly comments: readonly PyNode[];
  /** True if the source uses syntax that only Python 2 accepts. Asking reads all bodies. */
  readonly python2: boolean;
}

/** The text does not parse; `offset` is where the first error node starts. */
export interface SyntaxFailure {
  readonly offset: number;
}

export interface ParseOptions {
  /** UTF-16 units: a longer text is {@link thinned} first. */
  readonly thinAbove?: number;
  /** True to read the bodies of functions when they are asked for; what is wrong in one is known only then. */
  readonly deferBodies?: boolean;
}

/**
 * Parses Python 2 or 3. Depth is limited by memory only: the tree is copied without recursion. Of a text longer than `thinAbove`
 * the tree lacks top-level simple statements that no class has to do with, and an error in one of them goes unseen. With
 * `deferBodies`, asking for the children of a {@link DeferredBlock} throws {@link BodyFailure} where its text does not parse.
 */
export function parse(text: string, options: ParseOptions = {}): Syntax | SyntaxFailure {
  const { thinAbove = THIN_ABOVE, deferBodies = false } = options;
  const input = dialect(text.length > thinAbove ? thinned(text) : text);
  const skeleton = deferBodies ? skeletonOf(input) : undefined;
  if (skeleton !== undefined) {
    const tree = nativeTree(skeleton.text);
    if (!tree.rootNode.hasError) return new SyntaxTree(input, tree.walk(), skeleton);
  }
  const tree = nativeTree(input);
  if (tree.rootNode.hasError) return { offset: firstError(tree.rootNode) };
  return new SyntaxTree(input, tree.walk(), IN_PLACE);
}

/** True if the text parses without an error node. What is not looked at in a long text is said at {@link parse}. */
export function parses(text: string, { thinAbove = THIN_ABOVE }: Pick<ParseOptions, 'thinAbove'> = {}): boolean {
  return !nativeTree(dialect(text.length > thinAbove ? thinned(text) : text)).rootNode.hasError;
}

/** Thrown where the body of a function is asked for whose text does not parse: then {@link parse} has to be asked for the whole text. */
export class BodyFailure extends Error {
  /** Of the tree that the body belongs to. */
  readonly root: PyNode;

  constructor(root: PyNode) {
    super('the body of a function could not be parsed');
    this.root = root;
  }
}

/** What a body is parsed under. */
const HEADER = 'def f():\n';

class SyntaxTree implements Syntax {
  readonly root: MutableNode;
  readonly deferred: DeferredBlock[] = [];
  /** In the grammar's dialect. */
  private readonly text: string;
  private readonly findings: Findings;
  private isSorted = false;

  constructor(text: string, cursor: NativeCursor, places: Places) {
    this.text = text;
    const { deferred } = this;
    this.findings = { comments: [], deferred, python2: false, read: (block) => this.read(block) };
    this.root = copyNode(cursor, undefined, undefined, places);
    copyBelow(cursor, this.root, text, places, this.findings);
  }

  get comments(): readonly PyNode[] {
    this.readAll();
    const { comments } = this.findings;
    if (!this.isSorted) comments.sort((a, b) => a.start - b.start);
    this.isSorted = true;
    return comments;
  }

  get python2(): boolean {
    if (!this.findings.python2) this.readAll();
    return this.findings.python2;
  }

  private readAll(): void {
    for (const block of this.deferred) block.load();
  }

  private read(block: DeferredBlock): void {
    const { start, next } = block.body;
    const shift = start - HEADER.length;
    const cursor = nativeTree(HEADER + this.text.slice(start, next)).walk();
    const places = shifted(shift);
    const { comments } = this.findings;
    const known = comments.length;
    const isBlock = enterBody(cursor, () => comments.push(copyComment(cursor, this.text, places)));
    if (!isBlock || places.end(cursor.endIndex) !== block.end) throw new BodyFailure(this.root);
    block.children = [];
    copyBelow(cursor, block, this.text, places, this.findings);
    // The comments behind the body were met with the rest.
    while (comments.length > known && (comments.at(-1)?.start ?? 0) >= block.body.end) comments.pop();
  }
}

/** Goes to the block of the first function and calls `onComment` at every comment in front of it; false if there is an error, or no block. */
function enterBody(cursor: NativeCursor, onComment: () => void): boolean {
  if (cursor.currentNode.hasError || !cursor.gotoFirstChild() || !cursor.gotoFirstChild()) return false;
  while (cursor.nodeType !== 'block') {
    if (cursor.nodeType === 'comment') onComment();
    if (!cursor.gotoNextSibling()) return false;
  }
  return true;
}
