/** What leaves the function where a class has moved away. */
import type { Edit } from '../../src/core/edit.ts';
import { indentation, isBlankLine, lineEnd, lineEnding, nextLine, previousLine } from '../../src/core/lines.ts';
import type { Range } from '../../src/core/range.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { LocalClass } from './match.ts';

/** What leaves the function: the lines, with the blank lines that would be too many. A block that is left empty gets `pass`. */
export function removalOf(
  text: string,
  { statement }: LocalClass,
  { start, end }: Range,
  classes: readonly LocalClass[],
  moving: ReadonlySet<PyNode>,
): Pick<Edit, 'range' | 'text'> {
  const siblings = statement.parent?.children ?? [];
  const going = new Set(classes.map((one) => one.statement));
  const isLast = siblings.at(-1) === statement;
  if (siblings.every((sibling) => going.has(sibling))) {
    if (!isLast) return { range: { start, end: afterBlankLines(text, end) }, text: '' };
    const ended = /[\r\n]$/.test(text.slice(start, end)) ? lineEnding(text) : '';
    return { range: { start, end }, text: `${indentation(text, statement.start)}pass${ended}` };
  }
  const after = siblings.slice(siblings.indexOf(statement) + 1);
  if (after.every((sibling) => moving.has(sibling))) {
    let from = beforeBlankLines(text, start);
    // The last line of the file keeps having no line end.
    if (isLast && !/[\r\n]$/.test(text)) {
      const above = end === text.length ? previousLine(text, from) : undefined;
      if (above !== undefined) from = lineEnd(text, above);
    }
    return { range: { start: from, end }, text: '' };
  }
  const above = previousLine(text, start);
  const isFirst = siblings.slice(0, siblings.indexOf(statement)).every((sibling) => moving.has(sibling));
  const opens =
    isFirst || (above !== undefined && /:[ \t]*(?:#[^\r\n]*)?$/.test(text.slice(above, lineEnd(text, above))));
  const separated = opens || (above !== undefined && isBlankLine(text, above));
  return { range: { start, end: separated ? afterBlankLines(text, end) : end }, text: '' };
}

function beforeBlankLines(text: string, start: number): number {
  let at = start;
  for (
    let above = previousLine(text, at);
    above !== undefined && isBlankLine(text, above);
    above = previousLine(text, at)
  )
    at = above;
  return at;
}

function afterBlankLines(text: string, start: number): number {
  let at = start;
  while (isBlankLine(text, at)) at = nextLine(text, at);
  return at;
}
