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

/** `300 entries held at the end of "python main.py", 0 with the fix (confirmed)`. One line. */
export function describeMeasured({ unit, before, after, verdict, command }: Measured): string {
  const fixed = after === null ? '' : `, ${after} with the fix`;
  const noun = unit === 'entries' ? (before === 1 ? 'entry' : 'entries') : before === 1 ? 'object' : 'objects';
  const how = unit === 'objects left to gc' ? 'left to the collector by' : 'held at the end of';
  return `${before} ${noun} ${how} \`${command}\`${fixed} (${verdict.replace('-', ' ')})`;
}
