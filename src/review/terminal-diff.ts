/** A diff as a person sees it on a terminal. What is piped stays exact; what is shown must not act on the terminal. */
import { isUtf8 } from 'node:buffer';
import { styleText } from 'node:util';
import { escaped, visibleLines } from '../core/visible.ts';

/**
 * Coloured as git does it, and with everything that would act on the terminal or reorder what is shown written as an escape, as are
 * bytes of a line that is not UTF-8. Line feeds and tabs stay.
 */
export function colorize(diff: Buffer): string {
  // A removed line may look like a header (`--- x`), so the lines of a hunk are counted.
  let [before, after] = [0, 0];
  return terminalLines(diff)
    .map((line) => {
      const mark = line.charAt(0);
      if (mark !== '\\' && before <= 0 && after <= 0) {
        [before, after] = hunkSize(line);
        return painted(line, line.slice(0, 2));
      }
      if (mark === ' ' || mark === '-') before -= 1;
      if (mark === ' ' || mark === '+') after -= 1;
      return painted(line, mark);
    })
    .join('\n');
}

/** How many lines a hunk has before and after, by its first line; none for another line. */
function hunkSize(line: string): [before: number, after: number] {
  const [, before = '1', after = '1'] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line) ?? ['', '0', '0'];
  return [Number(before), Number(after)];
}

function painted(line: string, kind: string): string {
  const style = STYLES[kind];
  // Whether to colour is the caller's to decide, not that of the process's standard output.
  return style === undefined || line === '' ? line : styleText(style, line, { validateStream: false });
}

/** By the first character of a line in a hunk, by the first two of another. */
const STYLES: Readonly<Record<string, 'bold' | 'cyan' | 'red' | 'green'>> = {
  '--': 'bold',
  '++': 'bold',
  '@@': 'cyan',
  '-': 'red',
  '+': 'green',
};

/** Without the line feeds. Latin-1 splits are safe: in every encoding that Python source may have, byte 0A is a line feed. */
function terminalLines(diff: Buffer): readonly string[] {
  return diff
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const bytes = Buffer.from(line, 'latin1');
      return isUtf8(bytes) ? visibleLines(bytes.toString('utf8')) : line.replace(/[^\t -~]/g, escaped);
    });
}
