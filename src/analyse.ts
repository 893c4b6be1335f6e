/**
 * One file from text to findings: sift, parse, model, detect, and what each rule says about its matches.
 *
 * The result is plain data. It needs no other file, so it can be made in any order and anywhere; the model is dropped with it.
 */
import type { FileError } from './core/errors.ts';
import type { Finding } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { FileModel } from './model/file.ts';
import { suppressionsOf } from './model/suppression.ts';
import type { AnyTransform } from './rules.ts';
import { lineColumn } from './source/lines.ts';
import { parse } from './syntax/tree.ts';

export interface Analysis {
  readonly findings: readonly Finding[];
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** False if the text alone proved that no rule finds anything. */
  readonly parsed: boolean;
}

const NOTHING: Analysis = { findings: [], errors: [], warnings: [], parsed: false };

/** Runs the rules over one file. A rule that throws fails this file only, by name. `strategies`: rule id to preferred strategy. */
export function analyse(
  source: SourceFile,
  rules: readonly AnyTransform[],
  strategies: ReadonlyMap<string, string>,
): Analysis {
  const candidates = rules.filter((rule) => rule.mayMatch(source.text));
  if (candidates.length === 0) return NOTHING;
  const syntax = parse(source.text);
  if ('offset' in syntax) {
    const { line, column } = lineColumn(source.text, syntax.offset);
    const message = 'the file could not be parsed from here on, so it was left alone';
    return { ...NOTHING, parsed: true, errors: [{ path: source.path, kind: 'syntax', message, line, column }] };
  }
  const ids = rules.map((rule) => rule.meta.id);
  const suppressions = suppressionsOf(syntax, source.text, ids);
  const warnings = suppressions.warnings.map(({ offset, message }) => {
    const { line, column } = lineColumn(source.text, offset);
    return `${source.path}:${line}:${column}: ${message}`;
  });
  if (suppressions.wholeFile) return { ...NOTHING, parsed: true, warnings };
  const file = new FileModel(source, syntax);
  const findings: Finding[] = [];
  const errors: FileError[] = [];
  for (const rule of candidates) {
    try {
      for (const finding of findingsOf(rule, file, strategies)) {
        if (!suppressions.covers(finding.range.start, rule.meta.id)) findings.push(finding);
      }
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      errors.push({
        path: source.path,
        kind: 'internal',
        message: `rule ${rule.meta.id} failed on this file: ${reason}`,
      });
    }
  }
  findings.sort((a, b) => a.range.start - b.range.start);
  return { findings, errors, warnings, parsed: true };
}

function* findingsOf(rule: AnyTransform, file: FileModel, strategies: ReadonlyMap<string, string>): Generator<Finding> {
  const { id, retention } = rule.meta;
  const preferred = strategies.get(id);
  // The one that is going to be used comes first.
  const names = rule.meta.strategies
    .map((strategy) => strategy.name)
    .sort((a, b) => Number(b === preferred) - Number(a === preferred));
  for (const match of rule.detect(file)) {
    const explanation = rule.explain(match);
    const fixes = names.map((name) => rule.remedy(match, name));
    yield { rule: id, retention, path: file.source.path, fixes, ...explanation };
  }
}
