/**
 * How far the review of one file has come. A state is never changed: each answer makes a new one, so that taking an answer back is
 * going back to the state before it.
 */
import type { FileError } from './core/errors.ts';
import { type Finding, type Fix, pathsChanged } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { findingKeys } from './finding-key.ts';
import type { Accepted } from './render.ts';
import type { Outcome } from './report/build.ts';

/** A finding that is still to be decided. */
export interface Item {
  readonly finding: Finding;
  /** The same with its places in the file as it was read: what is reported. */
  readonly origin: Finding;
  readonly key: string;
}

export interface FileState {
  /** As it was read, with what was found in it. */
  readonly source: SourceFile;
  readonly findings: readonly Finding[];
  /** What findings and fixes speak of: `source`, or what a person made of it. */
  readonly base: SourceFile;
  /** Accepted fixes, of whatever file's findings, that the person's text has in it. */
  readonly taken: readonly Fix[];
  /** Why nothing in this file may be changed. */
  readonly obstacle: string | undefined;
  /** Still to be decided, in the order of `base`. */
  readonly queue: readonly Item[];
  /** Fixes of `base`. */
  readonly accepted: readonly (Accepted & Pick<Item, 'key'>)[];
  /** What became of the others. */
  readonly settled: readonly (Outcome & Pick<Item, 'key'>)[];
}

export const NOT_WRITABLE = 'the file lies outside the root and is only read';

/** The review of a file before its first finding. `error` keeps the file from being changed. */
export function startFile(source: SourceFile, findings: readonly Finding[], error: FileError | undefined): FileState {
  const keys = findingKeys(source.text, findings);
  const queue = findings.map((finding, index) => ({ finding, origin: finding, key: keys[index] ?? '' }));
  const obstacle = source.writable ? error?.message : NOT_WRITABLE;
  return { source, findings, base: source, taken: [], obstacle, queue, accepted: [], settled: [] };
}

/** The state after the first finding of the queue was refused. */
export function refuse(state: FileState, status: Outcome['status'], reason: string): FileState {
  const [item, ...queue] = state.queue;
  if (item === undefined) return state;
  const { origin: finding, key } = item;
  return { ...state, queue, settled: [...state.settled, { finding, key, status, reason }] };
}

/** The state after a fix of the first finding of the queue was accepted. */
export function accept(state: FileState, fix: Fix): FileState {
  const [item, ...queue] = state.queue;
  if (item === undefined) return state;
  return { ...state, queue, accepted: [...state.accepted, { finding: item.origin, fix, key: item.key }] };
}

/** An accepted change with the files that it is to be made in. */
export function planned({ finding, fix }: Accepted): Outcome {
  const paths = pathsChanged(fix);
  return { finding, status: 'planned', paths: paths.length === 0 ? [finding.path] : paths };
}
