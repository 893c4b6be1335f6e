/**
 * Puts each fix before the reviewer, by the file of its finding, and renders what was accepted.
 *
 * Whether two fixes are in each other's way is judged against what was accepted, so that a rejected one frees its rival.
 */
import type { Rendered } from './apply/render.ts';
import type { FileError } from './core/errors.ts';
import { applicabilityOf, type Finding, type Fix, pathsChanged } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { readEdited, takeEdit } from './edited-file.ts';
import { accept, type FileState, type Item, refuse, startFile } from './file-review.ts';
import { type Change, changesOf, type Finished, finish, finishOnly, type Reviewed } from './finish.ts';
import type { Judged } from './judge.ts';
import { Proposals } from './propose.ts';
import type { Accepted, Parses } from './render.ts';
import type { Outcome } from './report/build.ts';
import { Interrupted, type Signal } from './review/prompt.ts';
import type { Decision, Reviewer } from './review/reviewer.ts';
import { Obstacles, type Recheck, type Standing, standingOf } from './standing.ts';

export interface Decided {
  /** In the order of the findings; `planned` for what was accepted. */
  readonly outcomes: readonly Outcome[];
  /** What is to be written, by path. */
  readonly rendered: readonly Rendered[];
  /** The paths of each change over several files: written together or not at all. */
  readonly together: readonly (readonly string[])[];
  readonly errors: readonly FileError[];
  /** What ended the review from outside: nothing is to be written then. */
  readonly interrupted: Signal | undefined;
  /** True if the reviewer stopped before the last change. */
  readonly stopped: boolean;
  /** What can be taken back by itself, in the order of the findings. */
  readonly changes: readonly Change[];
  /** What is to be written if only these of the changes are made. */
  renderOnly(changes: readonly Change[]): Pick<Finished, 'rendered' | 'together'>;
}

/** What is found in a file whose text is another now, with the files that the findings speak of. */
export type FindAgain = (edited: SourceFile) => Promise<Pick<Judged, 'findings' | 'sources'>>;

/** How a reviewer's answers are told in the report. */
export type Refusal = 'skipped' | 'rejected';

/**
 * Goes through the findings in their order. `sources` has every file that one of them speaks of. `findAgain` is needed where the
 * reviewer may edit. After `maxChanges` accepted fixes no more are put before the reviewer.
 * `parses` as in {@link Reviewed}.
 */
export async function decide(
  judged: Pick<Judged, 'findings' | 'sources'>,
  reviewer: Reviewer,
  refusal: Refusal,
  recheck: Recheck,
  findAgain: FindAgain = () => Promise.resolve({ findings: [], sources: new Map() }),
  maxChanges = Number.POSITIVE_INFINITY,
  parses?: Parses,
): Promise<Decided> {
  const review = new Review(judged, reviewer, refusal, recheck, findAgain, maxChanges);
  const { obstacles, ...end } = await review.run();
  const reviewed = { ...end, obstacles, parses };
  const finished = finish(reviewed);
  const { outcomes, rendered, together, errors } = finished;
  const changes = changesOf(reviewed, finished);
  const { interrupted, stopped } = review;
  return {
    outcomes,
    rendered: interrupted === undefined ? rendered : [],
    together,
    errors: [...obstacles.values(), ...errors],
    interrupted,
    stopped,
    changes,
    renderOnly: (kept) => finishOnly(reviewed, new Set(kept.flat())),
  };
}

/** Where the review stands. Like the state of a file it is never changed. */
interface Cursor {
  /** The file under review. */
  readonly index: number;
  readonly state: FileState;
  /** How many changes were put before the reviewer, or could not be; and how many there are. */
  readonly number: number;
  readonly total: number;
  /** How many fixes were accepted. */
  readonly changes: number;
  /** Those of them that change several files. */
  readonly spread: readonly Accepted[];
}

