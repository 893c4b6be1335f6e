/** The report as JSON, in the shape and with the order of keys that users script against. */
import type { Report, ReportFinding, ReportFix } from '../core/report.ts';

/** What JSON allows inside a string and a terminal would act on; surrogates JSON.stringify escapes itself. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** ASCII escapes for what must not reach a terminal raw, and a final line end. Any JSON parser gives the report back. */
export function jsonReport(report: Report): string {
  const json = JSON.stringify(ordered(report), null, 2);
  return `${json.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Written out key by key: the order on paper is this one, whatever made the report. */
function ordered(report: Report): Report {
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

function finding({ id, rule, retention, path, symbol, start, end, message, ...rest }: ReportFinding): ReportFinding {
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
    status: rest.status,
    reason: rest.reason,
  };
}

function fix({ strategy, applicability, title, obligations, edits, diff }: ReportFix): ReportFix {
  return {
    strategy,
    applicability,
    title,
    obligations: obligations.map(({ id, holds, detail }) => ({ id, holds, detail })),
    edits: edits.map(({ path, startByte, endByte, text }) => ({ path, startByte, endByte, text })),
    diff,
  };
}
