import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { planned, reportOf, unfixable, unsafe } from './sample.ts';

const report = reportOf([planned, unsafe, unfixable], {
  errors: [{ path: 'old.py', kind: 'syntax', message: 'invalid syntax', line: 3, column: null }],
});

/** The keys of an object in the order they stand on paper. */
function keys(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** What the contract has of an edit. */
const bytesOnly = ({ start: _start, end: _end, ...edit }: Record<string, unknown>) => edit;

it('is the report, with a final line end', () => {
  const text = jsonReport(report);
  const withoutLines = JSON.stringify(report, (key, value) => (key === 'edits' ? value.map(bytesOnly) : value));
  expect(JSON.parse(text)).toEqual(JSON.parse(withoutLines));
  expect(text.endsWith('}\n')).toBe(true);
});

it("has the contract's order of keys, whatever made the report", () => {
  const { summary, findings, ...rest } = report;
  const { status, id, ...finding } = unsafe;
  const written = JSON.parse(jsonReport({ summary, ...rest, findings: [{ reason: 'x', status, ...finding, id }] }));
  expect(keys(written)).toEqual(['schemaVersion', 'tool', 'mode', 'findings', 'files', 'errors', 'summary']);
  expect(keys(written.findings[0]).join(' ')).toBe(
    'id rule retention path symbol start end message evidence fixes status reason',
  );
  expect(keys(written.findings[0].fixes[0]).join(' ')).toBe('strategy applicability title obligations edits diff');
  expect(keys(written.files[0]).join(' ')).toBe('path encoding sha256Before sha256After edits findings');
  expect(keys(written.errors[0]).join(' ')).toBe('path kind message line column');
});

it('an error without a place has null for it, and a planned finding has no reason', () => {
  const written = JSON.parse(jsonReport(report));
  expect(written.errors[0]).toEqual({
    path: 'old.py',
    kind: 'syntax',
    message: 'invalid syntax',
    line: 3,
    column: null,
  });
  expect(keys(written.findings[0])).not.toContain('reason');
});

it('any text survives it, and none acts on the terminal or is broken Unicode', () => {
  const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', '\udc00', '\x9b', '\u202e')));
  fc.assert(
    fc.property(
      text.map((parts) => parts.join('')),
      (message) => {
        const written = jsonReport(reportOf([{ ...planned, message }]));
        expect(JSON.parse(written).findings[0].message).toBe(message);
        expect(written.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/u);
      },
    ),
  );
});
