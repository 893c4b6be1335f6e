/** The report of a run: what was found and decided, with what was really written. */
import type { Rendered } from './apply/render.ts';
import type { FileError } from './core/errors.ts';
import { pathsChanged } from './core/finding.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Decided } from './decide.ts';
import { composeEdits } from './plan/compose.ts';
import { diffBetween } from './render.ts';
import { buildReport, type Outcome } from './report/build.ts';
import type { Scan } from './scan.ts';
import { LineIndex } from './source/lines.ts';
import type { Written } from './write.ts';

export interface RunResult {
  readonly options: Options;
  readonly version: string;
  readonly scanned: Scan;
  /** Of every file that a finding speaks of, by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly decided: Decided;
  readonly written: Written;
  readonly errors: readonly FileError[];
  readonly milliseconds: number;
}

export function describeRun({
  options,
  version,
  scanned,
  sources,
  decided,
  written,
  errors,
  milliseconds,
}: RunResult): Report {
  const indexes = new Map<string, LineIndex>();
  const sourceOf = (path: string) => {
    const source = sources.get(path);
    if (source === undefined) throw new TypeError(`no source was kept for ${path}`);
    return source;
  };
  const indexOf = (path: string): LineIndex => {
    const index = indexes.get(path) ?? new LineIndex(sourceOf(path));
    indexes.set(path, index);
    return index;
  };
  const { files, bytes, parsed } = scanned;
  const settle = settling(options, written);
  return buildReport({
    version,
    mode: options.mode,
    outcomes: decided.outcomes.map(settle),
    files: filesOf(options, decided, written).map(({ source, byteEdits, sha256Before, sha256After }) => ({
      path: source.path,
      encoding: source.encoding,
      sha256Before,
      sha256After,
      edits: byteEdits,
      findings: [],
    })),
    errors,
    summary: { files, bytes, parsed, milliseconds },
    positionsOf: indexOf,
    alone: (fix) => {
      // Only these formats show each fix alone.
      if (options.format !== 'json' && options.format !== 'sarif') return { edits: [], diff: '' };
      const changed = pathsChanged(fix).map(sourceOf);
      const diffs = options.format === 'json' ? changed.map((source) => diffBetween(source, [], [fix])) : [];
      return {
        edits: changed.flatMap((source) => composeEdits(source, [fix])),
        diff: Buffer.concat(diffs).toString('utf8'),
      };
    },
    excerpt: ({ path, range }) => sourceOf(path).text.slice(range.start, range.end),
  });
}

/** What was written; in a dry run, and for standard input, what would be. */
function filesOf(options: Options, { rendered }: Decided, { written }: Written): readonly Rendered[] {
  if (options.mode === 'dry-run' || isStandardInput(options)) return rendered;
  const done = new Set(written);
  return rendered.filter((file) => done.has(file));
}

/** Accepted is applied when it was written (to stdout, for standard input), and skipped or rolled back when that was tried in vain. */
function settling(options: Options, { written, errors, heldBack }: Written): (outcome: Outcome) => Outcome {
  const done = new Set(written.map((file) => file.source.path));
  const reasons = new Map(errors.map(({ path, message }) => [path, message]));
  const held = new Map(heldBack.map((one) => [one.path, one]));
  return (outcome) => {
    if (outcome.status !== 'planned' || options.mode === 'dry-run') return outcome;
    const { path } = outcome.finding;
    const { paths = [path] } = outcome;
    if (isStandardInput(options) || paths.every((one) => done.has(one))) return { ...outcome, status: 'applied' };
    const failed = paths.find((one) => reasons.has(one));
    const hold = paths.map((one) => held.get(one)).find((one) => one !== undefined);
    const status = hold?.wasWritten === true ? 'rolled-back' : 'skipped';
    const why = failed === undefined ? undefined : reasons.get(failed);
    if (failed !== undefined && why !== undefined)
      return { ...outcome, status, reason: failed === path ? why : `${failed} changes with it: ${why}` };
    const reason =
      hold === undefined
        ? 'the run was interrupted, and this was not written'
        : `${hold.path} is written together with ${hold.because}, which could not be written`;
    return { ...outcome, status, reason };
  };
}
