/** Builds the fix that turns a class attribute into a local name of the one method that uses it. */
import type { Edit } from '../core/edit.ts';
import type { Fix } from '../core/finding.ts';
import type { Method } from '../model/class.ts';
import type { ClassAttribute } from '../model/class-attribute.ts';
import type { FileModel } from '../model/file.ts';
import type { PyNode } from '../syntax/tree.ts';
import { layoutAtTop } from './class-layout.ts';
import { localName } from './local-name.ts';
import { movedStatement, type Qualification } from './moved-statement.ts';
import type { Unwritable } from './unwritable.ts';

/** Where the value goes, and what becomes of the attribute. */
export interface Localised {
  readonly method: Method;
  /** How the method calls the instance. */
  readonly self: string;
  /** Every `self.x`, all of them in the method. */
  readonly uses: readonly PyNode[];
  readonly qualifications: readonly Qualification[];
}

/** `order` is the attribute's place among those of the class body. */
export function moveToLocal(
  attribute: ClassAttribute,
  order: number,
  { method, self, uses, qualifications }: Localised,
): Pick<Fix, 'edits' | 'requests'> | Unwritable {
  const { file, node } = attribute.class;
  const layout = layoutAtTop(method);
  if ('unwritable' in layout) return layout;
  const target = localName(attribute, method);
  // Nothing is left that it could declare.
  const moved = movedStatement(attribute, { target, self, qualifications, keepsDeclaration: false });
  if ('unwritable' in moved) return moved;
  const edits: Edit[] = [];
  for (const use of uses) {
    const obstacle = obstacleTo(file, use);
    if (obstacle !== undefined) return { unwritable: obstacle };
    const range = { start: use.start, end: use.end };
    edits.push({ path: file.source.path, range, text: spacing(file, use) + target });
  }
  const statement = { order, ...moved };
  return { edits, requests: [{ kind: 'method', classStart: node.start, layout, statement }] };
}

/** Why the text of a use cannot give way to a name. */
function obstacleTo(file: FileModel, use: PyNode): string | undefined {
  if (file.syntax.comments.some(({ start }) => use.start < start && start < use.end))
    return 'a comment stands inside the expression that reads it';
  const holder = outermost(use);
  const rest = holder.parent?.kind === 'interpolation' ? file.source.text.slice(holder.end, holder.parent.end) : '';
  return /^\s*=/.test(rest) ? `\`${file.text(holder)}=\` in a string shows what it is called` : undefined;
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

/** `return(self).x`: what parted the words was the parenthesis. */
function spacing({ source: { text } }: FileModel, { start }: PyNode): string {
  return /[\w\u0080-\uffff]/.test(text.charAt(start - 1)) ? ' ' : '';
}
