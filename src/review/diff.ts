/**
 * The unified diff of one file, byte for byte what `git apply` and `patch -p1` take.
 *
 * It is written from the edits, whose places are known, because diffing two whole 50 MB files cannot be afforded: only the lines
 * that edits touch are compared.
 */
import { diffArrays } from 'diff';
import type { ByteEdit } from '../core/edit.ts';

/** Lines as latin-1 strings, a character for each byte, so that no encoding matters. Only a file's last may lack its `\n`. */
type Lines = readonly string[];

/** The bytes of a file and where each of its lines starts; the last number is the length of the file. */
interface LineTable {
  readonly bytes: Buffer;
  readonly starts: readonly number[];
}

/** Neighbouring lines, from index `from` to `to` (excluded), and the edits in them. */
interface Window {
  readonly from: number;
  to: number;
  readonly edits: EncodedEdit[];
}

interface EncodedEdit {
  readonly start: number;
  readonly end: number;
  readonly replacement: Buffer;
}

/** Consecutive lines that go and the lines that come in their place. One of the two may be none. */
interface Change {
  /** The index of the first removed line, or of the line that the added ones come before. */
  readonly start: number;
  readonly removed: Lines;
  readonly added: Lines;
}

/** So many lines may differ in one window before it is shown as all removed, all added: comparing takes the square of it. */
const MAX_EDIT_LENGTH = 2000;

/**
 * The unified diff of `before` and what `edits` make of it, in the file's own encoding; empty if they change nothing.
 *
 * `path` is relative, with forward slashes. `edits` ascend and do not overlap; `replacements[i]` are the bytes of `edits[i].text`.
 * Lines end at `\n` only, as git has it. `context` is a number of lines.
 */
export function unifiedDiff(
  path: string,
  before: Buffer,
  edits: readonly ByteEdit[],
  replacements: readonly Buffer[],
  context = 3,
): Buffer {
  const table = { bytes: before, starts: lineStarts(before) };
  const encoded = edits.map(({ startByte: start, endByte: end }, index) => {
    return { start, end, replacement: replacements[index] ?? Buffer.alloc(0) };
  });
  const changes = windowsOf(table, encoded).flatMap((window) => changesIn(table, window));
  if (changes.length === 0) return Buffer.alloc(0);

  let shift = 0;
  const hunks = groupByContext(changes, context).map((group) => {
    const text = hunk(table, group, context, shift);
    for (const { removed, added } of group) shift += added.length - removed.length;
    return text;
  });
  return Buffer.from(header(path) + hunks.join(''), 'latin1');
}

const LINE_FEED = 0x0a;

function lineStarts(bytes: Buffer): readonly number[] {
  const starts = [0];
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) starts.push(at + 1);
  if (starts.at(-1) !== bytes.length) starts.push(bytes.length);
  return starts;
}

/** The index of the line that holds a byte; the end of the file counts as part of its last line. */
function lineAt({ starts }: LineTable, byte: number): number {
  let low = 0;
  let high = Math.max(starts.length - 2, 0);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}

function splitLines(bytes: Buffer): Lines {
  return bytes.toString('latin1').match(/[^\n]*\n|[^\n]+/g) ?? [];
}

function linesBetween({ bytes, starts }: LineTable, from: number, to: number): Lines {
  return splitLines(bytes.subarray(starts[from], starts[to]));
}

/** Ascending. Edits on the same line or on neighbouring ones share a window. */
function windowsOf(table: LineTable, edits: readonly EncodedEdit[]): readonly Window[] {
  const windows: Window[] = [];
  for (const edit of edits) {
    const from = lineAt(table, edit.start);
    const to = lineAt(table, edit.end) + 1;
    const last = windows.at(-1);
    if (last === undefined || last.to < from) {
      windows.push({ from, to, edits: [edit] });
    } else {
      last.to = to;
      last.edits.push(edit);
    }
  }
  return windows;
}

/** What remains when the lines of a window that are the same before and after are taken away. */
function changesIn(table: LineTable, { from, to, edits }: Readonly<Window>): readonly Change[] {
  const removed = linesBetween(table, from, to);
  const added = splitLines(editedBytes(table, from, to, edits));
  const parts = diffArrays([...removed], [...added], { maxEditLength: MAX_EDIT_LENGTH });
  if (parts === undefined) return [{ start: from, removed, added }];

  const changes: Change[] = [];
  let line = from;
  let open: Change | undefined;
  for (const part of parts) {
    if (part.added || part.removed) {
      const { start, removed: gone, added: come }: Change = open ?? { start: line, removed: [], added: [] };
      open = part.added
        ? { start, removed: gone, added: [...come, ...part.value] }
        : { start, removed: [...gone, ...part.value], added: come };
    } else if (open !== undefined) {
      changes.push(open);
      open = undefined;
    }
    if (!part.added) line += part.value.length;
  }
  return open === undefined ? changes : [...changes, open];
}

function editedBytes({ bytes, starts }: LineTable, from: number, to: number, edits: readonly EncodedEdit[]): Buffer {
  const parts: Buffer[] = [];
  let kept = starts[from] ?? 0;
  for (const { start, end, replacement } of edits) {
    parts.push(bytes.subarray(kept, start), replacement);
    kept = end;
  }
  return Buffer.concat([...parts, bytes.subarray(kept, starts[to])]);
}

/** Changes whose context lines would meet go into one hunk. */
function groupByContext(changes: readonly Change[], context: number): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const change of changes) {
    if (change.start - end <= 2 * context) groups.at(-1)?.push(change);
    else groups.push([change]);
    end = change.start + change.removed.length;
  }
  return groups;
}

/** `shift` is by how many lines the hunks before have made the file longer. */
function hunk(table: LineTable, group: readonly Change[], context: number, shift: number): string {
  const last = group.at(-1);
  const from = Math.max(0, (group[0]?.start ?? 0) - context);
  const to = Math.min(table.starts.length - 1, (last?.start ?? 0) + (last?.removed.length ?? 0) + context);
  let body = '';
  let line = from;
  let grown = 0;
  for (const { start, removed, added } of group) {
    body += marked(' ', linesBetween(table, line, start)) + marked('-', removed) + marked('+', added);
    line = start + removed.length;
    grown += added.length - removed.length;
  }
  body += marked(' ', linesBetween(table, line, to));
  return `@@ -${span(from, to - from)} +${span(from + shift, to - from + grown)} @@\n${body}`;
}

function marked(mark: ' ' | '-' | '+', lines: Lines): string {
  return lines.map((line) => mark + line + (line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n')).join('');
}

/** Lines count from 1; a span of none is at the line before it. */
function span(from: number, count: number): string {
  if (count === 0) return `${from},0`;
  return count === 1 ? `${from + 1}` : `${from + 1},${count}`;
}

/**
 * Without git's own line `diff --git`: below that one `git apply` reads names from the root of the repository and passes over, without
 * a word, those outside the folder it runs in; with these two lines alone they lead from that folder, as they do for patch.
 */
function header(path: string): string {
  // git ends a name with a space in it by a tab, since patch reads what follows a space as a date.
  const end = path.includes(' ') ? '\t' : '';
  return `--- ${quoted(`a/${path}`)}${end}\n+++ ${quoted(`b/${path}`)}${end}\n`;
}

const LETTER_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** As git writes names while `core.quotePath` is on, its default. ASCII. */
function quoted(name: string): string {
  const bytes = Buffer.from(name).toString('latin1');
  const ascii = bytes.replace(/[^ -~]|["\\]/g, (byte) => {
    return LETTER_ESCAPES[byte] ?? `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return ascii === bytes ? name : `"${ascii}"`;
}
