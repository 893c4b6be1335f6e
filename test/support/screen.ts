/** What is left on a terminal when everything was written to it. */

/** A control sequence that moves or erases (ECMA-48), or one character. Colours and other settings change no text. */
const PIECE = /\x1b\[(?<number>\d*)(?<action>[A-HJK])|\x1b\[[?\d;]*[a-zA-Z]|[\s\S]/gu;

/** The lines of the screen and of what has scrolled off it, without trailing blanks. Lines longer than the terminal are not broken. */
export function screenText(written: string): string {
  const lines: string[][] = [[]];
  let [line, column] = [0, 0];
  for (const match of written.matchAll(PIECE)) {
    const [piece] = match;
    const { number = '', action } = match.groups ?? {};
    const count = Number(number || 1);
    const row = lines[line] ?? [];
    if (action === 'A') line = Math.max(0, line - count);
    else if (action === 'B') line += count;
    else if (action === 'G') column = count - 1;
    else if (action === 'K') row.splice(number === '2' ? 0 : column);
    else if (action === 'J') lines.splice(line + 1);
    else if (piece === '\r') column = 0;
    else if (piece === '\n') line += 1;
    else if (piece.length === 1 || !piece.startsWith('\x1b')) {
      row[column] = piece;
      column += 1;
    }
    while (lines.length <= line) lines.push([]);
  }
  return lines
    .map((row) =>
      Array.from(row, (character) => character ?? ' ')
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
