/** Where two texts differ, as one edit from the first difference to the last. */
import type { Range } from './core/range.ts';

/** `range` of the first text becomes `text`. Neither cuts a code point or a line end of two characters. */
export interface Difference {
  readonly range: Range;
  readonly text: string;
}

/** The one edit that makes `after` of `before`. */
export function betweenTexts(before: string, after: string): Difference {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  while (start > 0 && cuts(before, after, start, start)) start -= 1;
  let rest = 0;
  while (rest < limit - start && sameFromEnd(before, after, rest)) rest += 1;
  while (rest > 0 && cuts(before, after, before.length - rest, after.length - rest)) rest -= 1;
  return {
    range: { start, end: before.length - rest },
    text: after.slice(start, after.length - rest),
  };
}

function sameFromEnd(before: string, after: string, rest: number): boolean {
  return before.charCodeAt(before.length - rest - 1) === after.charCodeAt(after.length - rest - 1);
}

/** True if one of the texts may not be cut there. */
function cuts(before: string, after: string, inBefore: number, inAfter: number): boolean {
  return isInside(before, inBefore) || isInside(after, inAfter);
}

/** True between the halves of a surrogate pair and between `\r` and `\n`. */
function isInside(text: string, offset: number): boolean {
  const pair = text.slice(offset - 1, offset + 1);
  return pair === '\r\n' || /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair);
}

/**
 * The place in `before` of a range of the text that `difference` made of it. What lies in the changed part is at the start of what
 * was there.
 */
export function placeBefore({ range, text }: Difference, { start, end }: Range): Range {
  const moved = (offset: number): number => {
    if (offset <= range.start) return offset;
    const behind = offset - (range.start + text.length);
    return behind < 0 ? range.start : range.end + behind;
  };
  return { start: moved(start), end: Math.max(moved(start), moved(end)) };
}
