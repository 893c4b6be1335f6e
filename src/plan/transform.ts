/** What a rule is: how it finds, how it words what it found, and how it repairs it. One folder in `transforms/` each. */
import type { Evidence, Fix, Unfixable } from '../core/finding.ts';
import type { Range } from '../core/range.ts';
import type { RuleMeta } from '../core/rule.ts';
import type { NamedAttribute } from '../model/class-attribute.ts';
import type { FileModel } from '../model/file.ts';

export interface Explanation {
  /** Qualified name inside the module. */
  readonly symbol: string;
  readonly range: Range;
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/** What a finding would be about: an attribute by its name, and the class that has it. Plain data. */
export interface Subject {
  readonly className: string;
  readonly attribute: string;
  /** False for a class that only the function around it sees: no other file can name it. */
  readonly importable: boolean;
}

export interface Transform<Match> {
  readonly meta: RuleMeta;
  /** Necessary condition on a file's text, cheap: false proves that {@link detect} finds nothing. */
  mayMatch(text: string): boolean;
  /** Attributes that {@link detect} would find in a file of this text if a class of another file changed them. */
  inheritable?(text: string): Iterable<Subject>;
  /** What a match is about: what other files are searched for. */
  subject(match: Match): NamedAttribute;
  /** `wanted` says of an attribute whether it is worth a look. */
  detect(file: FileModel, wanted: (attribute: NamedAttribute) => boolean): Iterable<Match>;
  explain(match: Match): Explanation;
  /** `strategy` is one of `meta.strategies`. It is asked for only when someone wants it. */
  remedy(match: Match, strategy: string): Fix | Unfixable;
}
