/** Text in lines that fit the terminal. */

/** What is assumed where a terminal does not say how wide it is. */
const USUAL_COLUMNS = 80;
/** No terminal is taken to be narrower: a word a line helps nobody. */
const LEAST_COLUMNS = 20;

/** The columns of a terminal, counted anew at each call since it may be resized. */
export function columnsOf({ columns }: { readonly columns?: number | undefined }): number {
  return Math.max(columns || USUAL_COLUMNS, LEAST_COLUMNS);
}

/**
 * `text`, one line, broken between words so that no line is longer than `width` where that can be; the lines after the first start
 * with `indent` blanks. `taken` is what already stands on the first line.
 */
export function wrap(text: string, width: number, indent: number, taken = 0): string {
  const lines: string[] = [];
  let line = '';
  let room = width - taken;
  for (const word of text.split(' ')) {
    const length = lengthOf(word);
    // Beside what stands on the first line already, a long word may have no room at all.
    const fits =
      line === '' ? length <= room || lines.length > 0 || taken <= indent : lengthOf(line) + 1 + length <= room;
    if (!fits) {
      lines.push(line);
      line = word;
      room = width - indent;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

function lengthOf(text: string): number {
  return [...text].length;
}
