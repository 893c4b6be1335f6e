/** One file as far as its text tells, which is plain data: what other files may need of it, and what is worth a look in its tree. */
import type { SourceFile } from './core/source-file.ts';
import { Stopwatch } from './core/stopwatch.ts';
import { owned } from './core/words.ts';
import type { InheritableSubject, Subject } from './plan/transform.ts';
import { type FileFacts, factsOf } from './project/facts.ts';
import type { AnyTransform } from './rules.ts';

export interface Sifted {
  readonly facts: FileFacts;
  /** What would be found if another file changed it. */
  readonly inheritable: readonly InheritableSubject[];
  /** True if its comments may suppress something, as far as the text tells; looked at only when unused ones are asked for. */
  readonly mayIgnore: boolean;
  /** By the ids of the rules that may find something: which names are worth a look, or true for all. */
  readonly wanted: ReadonlyMap<string, true | ReadonlySet<string>>;
  /** What it took, where that is asked for. */
  readonly spent?: Spent | undefined;
}

/** What the parts of an analysis took, in milliseconds: reading the text, making the tree, running the rules over it. */
export interface Spent {
  readonly sift: number;
  readonly parse: number;
  readonly detect: number;
}

export interface IgnoreOptions {
  /** What a suppression comment may name, more than the rules of the run; those when absent. */
  readonly knownRules?: readonly string[] | undefined;
  /** What is suppressed is found all the same, since it shows which comments are of use. */
  readonly reportUnusedIgnores?: boolean | undefined;
  /** False to run every rule over the whole of every file, whatever its text tells. */
  readonly sift?: boolean | undefined;
  /** What it takes is told. */
  readonly stats?: boolean | undefined;
}

/** Reads the text of one file. */
export function sift({ path, text }: SourceFile, rules: readonly AnyTransform[], options: IgnoreOptions): Sifted {
  const watch = new Stopwatch();
  const facts = factsOf(path, text);
  const inheritable = rules.flatMap((rule) => [...(rule.inheritable?.(text) ?? [])].map(ownedNames));
  const wanted = new Map<string, true | ReadonlySet<string>>();
  for (const rule of rules) {
    const names = options.sift === false || rule.mayMatch(text, path);
    if (names !== false) wanted.set(rule.meta.id, names);
  }
  watch.lap('sift');
  const mayIgnore = options.reportUnusedIgnores === true && text.includes('pyleak');
  return { facts, inheritable, mayIgnore, wanted, spent: options.stats === true ? timesOf(watch) : undefined };
}

/** What the stages took together. */
export function timesOf({ laps }: Stopwatch): Spent {
  const spent = { sift: 0, parse: 0, detect: 0 };
  for (const { stage, milliseconds } of laps) spent[stage as keyof Spent] += milliseconds;
  return spent;
}

/** What is cut from the text would keep all of it in memory. */
export function ownedNames<Named extends Subject>(subject: Named): Named {
  const { className, attribute } = subject;
  return {
    ...subject,
    ...(className === undefined ? {} : { className: owned(className) }),
    ...(attribute === undefined ? {} : { attribute: owned(attribute) }),
  };
}
