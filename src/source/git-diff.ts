/** Reads the places of new lines out of a diff that git has written without context (`--unified=0`). */

/** Each first and last line, from 1, ascending. */
export type ChangedLines = readonly (readonly [first: number, last: number])[];

/** The new lines of each file, by its path below the root. `diff` has one character for each byte (latin-1). */
export function changedLinesOf(diff: string): ReadonlyMap<string, ChangedLines> {
  const files = new Map<string, [number, number][]>();
  let current: [number, number][] = [];
  // The lines of a hunk are counted: one of them may look like a header (`++ b/x` behind its `+`).
  let inHunk = 0;
  for (const line of diff.split('\n')) {
    if (inHunk > 0) {
      if (!line.startsWith('\\')) inHunk -= 1;
      continue;
    }
    const name = /^\+\+\+ (.*?)\t?$/s.exec(line)?.[1];
    if (name !== undefined) {
      current = [];
      files.set(nameIn(name), current);
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk === null) continue;
    const [, before = '1', first = '0', after = '1'] = hunk;
    inHunk = Number(before) + Number(after);
    if (Number(after) > 0) current.push([Number(first), Number(first) + Number(after) - 1]);
  }
  return files;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

/** The path of `b/path`, which git puts into quotes where a character needs an escape. */
function nameIn(written: string): string {
  const quoted = /^"(.*)"$/s.exec(written)?.[1];
  const bytes =
    quoted === undefined
      ? written
      : quoted.replace(/\\([0-7]{3}|.)/gs, (_, code: string) =>
          code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
        );
  return Buffer.from(bytes, 'latin1').toString('utf8').slice('b/'.length);
}
