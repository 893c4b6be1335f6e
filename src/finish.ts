/**
 * From what was accepted to what is to be written. A change over several files is made in all of them or in none: what one file
 * cannot take is taken back everywhere.
 */
import { type Rendered, render } from './apply/render.ts';
import { type FileError, isFileError } from './core/errors.ts';
import { type Finding, type Fix, pathsChanged } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { type FileState, planned } from './file-review.ts';
import { type Accepted, gate, type Parses } from './render.ts';
import type { Outcome } from './report/build.ts';
import { encode } from './source/decode.ts';
import { betweenTexts } from './text-difference.ts';

/** What is to be written, and what became of the findings. */
export interface Finished {
  /** By file, and their places in it as it was read. */
  readonly outcomes: readonly Outcome[];
  /** By path. */
  readonly rendered: readonly Rendered[];
  /** The paths of each change over several files: written together or not at all. */
  readonly together: readonly (readonly string[])[];
  readonly errors: readonly FileError[];
}

/** A review that has come to its end. */
export interface Reviewed {
  readonly states: readonly FileState[];
  /** The accepted changes over several files, from whatever file. */
  readonly spread: readonly Accepted[];
  /** As it was read. */
  readonly sourceOf: (path: string) => SourceFile;
  /** What keeps files from being changed, by path. */
  readonly obstacles: ReadonlyMap<string, FileError>;
  /** Whether what a file comes to parses; parsed when absent. */
  readonly parses?: Parses | undefined;
}

/** What can be taken back by itself, as the findings that it settles: an accepted change, or all that an edited file has in it. */
export type Change = readonly Finding[];

/** In the order of the findings. */
export function changesOf({ states, spread }: Reviewed, { outcomes }: Pick<Finished, 'outcomes'>): readonly Change[] {
  const edited = states.filter(isEdited);
  const fixes = new Map(
    [...states.flatMap(({ accepted }) => accepted), ...spread].map((one) => [one.finding, one.fix]),
  );
  /** The edited files that have a part of it. */
  const editedWith = (finding: Finding): readonly string[] => {
    const fix = fixes.get(finding);
    const paths = new Set([finding.path, ...(fix === undefined ? [] : pathsChanged(fix))]);
    return edited
      .filter(({ source: { path }, taken }) => paths.has(path) || (fix !== undefined && taken.includes(fix)))
      .map(({ source: { path } }) => path);
  };
  let changes: { readonly findings: readonly Finding[]; readonly edited: ReadonlySet<string> }[] = [];
  for (const { finding, status } of outcomes) {
    if (status !== 'planned') continue;
    const own = editedWith(finding);
    // What shares an edited file stays or goes with it.
    const [joined, apart] = [true, false].map((wanted) =>
      changes.filter((change) => own.some((path) => change.edited.has(path)) === wanted),
    );
    const findings = [...(joined ?? []).flatMap((change) => change.findings), finding];
    const paths = new Set([...own, ...(joined ?? []).flatMap((change) => [...change.edited])]);
    changes = [...(apart ?? []), { findings, edited: paths }];
  }
  const rank = new Map(outcomes.map(({ finding }, index) => [finding, index]));
  const first = ({ findings }: { readonly findings: readonly Finding[] }): number =>
    Math.min(...findings.map((finding) => rank.get(finding) ?? 0));
  return changes.sort((a, b) => first(a) - first(b)).map(({ findings }) => findings);
}

/** What is to be written if only these findings are settled; of an edited file all are, or none. */
export function finishOnly(review: Reviewed, kept: ReadonlySet<Finding>): Pick<Finished, 'rendered' | 'together'> {
  const isKept = ({ finding }: Pick<Accepted, 'finding'>): boolean => kept.has(finding);
  const states = review.states.map((state): FileState => {
    if (!isEdited(state)) return { ...state, accepted: state.accepted.filter(isKept) };
    const done = [
      ...state.accepted,
      ...state.settled.filter(({ status }) => status === 'planned'),
      ...review.spread.filter(({ fix }) => state.taken.includes(fix)),
    ];
    // An edit that settles nothing is no change of ours to take back.
    if (done.length === 0 || done.some(isKept)) return state;
    return { ...state, base: state.source, taken: [], accepted: [], settled: [] };
  });
  const { rendered, together } = finish({ ...review, states, spread: review.spread.filter(isKept) });
  return { rendered, together };
}

function isEdited({ base, source }: FileState): boolean {
  return base !== source;
}

type Refusal = Pick<Outcome, 'status' | 'reason'>;

const EDITED_AWAY: Refusal = { status: 'rejected', reason: 'the edit left the file as it was' };

/** What is to be written once nothing is left to decide. */
export function finish(review: Reviewed): Finished {
  const finishing = new Finishing(review);
  finishing.settle();
  const outcomes = review.states.flatMap((state) => finishing.outcomesOf(state));
  const rendered = [...finishing.rendered.values()].sort((a, b) => (a.source.path < b.source.path ? -1 : 1));
  const together = outcomes.flatMap(({ status, paths = [] }) =>
    status === 'planned' && paths.length > 1 ? [paths] : [],
  );
  return { outcomes, rendered, together, errors: finishing.errors };
}

