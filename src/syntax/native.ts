/** The native parser: text in, native tree out. Nothing else calls the add-on but the copying of a tree. */
import { createRequire } from 'node:module';
import type Parser from 'tree-sitter';

export type NativeTree = Parser.Tree;
export type NativeCursor = Parser.TreeCursor;

const CHUNK = 1 << 15;

let parser: Parser | undefined;

/** The add-on is loaded when something is parsed: a run that takes all from the cache does without. */
function python(): Parser {
  if (parser === undefined) {
    const require = createRequire(import.meta.url);
    const Native = require('tree-sitter') as typeof Parser;
    parser = new Native();
    const language = require('tree-sitter-python') as Parser.Language & { nodeTypeInfo?: readonly unknown[] };
    // From it the add-on would write and evaluate a class for each kind of node; nobody here asks for their fields.
    language.nodeTypeInfo = [];
    parser.setLanguage(language);
  }
  return parser;
}

let unitsParsed = 0;

/** How much was parsed in all so far, in UTF-16 units: native memory grows with it until the event loop turns. */
export function parsedSoFar(): number {
  return unitsParsed;
}

/** The tree of a text in the grammar's dialect. */
export function nativeTree(text: string): NativeTree {
  unitsParsed += text.length;
  return python().parse((index) => (index < text.length ? text.slice(index, index + CHUNK) : null));
}

/** Where the first error node starts, as an offset into the text that was parsed. */
export function firstError(root: Parser.SyntaxNode): number {
  let node = root;
  for (;;) {
    if (node.isError || node.isMissing) return node.startIndex;
    const next = node.children.find((child) => child.hasError || child.isError || child.isMissing);
    if (next === undefined) return node.startIndex;
    node = next;
  }
}
