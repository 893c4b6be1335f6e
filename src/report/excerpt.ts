/** The source that a finding stands on, as a person reads it. */
import type { ReportFinding } from '../core/report.ts';
import { visible } from '../core/visible.ts';

/** A line of a file, from 1, as it is written, without its end; undefined where the source is not at hand. */
export type SourceLine = (path: string, line: number) => string | undefined;

/** Wider than this is cut: a line of generated code may have a million characters. */
const WIDEST = 100;
const TAB_WIDTH = 4;

/** The first line of the finding with its number, and marks below it; nothing where the source is not at hand. */
export function excerpt({ path, start, end }: ReportFinding, sourceLine: SourceLine): string[] {
  const line = sourceLine(path, start.line);
  if (line === undefined) return [];
  const points = [...line];
  const before = shown(points.slice(0, start.column - 1));
  const marked = shown(points.slice(start.column - 1, start.line === end.line ? end.column - 1 : points.length));
  const all = shown(points);
  const number = String(start.line);
  const gutter = ' '.repeat(number.length);
  const room = WIDEST - before.length;
  const marks =
    room > 0 ? ' '.repeat(before.length) + '^'.repeat(Math.max(1, Math.min(marked.trimEnd().length, room))) : '';
  return [
    `  ${number} | ${all.length > WIDEST ? `${all.slice(0, WIDEST)}…` : all}`.trimEnd(),
    ...(marks === '' ? [] : [`  ${gutter} | ${marks}`]),
  ];
}

/** Tabs as blanks, so that the marks stand where they should. */
function shown(points: readonly string[]): string {
  return visible(points.join('').replaceAll('\t', ' '.repeat(TAB_WIDTH)));
}
