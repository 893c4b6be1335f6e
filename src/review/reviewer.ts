/** Who decides about a fix. Dry run and batch decide by rule; the interactive reviewer asks. */
import type { Applicability, Finding, Fix } from '../core/finding.ts';
import type { SourceFile } from '../core/source-file.ts';
import type { Signal } from './prompt.ts';

/** A place as people count: from 1, columns in code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where one stands in the review, and with what. */
export interface Turn {
  readonly finding: Finding;
  /** Identifies the finding in its file, also after unrelated lines have changed there, and from run to run. */
  readonly key: string;
  /** Where the finding starts, in the file as it is under review: as it was read, or as a person edited it. */
  readonly position: Position;
  /** Which of how many, from 1. */
  readonly number: number;
  readonly total: number;
}

/** One way to fix it that is not in the way of what was accepted. What it comes to is computed when asked for. */
export interface Offer {
  readonly fix: Fix;
  readonly applicability: Applicability;
  /** The files that it changes beside the one of the finding. */
  readonly others: readonly Pick<SourceFile, 'path' | 'realPath' | 'bytes'>[];
  /**
   * The unified diff of this change on top of those accepted before it, of all its files, each in its own bytes; empty if one of them
   * cannot be written in its encoding.
   */
  diff(): Buffer;
  /** The finding's whole file after this change and those accepted before it; undefined if it cannot be written in the file's encoding. */
  result(): Buffer | undefined;
}

/** A strategy that cannot be chosen, and why. */
export interface Blocked {
  readonly strategy: string;
  readonly reason: string;
}

export interface Proposal extends Turn {
  /** The file as it lies on disk. */
  readonly file: { readonly path: string; readonly realPath: string; readonly bytes: Buffer };
  /** Where each piece of `finding.evidence` starts, in its order. */
  readonly evidencePositions: readonly Position[];
  /** The default strategy first, unless it is blocked. */
  readonly offers: readonly [Offer, ...Offer[]];
  readonly blocked: readonly Blocked[];
  /** True if an answer was given before, so that the decision may be `back`. */
  readonly hasEarlier: boolean;
  /** Why bytes cannot be the new content of the file (not text in its encoding, not Python), with the place; undefined if they can. */
  problemWith(edited: Buffer): string | undefined;
}

/**
 * `accept` with `edited`: the finding's file is to become these bytes, with which there is no problem; the change is a part of them. `back` takes back the last answer and what
 * followed from it. `stop` leaves this change and all that follow undecided; what was accepted before is still written.
 */
export type Decision =
  | { readonly kind: 'accept'; readonly fix: Fix; readonly edited?: Buffer | undefined; readonly implied?: boolean }
  | { readonly kind: 'reject'; readonly implied?: boolean }
  | { readonly kind: 'back' }
  | { readonly kind: 'stop' };

export interface Reviewer {
  /** False for what is rejected unasked, whatever the finding. */
  offers(applicability: Applicability): boolean;
  /** True if another strategy may be chosen where the first one is not possible, or not wanted. */
  readonly choosesStrategy: boolean;
  /** `implied` decisions follow from an answer that was given about an earlier change. */
  decide(proposal: Proposal): Promise<Decision>;
  /** What has told the program to end since the last decision. */
  interruption?(): Signal | undefined;
  /** Told of a change that cannot be offered because of what was accepted. */
  passedOver?(turn: Turn, reason: string): void;
}

/** Accepts what the applicability allows. */
export function policyReviewer(unsafe: boolean): Reviewer {
  const offers = (applicability: Applicability) => unsafe || applicability === 'safe';
  return {
    offers,
    choosesStrategy: false,
    decide: ({ offers: [{ fix, applicability }] }) =>
      Promise.resolve(offers(applicability) ? { kind: 'accept', fix } : { kind: 'reject' }),
  };
}
