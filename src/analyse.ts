/**
 * One file from text to what is worth judging: sift, and where that leaves something: parse, model, detect.
 *
 * The result is plain data. It needs no other file, so it can be made in any order and anywhere; the model is dropped with it.
 */
import type { FileError } from './core/errors.ts';
import type { SourceFile } from './core/source-file.ts';
import { Stopwatch } from './core/stopwatch.ts';
import { isImportable } from './model/class.ts';
import { FileModel } from './model/file.ts';
import { type Suppressions, suppressionsOf } from './model/suppression.ts';
import type { Subject, Topic } from './plan/transform.ts';
import { Suspended } from './project/project.ts';
import type { AnyTransform } from './rules.ts';
import { type IgnoreOptions, ownedNames, type Sifted, sift, timesOf } from './sift.ts';
import { lineColumn } from './source/lines.ts';
import { BodyFailure, parse } from './syntax/tree.ts';

export interface Analysis extends Omit<Sifted, 'wanted'> {
  /** What rules would find here as far as this file tells; other files may show otherwise. */
  readonly subjects: readonly Subject[];
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** False if the text alone proved that no rule finds anything. */
  readonly parsed: boolean;
}

/** Runs the rules over one file. A rule that throws fails this file only, by name. */
export function analyse(source: SourceFile, rules: readonly AnyTransform[], options: IgnoreOptions = {}): Analysis {
  return detect(source, sift(source, rules, options), rules, options);
}

/** What the rules find in a file that was sifted. One that throws fails this file only, by name. */
export function detect(
  source: SourceFile,
  { wanted, spent, ...sifted }: Sifted,
  rules: readonly AnyTransform[],
  options: IgnoreOptions = {},
): Analysis {
  const watch = new Stopwatch();
  const candidates = rules.flatMap((rule) => {
    const names = wanted.get(rule.meta.id);
    return names === undefined ? [] : [{ rule, wanted: wantedOf(names) }];
  });
  const nothing = { ...sifted, subjects: [], errors: [], warnings: [], parsed: false };
  const analysis =
    candidates.length === 0 ? nothing : detectTwice({ source, nothing, candidates, rules, options, watch });
  watch.lap('detect');
  return spent === undefined ? analysis : { ...analysis, spent: { ...timesOf(watch), sift: spent.sift } };
}

/** One file in which something may be found. */
interface Detection {
  readonly source: SourceFile;
  /** What it comes to if nothing is. */
  readonly nothing: Analysis;
  readonly candidates: readonly { readonly rule: AnyTransform; readonly wanted: (topic: Topic) => boolean }[];
  readonly rules: readonly AnyTransform[];
  readonly options: IgnoreOptions;
  readonly watch: Stopwatch;
}

/** Again and as a whole, where a part does not parse. */
function detectTwice(detection: Detection): Analysis {
  try {
    return detectAs(detection, detection.options.sift !== false);
  } catch (error) {
    if (!(error instanceof BodyFailure)) throw error;
    return detectAs(detection, false);
  }
}

function detectAs({ source, nothing, candidates, rules, options, watch }: Detection, deferBodies: boolean): Analysis {
  const { path, text } = source;
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
