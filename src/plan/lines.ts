/** Lines of a text, as the edit builders need them. Lines end at `\n`, `\r\n` or `\r`; offsets are UTF-16 units. */

/** The start of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isLineEnd(text, start - 1)) start--;
  return start;
}

/** The end of the line that holds `offset`, its line end left out. */
export function lineEnd(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
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

/** The line end the text uses most; `\n` when it has none. */
export function dominantLineEnd(text: string): string {
  let crlf = 0;
  let lf = 0;
  let cr = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 10) lf++;
    else if (code === 13 && text.charCodeAt(index + 1) === 10) {
      crlf++;
      index++;
    } else if (code === 13) cr++;
  }
  if (crlf > lf && crlf >= cr) return '\r\n';
  return cr > lf ? '\r' : '\n';
}

function isLineEnd(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10);
}
