/**
 * One file from text to what is worth judging: sift, parse, model, detect.
 *
 * The result is plain data. It needs no other file, so it can be made in any order and anywhere; the model is dropped with it.
 */
import type { FileError } from './core/errors.ts';
import type { SourceFile } from './core/source-file.ts';
import { Stopwatch } from './core/stopwatch.ts';
import { owned } from './core/words.ts';
import { isImportable } from './model/class.ts';
import { FileModel } from './model/file.ts';
import { type Suppressions, suppressionsOf } from './model/suppression.ts';
import type { InheritableSubject, Subject, Topic } from './plan/transform.ts';
import { type FileFacts, factsOf } from './project/facts.ts';
import { Suspended } from './project/project.ts';
import type { AnyTransform } from './rules.ts';
import { lineColumn } from './source/lines.ts';
import { BodyFailure, parse } from './syntax/tree.ts';

export interface Analysis {
  readonly facts: FileFacts;
  /** What rules would find here as far as this file tells; other files may show otherwise. */
  readonly subjects: readonly Subject[];
  /** What would be found if another file changed it. */
  readonly inheritable: readonly InheritableSubject[];
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** True if its comments may suppress something, as far as the text tells; looked at only when unused ones are asked for. */
  readonly mayIgnore: boolean;
  /** False if the text alone proved that no rule finds anything. */
  readonly parsed: boolean;
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

/** Runs the rules over one file. A rule that throws fails this file only, by name. */
export function analyse(source: SourceFile, rules: readonly AnyTransform[], options: IgnoreOptions = {}): Analysis {
  const watch = new Stopwatch();
  const analysis = analyseTwice(source, rules, options, watch);
  watch.lap('detect');
  if (options.stats !== true) return analysis;
  const spent = { sift: 0, parse: 0, detect: 0 };
  for (const { stage, milliseconds } of watch.laps) spent[stage as keyof Spent] += milliseconds;
  return { ...analysis, spent };
}

/** Again and as a whole, where a part does not parse. */
function analyseTwice(
  source: SourceFile,
  rules: readonly AnyTransform[],
  options: IgnoreOptions,
  watch: Stopwatch,
): Analysis {
  try {
    return analyseAs(source, rules, options, options.sift !== false, watch);
  } catch (error) {
    if (!(error instanceof BodyFailure)) throw error;
    return analyseAs(source, rules, options, false, watch);
  }
}

function analyseAs(
  source: SourceFile,
  rules: readonly AnyTransform[],
  options: IgnoreOptions,
  deferBodies: boolean,
  watch: Stopwatch,
): Analysis {
  const { path, text } = source;
  const nothing: Analysis = {
    facts: factsOf(path, text),
    subjects: [],
    inheritable: rules.flatMap((rule) => [...(rule.inheritable?.(text) ?? [])].map(ownedNames)),
    errors: [],
    warnings: [],
    mayIgnore: options.reportUnusedIgnores === true && text.includes('pyleak'),
    parsed: false,
  };
  const candidates = rules.flatMap((rule) => {
    const sifted = options.sift === false || rule.mayMatch(text, path);
    return sifted === false ? [] : [{ rule, wanted: wantedOf(sifted) }];
  });
  watch.lap('sift');
  if (candidates.length === 0) return nothing;
  const syntax = parse(text, { deferBodies });
  watch.lap('parse');
  if ('offset' in syntax) {
    const { line, column } = lineColumn(text, syntax.offset);
    const message = 'the file could not be parsed from here on, so it was left alone';
    return { ...nothing, inheritable: [], parsed: true, errors: [{ path, kind: 'syntax', message, line, column }] };
  }
  const file = new FileModel(source, syntax);
  const suppressions = suppressionsIn(file, rules, options);
  const warnings = suppressions.warnings.map(({ offset, message }) => {
    const { line, column } = lineColumn(text, offset);
    return `${path}:${line}:${column}: ${message}`;
  });
  if (suppressions.wholeFile && options.reportUnusedIgnores !== true)
    return { ...nothing, inheritable: [], parsed: true, warnings };
  const subjects: Subject[] = [];
  const errors: FileError[] = [];
  for (const { rule, wanted } of candidates) {
    guarded(rule, path, errors, () => {
      for (const match of rule.detect(file, wanted)) {
        const { class: model, name } = rule.subject(match);
        // A class that is a subject itself may move to where other files see it.
        const importable = model === undefined || name === undefined || isImportable(model);
        subjects.push(ownedNames({ className: model?.name, attribute: name, importable }));
      }
    });
  }
  // Where something may be found, a syntax error anywhere in the file is told.
  if (subjects.length > 0) file.readAll();
  return { ...nothing, subjects, errors, warnings, parsed: true };
}

/** What is cut from the text would keep all of it in memory. */
function ownedNames<Named extends Subject>(subject: Named): Named {
  const { className, attribute } = subject;
  return {
    ...subject,
    ...(className === undefined ? {} : { className: owned(className) }),
    ...(attribute === undefined ? {} : { attribute: owned(attribute) }),
  };
}

/** What of a file is worth a look, after {@link Transform.mayMatch}. Names are compared in normal form KC (language reference 2.3). */
function wantedOf(sifted: true | ReadonlySet<string>): (topic: Topic) => boolean {
  if (sifted === true) return () => true;
  const names = new Set([...sifted].map((name) => name.normalize('NFKC')));
  return ({ name }) => name === undefined || names.has(name);
}

/** The comments of the file that keep findings from being reported. `rules` are those of the run. */
export function suppressionsIn(
  { syntax, source }: Pick<FileModel, 'syntax' | 'source'>,
  rules: readonly AnyTransform[],
  { knownRules }: IgnoreOptions,
): Suppressions {
  return suppressionsOf(syntax, source.text, knownRules ?? rules.map((rule) => rule.meta.id));
}

/** Runs a rule on a file; what it throws becomes an error of that file, unless it only has to wait. */
export function guarded(rule: AnyTransform, path: string, errors: FileError[], run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof Suspended || error instanceof BodyFailure) throw error;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    errors.push({ path, kind: 'internal', message: `rule ${rule.meta.id} failed on this file: ${reason}` });
  }
}
