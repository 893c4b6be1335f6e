/**
 * Text in, a plain tree of Python nodes out: the only door to the parsers.
 *
 * What Python 3 takes is nearly always read by a parser of our own, an order of magnitude faster than a native tree is made and copied. What
 * it does not take is given to tree-sitter, which also says where an error is: Python 2, errors, and the rare construct.
 */
import { copyOf } from './copy.ts';
import { DeferredBlock } from './deferred-block.ts';
import { dialect, lineEnds } from './dialect.ts';
import { firstError, nativeTree } from './native.ts';
import { adopt, type MutableNode, type PyNode } from './node.ts';
import { type FunctionBody, outlineOf } from './outline.ts';
import { NotTaken } from './parser/lexer.ts';
import { StatementParser } from './parser/statement-parser.ts';
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
 * Parses Python 2 or 3. Depth is limited by memory only: what is too deep for our parser is copied without recursion. Of a text longer than `thinAbove`
 * the tree lacks top-level simple statements that no class has to do with, and an error in one of them goes unseen. With
 * `deferBodies`, asking for the children of a {@link DeferredBlock} throws {@link BodyFailure} where its text does not parse.
 */
export function parse(text: string, options: ParseOptions = {}): Syntax | SyntaxFailure {
  const { thinAbove = THIN_ABOVE, deferBodies = false } = options;
  const input = lineEnds(text.length > thinAbove ? thinned(text) : text);
  return taken(() => new ParsedSyntax(input, deferBodies ? longBodies(input) : [])) ?? nativeSyntax(dialect(input));
}

/** True if the text parses without an error node. What is not looked at in a long text is said at {@link parse}. */
export function parses(text: string, options: Pick<ParseOptions, 'thinAbove'> = {}): boolean {
  return !('offset' in parse(text, options));
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

function nativeSyntax(input: string): Syntax | SyntaxFailure {
  const tree = nativeTree(input);
  if (tree.rootNode.hasError) return { offset: firstError(tree.rootNode) };
  return { ...copyOf(tree, input), deferred: [] };
}

/** What is made; undefined if the parser does not take the text. */
function taken<Made>(make: () => Made): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NotTaken) return undefined;
    throw error;
  }
}

/** Shorter bodies cost less where they are, in UTF-16 units. */
const SHORTEST = 100;

function longBodies(text: string): readonly FunctionBody[] {
  return outlineOf(text)?.bodies.filter(({ start, end }) => end - start >= SHORTEST) ?? [];
}

/** What our own parser has read; it takes no Python 2. */
class ParsedSyntax implements Syntax {
  readonly root: MutableNode;
  readonly deferred: DeferredBlock[] = [];
  private readonly text: string;
  private readonly found: PyNode[];
  private isSorted = false;

  constructor(text: string, bodies: readonly FunctionBody[]) {
    this.text = text;
    const later = { bodies, blockOf: (body: FunctionBody, end: number) => this.defer(body, end) };
    const parser = new StatementParser(text, text.length, later);
    this.root = parser.module();
    this.found = parser.comments;
  }

  get comments(): readonly PyNode[] {
    this.readAll();
    if (!this.isSorted) this.found.sort((a, b) => a.start - b.start);
    this.isSorted = true;
    return this.found;
  }

  get python2(): boolean {
    this.readAll();
    return false;
  }

  private readAll(): void {
    for (const block of this.deferred) block.load();
  }

  private defer(body: FunctionBody, end: number): DeferredBlock {
    const block = new DeferredBlock(body, end, (asked) => this.read(asked));
    this.deferred.push(block);
    return block;
  }

  private read(block: DeferredBlock): void {
    const { first, end, next } = block.body;
    const parser = new StatementParser(this.text, next);
    const read = taken(() => parser.block(first));
    if (read?.end !== block.end) throw new BodyFailure(this.root);
    adopt(block, read.children);
    // The comments behind the body were met with the rest.
    for (const comment of parser.comments) if (comment.start < end) this.found.push(comment);
  }
}
