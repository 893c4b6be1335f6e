/** Which findings count: those that neither the settings of their file, nor the baseline, nor git leaves out. */
import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Baseline, FindingSource } from './baseline.ts';
import type { Changed } from './changed.ts';
import { type Finding, placesOf } from './core/finding.ts';
import type { Options, PerFileIgnore } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import { findingKeys } from './finding-key.ts';
import type { Judged } from './judge.ts';
import type { Scan } from './scan.ts';
import { IgnoreRules } from './source/ignore-rules.ts';

export interface Narrowed extends Judged {
  /** One line each, for stderr: entries of the baseline that are stale. */
  readonly warnings: readonly string[];
  /** One line each, for the end of the summary. */
  readonly notes: readonly string[];
}

/** The baseline of a run that has one and does not write it. Throws UserError if it is none, or could not be written. */
export async function baselineOf({ baseline, writeBaseline }: Options): Promise<Baseline | undefined> {
  if (baseline === undefined && writeBaseline === undefined) return undefined;
  const { readBaseline, requireFolder } = await import('./baseline.ts');
  if (writeBaseline !== undefined) requireFolder(writeBaseline);
  return baseline === undefined || writeBaseline !== undefined ? undefined : readBaseline(baseline);
}

/**
 * Takes away what does not count. A baseline is written here, with what was found in the files of this run. Throws UserError if it
 * cannot be.
 */
export async function narrow(
  judged: Judged,
  scanned: Scan,
  options: Options,
  changed: Changed | undefined,
  baseline: Baseline | undefined,
): Promise<Narrowed> {
  const source = (path: string): SourceFile => {
    const kept = judged.sources.get(path);
    if (kept === undefined) throw new TypeError(`the source of ${path} was not kept`);
    return kept;
  };
  const inForce = judged.findings.filter(notIgnored(options));
  const { findings, warnings, notes } = await withoutBaseline(inForce, judged, scanned, options, source, baseline);
  const isTouched = (finding: Finding): boolean =>
    placesOf(finding).some(({ path, range }) => changed?.touches(range, source(path)));
  const touched = options.changedLines ? findings.filter(isTouched) : findings;
  return { ...judged, findings: touched, warnings, notes };
}

/**
 * What is found anew in a file of which a person made another text, without what was taken away from the file as it was: each is known
 * again by its content.
 */
export function narrowAgain(found: Judged, edited: SourceFile, judged: Judged, narrowed: Judged): Judged {
  const before = judged.findings.filter(({ path }) => path === edited.path);
  const keys = findingKeys(judged.sources.get(edited.path)?.text ?? '', before);
  const away = new Set(keys.filter((_, index) => !narrowed.findings.some((finding) => finding === before[index])));
  const again = findingKeys(edited.text, found.findings);
  const elsewhere = new Set(
    judged.findings.flatMap(({ path, identity }) => (path === edited.path ? [] : (identity ?? []))),
  );
  const isAway = ({ identity = '' }: Finding, index: number) => away.has(again[index] ?? '') || elsewhere.has(identity);
  return { ...found, findings: found.findings.filter((finding, index) => !isAway(finding, index)) };
}

function notIgnored({ cwd, perFileIgnores }: Options): (finding: Finding) => boolean {
  const ignores = perFileIgnores.map((ignore) => ({ rules: ignore.rules, matches: matcher(ignore) }));
  const folder = realpathSync(cwd);
  return ({ path, rule }) =>
    !ignores.some(({ rules, matches }) => rules.includes(rule) && matches(resolve(folder, path)));
}

/** Behind `!` stands a pattern that spares what it matches, as with Ruff; alone in a gitignore file it would do nothing. */
function matcher({ pattern, base }: PerFileIgnore): (file: string) => boolean {
  const negated = pattern.startsWith('!');
  const rules = new IgnoreRules(realpathSync(base), [negated ? pattern.slice(1) : pattern]);
  return (file) => rules.ignoresFile(file) !== negated;
}

async function withoutBaseline(
  findings: readonly Finding[],
  { errors }: Judged,
  scanned: Scan,
  { cwd, rules, writeBaseline: written }: Options,
  source: (path: string) => SourceFile,
  read: Baseline | undefined,
): Promise<Pick<Narrowed, 'findings' | 'warnings' | 'notes'>> {
  const wanted = written ?? read;
  if (wanted === undefined) return { findings, warnings: [], notes: [] };
  const { withoutKnown, writeBaseline } = await import('./baseline.ts');
  const from: FindingSource = {
    cwd,
    excerpt: ({ path, range }) => source(path).text.slice(range.start, range.end),
  };
  const baseline = typeof wanted === 'string' ? await writeBaseline(wanted, findings, from) : wanted;
  const name = relative(cwd, baseline.file).split(sep).join('/');
  const failed = new Set([...scanned.errors, ...errors].map(({ path }) => path));
  const looked = new Set(scanned.paths.filter((path) => !failed.has(path)));
  const lookedAt = (path: string, rule: string): boolean => looked.has(path) && rules.includes(rule);
  const { unknown, stale } = withoutKnown(baseline, findings, { ...from, lookedAt });
  const known = findings.length - unknown.length;
  const count = `${known} ${known === 1 ? 'finding' : 'findings'}`;
  return {
    findings: unknown,
    warnings: stale.map(
      ({ path, rule, symbol, gone }) =>
        `${name}: stale: ${path}: ${rule} ${symbol} ${gone ? 'lay in a file that is gone' : 'is found no more'}`,
    ),
    notes: [
      ...(written === undefined ? [`Known: ${count} of ${name}, left out.`] : [`Wrote ${count} to ${name}, as known.`]),
      ...(stale.length > 0 ? [`Stale entries of ${name}: ${stale.length}; --write-baseline ${name} drops them.`] : []),
    ],
  };
}
