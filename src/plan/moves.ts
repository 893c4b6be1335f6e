/** Moves the lines of a class, with what other fixes change in them. */
import { compareEdits, type Edit } from '../core/edit.ts';
import type { Fix, MovedLines, MoveRequest, Request } from '../core/finding.ts';
import { lineEnd, lineEnding, nextLine } from '../core/lines.ts';
import type { SourceFile } from '../core/source-file.ts';

/** The lines that the requests move. */
export function movedLines(requests: readonly Request[]): readonly MovedLines[] {
  return requests.flatMap((request) =>
    request.kind === 'move' ? request.parts.filter((part) => typeof part !== 'string') : [],
  );
}

/** The lines among which a class stands, or an edit; undefined if these do not move. An insertion at their edge is not in them. */
export function linesAround(moved: readonly MovedLines[], what: Edit | number): MovedLines | undefined {
  return moved.find(({ range }) => {
    if (typeof what === 'number') return range.start <= what && what < range.end;
    const { start, end } = what.range;
    return range.start <= start && end <= range.end && (start < end || (range.start < start && end < range.end));
  });
}

/** What a fix does outside of lines that move. */
export function outside(moved: readonly MovedLines[], fix: Fix): Fix {
  if (moved.length === 0) return fix;
  return {
    ...fix,
    edits: fix.edits.filter((edit) => linesAround(moved, edit) === undefined),
    requests: fix.requests.filter(
      (request) => request.kind !== 'method' || linesAround(moved, request.classStart) === undefined,
    ),
  };
}

/** The edits of one move. `inner`: what changes in the lines, for methods written without the indentation that is lost. */
export function moveEdits(
  { path, text }: SourceFile,
  { at, parts }: MoveRequest,
  inner: ReadonlyMap<MovedLines, readonly Edit[]>,
): readonly Edit[] {
  const lines = parts.filter((part) => typeof part !== 'string');
  const written = parts.map((part) => (typeof part === 'string' ? part : outdented(text, part, inner.get(part) ?? [])));
  return [
    { path, range: { start: at, end: at }, text: written.join('') },
    ...lines.map(({ removal }) => ({ path, ...removal })),
  ];
}

/** The text without a line's indentation, on each of its lines but the first. */
export function withoutIndent(text: string, indent: string): string {
  return text
    .split(/(?<=\n|\r(?!\n))/)
    .map((line, index) => (index > 0 ? lessIndent(line, indent) : line))
    .join('');
}

function lessIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line;
}

function outdented(text: string, { range, indent, literals, renames }: MovedLines, inner: readonly Edit[]): string {
  const changes: Pick<Edit, 'range' | 'text'>[] = [...inner];
  const isGone = (start: number, end: number): boolean =>
    inner.some((edit) => edit.range.start <= start && end <= edit.range.end && edit.range.start < edit.range.end);
  for (const rename of renames) if (!isGone(rename.range.start, rename.range.end)) changes.push(rename);
  for (let start = range.start; start < range.end; start = nextLine(text, start)) {
    if (literals.some((literal) => literal.start < start && start < literal.end)) continue;
    const written = /^[ \t\f]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
    const end = start + (written.startsWith(indent) ? indent.length : written.length);
    if (!isGone(start, end)) changes.push({ range: { start, end }, text: '' });
  }
  let out = '';
  let at = range.start;
  for (const change of changes.sort((a, b) => compareEdits({ ...a, path: '' }, { ...b, path: '' }))) {
    out += text.slice(at, change.range.start) + change.text;
    at = Math.max(at, change.range.end);
  }
  out += text.slice(at, range.end);
  return /[\r\n]$/.test(out) ? out : out + lineEnding(text);
}
