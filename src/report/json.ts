/** The report as JSON, in the shape and with the order of keys that users script against. */
import type { Report, ReportFinding, ReportFix } from '../core/report.ts';
import { safeJson } from '../core/safe-json.ts';

/** ASCII escapes for what must not reach a terminal raw, and a final line end. Any JSON parser gives the report back. */
export function jsonReport(report: Report): string {
  return `${safeJson(ordered(report), 2)}\n`;
}

/** Written out key by key: the order on paper is this one, whatever made the report. */
function ordered(report: Report): object {
  const { schemaVersion, tool, mode, summary } = report;
  return {
    schemaVersion,
    tool: { name: tool.name, version: tool.version },
    mode,
    findings: report.findings.map(finding),
    files: report.files.map(({ path, encoding, sha256Before, sha256After, edits, findings }) => ({
      path,
      encoding,
      sha256Before,
      sha256After,
      edits: edits.map(({ startByte, endByte, text }) => ({ startByte, endByte, text })),
      findings,
    })),
    errors: report.errors.map(({ path, kind, message, line, column }) => ({ path, kind, message, line, column })),
    summary: {
      files: summary.files,
      bytes: summary.bytes,
      parsed: summary.parsed,
      findings: summary.findings,
      planned: summary.planned,
      applied: summary.applied,
      skipped: summary.skipped,
      milliseconds: summary.milliseconds,
    },
  };
}

function finding({ id, rule, retention, path, symbol, start, end, message, ...rest }: ReportFinding): object {
  return {
    id,
    rule,
    retention,
    path,
    symbol,
    start: { line: start.line, column: start.column, byte: start.byte },
    end: { line: end.line, column: end.column, byte: end.byte },
    message,
    evidence: rest.evidence.map((item) => ({
      path: item.path,
      line: item.line,
      column: item.column,
      message: item.message,
    })),
    fixes: rest.fixes.map(fix),
    measured: rest.measured,
    status: rest.status,
    reason: rest.reason,
  };
}

function fix({ strategy, applicability, title, obligations, edits, diff }: ReportFix): object {
  return {
    strategy,
    applicability,
    title,
    obligations: obligations.map(({ id, holds, detail }) => ({ id, holds, detail })),
    edits: edits.map(({ path, startByte, endByte, text }) => ({ path, startByte, endByte, text })),
    diff,
  };
}
