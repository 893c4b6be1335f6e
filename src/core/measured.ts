/** What a proof has measured of a finding, as far as people are shown it. */

/** Counts of what {@link unit} names. */
export interface Measured {
  readonly unit: 'entries' | 'objects' | 'objects left to gc';
  /** Held at the end of the user's program. */
  readonly before: number;
  /** The same with the fix; null where none was tried. */
  readonly after: number | null;
  readonly verdict: string;
  /** The program, as one line. */
  readonly command: string;
}

/** `300 entries held at the end of "python replay.py", 0 with the fix (confirmed)`. One line. */
export function describeMeasured({ unit, before, after, verdict, command }: Measured): string {
  const fixed = after === null ? '' : `, ${after} with the fix`;
  const what =
    unit === 'objects left to gc'
      ? `${before} objects left to the collector by`
      : `${before} ${unit} held at the end of`;
  return `${what} \`${command}\`${fixed} (${verdict.replace('-', ' ')})`;
}