/** Asks about one finding after the other and remembers whether the person has had enough. */
class Review {
  interrupted: Signal | undefined;
  stopped = false;
  private readonly files: readonly (readonly [SourceFile, readonly Finding[]])[];
  /** The files before the one under review. */
  private readonly done: FileState[] = [];
  /** Which of the files each path is. */
  private readonly placeOf: ReadonlyMap<string, number>;
  private readonly obstacles: Obstacles;
  /** Where the review stood before each decision, and whether somebody was asked there. */
  private readonly history: { readonly cursor: Cursor; readonly asked: boolean }[] = [];
  private readonly proposals: Proposals;
  private readonly reviewer: Reviewer;
  private readonly refusal: Refusal;
  private readonly findAgain: FindAgain;
  private readonly maxChanges: number;

  constructor(
    { findings, sources }: Pick<Judged, 'findings' | 'sources'>,
    reviewer: Reviewer,
    refusal: Refusal,
    recheck: Recheck,
    findAgain: FindAgain,
    maxChanges: number,
  ) {
    this.files = [...byPath(findings)].map(([path, inFile]) => {
      const source = sources.get(path);
      if (source === undefined) throw new TypeError(`the source of ${path} was not kept`);
      return [source, inFile];
    });
    this.placeOf = new Map(this.files.map(([{ path }], index) => [path, index]));
    this.proposals = new Proposals(sources, reviewer.choosesStrategy);
    this.reviewer = reviewer;
    this.refusal = refusal;
    this.obstacles = new Obstacles(recheck);
    this.findAgain = findAgain;
    this.maxChanges = maxChanges;
  }

  /** To the end. */
  async run(): Promise<Reviewed> {
    const total = this.fixable(this.files.flatMap(([, findings]) => findings));
    let cursor = await this.enter(0, { number: 0, total, changes: 0, spread: [] });
    let spread: readonly Accepted[] = [];
    while (cursor !== undefined) {
      spread = cursor.spread;
      const [item] = cursor.state.queue;
      if (item !== undefined) cursor = await this.step(cursor, item);
      else {
        this.done.push(cursor.state);
        cursor = await this.enter(cursor.index + 1, cursor);
      }
    }
    this.interrupted ??= this.reviewer.interruption?.();
    const sourceOf = (path: string) => this.proposals.sourceOf(path);
    return { states: this.done, spread, sourceOf, obstacles: this.obstacles.known };
  }

  /** How many of the findings can be fixed. */
  private fixable(findings: readonly Finding[]): number {
    return findings.filter((finding) => this.proposals.fixesOf(finding).length > 0).length;
  }

  private async enter(
    index: number,
    { number, total, changes, spread }: Omit<Cursor, 'index' | 'state'>,
  ): Promise<Cursor | undefined> {
    const [source, findings] = this.files[index] ?? [];
    if (source === undefined || findings === undefined) return undefined;
    const error = this.mayChange(source, findings) ? await this.obstacles.check(source) : undefined;
    return { index, number, total, changes, spread, state: startFile(source, findings, error) };
  }

  /** Looks at the other files that the fixes of a finding would change. */
  private async checkOthers(finding: Finding): Promise<void> {
    const fixes = this.proposals.fixesOf(finding).filter((fix) => this.reviewer.offers(applicabilityOf(fix)));
    const paths = new Set(fixes.flatMap(pathsChanged));
    paths.delete(finding.path);
    for (const path of paths) {
      const source = this.proposals.sourceOf(path);
      if (source.writable) await this.obstacles.check(source);
    }
  }

  private standingOf(path: string, { state: current, spread }: Cursor): Standing {
    const index = this.placeOf.get(path);
    const before = index === undefined ? undefined : this.done[index];
    const state = path === current.source.path ? current : before;
    return standingOf(state?.source ?? this.proposals.sourceOf(path), state, spread, this.obstacles);
  }

  /** True if a fix of this file may still be accepted. */
  private mayChange({ writable }: SourceFile, findings: readonly Finding[]): boolean {
    if (this.stopped || !writable) return false;
    const fixes = findings.flatMap((finding) => this.proposals.fixesOf(finding));
    return fixes.some((fix) => this.reviewer.offers(applicabilityOf(fix)));
  }

