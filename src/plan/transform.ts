/** What a rule is: how it finds, how it words what it found, and how it repairs it. One folder in `transforms/` each. */
import type { Evidence, Fix, Question, Unfixable } from '../core/finding.ts';
import type { Range } from '../core/range.ts';
import type { RuleMeta } from '../core/rule.ts';
import type { FileModel } from '../model/file.ts';

export interface Explanation {
  /** Qualified name inside the module. */
  readonly symbol: string;
  readonly range: Range;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly question: Question;
}

export interface Transform<Match> {
  readonly meta: RuleMeta;
  /** Necessary condition on a file's text, cheap: false proves that {@link detect} finds nothing. */
  mayMatch(text: string): boolean;
  detect(file: FileModel): Iterable<Match>;
  explain(match: Match): Explanation;
  /** `strategy` is one of `meta.strategies`. Edits and obligations are those this file decides. */
  remedy(match: Match, strategy: string): Fix | Unfixable;
}
