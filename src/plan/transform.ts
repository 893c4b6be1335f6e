/** What a rule is: how it finds, how it words what it found, and how it repairs it. One folder in `transforms/` each. */
import type { Evidence, Fix, Unfixable } from '../core/finding.ts';
import type { Place, Range } from '../core/range.ts';
import type { RuleMeta } from '../core/rule.ts';
import type { ClassModel } from '../model/class.ts';
import type { FileModel } from '../model/file.ts';

export interface Explanation {
  /** Qualified name inside the module. */
  readonly symbol: string;
  readonly range: Range;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** As in a finding: where it stands besides. */
  readonly also?: readonly Place[];
  /** Where one thing may be found from several files: what it is known by, so that it is reported once. */
  readonly identity?: string;
}

/** What a match is about: an attribute of a class; without a class a name of the module, without a name the class itself. */
export interface Topic {
  readonly class?: ClassModel | undefined;
  readonly name?: string | undefined;
}

/** The same as plain data, by names alone: what other files are searched for, and what is judged once they are known. */
export interface Subject {
  readonly className?: string | undefined;
  readonly attribute?: string | undefined;
  /** False if no other file can come across the name: the class stays in a function. */
  readonly importable: boolean;
}

/** What another file may change. */
export interface InheritableSubject extends Subject {
  readonly attribute: string;
  /**
   * What counts is not a change of the attribute but that it leads to another object: one that the constructor is `given`, or that
   * somebody else can only `set`.
   */
  readonly linked?: 'given' | 'set';
}

export interface Transform<Match> {
  readonly meta: RuleMeta;
  /**
   * Necessary condition on a file's text, and on its path as in {@link SourceFile.path}; cheap: false proves that {@link detect} finds nothing in
   * the file by itself, names that it finds nothing but topics of these names.
   */
  mayMatch(text: string, path: string): boolean | ReadonlySet<string>;
  /** What {@link detect} would find in a file of this text if another file changed it. */
  inheritable?(text: string): Iterable<InheritableSubject>;
  /**
   * Whether a text may change, as the rule counts it, an attribute of that name that {@link inheritable} tells of the text of its `home`:
   * asked of the files of a class that inherits it. A rule without it finds no changes in other files.
   */
  mayChange?(text: string, attribute: string, home: string): boolean;
  /** What a match is about: what other files are searched for. */
  subject(match: Match): Topic;
  /** `wanted` says of a topic whether it is worth a look. */
  detect(file: FileModel, wanted: (topic: Topic) => boolean): Iterable<Match>;
  explain(match: Match): Explanation;
  /** `strategy` is one of `meta.strategies`. It is asked for only when someone wants it. */
  remedy(match: Match, strategy: string): Fix | Unfixable;
}
