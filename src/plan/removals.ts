/** What leaves the body of a class: whole lines with the blank ones that would be too many then, and parts of lines. */
import type { Removal } from '../core/finding.ts';
import { isBlankLine, lineEnd, lineStart, nextLine, previousLine, startsLine } from '../core/lines.ts';
import type { Range } from '../core/range.ts';

export interface Removals {
  /** From the start of a line to the start of another. */
  readonly lines: readonly Range[];
  readonly parts: readonly Range[];
}

/** Everything that leaves one class body, merged. */
export function removals(text: string, all: readonly Removal[]): Removals {
  const rangesOf = (kind: Removal['kind']): readonly Range[] =>
    all.filter((removal) => removal.kind === kind).map(({ range }) => range);
  const spans = mergedSpans(text, rangesOf('span'));
  const whole = spans.filter(
    (span) => startsLine(text, span.start) && startsLine(text, span.end) && span.end > span.start,
  );
  return {
    lines: mergedRemovals(text, [...rangesOf('lines'), ...whole]),
    parts: spans.filter((span) => !whole.includes(span)),
  };
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
function mergedSpans(text: string, ranges: readonly Range[]): readonly Range[] {
  const spans = [...ranges].sort((a, b) => a.start - b.start);
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
