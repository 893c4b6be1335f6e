/** What is put before the reviewer about one finding: the ways to fix it that are open, given what was accepted before. */
import { applicabilityOf, type Finding, type Fix, pathsChanged } from './core/finding.ts';
import type { Place } from './core/range.ts';
import type { SourceFile } from './core/source-file.ts';
import { readEdited } from './edited-file.ts';
import type { FileState } from './file-review.ts';
import { collide } from './plan/compose.ts';
import { diffBetween, resultOf } from './render.ts';
import type { Outcome } from './report/build.ts';
import type { Blocked, Offer, Position, Proposal, Turn } from './review/reviewer.ts';
import { LineIndex } from './source/lines.ts';
import type { Standing } from './standing.ts';

/** No way is open, because of what was accepted or of another file that cannot be changed. */
export interface Closed {
  readonly turn: Turn;
  readonly status: Outcome['status'];
  readonly reason: string;
}

interface Obstruction {
  readonly status: Outcome['status'];
  readonly reason: string;
}

export class Proposals {
  private readonly sources: Map<string, SourceFile>;
  private readonly choosesStrategy: boolean;
  private readonly indexes = new WeakMap<SourceFile, LineIndex>();

  /** `sources` are the files as they were read. Without `choosesStrategy` only the first strategy of a finding counts. */
  constructor(sources: ReadonlyMap<string, SourceFile>, choosesStrategy: boolean) {
    this.sources = new Map(sources);
    this.choosesStrategy = choosesStrategy;
  }

  /** Files that later findings speak of. */
  know(sources: ReadonlyMap<string, SourceFile>): void {
    for (const [path, source] of sources) if (!this.sources.has(path)) this.sources.set(path, source);
  }

  /** A file as it was read. Throws a TypeError if no finding speaks of it. */
  sourceOf(path: string): SourceFile {
    const source = this.sources.get(path);
    if (source === undefined) throw new TypeError(`the source of ${path} was not kept`);
    return source;
  }

  /** The fixes that may be proposed, the default first. */
  fixesOf({ fixes }: Finding): readonly Fix[] {
    const considered = this.choosesStrategy ? fixes : fixes.slice(0, 1);
    return considered.flatMap((fix) => ('unfixable' in fix ? [] : [fix]));
  }

  /** Why nothing can be proposed. */
  unfixableReason({ fixes: [first] }: Finding): string {
    return first !== undefined && 'unfixable' in first ? first.unfixable : 'the rule offers no fix here';
  }

  /** About the first finding of the queue, which has a fix. Throws a TypeError for an empty queue. */
  about(
    state: FileState,
    count: { readonly number: number; readonly total: number },
    hasEarlier: boolean,
    standingOf: (path: string) => Standing,
  ): Proposal | Closed {
    const [item] = state.queue;
    if (item === undefined) throw new TypeError(`nothing is left to propose in ${state.source.path}`);
    const { finding, key } = item;
    const turn = { finding, key, position: this.positionOf(finding, state), ...count };
    const offers: Offer[] = [];
    const blocked: (Blocked & Obstruction)[] = [];
    for (const fix of this.fixesOf(finding)) {
      const obstruction = inTheWay(finding.path, fix, standingOf);
      if (obstruction === undefined) offers.push(offerOf(finding.path, fix, standingOf));
      else blocked.push({ strategy: fix.strategy, ...obstruction });
    }
    const [first, ...others] = offers;
    if (first === undefined) {
      const { status, reason } = blocked[0] ?? { status: 'conflict', reason: 'it cannot be applied' };
      return { turn, status, reason };
    }
    const { path, realPath, bytes } = state.source;
    return {
      ...turn,
      file: { path, realPath, bytes },
      evidencePositions: finding.evidence.map(({ place }) => this.positionOf(place, state)),
      offers: [first, ...others],
      blocked: blocked.map(({ strategy, reason }) => ({ strategy, reason })),
      hasEarlier,
      problemWith: (edited) => {
        const result = readEdited(state.source, edited);
        return 'problem' in result ? result.problem : undefined;
      },
    };
  }

  /** A place in the file under review is one in what a person made of it. */
  private positionOf({ path, range }: Place, { base }: FileState): Position {
    const source = path === base.path ? base : this.sourceOf(path);
    const index = this.indexes.get(source) ?? new LineIndex(source);
    this.indexes.set(source, index);
    return index.position(range.start);
  }
}

/** What keeps a fix from being made, in any of its files. `home` is where its finding stands. */
function inTheWay(home: string, fix: Fix, standingOf: (path: string) => Standing): Obstruction | undefined {
  for (const path of pathsChanged(fix)) {
    const { base, isEdited, accepted, obstacle } = standingOf(path);
    const where = path === home ? '' : ` in ${path}`;
    if (path !== home && obstacle !== undefined)
      return { status: 'skipped', reason: `it would change ${path} too: ${obstacle}` };
    // The finding was judged by the text as it was read.
    if (path !== home && isEdited)
      return { status: 'skipped', reason: `it would change ${path} too, which was edited by hand` };
    const rival = accepted.find(({ fix: other }) => collide(base, fix, other))?.finding;
    if (rival !== undefined)
      return { status: 'conflict', reason: `it overlaps the fix of ${rival.symbol} (${rival.rule})${where}` };
  }
  return undefined;
}

function offerOf(home: string, fix: Fix, standingOf: (path: string) => Standing): Offer {
  const fixesIn = (path: string): readonly Fix[] => standingOf(path).accepted.map((other) => other.fix);
  const changed = pathsChanged(fix);
  const paths = changed.length === 0 ? [home] : changed;
  const result = (path: string) => resultOf(standingOf(path).base, [...fixesIn(path), fix]);
  return {
    fix,
    applicability: applicabilityOf(fix),
    others: paths.flatMap((path) => (path === home ? [] : [standingOf(path).base])),
    diff: () => {
      if (paths.length > 1 && paths.some((path) => result(path) === undefined)) return Buffer.alloc(0);
      const diffs = paths.map((path) => diffBetween(standingOf(path).base, fixesIn(path), [...fixesIn(path), fix]));
      return Buffer.concat(diffs);
    },
    result: () => result(home),
  };
}
