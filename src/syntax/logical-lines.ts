/**
 * The logical lines of a text, told without parsing (language reference 2.1): it knows strings, comments, brackets, joined lines and
 * indentation, and no grammar.
 */

import {
  BACKSLASH,
  CARRIAGE_RETURN,
  DOUBLE_QUOTE,
  FORM_FEED,
  HASH,
  LINE_FEED,
  SEMICOLON,
  SINGLE_QUOTE,
  SPACE,
  TAB,
} from './units.ts';

/**
 * Told of a logical line, in UTF-16 offsets: of the first character that is no indentation and of the line's end; how far it is indented,
 * in columns; where its first physical line begins; and where its code ends, without what else follows on its line.
 */
export type Visit = (start: number, end: number, indent: number, lineStart: number, codeEnd: number) => void;

/**
 * Calls `visit` for every logical line that is not blank, in the order of the text. False for a text that does not read as Python, of which
 * nothing is known.
 */
export function eachLogicalLine(text: string, visit: Visit): boolean {
  const { length } = text;
  for (let at = 0; at < length; ) {
    const lineStart = at;
    let indent = 0;
    let unit = text.charCodeAt(at);
    for (; unit === SPACE || unit === TAB || unit === FORM_FEED; unit = text.charCodeAt(++at)) {
      if (unit === SPACE) indent += 1;
      else indent = unit === TAB ? (indent | 7) + 1 : 0;
    }
    if (at >= length) break;
    if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
      at += 1;
      continue;
    }
    if (unit === HASH) {
      at = commentEnd(text, at);
      continue;
    }
    const start = at;
    at = logicalEnd(text, start);
    if (at < 0) return false;
    visit(start, at, indent, lineStart, codeEnd);
  }
  return true;
}

/** 1 for what {@link logicalEnd} looks at. */
const SPECIAL = Uint8Array.from({ length: 128 }, (_, unit) =>
  Number(/[\n\r#"'\\()[\]{}]/.test(String.fromCharCode(unit))),
);
const LAST_SPECIAL = 125;

/** Of the logical line that was read last. */
let codeEnd = 0;

/** Where the logical line that starts at `at` ends, or -1. */
function logicalEnd(text: string, start: number): number {
  let depth = 0;
  let comment = -1;
  for (let at = start; at < text.length; ) {
    const unit = text.charCodeAt(at);
    // Most of a line is of no interest.
    if (unit > LAST_SPECIAL || SPECIAL[unit] === 0) {
      at += 1;
      continue;
    }
    switch (unit) {
      case LINE_FEED:
      case CARRIAGE_RETURN:
        if (depth > 0) {
          at += 1;
          continue;
        }
        codeEnd = trimmedEnd(text, comment < 0 ? at : comment);
        return at;
      case HASH:
        if (depth === 0) comment = at;
        at = commentEnd(text, at);
        continue;
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
        at = stringEnd(text, at);
        if (at < 0) return -1;
        continue;
      case BACKSLASH:
        at += text.charCodeAt(at + 1) === CARRIAGE_RETURN && text.charCodeAt(at + 2) === LINE_FEED ? 3 : 2;
        continue;
      case 40: // (
      case 91: // [
      case 123: // {
        depth += 1;
        break;
      case 41: // )
      case 93: // ]
      case 125: // }
        depth -= 1;
        if (depth < 0) return -1;
        break;
    }
    at += 1;
  }
  codeEnd = trimmedEnd(text, comment < 0 ? text.length : comment);
  return depth === 0 ? text.length : -1;
}

/** Without blanks, joined lines and semicolons before `end`. */
function trimmedEnd(text: string, end: number): number {
  let at = end;
  for (let unit = text.charCodeAt(at - 1); at > 0; unit = text.charCodeAt(--at - 1))
    if (unit > SPACE && unit !== BACKSLASH && unit !== SEMICOLON) break;
  return at;
}

/** Where the comment ends that starts at `start`. */
export function commentEnd(text: string, start: number): number {
  let at = start;
  for (let unit = text.charCodeAt(at); at < text.length; unit = text.charCodeAt(++at))
    if (unit === LINE_FEED || unit === CARRIAGE_RETURN) break;
  return at;
}

/** Behind the string that opens at `open`, or -1. A quote inside an expression of an f-string (PEP 701) parts it in two, which does no harm. */
export function stringEnd(text: string, open: number): number {
  const quote = text.charCodeAt(open);
  if (text.charCodeAt(open + 1) === quote && text.charCodeAt(open + 2) === quote)
    return longStringEnd(text, open + 3, quote === DOUBLE_QUOTE ? '"""' : "'''");
  for (let at = open + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) {
      if (text.charCodeAt(at + 1) === CARRIAGE_RETURN && text.charCodeAt(at + 2) === LINE_FEED) at += 1;
      at += 1;
    } else if (unit === quote) return at + 1;
    else if (unit === LINE_FEED || unit === CARRIAGE_RETURN) return -1;
  }
  return -1;
}

/** Behind the quotes that close what begins at `start`, or -1: an odd number of backslashes before them makes them part of it. */
function longStringEnd(text: string, start: number, quotes: string): number {
  for (let at = text.indexOf(quotes, start); at >= 0; at = text.indexOf(quotes, at + 1)) {
    let first = at;
    while (first > start && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((at - first) % 2 === 0) return at + 3;
  }
  return -1;
}
