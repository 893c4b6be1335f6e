/** What is put before the reviewer about one finding: the ways to fix it that are open, given what was accepted before. */
import { applicabilityOf, type Finding, type Fix } from './core/finding.ts';
import type { Place } from './core/range.ts';
import type { SourceFile } from './core/source-file.ts';
import { readEdited } from './edited-file.ts';
import type { FileState } from './file-review.ts';
import { collide } from './plan/compose.ts';
import { diffBetween, resultOf } from './render.ts';
import type { Blocked, Offer, Position, Proposal, Turn } from './review/reviewer.ts';
import { LineIndex } from './source/lines.ts';

/** No way is open: what was accepted is in the way of all. */
export interface Conflict {
  readonly turn: Turn;
  readonly conflict: string;
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
  ): Proposal | Conflict {
    const [item] = state.queue;
    if (item === undefined) throw new TypeError(`nothing is left to propose in ${state.source.path}`);
    const { finding, key } = item;
    const turn = { finding, key, position: this.positionOf(finding, state), ...count };
    const offers: Offer[] = [];
    const blocked: Blocked[] = [];
    for (const fix of this.fixesOf(finding)) {
      const rival = this.rivalOf(state, fix);
      if (rival === undefined) offers.push(offerOf(state, fix));
      else blocked.push({ strategy: fix.strategy, reason: `it overlaps the fix of ${rival.symbol} (${rival.rule})` });
    }
    const [first, ...others] = offers;
    if (first === undefined) return { turn, conflict: blocked[0]?.reason ?? 'it cannot be applied' };
    const { path, realPath, bytes } = state.source;
    return {
      ...turn,
      file: { path, realPath, bytes },
      evidencePositions: finding.evidence.map(({ place }) => this.positionOf(place, state)),
      offers: [first, ...others],
      blocked,
      hasEarlier,
      problemWith: (edited) => {
        const result = readEdited(state.source, edited);
        return 'problem' in result ? result.problem : undefined;
      },
    };
  }

  /** The accepted finding whose fix is in the way of `fix`. */
  private rivalOf({ base, accepted }: FileState, fix: Fix): Finding | undefined {
    return accepted.find(({ fix: other }) => collide(base, fix, other))?.finding;
  }

  /** A place in the file under review is one in what a person made of it. */
  private positionOf({ path, range }: Place, { base }: FileState): Position {
    const source = path === base.path ? base : this.sources.get(path);
    if (source === undefined) throw new TypeError(`the source of ${path} was not kept`);
    const index = this.indexes.get(source) ?? new LineIndex(source);
    this.indexes.set(source, index);
    return index.position(range.start);
  }
}

function offerOf({ base, accepted }: FileState, fix: Fix): Offer {
  const before = accepted.map((other) => other.fix);
  return {
    fix,
    applicability: applicabilityOf(fix),
    diff: () => diffBetween(base, before, [...before, fix]),
    result: () => resultOf(base, [...before, fix]),
  };
}
