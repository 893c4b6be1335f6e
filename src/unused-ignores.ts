/** Suppression comments that suppress nothing: told when `--report-unused-ignores` asks for them. */
import { suppressionsIn } from './analyse.ts';
import { isFileError } from './core/errors.ts';
import { type Finding, placesOf } from './core/finding.ts';
import { lineStart } from './core/lines.ts';
import type { Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Input } from './input.ts';
import type { Judged } from './judge.ts';
import type { Directive } from './model/suppression.ts';
import type { Scan } from './scan.ts';
import { lineColumn } from './source/lines.ts';
import { parse } from './syntax/tree.ts';

/**
 * A line about each, `path:line:column: ...`, by path and place. Only rules of this run count: what `--select` leaves out may be
 * suppressed for good reason. A file with an error is passed over, since nobody knows what would be found in it.
 */
export async function unusedIgnores(
  options: Options,
  { read }: Pick<Input, 'read'>,
  { mayIgnore, errors }: Scan,
  judged: Judged,
): Promise<readonly string[]> {
  const failed = new Set([...errors, ...judged.errors].map(({ path }) => path));
  const lines: string[] = [];
  for (const entry of mayIgnore) {
    const source = failed.has(entry.path) ? undefined : await read(entry);
    if (source === undefined || isFileError(source)) continue;
    lines.push(...unusedIn(source, judged.suppressed, options));
  }
  return lines;
}

function unusedIn(source: SourceFile, suppressed: readonly Finding[], options: Options): readonly string[] {
  const syntax = parse(source.text);
  if ('offset' in syntax) return [];
  return suppressionsIn({ syntax, source }, [], options).directives.flatMap((directive) => {
    const what = unused(directive, source, suppressed, options);
    if (what === undefined) return [];
    const { line, column } = lineColumn(source.text, directive.offset);
    return [`${source.path}:${line}:${column}: ${what}`];
  });
}

/** What is of no use in it; undefined if all of it is, or if this run cannot tell. */
function unused(
  { offset, scope, rules, counts }: Directive,
  { path, text }: SourceFile,
  suppressed: readonly Finding[],
  options: Options,
): string | undefined {
  if (!counts) return 'unused `ignore-file`: it has to stand in the first ten lines';
  const place = scope === 'file' ? 'in this file' : 'on this line';
  const line = lineStart(text, offset);
  const here = suppressed.filter((finding) =>
    scope === 'file'
      ? finding.path === path
      : placesOf(finding).some((one) => one.path === path && lineStart(text, one.range.start) === line),
  );
  if (rules === 'all') {
    const word = scope === 'file' ? 'ignore-file' : 'ignore';
    return options.runsAll && here.length === 0 ? `unused \`${word}\`: nothing is found ${place}` : undefined;
  }
  const idle = [...rules].filter((id) => options.rules.includes(id) && !here.some(({ rule }) => rule === id));
  if (idle.length === 0) return undefined;
  return `unused \`ignore\`: nothing is found ${place} by ${idle.join(', ')}`;
}
