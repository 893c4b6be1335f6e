/** The report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), in what GitHub's code scanning and editors read of it. */
import type {
  ArtifactChange,
  ArtifactLocation,
  Fix,
  Location,
  Log,
  Notification,
  PhysicalLocation,
  Region,
  Replacement,
  ReportingDescriptor,
  Result,
} from 'sarif';
import type { Report, ReportEdit, ReportError, ReportFinding, ReportFix, ReportPosition } from '../core/report.ts';
import type { RuleMeta } from '../core/rule.ts';
import { safeJson } from '../core/safe-json.ts';
import { described, type Located, remaining } from './place.ts';

/** A rule with its page, Markdown. */
export interface RulePage extends RuleMeta {
  readonly page: string;
}

/** A URI is relative to this: the top of the repository, which only the reader of the log knows the place of. */
const BASE = '%SRCROOT%';

/** `rules` are those of the run, in any order. Ends with a line end. */
export function sarifReport(report: Report, rules: readonly RulePage[], located: Located): string {
  const { tool, errors } = report;
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const log: Log = {
    version: '2.1.0',
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            semanticVersion: tool.version,
            rules: rules.map(descriptor),
          },
        },
        columnKind: 'unicodeCodePoints',
        invocations: [
          {
            executionSuccessful: errors.length === 0,
            toolExecutionNotifications: errors.map((error) => notification(error, located)),
          },
        ],
        results: remaining(report).map((finding) => result(finding, indexes.get(finding.rule), located)),
      },
    ],
  };
  return `${safeJson(log, 2)}\n`;
}

function descriptor({ id, summary, retention, page }: RulePage): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: 'warning' },
    properties: { tags: ['memory-leak', 'python'], retention },
  };
}

function result(finding: ReportFinding, ruleIndex: number | undefined, located: Located): Result {
  const { id, rule, retention, path, symbol, start, end, evidence, fixes, status, measured } = finding;
  const writable = fixes.filter(({ edits }) => edits.length > 0);
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: 'warning',
    message: { text: `${symbol}: ${described(finding)}` },
    locations: [
      {
        physicalLocation: place(path, region(start, end), located),
        logicalLocations: [{ fullyQualifiedName: symbol }],
      },
    ],
    partialFingerprints: { 'pyleakFix/v1': id },
    ...(evidence.length === 0
      ? {}
      : { relatedLocations: evidence.map((item, index) => related(item, index, located)) }),
    ...(writable.length === 0 ? {} : { fixes: writable.map((fix) => sarifFix(fix, located)) }),
    properties: { retention, status, ...(measured === undefined ? {} : { measured }) },
  };
}

function related(
  { path, line, column, message }: ReportFinding['evidence'][number],
  id: number,
  located: Located,
): Location {
  return {
    id,
    message: { text: message },
    physicalLocation: place(path, { startLine: line, startColumn: column }, located),
  };
}

function sarifFix({ strategy, applicability, title, obligations, edits }: ReportFix, located: Located): Fix {
  const paths = [...new Set(edits.map(({ path }) => path))];
  return {
    description: { text: `${title} (${strategy}, ${applicability})` },
    artifactChanges: paths.map((path): ArtifactChange => {
      const inFile = edits.filter((edit) => edit.path === path);
      return { artifactLocation: location(path, located), replacements: inFile.map(replacement) };
    }),
    properties: { strategy, applicability, obligations },
  };
}

function replacement({ start, end, startByte, endByte, text }: ReportEdit): Replacement {
  return {
    deletedRegion: {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      byteOffset: startByte,
      byteLength: endByte - startByte,
    },
    insertedContent: { text },
  };
}

function notification({ path, kind, message, line, column }: ReportError, located: Located): Notification {
  const startLine = line === null ? {} : { startLine: line };
  const startColumn = line === null || column === null ? {} : { startColumn: column };
  return {
    level: 'error',
    message: { text: message },
    descriptor: { id: kind },
    locations: [{ physicalLocation: place(path, { ...startLine, ...startColumn }, located) }],
  };
}

function place(path: string, at: Region, located: Located): PhysicalLocation {
  return { artifactLocation: location(path, located), ...(Object.keys(at).length === 0 ? {} : { region: at }) };
}

function region(start: ReportPosition, end: ReportPosition): Region {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function location(path: string, located: Located): ArtifactLocation {
  const uri = located(path).split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: BASE };
}
