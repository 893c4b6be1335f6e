import type { Range } from './range.ts';

/** Replaces a range of one file's text; `range.start === range.end` inserts. `text` is Unicode with the file's own line ends. */
export interface Edit {
  readonly path: string;
  readonly range: Range;
  readonly text: string;
}

/** The same in bytes of the file as it was read, byte order mark included. */
export interface ByteEdit {
  readonly startByte: number;
  readonly endByte: number;
  readonly text: string;
}

/** Ascending by start, then end; an insertion comes before what starts at the same place. */
export function compareEdits(a: Edit, b: Edit): number {
  return a.range.start - b.range.start || a.range.end - b.range.end;
}
