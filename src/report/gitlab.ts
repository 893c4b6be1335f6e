/** The code quality report of GitLab, as https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format has it. */
import { createHash } from 'node:crypto';
import type { Report, ReportError, ReportFinding } from '../core/report.ts';
import { safeJson } from '../core/safe-json.ts';
import { described, type Located, remaining } from './place.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end?: number } };
}

/** What is held for ever weighs more than what the cycle collector frees. */
const severities = { process: 'major', gc: 'minor' } as const;

/** One array of issues, the findings that are left first. Ends with a line end. */
export function gitlabReport(report: Report, located: Located): string {
  const issues = [
    ...remaining(report).map((finding) => issue(finding, located)),
    ...report.errors.map((error) => trouble(error, located)),
  ];
  return `${safeJson(issues, 2)}\n`;
}

function issue(finding: ReportFinding, located: Located): Issue {
  const { id, rule, retention, path, symbol, start, end } = finding;
  return {
    description: `${symbol}: ${described(finding)}`,
    check_name: rule,
    fingerprint: id,
    severity: severities[retention],
    location: { path: located(path), lines: { begin: start.line, end: end.line } },
  };
}

function trouble({ path, line, kind, message }: ReportError, located: Located): Issue {
  return {
    description: message,
    check_name: kind,
    fingerprint: createHash('sha256').update([kind, path, message].join('\0')).digest('hex').slice(0, 16),
    severity: 'major',
    location: { path: located(path), lines: { begin: line ?? 1 } },
  };
}