  /** One finding further, or back. */
  private async step(cursor: Cursor, { finding }: Item): Promise<Cursor> {
    const { state } = cursor;
    if (this.proposals.fixesOf(finding).length === 0)
      return { ...cursor, state: refuse(state, 'unfixable', this.proposals.unfixableReason(finding)) };
    const next = { ...cursor, number: cursor.number + 1 };
    if (state.obstacle !== undefined) return { ...next, state: refuse(state, 'skipped', state.obstacle) };
    if (!this.stopped) await this.checkOthers(finding);
    const count = { number: next.number, total: next.total };
    const proposed = this.proposals.about(state, count, this.hasEarlier, (path) => this.standingOf(path, cursor));
    if (!('offers' in proposed)) {
      const { turn, status, reason } = proposed;
      if (!this.stopped && status === 'conflict') this.reviewer.passedOver?.(turn, reason);
      return { ...next, state: refuse(state, status, reason) };
    }
    if (cursor.changes >= this.maxChanges && this.reviewer.offers(proposed.offers[0].applicability))
      return { ...next, state: refuse(state, 'skipped', `--max-changes ${this.maxChanges} is reached`) };
    const decision = this.stopped ? stop : await this.ask(() => this.reviewer.decide(proposed));
    switch (decision.kind) {
      case 'back':
        return this.back() ?? cursor;
      case 'stop':
        this.stopped = true;
        return { ...next, state: refuse(state, this.refusal, this.stopReason()) };
      case 'reject':
        this.remember(cursor, decision);
        return { ...next, state: refuse(state, this.refusal, this.rejection(proposed.offers[0].fix)) };
      case 'accept':
        this.remember(cursor, decision);
        return decision.edited === undefined
          ? { ...this.counted(next, decision.fix), state: accept(state, decision.fix) }
          : this.edited(next, decision.fix, decision.edited);
    }
  }

  /** With one more change accepted. */
  private counted(cursor: Cursor, fix: Fix): Cursor {
    const [item] = cursor.state.queue;
    const isSpread = item !== undefined && pathsChanged(fix).some((path) => path !== item.finding.path);
    const spread = isSpread ? [...cursor.spread, { finding: item.origin, fix }] : cursor.spread;
    return { ...cursor, changes: cursor.changes + 1, spread };
  }

  /** The review of the file goes on in what a person made of it, with the change. */
  private async edited(before: Cursor, fix: Fix, bytes: Buffer): Promise<Cursor> {
    const { state } = before;
    const cursor = this.counted(before, fix);
    const others = this.standingOf(state.source.path, before).accepted.map((one) => one.fix);
    const base = readEdited(state.source, bytes);
    if ('problem' in base) throw new TypeError(`an edit was accepted that cannot be read: ${base.problem}`);
    const found = await this.findAgain(base);
    this.proposals.know(found.sources);
    const after = takeEdit(state, fix, base, found.findings, others);
    const [waiting, now] = [state.queue.slice(1), after.queue].map((queue) => queue.map(({ finding }) => finding));
    return { ...cursor, state: after, total: cursor.total - this.fixable(waiting ?? []) + this.fixable(now ?? []) };
  }

  private async ask(decide: () => Promise<Decision>): Promise<Decision> {
    try {
      return await decide();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.interrupted = error.signal;
      return stop;
    }
  }

  private get hasEarlier(): boolean {
    return this.history.some(({ asked }) => asked);
  }

  private remember(cursor: Cursor, { implied = false }: { readonly implied?: boolean }): void {
    this.history.push({ cursor, asked: !implied });
  }

  /** Where the last answer was given, without it and what followed from it. */
  private back(): Cursor | undefined {
    for (;;) {
      const last = this.history.pop();
      if (last === undefined) return undefined;
      this.done.length = last.cursor.index;
      if (last.asked) return last.cursor;
    }
  }

  private stopReason(): string {
    return this.interrupted === undefined
      ? 'the review was stopped here'
      : 'the review was interrupted, and nothing was written';
  }

  private rejection(fix: Fix): string {
    if (this.refusal === 'rejected') return 'rejected in the review';
    const open = fix.obligations.find((obligation) => obligation.holds !== true);
    return open === undefined ? 'not allowed' : `unsafe: ${open.detail} (${open.id})`;
  }
}

const stop: Decision = { kind: 'stop' };

function byPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}
