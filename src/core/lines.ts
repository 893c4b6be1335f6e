/**
 * Lines of a text. A line ends at `\n`, `\r\n` or `\r`; a form feed ends none (Python language reference, 2.1.2 Physical lines).
 * Offsets are UTF-16 units.
 */

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** The offset at which the line that holds `offset` starts. */
export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !endsLine(text, start - 1)) start -= 1;
  return start;
}

/** The offset of the line end (or the end of the text) that closes the line of `offset`. */
export function lineEnd(text: string, offset: number): number {
  // Between the two halves of \r\n the line's end is the \r.
  if (text.charCodeAt(offset) === NEWLINE && text.charCodeAt(offset - 1) === CARRIAGE_RETURN) return offset - 1;
  let end = offset;
  while (end < text.length && text.charCodeAt(end) !== NEWLINE && text.charCodeAt(end) !== CARRIAGE_RETURN) end += 1;
  return end;
}

/** The line end that most lines of the text have; of equals the first of `\n`, `\r\n`, `\r`; `\n` when it has none. */
export function lineEnding(text: string): '\n' | '\r\n' | '\r' {
  // Every fix of a file asks.
  if (last?.text !== text) last = { text, ending: mostUsed(text) };
  return last.ending;
}

let last: { readonly text: string; readonly ending: '\n' | '\r\n' | '\r' } | undefined;

function mostUsed(text: string): '\n' | '\r\n' | '\r' {
  let newlines = 0;
  let pairs = 0;
  let returns = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const unit = text.charCodeAt(offset);
    if (unit === NEWLINE) newlines += 1;
    if (unit !== CARRIAGE_RETURN) continue;
    if (text.charCodeAt(offset + 1) !== NEWLINE) {
      returns += 1;
      continue;
    }
    pairs += 1;
    offset += 1;
  }
  if (newlines >= pairs && newlines >= returns) return '\n';
  return pairs >= returns ? '\r\n' : '\r';
}

/** True if the unit at `offset` is the last of a line end. */
export function endsLine(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return unit === NEWLINE || (unit === CARRIAGE_RETURN && text.charCodeAt(offset + 1) !== NEWLINE);
}

/** The start of the line after the one that holds `offset`; the end of the text for the last line. */
export function nextLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  if (end >= text.length) return end;
  return text.startsWith('\r\n', end) ? end + 2 : end + 1;
}

/** The start of the line before the one that starts at `start`; undefined for the first line. */
export function previousLine(text: string, start: number): number | undefined {
  if (start === 0) return undefined;
  const end = text.startsWith('\r\n', start - 2) ? start - 2 : start - 1;
  return lineStart(text, end);
}

/** True if the line that starts at `start` holds nothing but white space. At the end of the text there is no line. */
export function isBlankLine(text: string, start: number): boolean {
  return start < text.length && /^[ \t\f]*$/.test(text.slice(start, lineEnd(text, start)));
}

/** The white space the line that holds `offset` starts with. */
export function indentation(text: string, offset: number): string {
  return /^[ \t\f]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** True if only white space stands between the start of the line and `offset`. */
export function startsLine(text: string, offset: number): boolean {
  return /^[ \t\f]*$/.test(text.slice(lineStart(text, offset), offset));
}
