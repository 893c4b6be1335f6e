/**
 * Builds the request that moves a class attribute's value into the method that initialises instances.
 *
 * A request says what leaves the class body, which lines arrive, and what the class looks like around them; it is plain data.
 * The edits are made when all accepted requests of a class are known ({@link composeEdits}).
 */
import type { InitLine, InitRequest, Removal } from '../core/finding.ts';
import { indentation, lineEnd, lineStart, nextLine, startsLine } from '../core/lines.ts';
import type { ClassAttribute } from '../model/class-attribute.ts';
import { descend, isStringStatement, statements } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { initialiser, layoutOf, withCommentsAbove } from './class-layout.ts';
import type { Unwritable } from './unwritable.ts';

/** A replacement inside the moved initialiser: `MAX` becomes `self.MAX`. */
export interface Qualification {
  readonly node: PyNode;
  readonly text: (self: string) => string;
}

/** See the file's head. `order` is the attribute's place among those of the class body. */
export function moveToInit(
  attribute: ClassAttribute,
  order: number,
  qualifications: readonly Qualification[],
): InitRequest | Unwritable {
  const model = attribute.class;
  const { name, method } = initialiser(model);
  const self = method === undefined ? 'self' : method.first?.name;
  if (self === undefined) return { unwritable: `\`${name}\` has no parameter for the instance` };
  const layout = layoutOf(model);
  if ('unwritable' in layout) return layout;
  const moved = movedLines(attribute, self, qualifications);
  if ('unwritable' in moved) return moved;
  return {
    kind: 'init',
    classStart: model.node.start,
    layout,
    statement: { order, lines: moved.lines, removal: moved.removal },
  };
}

/** What leaves the class body, and the lines that arrive. */
function movedLines(
  attribute: ClassAttribute,
  self: string,
  qualifications: readonly Qualification[],
): { lines: readonly InitLine[]; removal: Removal } | Unwritable {
  const { file } = attribute.class;
  const text = file.source.text;
  const { statement, value, annotation } = attribute;
  const wholeLines =
    startsLine(text, statement.start) &&
    /^[ \t\f]*(?:#[^\r\n]*)?$/.test(text.slice(statement.end, lineEnd(text, statement.end)));
  const indent = indentation(text, statement.start);
  const rewritten = (range: { start: number; end: number }): string => replaced(text, range, qualifications, self);
  const siblings = statements(statement.parent);
  const next = siblings[siblings.indexOf(statement) + 1];
  const literals = [statement, ...(next === undefined ? [] : [next])].flatMap((node) => longLiterals(text, node));
  const assigned = `${self}.${attribute.name} = `;
  if (annotation !== undefined) {
    const range = { start: annotation.end, end: value.end };
    const lines = asLines(text, assigned + rewritten(value), value.start, indent, literals);
    return { lines, removal: { kind: 'span', range } };
  }
  if (!wholeLines) {
    const lines = asLines(text, assigned + rewritten(value), value.start, indent, literals);
    return { lines, removal: { kind: 'span', range: statementOnSharedLine(text, statement) } };
  }
  const first = withCommentsAbove(text, statement, indent);
  let end = nextLine(text, statement.end);
  const documentation = next !== undefined && isStringStatement(next) && lineStart(text, next.start) === end;
  if (documentation && /^[ \t\f]*(?:#[^\r\n]*)?$/.test(text.slice(next.end, lineEnd(text, next.end))))
    end = nextLine(text, next.end);
  const above = text.slice(first, lineStart(text, statement.start));
  const comments = above === '' ? [] : asLines(text, above.replace(/(?:\r\n|\r|\n)$/, ''), first, indent, []);
  const own = rewritten({ start: value.start, end: value.end });
  const tail = text.slice(value.end, end).replace(/(?:\r\n|\r|\n)$/, '');
  const lines = asLines(text, assigned + own + tail, value.start, indent, literals);
  return { lines: [...comments, ...lines], removal: { kind: 'lines', range: { start: first, end } } };
}

/** `x = []; y = 1`: the statement with the semicolon that separates it from what stays. */
function statementOnSharedLine(text: string, statement: PyNode): { start: number; end: number } {
  const after = /^[ \t]*;[ \t]*/.exec(text.slice(statement.end, lineEnd(text, statement.end)))?.[0];
  const rest = after === undefined ? '' : text.slice(statement.end + after.length, lineEnd(text, statement.end));
  if (after !== undefined && rest !== '' && !rest.startsWith('#'))
    return { start: statement.start, end: statement.end + after.length };
  const line = lineStart(text, statement.start);
  const before = /[ \t]*;[ \t]*$/.exec(text.slice(line, statement.start))?.[0] ?? '';
  return { start: statement.start - before.length, end: statement.end + (after ?? '').trimEnd().length };
}

function replaced(
  text: string,
  range: { start: number; end: number },
  qualifications: readonly Qualification[],
  self: string,
): string {
  let out = '';
  let at = range.start;
  for (const { node, text: replacement } of [...qualifications].sort((a, b) => a.node.start - b.node.start)) {
    out += text.slice(at, node.start) + replacement(self);
    at = node.end;
  }
  return out + text.slice(at, range.end);
}

/**
 * Splits moved text into lines without the class body's indentation. It stands in the file from the line of `origin` on; a line
 * that starts inside one of the string literals there is kept as it is.
 */
function asLines(
  text: string,
  moved: string,
  origin: number,
  indent: string,
  literals: readonly PyNode[],
): readonly InitLine[] {
  let at = lineStart(text, origin);
  return moved.split(/\r\n|\r|\n/).map((piece, index) => {
    if (index === 0) return { text: piece.trimStart(), verbatim: false };
    at = nextLine(text, at);
    if (literals.some((literal) => literal.start < at && at < literal.end)) return { text: piece, verbatim: true };
    return { text: piece.startsWith(indent) ? piece.slice(indent.length) : piece.trimStart(), verbatim: false };
  });
}

/** The string literals in a statement that go over several lines. */
function longLiterals(text: string, statement: PyNode): readonly PyNode[] {
  return [...descend(statement)].filter(
    (node) => node.kind === 'string' && /[\r\n]/.test(text.slice(node.start, node.end)),
  );
}
