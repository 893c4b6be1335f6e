/** What a proof found out: the program's own run before and after the fixes, as `prove` reports it and `--evidence` reads it. */
import type { Applicability, Retention } from './finding.ts';

/**
 * `confirmed`: what was held before is let go now. `not-reached`: the command made no use of it. `no-difference`: it holds as much as
 * before. `made-worse`: it holds more, or the command ends otherwise. `not-fixed`: no fix was tried. `not-measured`: the command ran
 * other code than that of the copy.
 */
export type Verdict = 'confirmed' | 'not-reached' | 'no-difference' | 'made-worse' | 'not-fixed' | 'not-measured';

/** What one finding came to in one run, all processes together. */
export interface Held {
  /**
   * What was kept for no reason. Retention `process`: entries more than at the start, and objects that a class was left with. Retention
   * `gc`: objects that only the collector freed.
   */
  readonly held: number;
  /** Instances that were initialised, of the class in question; of a class in a function, how often the class was made. */
  readonly made: number;
  /** How many of them were there at the end, after a full collection. */
  readonly alive: number;
  /** How many of them only the collector freed; an estimate where not all were followed. */
  readonly collected: number;
  /** Entries of the container over time, in the process where it grew most: milliseconds since its start, and entries. */
  readonly entries: readonly (readonly [number, number])[];
}

export interface ProofFinding {
  /** As in the report of a run from the same working directory. */
  readonly id: string;
  readonly rule: string;
  readonly retention: Retention;
  readonly path: string;
  readonly line: number;
  readonly symbol: string;
  readonly strategy: string | null;
  readonly applicability: Applicability;
  readonly before: Held;
  readonly after: Held | null;
  readonly verdict: Verdict;
  /** One sentence, for every verdict but `confirmed`. */
  readonly reason: string | null;
}

/** One run of the command. */
export interface ProofRun {
  /** Null where a signal or the time limit ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly milliseconds: number;
  /** Python processes that were measured to their end, and those that were killed before they could report. */
  readonly processes: number;
  readonly killed: number;
  /** Python processes that these have started with an option that keeps the probe out. */
  readonly unseen: number;
  /** The most memory that one process had from Python's allocators, in bytes; null unless it was asked for. */
  readonly peakBytes: number | null;
  readonly stdout: { readonly bytes: number; readonly sha256: string };
  readonly stderr: { readonly bytes: number; readonly sha256: string };
}

export interface Proof {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'pyleak-fix'; readonly version: string };
  readonly mode: 'prove';
  readonly command: readonly string[];
  readonly before: ProofRun;
  readonly after: ProofRun | null;
  /** How the standard outputs compare. */
  readonly output: 'same' | 'same but for numbers' | 'different' | null;
  /** The first line in which they part, from 1. */
  readonly difference: { readonly line: number; readonly before: string; readonly after: string } | null;
  readonly findings: readonly ProofFinding[];
  readonly errors: readonly { readonly path: string; readonly kind: string; readonly message: string }[];
}
