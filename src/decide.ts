/**
 * Puts each fix before the reviewer, file by file, and renders what was accepted.
 *
 * Whether two fixes are in each other's way is judged against what was accepted, so that a rejected one frees its rival.
 */
import type { Rendered } from './apply/render.ts';
import type { FileError } from './core/errors.ts';
import { applicabilityOf, type Finding, type Fix } from './core/finding.ts';
import type { Place } from './core/range.ts';
import type { ReportPosition } from './core/report.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Judged } from './judge.ts';
import { collide } from './plan/compose.ts';
import { type Accepted, diffBetween, gate } from './render.ts';
import type { Outcome } from './report/build.ts';
import { Interrupted, type Signal } from './review/prompt.ts';
import type { Decision, Reviewer } from './review/reviewer.ts';
import { LineIndex } from './source/lines.ts';

export interface Decided {
  /** In the order of the findings; `planned` for what was accepted. */
  readonly outcomes: readonly Outcome[];
  /** What is to be written, by path. */
  readonly rendered: readonly Rendered[];
  readonly errors: readonly FileError[];
  /** What ended the review from outside: nothing is to be written then. */
  readonly interrupted: Signal | undefined;
}

/** Why a file may not be written now, such as its permissions or a change since it was read; undefined if it may. */
export type Recheck = (source: SourceFile) => Promise<FileError | undefined>;

/** How a reviewer's answers are told in the report. */
export type Refusal = 'skipped' | 'rejected';

/**
 * Goes through the findings in their order. `sources` has every file that one of them speaks of. After `maxChanges` accepted fixes no
 * more are put before the reviewer.
 */
export async function decide(
  { findings, sources }: Pick<Judged, 'findings' | 'sources'>,
  reviewer: Reviewer,
  refusal: Refusal,
  recheck: Recheck,
  maxChanges = Number.POSITIVE_INFINITY,
): Promise<Decided> {
  const review = new Review(findings, sources, reviewer, refusal, maxChanges);
  const outcomes: Outcome[] = [];
  const rendered: Rendered[] = [];
  const errors: FileError[] = [];
  for (const [path, inFile] of byPath(findings)) {
    const source = sources.get(path);
    if (source === undefined) throw new TypeError(`the source of ${path} was not kept`);
    const obstacle = review.offersAny(source, inFile) ? await recheck(source) : undefined;
    if (obstacle !== undefined) errors.push(obstacle);
    const { accepted, refused } = await review.file(source, inFile, obstacle?.message);
    const gated = gate(source, accepted);
    if (gated.error !== undefined) errors.push(gated.error);
    if (gated.rendered !== undefined) rendered.push(gated.rendered);
    const all = new Map([...refused, ...gated.dropped].map((outcome) => [outcome.finding, outcome]));
    outcomes.push(...inFile.map((finding): Outcome => all.get(finding) ?? { finding, status: 'planned' }));
  }
  return {
    outcomes,
    rendered: review.interrupted === undefined ? rendered : [],
    errors,
    interrupted: review.interrupted,
  };
}

/** The first strategy's fix, which is the one that would be used; undefined if it cannot be written. */
function firstFix({ fixes: [first] }: Finding): Fix | undefined {
  return first === undefined || 'unfixable' in first ? undefined : first;
}

function unfixableReason({ fixes: [first] }: Finding): string {
  return first !== undefined && 'unfixable' in first ? first.unfixable : 'the rule offers no fix here';
}

/** Asks about one finding after the other and remembers whether the person has had enough. */
class Review {
  /** True once no further question is to be asked. */
  ended = false;
  interrupted: Signal | undefined;
  private asked = 0;
  private changes = 0;
  private readonly indexes = new Map<string, LineIndex>();
  private readonly total: number;
  private readonly sources: ReadonlyMap<string, SourceFile>;
  private readonly reviewer: Reviewer;
  private readonly refusal: Refusal;
  private readonly maxChanges: number;

