/** Who decides about a fix. Dry run and batch decide by rule; the interactive reviewer asks. */
import type { Applicability, Finding, Fix } from '../core/finding.ts';

/** A place as people count: from 1, columns in code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Proposal {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly applicability: Applicability;
  /** Where the finding starts, in the file as it was read. */
  readonly position: Position;
  /** Where each piece of `finding.evidence` starts, in its order. */
  readonly evidencePositions: readonly Position[];
  /** Which of how many, from 1. */
  readonly number: number;
  readonly total: number;
  /** The unified diff of this change on top of those accepted before it, in the file's own bytes. */
  diff(): Buffer;
}

/** `stop` leaves this change and all that follow undecided; what was accepted before is still written. */
export type Decision = 'accept' | 'reject' | 'stop';

export interface Reviewer {
  /** False for what is rejected unasked, whatever the finding. */
  offers(applicability: Applicability): boolean;
  decide(proposal: Proposal): Promise<Decision>;
}

/** Accepts what the applicability allows. */
export function policyReviewer(unsafe: boolean): Reviewer {
  const offers = (applicability: Applicability) => unsafe || applicability === 'safe';
  return {
    offers,
    decide: ({ applicability }) => Promise.resolve(offers(applicability) ? 'accept' : 'reject'),
  };
}
