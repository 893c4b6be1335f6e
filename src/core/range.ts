/** Places in a file. Every stage speaks of text by half-open ranges of UTF-16 units; bytes appear only at the edges. */

/** Half-open, in UTF-16 units of {@link SourceFile.text}. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** True if the two ranges share a unit, or one is an insertion strictly inside the other. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

/** A place that is shown to a person. `path` is relative to the working directory, with forward slashes. */
export interface Place {
  readonly path: string;
  readonly range: Range;
}
