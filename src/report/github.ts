/**
 * Annotations for GitHub Actions: one workflow command a line, as
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions has it.
 */
import type { Report, ReportError, ReportFinding } from '../core/report.ts';
import { visible } from '../core/visible.ts';
import { described, type Located, remaining } from './place.ts';

/** The runner decodes what comes behind `::`, so that a message may hold a line end or what looks like an escape. */
function escapedData(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** In a property, what would end it is escaped too. */
function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function command(
  kind: 'warning' | 'error',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(String(value))}`);
  return `::${kind} ${written.join(',')}::${escapedData(message)}\n`;
}

/** A warning for each finding that is left and an error for each file in trouble. Every line is ended. */
export function githubReport(report: Report, located: Located): string {
  return [
    ...remaining(report).map((finding) => warning(finding, located)),
    ...report.errors.map((error) => trouble(error, located)),
  ].join('');
}

function warning(finding: ReportFinding, located: Located): string {
  const { path, rule, symbol, start, end } = finding;
  // An annotation takes columns only where it is on one line.
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
  return command(
    'warning',
    { title: `pyleak-fix (${rule})`, file: located(path), line: start.line, endLine: end.line, ...columns },
    `${path}:${start.line}:${start.column}: ${rule} ${symbol}: ${described(finding)}`,
  );
}

function trouble({ path, line, column, kind, message }: ReportError, located: Located): string {
  const place = { ...(line === null ? {} : { line }), ...(line === null || column === null ? {} : { col: column }) };
  const at = [path, line, column].filter((part) => part !== null).join(':');
  return command('error', { title: `pyleak-fix (${kind})`, file: located(path), ...place }, `${at}: ${message}`);
}
