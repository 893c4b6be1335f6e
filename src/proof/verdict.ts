/** From what a finding held before and after to what that proves. */
import type { Retention } from '../core/finding.ts';
import type { Verdict } from '../core/proof.ts';
import type { Measured } from './held.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence, for every verdict but `confirmed`. */
  readonly reason: string | null;
}

/** What is known of one finding. */
export interface Case {
  readonly retention: Retention;
  readonly symbol: string;
  readonly before: Measured;
  /** What the same command came to with the fix in. */
  readonly after: Measured;
  /** True if a process of the first run was killed before it could report. */
  readonly killed: boolean;
  /** How it ended then, where that is not as before. */
  readonly otherEnd: string | undefined;
}

/** Two runs of one program differ a little by themselves: only so many times more, or less, counts. */
const FACTOR = 2;

export function judgeFinding({ retention, symbol, before, after, killed, otherEnd }: Case): Judgement {
  if (before.elsewhere || after.elsewhere) {
    return { verdict: 'not-measured', reason: 'the command runs this file from the project itself, not from its copy' };
  }
  if (!before.reached && killed) {
    return { verdict: 'not-measured', reason: 'a process was killed before it could report' };
  }
  if (!before.reached) return { verdict: 'not-reached', reason: 'the command makes no use of it' };
  if (otherEnd !== undefined) {
    return { verdict: 'made-worse', reason: `with the fixes the command ended otherwise: ${otherEnd}` };
  }
  // A class that leaves its function has another name then.
  if (before.made > 0 && after.made === 0 && !symbol.includes('<locals>')) {
    return { verdict: 'not-measured', reason: 'with the fixes the command did not come to it' };
  }
  if (retention === 'gc' && before.made > 0 && before.followed === 0) {
    const reason = 'its instances have no room for a weak reference, so how they die is not seen';
    return { verdict: 'not-measured', reason };
  }
  const what = retention === 'process' ? 'held' : 'left to the collector';
  if (after.held > before.held * FACTOR) {
    return { verdict: 'made-worse', reason: `${after.held} ${what} with the fix, ${before.held} without` };
  }
  if (after.alive > before.alive * FACTOR && after.alive - before.alive > after.made / 10) {
    return { verdict: 'made-worse', reason: `${after.alive} instances alive with the fix, ${before.alive} without` };
  }
  if (before.held === 0) return { verdict: 'no-difference', reason: `nothing was ${what} in this run` };
  if (after.held * FACTOR <= before.held) return { verdict: 'confirmed', reason: null };
  return { verdict: 'no-difference', reason: `${before.held} ${what} before, ${after.held} after` };
}