  constructor(
    findings: readonly Finding[],
    sources: ReadonlyMap<string, SourceFile>,
    reviewer: Reviewer,
    refusal: Refusal,
    maxChanges: number,
  ) {
    this.maxChanges = maxChanges;
    this.sources = sources;
    this.total = findings.filter((finding) => firstFix(finding) !== undefined).length;
    this.reviewer = reviewer;
    this.refusal = refusal;
  }

  /** True if a fix of this file may still be accepted. */
  offersAny({ writable }: SourceFile, findings: readonly Finding[]): boolean {
    if (this.ended || !writable) return false;
    const fixes = findings.map(firstFix).filter((fix) => fix !== undefined);
    return fixes.some((fix) => this.reviewer.offers(applicabilityOf(fix)));
  }

  /** What was accepted in one file, and why the rest was not. `obstacle` keeps the whole file from being changed. */
  async file(
    source: SourceFile,
    findings: readonly Finding[],
    obstacle: string | undefined,
  ): Promise<{ readonly accepted: readonly Accepted[]; readonly refused: readonly Outcome[] }> {
    const accepted: Accepted[] = [];
    const refused: Outcome[] = [];
    const inTheWay = source.writable ? obstacle : 'the file lies outside the root and is only read';
    for (const finding of findings) {
      const fix = firstFix(finding);
      if (fix === undefined) {
        refused.push({ finding, status: 'unfixable', reason: unfixableReason(finding) });
        continue;
      }
      this.asked += 1;
      const rival = this.rivalOf(source, fix, accepted);
      if (inTheWay !== undefined) refused.push({ finding, status: 'skipped', reason: inTheWay });
      else if (rival !== undefined)
        refused.push({ finding, status: 'conflict', reason: `it overlaps the fix of ${rival.symbol} (${rival.rule})` });
      else if (this.changes >= this.maxChanges && this.reviewer.offers(applicabilityOf(fix)))
        refused.push({ finding, status: 'skipped', reason: `--max-changes ${this.maxChanges} is reached` });
      else {
        const decision = this.ended ? 'stop' : await this.ask(source, finding, fix, accepted);
        if (decision === 'accept') {
          accepted.push({ finding, fix });
          this.changes += 1;
        } else refused.push({ finding, status: this.refusal, reason: this.reason(decision, fix) });
      }
    }
    return { accepted, refused };
  }

  private async ask(source: SourceFile, finding: Finding, fix: Fix, accepted: readonly Accepted[]): Promise<Decision> {
    try {
      const decision = await this.reviewer.decide({
        finding,
        fix,
        applicability: applicabilityOf(fix),
        position: this.positionOf(finding),
        evidencePositions: finding.evidence.map(({ place }) => this.positionOf(place)),
        number: this.asked,
        total: this.total,
        diff: () => {
          const before = accepted.map((other) => other.fix);
          return diffBetween(source, before, [...before, fix]);
        },
      });
      this.ended = decision === 'stop';
      return decision;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      this.ended = true;
      this.interrupted = error.signal;
      return 'stop';
    }
  }

  /** The accepted finding whose fix is in the way of `fix`. */
  private rivalOf(source: SourceFile, fix: Fix, accepted: readonly Accepted[]): Finding | undefined {
    return accepted.find(({ fix: other }) => collide(source, fix, other))?.finding;
  }

  private positionOf({ path, range }: Place): ReportPosition {
    const source = this.sources.get(path);
    if (source === undefined) throw new TypeError(`the source of ${path} was not kept`);
    const index = this.indexes.get(path) ?? new LineIndex(source);
    this.indexes.set(path, index);
    return index.position(range.start);
  }

  private reason(decision: Decision, fix: Fix): string {
    if (this.interrupted !== undefined) return 'the review was interrupted, and nothing was written';
    if (decision === 'stop') return 'the review was stopped here';
    if (this.refusal === 'rejected') return 'rejected in the review';
    const open = fix.obligations.find((obligation) => obligation.holds !== true);
    return open === undefined ? 'not allowed' : `unsafe: ${open.detail} (${open.id})`;
  }
}

function byPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}
