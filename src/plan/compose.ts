/**
 * Turns accepted fixes of one file into edits.
 *
 * What several fixes share is written once: all values that move into one class's `__init__` arrive in one place, in the order
 * of the class body, whichever of them were accepted.
 */
import { compareEdits, type Edit } from '../core/edit.ts';
import type { Fix, InitLine, InitRequest } from '../core/finding.ts';
import { isBlankLine, lineEnd, lineEnding, lineStart, nextLine, previousLine, startsLine } from '../core/lines.ts';
import type { Range } from '../core/range.ts';
import type { SourceFile } from '../core/source-file.ts';

/** The edits of all fixes together, ascending and without overlap. All fixes are of `source`. */
export function composeEdits(source: SourceFile, fixes: readonly Fix[]): readonly Edit[] {
  const edits = fixes.flatMap((fix) => fix.edits);
  const byClass = new Map<number, InitRequest[]>();
  for (const request of fixes.flatMap((fix) => fix.requests)) {
    const requests = byClass.get(request.classStart) ?? [];
    byClass.set(request.classStart, [...requests, request]);
  }
  const newline = lineEnding(source.text);
  for (const requests of byClass.values()) edits.push(...classEdits(source, requests, newline));
  return edits.sort(compareEdits);
}

function classEdits(source: SourceFile, requests: readonly InitRequest[], newline: string): readonly Edit[] {
  const [first] = requests;
  if (first === undefined) return [];
  const { text, path } = source;
  const ordered = [...requests].sort((a, b) => a.statement.order - b.statement.order);
  const spans = mergedSpans(text, ordered);
  const whole = spans.filter(
    (span) => startsLine(text, span.start) && startsLine(text, span.end) && span.end > span.start,
  );
  const removed = mergedRemovals(text, [...ordered.flatMap(wholeLines), ...whole]);
  const parts = spans.filter((span) => !whole.includes(span));
  const edits: Edit[] = [...removed, ...parts].map((range) => ({ path, range, text: '' }));
  const lines = ordered.flatMap((request) => request.statement.lines);
  const { target } = first.layout;
  switch (target.kind) {
    case 'existing': {
      // After the last line of a file that does not end in a line end.
      const open = target.at === text.length && !/[\r\n]$/.test(text);
      const body = written(lines, target.indent, newline);
      const insertion = open ? newline + body.slice(0, -newline.length) : body;
      edits.push({ path, range: { start: target.at, end: target.at }, text: insertion });
      break;
    }
    case 'one-line':
      edits.push({ path, range: target.range, text: newline + written(lines, target.indent, newline) + target.indent });
      break;
    case 'new': {
      const body = written(lines, target.bodyIndent, newline);
      const tail = target.tail.map((line) => target.bodyIndent + line + newline).join('');
      const unended = target.at === text.length && !/[\r\n]$/.test(text);
      const gap = needsBlankLine(text, target.at, removed, target.indent) ? newline : '';
      const method = target.indent + target.header + newline + body + tail;
      const insertion = gap + method + newline.repeat(target.blankLines);
      // The last line of the file keeps having no line end; the one above gets the one it needs.
      const above = unended && !removed.some((range) => range.end === text.length) ? newline : '';
      edits.push({
        path,
        range: { start: target.at, end: target.at },
        text: above + (unended ? insertion.slice(0, -newline.length) : insertion),
      });
      break;
    }
  }
  return edits;
}

function written(lines: readonly InitLine[], indent: string, newline: string): string {
  return lines.map((line) => (line.verbatim || line.text === '' ? line.text : indent + line.text) + newline).join('');
}

function wholeLines({ statement: { removal } }: InitRequest): readonly Range[] {
  return removal.kind === 'lines' ? [removal.range] : [];
}

/**
 * The whole lines that go. Blank lines behind them go too where they would meet a blank line or the class header above; at the end
 * of the class those above go, because those behind belong to what follows the class.
 */
function mergedRemovals(text: string, ranges: readonly Range[]): readonly Range[] {
  const merged: { start: number; end: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    const group = last !== undefined && last.end === range.start ? last : { start: range.start, end: range.end };
    if (group !== last) merged.push(group);
    group.end = range.end;
    const next = afterBlankLines(text, group.end);
    if (endsBlock(text, group.start) && belongsToClass(text, next, group.start)) group.end = next;
  }
  for (const group of merged) {
    const next = afterBlankLines(text, group.end);
    const last = next > group.end || next === text.length;
    if (last && !belongsToClass(text, next, group.start)) group.start = beforeBlankLines(text, group.start);
  }
  return merged;
}

/** The parts of lines that go; a line of which nothing but white space would stay goes whole. */
function mergedSpans(text: string, requests: readonly InitRequest[]): readonly Range[] {
  const spans = requests
    .flatMap(({ statement }) => (statement.removal.kind === 'span' ? [statement.removal.range] : []))
    .sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged.map((span) => {
    const start = lineStart(text, span.start);
    const before = text.slice(start, span.start);
    const after = text.slice(span.end, lineEnd(text, span.end));
    if (/^[ \t\f]*$/.test(before) && /^[ \t\f]*$/.test(after)) return { start, end: nextLine(text, span.end) };
    // A semicolon that separates nothing any more.
    const separator = /^[ \t]*(?:#.*)?$/.test(after) ? (/[ \t]*;[ \t]*$/.exec(before)?.[0] ?? '') : '';
    return { start: span.start - separator.length, end: span.end };
  });
}

/** True if the line above `start` is blank or opens the class body. */
function endsBlock(text: string, start: number): boolean {
  const above = previousLine(text, start);
  return (
    above !== undefined &&
    (isBlankLine(text, above) || /:[ \t]*(?:#[^\r\n]*)?$/.test(text.slice(above, lineEnd(text, above))))
  );
}

function afterBlankLines(text: string, start: number): number {
  let at = start;
  while (isBlankLine(text, at)) at = nextLine(text, at);
  return at;
}

function beforeBlankLines(text: string, start: number): number {
  let at = start;
  for (;;) {
    const above = previousLine(text, at);
    if (above === undefined || !isBlankLine(text, above)) return at;
    at = above;
  }
}

/** True if the line at `at` is indented at least as far as the one at `start`. */
function belongsToClass(text: string, at: number, start: number): boolean {
  const indent = /^[ \t\f]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? '';
  return at < text.length && text.startsWith(indent, at);
}

/** True if the line that will stand above `at` is code, so that a method has to be set off from it. */
function needsBlankLine(text: string, at: number, removed: readonly Range[], indent: string): boolean {
  let start = at;
  for (;;) {
    const group = removed.find((range) => range.end === start);
    if (group === undefined) break;
    start = group.start;
  }
  const above = previousLine(text, start);
  if (above === undefined || isBlankLine(text, above)) return false;
  // The class header is the one line above that is not indented like the body.
  return text.startsWith(indent, above);
}
