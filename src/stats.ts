/** What `--stats` prints: the stages of a run, what each took, and how much there was to do. */
import type { Lap } from './core/stopwatch.ts';
import type { Scan } from './scan.ts';

/** Ends with a line end. */
export function statsText(laps: readonly Lap[], { files, bytes, parsed, candidates, spent }: Scan): string {
  const row = (stage: string, milliseconds: number): string =>
    `  ${stage.padEnd(24)}${milliseconds.toFixed(0).padStart(8)} ms`;
  const rows = laps.flatMap(({ stage, milliseconds }) => {
    const parts = stage === 'scan' && Object.values(spent).some((one) => one > 0) ? Object.entries(spent) : [];
    return [row(stage, milliseconds), ...parts.map(([part, one]) => row(`  ${part} (all threads)`, one))];
  });
  const total = laps.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const megabytes = (bytes / 1e6).toFixed(1);
  return [
    `Where the time went (${files} files, ${megabytes} MB; ${parsed} parsed, ${candidates.length} with something to judge):`,
    ...rows,
    row('in all', total),
    '',
  ].join('\n');
}
