/**
 * How far the review of one file has come. A state is never changed: each answer makes a new one, so that taking an answer back is
 * going back to the state before it.
 */
import { type Rendered, render } from './apply/render.ts';
import { type FileError, isFileError } from './core/errors.ts';
import type { Finding, Fix } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { findingKeys } from './finding-key.ts';
import { type Accepted, gate } from './render.ts';
import type { Outcome } from './report/build.ts';
import { encode } from './source/decode.ts';
import { betweenTexts } from './text-difference.ts';

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
  /** Why nothing in this file may be changed. */
  readonly obstacle: string | undefined;
  readonly error: FileError | undefined;
  /** Still to be decided, in the order of `base`. */
  readonly queue: readonly Item[];
  /** Fixes of `base`. */
  readonly accepted: readonly (Accepted & Pick<Item, 'key'>)[];
  /** What became of the others. */
  readonly settled: readonly (Outcome & Pick<Item, 'key'>)[];
}

/** What is to be written in one file, and what became of its findings. */
export interface Finished {
  /** By their places in the file as it was read. */
  readonly outcomes: readonly Outcome[];
  readonly rendered: Rendered | undefined;
  readonly errors: readonly FileError[];
}

const NOT_WRITABLE = 'the file lies outside the root and is only read';
const EDITED_AWAY = 'the edit left the file as it was';

/** The review of a file before its first finding. `error` keeps the file from being changed. */
export function startFile(source: SourceFile, findings: readonly Finding[], error: FileError | undefined): FileState {
  const keys = findingKeys(source.text, findings);
  const queue = findings.map((finding, index) => ({ finding, origin: finding, key: keys[index] ?? '' }));
  const obstacle = source.writable ? error?.message : NOT_WRITABLE;
  return { source, findings, base: source, obstacle, error, queue, accepted: [], settled: [] };
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

/** What is to be written once nothing is left to decide. */
export function finish({ source, findings, base, error, accepted, settled }: FileState): Finished {
  const gated = gate(base, accepted);
  const errors = [error, gated.error].filter((one) => one !== undefined);
  const dropped = new Map(gated.dropped.map((outcome) => [outcome.finding, outcome]));
  const decided = [...settled, ...accepted.map(({ finding }) => dropped.get(finding) ?? planned(finding))];
  const rank = new Map(findings.map((finding, index) => [finding, index]));
  const outcomes = decided
    .map(({ finding, status, reason }): Outcome => ({ finding, status, reason }))
    .sort((a, b) => a.finding.range.start - b.finding.range.start || order(rank, a) - order(rank, b));
  if (base === source) return { outcomes, rendered: gated.rendered, errors };
  const text = gated.rendered?.text ?? base.text;
  if (text === source.text) return { outcomes: outcomes.map(leftAsItWas), rendered: undefined, errors };
  const { range, text: replacement } = betweenTexts(source.text, text);
  const rendered = render(source, [{ path: source.path, range, text: replacement }], encode);
  if (!isFileError(rendered)) return { outcomes, rendered, errors };
  return { outcomes: outcomes.map(leftAsItWas), rendered: undefined, errors: [...errors, rendered] };
}

/** What can be taken back by itself, as the findings that it settles: each accepted fix, or all of an edited file. */
export type Change = readonly Finding[];

export function changesOf(state: FileState): readonly Change[] {
  const planned = finish(state).outcomes.filter(({ status }) => status === 'planned');
  const findings = planned.map(({ finding }) => finding);
  if (findings.length === 0) return [];
  return state.base === state.source ? findings.map((finding) => [finding]) : [findings];
}

/** What is to be written in the file if of its changes only these are made. */
export function renderOnly(state: FileState, kept: ReadonlySet<Change[number]>): Rendered | undefined {
  if (state.base !== state.source) {
    return changesOf(state)
      .flat()
      .every((finding) => kept.has(finding))
      ? finish(state).rendered
      : undefined;
  }
  return finish({ ...state, accepted: state.accepted.filter(({ finding }) => kept.has(finding)) }).rendered;
}

function order(rank: ReadonlyMap<Finding, number>, { finding }: Outcome): number {
  return rank.get(finding) ?? rank.size;
}

function planned(finding: Finding): Outcome {
  return { finding, status: 'planned' };
}

/** Nothing is written, so nothing is planned. */
function leftAsItWas(outcome: Outcome): Outcome {
  return outcome.status === 'planned' ? { ...outcome, status: 'rejected', reason: EDITED_AWAY } : outcome;
}
