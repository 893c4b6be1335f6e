/** Python text as a tree, for tests, and what can be said about it in a line. */
import { descend } from '../../src/syntax/access.ts';
import { type PyNode, parse, type Syntax } from '../../src/syntax/tree.ts';

/** Throws for text that does not parse. */
export function parsed(text: string): Syntax {
  const syntax = parse(text);
  if ('offset' in syntax) throw new Error(`syntax error at ${syntax.offset} of ${JSON.stringify(text.slice(0, 200))}`);
  return syntax;
}

/** The texts of all nodes of one kind. */
export function texts(kind: string, text: string): readonly string[] {
  return [...descend(parsed(text).root)]
    .filter((node) => node.kind === kind)
    .map((node) => text.slice(node.start, node.end));
}

/** The statement kinds, those of inner blocks in brackets. */
export function shape(node: PyNode): string {
  return node.children
    .filter(
      (child) => child.kind.endsWith('_statement') || child.kind.endsWith('_definition') || child.kind === 'block',
    )
    .map((child) => {
      const inner = shape(child);
      return child.kind === 'block' ? `(${inner})` : child.kind.replace(/_statement$/, '') + inner;
    })
    .join(' ');
}
