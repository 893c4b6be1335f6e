/**
 * A statement of a class body as it arrives in a method: its lines, the comments and the documentation that come along, and what
 * leaves the class body. It is plain data; the edits are made when all accepted requests of a class are known ({@link composeEdits}).
 */
import type { Removal, StatementLine } from '../core/finding.ts';
import { indentation, lineEnd, lineStart, nextLine, startsLine } from '../core/lines.ts';
import type { Range } from '../core/range.ts';
import type { ClassAttribute } from '../model/class-attribute.ts';
import { isClassVariable } from '../model/class-kind.ts';
import { descend, isStringStatement, statements } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { withCommentsAbove } from './class-layout.ts';
import type { Unwritable } from './unwritable.ts';

/** A replacement inside the moved initialiser: `MAX` becomes `self.MAX`. */
export interface Qualification {
  readonly node: PyNode;
  readonly text: (self: string) => string;
}

/** How an attribute is written where it arrives. */
export interface Arrival {
  /** What is assigned to there: `self.lines`, `lines`. */
  readonly target: string;
  /** The parameter for the instance. */
  readonly self: string;
  readonly qualifications: readonly Qualification[];
  /** True if an annotation stays in the class body and goes on declaring the attribute. */
  readonly keepsDeclaration: boolean;
}

export interface Moved {
  readonly lines: readonly StatementLine[];
  readonly removal: Removal;
}

/** What may follow a statement on its line when nothing else shares it. */
const REST_OF_LINE = /^[ \t\f]*;?[ \t\f]*(?:#[^\r\n]*)?$/;
const LINE_END = /(?:\r\n|\r|\n)$/;

/** What leaves the class body, and the lines that arrive. */
export function movedStatement(
  attribute: ClassAttribute,
  { target, self, qualifications, keepsDeclaration }: Arrival,
): Moved | Unwritable {
  const { text } = attribute.class.file.source;
  const { statement, value, annotation } = attribute;
  const indent = indentation(text, statement.start);
  const next = documentation(text, statement);
  const literals = [statement, ...(next === undefined ? [] : [next])].flatMap((node) => longLiterals(text, node));
  const assignment = `${target} = ${qualified(text, value, qualifications, self)}`;
  const alone = (): readonly StatementLine[] => asLines(text, assignment, value.start, indent, literals);
  if (annotation !== undefined && isClassVariable(attribute.class.file, annotation))
    return { unwritable: 'its annotation `ClassVar` says that it belongs to the class' };
  if (annotation !== undefined && keepsDeclaration) {
    // What is said beside it stays too.
    return { lines: alone(), removal: { kind: 'span', range: { start: annotation.end, end: value.end } } };
  }
  const whole =
    startsLine(text, statement.start) && REST_OF_LINE.test(text.slice(statement.end, lineEnd(text, statement.end)));
  if (!whole) {
    if (next !== undefined) return { unwritable: 'the statement shares its line, and a literal below documents it' };
    return { lines: alone(), removal: { kind: 'span', range: onSharedLine(text, statement) } };
  }
  const start = withOwnComments(text, statement, indent);
  const end = nextLine(text, (next ?? statement).end);
  const above = text.slice(start, lineStart(text, statement.start)).replace(LINE_END, '');
  const comments = above === '' ? [] : asLines(text, above, start, indent, []);
  const below = text
    .slice(value.end, end)
    .replace(/^[ \t]*;/, '')
    .replace(LINE_END, '');
  const lines = asLines(text, assignment + below, value.start, indent, literals);
  return { lines: [...comments, ...lines], removal: { kind: 'lines', range: { start, end } } };
}

/** A comment that tells a tool something about the lines below it. */
const DIRECTIVE = /#\s*(?:fmt|yapf|isort|ruff|pylint|flake8|noinspection)\b/;

/** The start of the comment lines directly above the statement, which are about it unless a tool is meant. */
function withOwnComments(text: string, statement: PyNode, indent: string): number {
  const own = lineStart(text, statement.start);
  const start = withCommentsAbove(text, statement, indent);
  return DIRECTIVE.test(text.slice(start, own)) ? own : start;
}

/** A string literal on the line below, alone there: it documents the attribute (PEP 257, "attribute docstrings"). */
function documentation(text: string, statement: PyNode): PyNode | undefined {
  const siblings = statements(statement.parent);
  const next = siblings[siblings.indexOf(statement) + 1];
  if (next === undefined || !isStringStatement(next)) return undefined;
  const below = lineStart(text, next.start) === nextLine(text, statement.end);
  return below && REST_OF_LINE.test(text.slice(next.end, lineEnd(text, next.end))) ? next : undefined;
}

/** `x = []; y = 1`: the statement with the semicolon that separates it from what stays. */
function onSharedLine(text: string, statement: PyNode): Range {
  const after = /^[ \t]*;[ \t]*/.exec(text.slice(statement.end, lineEnd(text, statement.end)))?.[0] ?? '';
  const rest = text.slice(statement.end + after.length, lineEnd(text, statement.end));
  if (after !== '' && rest !== '' && !rest.startsWith('#'))
    return { start: statement.start, end: statement.end + after.length };
  const before = /[ \t]*;[ \t]*$/.exec(text.slice(lineStart(text, statement.start), statement.start))?.[0] ?? '';
  return { start: statement.start - before.length, end: statement.end + after.trimEnd().length };
}

/** The source of a node with the replacements inside it. */
function qualified(text: string, range: Range, qualifications: readonly Qualification[], self: string): string {
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
): readonly StatementLine[] {
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