class Finishing {
  readonly rendered = new Map<string, Rendered>();
  readonly errors: FileError[] = [];
  private readonly review: Reviewed;
  private readonly states: ReadonlyMap<string, FileState>;
  /** The changes that are to be made in each file. */
  private readonly changes = new Map<string, Accepted[]>();
  private readonly dropped = new Map<Finding, Refusal>();
  private readonly queue: Set<string>;
  /** Files of which nothing is written, whatever is asked for. */
  private readonly left = new Set<string>();

  constructor(review: Reviewed) {
    this.review = review;
    this.states = new Map(review.states.map((state) => [state.source.path, state]));
    for (const state of review.states) for (const change of state.accepted) this.add(state.source.path, change);
    for (const change of review.spread)
      for (const path of pathsChanged(change.fix))
        if (path !== change.finding.path && !this.isTaken(path, change.fix)) this.add(path, change);
    const edited = review.states.filter(isEdited);
    this.queue = new Set([...this.changes.keys(), ...edited.map(({ source }) => source.path)]);
  }

  /** Renders file by file until nothing more has to be taken back. */
  settle(): void {
    for (const path of this.queue) {
      this.queue.delete(path);
      this.rendered.delete(path);
      if (this.left.has(path)) continue;
      const obstacle = this.review.obstacles.get(path);
      const refused =
        obstacle === undefined ? this.make(path) : { status: 'skipped' as const, reason: obstacle.message };
      if (refused !== undefined) this.dropFile(path, refused);
    }
  }

  outcomesOf({ findings, accepted, settled }: FileState): readonly Outcome[] {
    const rank = new Map(findings.map((finding, index) => [finding, index]));
    return [...settled, ...accepted.map(planned)]
      .map(({ finding, status, reason, paths }): Outcome => {
        const refusal = status === 'planned' ? this.dropped.get(finding) : undefined;
        return refusal === undefined ? { finding, status, reason, paths } : { finding, ...refusal };
      })
      .sort((a, b) => a.finding.range.start - b.finding.range.start || order(rank, a) - order(rank, b));
  }

  private add(path: string, change: Accepted): void {
    const here = this.changes.get(path);
    if (here === undefined) this.changes.set(path, [change]);
    else here.push(change);
  }

  private isTaken(path: string, fix: Fix): boolean {
    return this.states.get(path)?.taken.includes(fix) === true;
  }

  /** Makes what is left of the file's changes; why nothing in the file can be changed, if so. */
  private make(path: string): Refusal | undefined {
    const state = this.states.get(path);
    const source = state?.source ?? this.review.sourceOf(path);
    const base = state?.base ?? source;
    const left = (this.changes.get(path) ?? []).filter(({ finding }) => !this.dropped.has(finding));
    const { rendered, dropped, error } = gate(base, left, this.review.parses);
    if (error !== undefined) this.errors.push(error);
    for (const { finding, status, reason } of dropped)
      this.drop(finding, { status, reason: finding.path === path ? reason : `${path}: ${reason}` });
    if (base === source) return this.keep(rendered);
    const text = rendered?.text ?? base.text;
    if (text === source.text) return EDITED_AWAY;
    const { range, text: replacement } = betweenTexts(source.text, text);
    const whole = render(source, [{ path, range, text: replacement }], encode);
    if (!isFileError(whole)) return this.keep(whole);
    this.errors.push(whole);
    return { status: 'unfixable', reason: whole.message };
  }

  private keep(rendered: Rendered | undefined): undefined {
    if (rendered !== undefined && rendered.byteEdits.length > 0) this.rendered.set(rendered.source.path, rendered);
  }

  /** Nothing of the file is written, so that no change with a part in it is made. */
  private dropFile(path: string, refusal: Refusal): void {
    this.left.add(path);
    this.rendered.delete(path);
    const elsewhere = { ...refusal, reason: `${path}: ${refusal.reason}` };
    const state = this.states.get(path);
    for (const { finding } of this.changes.get(path) ?? [])
      this.drop(finding, finding.path === path ? refusal : elsewhere);
    for (const { finding, status } of state?.settled ?? []) if (status === 'planned') this.drop(finding, refusal);
    for (const { finding, fix } of this.review.spread) if (state?.taken.includes(fix)) this.drop(finding, elsewhere);
  }

  /** Takes a change back, in all its files. A text that a person made with it in it goes with it. */
  private drop(finding: Finding, refusal: Refusal): void {
    if (this.dropped.has(finding)) return;
    this.dropped.set(finding, refusal);
    const change = this.review.spread.find((one) => one.finding === finding);
    if (change === undefined) return;
    // A text that was made with it in mind may have it where the fix itself has no part.
    for (const path of new Set([finding.path, ...pathsChanged(change.fix)])) {
      if (this.isTaken(path, change.fix)) this.dropFile(path, refusal);
      else this.queue.add(path);
    }
  }
}

function order(rank: ReadonlyMap<Finding, number>, { finding }: Outcome): number {
  return rank.get(finding) ?? rank.size;
}
