/** Puts a name where an expression stands. */
import type { Edit } from '../core/edit.ts';
import type { FileModel } from '../model/file.ts';
import type { PyNode } from '../syntax/tree.ts';

/** Why the text of an expression cannot give way to another; undefined if it can. */
export function obstacleTo(file: FileModel, node: PyNode): string | undefined {
  if (file.syntax.comments.some(({ start }) => node.start < start && start < node.end))
    return 'a comment stands inside the expression that reads it';
  const holder = outermost(node);
  const rest = holder.parent?.kind === 'interpolation' ? file.source.text.slice(holder.end, holder.parent.end) : '';
  return /^\s*=/.test(rest) ? `\`${file.text(holder)}=\` in a string shows what it is called` : undefined;
}

/** The edit that writes `name` there. */
export function replacement(file: FileModel, { start, end }: PyNode, name: string): Edit {
  // `return(self).x`: what parted the words was the parenthesis.
  const space = /[\w\u0080-\uffff]/.test(file.source.text.charAt(start - 1)) ? ' ' : '';
  return { path: file.source.path, range: { start, end }, text: space + name };
}

/** The expression that stands between the braces of a formatted string. */
function outermost(node: PyNode): PyNode {
  let current = node;
  while (current.parent !== undefined && current.parent.kind !== 'interpolation' && !isStatement(current.parent))
    current = current.parent;
  return current;
}

function isStatement({ kind }: PyNode): boolean {
  return kind.endsWith('_statement') || kind.endsWith('_definition');
}
