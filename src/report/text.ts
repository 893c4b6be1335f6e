/** The report for people on stderr after a run: what is left, file by file with its source, what was done, what went wrong. */
import { describeMeasured } from '../core/measured.ts';
import type { Report, ReportError, ReportFinding } from '../core/report.ts';
import { visible } from '../core/visible.ts';
import { excerpt, type SourceLine } from './excerpt.ts';
import { tally } from './tally.ts';

/** More places than this are counted, not listed. */
const listed = 20;

/** `1 fix`, `2 fixes`. */
function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

export interface TextOptions {
  /** Errors alone, so perhaps nothing. */
  readonly quiet: boolean;
  /** True if the report itself goes to stdout in another format, so that only the sum is told here. */
  readonly sumOnly?: boolean;
  readonly sourceLine?: SourceLine;
  /** The revision since which files had to change to be read. */
  readonly since?: string | undefined;
  /** One line each, for the end: what the baseline has left out. */
  readonly notes?: readonly string[];
}

/** Lines for people, each ended. */
export function textSummary(report: Report, options: TextOptions): string {
  const { quiet, sumOnly = false, sourceLine = () => undefined, notes = [] } = options;
  const errors = report.errors.map(errorLine);
  const left = sumOnly ? [] : leftLines(report, sourceLine);
  const lines = quiet ? errors : [...left, ...errors, ...outcome(report, options), ...notes.map(visible)];
  return lines.map((line) => `${line}\n`).join('');
}

/** `path:line:column: kind: message` */
function errorLine({ path, line, column, kind, message }: ReportError): string {
  const place = [path, line, column].filter((part) => part !== null).join(':');
  return visible(`${place}: ${kind}: ${message}`);
}

function isLeft({ status }: ReportFinding): boolean {
  return status !== 'planned' && status !== 'applied';
}

/** Skipped because its fix may change what the program does, and that was not allowed. */
function isUnsafeLeft({ status, fixes }: ReportFinding): boolean {
  return status === 'skipped' && fixes.some((fix) => fix.applicability === 'unsafe');
}

/** `path:line:column rule symbol — reason` */
function leftLine({ path, start, rule, symbol, reason, fixes }: ReportFinding): string {
  const unmet = fixes[0]?.obligations.find((obligation) => obligation.holds !== true);
  const why = (reason ?? unmet?.detail ?? 'no fix is offered').split('\n', 1).join('');
  return visible(`${path}:${start.line}:${start.column} ${rule} ${symbol} — ${why}`);
}

/** Grouped by file, a blank line between two of them. */
function leftLines({ findings }: Report, sourceLine: SourceLine): string[] {
  const left = findings.filter(isLeft);
  const lines = left.slice(0, listed).flatMap((finding, index) => {
    const starts = index > 0 && left[index - 1]?.path !== finding.path;
    const { measured } = finding;
    const proved = measured === undefined ? [] : [visible(`  measured: ${describeMeasured(measured)}`)];
    return [...(starts ? [''] : []), leftLine(finding), ...excerpt(finding, sourceLine), ...proved];
  });
  if (lines.length === 0) return [];
  return left.length > listed ? [...lines, '', `and ${left.length - listed} more`] : [...lines, ''];
}

function outcome(report: Report, { sumOnly, since, notes = [] }: TextOptions): string[] {
  const { findings, mode } = report;
  if (findings.length === 0) return [allClear(report, since, notes.length > 0 ? 'new findings' : 'findings')];
  const fixed = findings.filter((finding) => !isLeft(finding)).length;
  const verb = mode === 'dry-run' ? 'Would fix' : 'Fixed';
  const sum = `${verb} ${fixed} of ${count(findings.length, 'finding')}.`;
  const head = mode === 'dry-run' ? 'would fix' : 'fixed';
  return [
    sum,
    ...tally({ findings, isFixed: (finding) => !isLeft(finding), fixed: head }),
    ...advice(report, sumOnly === true),
  ];
}

/** How to get at what is left. */
function advice({ findings, mode }: Report, detailed: boolean): string[] {
  const left = findings.filter(isLeft);
  if (left.length === 0) return [];
  const unsafe = mode === 'interactive' ? 0 : left.filter(isUnsafeLeft).length;
  const details = detailed ? '' : '--format json tells all about each';
  const line = (...parts: readonly string[]) => [`${parts.filter((part) => part !== '').join('; ')}.`];
  if (unsafe === 0) return line(`Left: ${count(left.length, 'finding')}`, details);
  const shown = mode === 'dry-run' ? 'shows' : 'applies';
  const it = unsafe === 1 ? 'it' : 'them';
  const way = `--unsafe ${shown} ${it}`;
  return line(`Left out: ${count(unsafe, 'unsafe fix', 'unsafe fixes')}`, detailed ? way : `${way}, ${details}`);
}

/** Says what was looked at, since silence may also mean that nothing was. */
function allClear({ summary, errors }: Report, since: string | undefined, none: string): string {
  if (errors.length > 0) return `No ${none}, but ${count(errors.length, 'error')} above.`;
  if (summary.files === 0 && since !== undefined)
    return `No Python files under the given paths have changed since ${visible(since)}.`;
  if (summary.files === 0) return 'No Python files found under the given paths.';
  const read = `${(summary.bytes / 1e6).toFixed(1)} MB read, ${summary.parsed} parsed`;
  return `All clear: no ${none} in ${count(summary.files, 'file')} (${read}).`;
}
