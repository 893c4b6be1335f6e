/** What a class body says of a pointer: a default moves to the private name, an annotation to the property, and `#:` comments with it. */
import type { Edit } from '../../src/core/edit.ts';
import { lineEnd, lineStart, nextLine, startsLine } from '../../src/core/lines.ts';
import type { Range } from '../../src/core/range.ts';
import type { BindingSite } from '../../src/model/scope.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field } from '../../src/syntax/access.ts';
import type { Group } from './match.ts';

interface Declaration {
  readonly edits: readonly Edit[];
  readonly annotation: string | undefined;
  /** Lines for above the property, without indentation. */
  readonly comments: readonly string[];
}

/** `stored` is the private name. */
export function declaration({ holder }: Group, attribute: string, stored: string): Declaration | Unwritable {
  const { file } = holder;
  const { path, text } = file.source;
  const sites = holder.scope.bindings.get(attribute)?.sites ?? [];
  const edits: Edit[] = [];
  const comments: string[] = [];
  let annotation: string | undefined;
  for (const site of sites) {
    const type = field(site.operation, 'type');
    if (type !== undefined) annotation = file.text(type);
    if (annotation !== undefined && /[\r\n]/.test(annotation))
      return { unwritable: `the annotation of \`${attribute}\` goes over several lines` };
    if (!isPlainDeclaration(site))
      return { unwritable: `the class body binds \`${attribute}\` in a way that is not a plain default` };
    const { start, end } = site.node;
    const removal = site.kind === 'annotation' ? removed(text, site.operation) : undefined;
    const moved = commentsOf(text, site.operation, removal);
    comments.push(...moved.map((range) => text.slice(range.start, range.end).trim()));
    const outside = moved.filter(
      (range) => removal === undefined || range.end <= removal.start || range.start >= removal.end,
    );
    edits.push(
      ...[...outside, ...(removal === undefined ? [] : [removal])].map((range) => ({ path, range, text: '' })),
    );
    if (removal !== undefined) continue;
    if (type === undefined) edits.push({ path, range: { start, end }, text: stored });
    else edits.push({ path, range: { start, end: type.end }, text: stored });
  }
  if (sites.length > 1) return { unwritable: `the class body binds \`${attribute}\` more than once` };
  return { edits, annotation, comments };
}

function isPlainDeclaration(site: BindingSite): boolean {
  const statement = site.operation.parent;
  const isStatement = statement?.kind === 'expression_statement' && site.node.parent === site.operation;
  if (!isStatement || site.operation.children.some((child) => child.field === 'right' && child.kind === 'assignment'))
    return false;
  return site.kind === 'annotation' || (site.kind === 'assignment' && site.value?.kind === 'none');
}

/** The `#:` comments of a statement, above it line by line and behind it, and whatever comment goes with `removal`. */
function commentsOf(text: string, { start, end }: Range, removal: Range | undefined): readonly Range[] {
  const found: Range[] = [];
  for (let at = lineStart(text, start); at > 0; ) {
    const above = lineStart(text, at - 1);
    if (!/^[ \t\f]*#:/.test(text.slice(above, at))) break;
    found.unshift({ start: above, end: at });
    at = above;
  }
  const [behind] = /^[ \t\f]*#.*/.exec(text.slice(end, lineEnd(text, end))) ?? [];
  if (behind !== undefined && (end < (removal?.end ?? 0) || behind.trim().startsWith('#:')))
    found.push({ start: end, end: end + behind.length });
  return found;
}

/** What goes with the statement: its line, where it has that to itself but for a comment. */
function removed(text: string, { start, end }: Range): Range {
  const isAlone = startsLine(text, start) && /^[ \t\f]*(?:#.*)?$/.test(text.slice(end, lineEnd(text, end)));
  return isAlone ? { start: lineStart(text, start), end: nextLine(text, end) } : { start, end };
}
