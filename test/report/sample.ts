/** A report for the tests of the formats: one fix to write, one unsafe, one that cannot be written, one file with an error. */
import type { Report, ReportFinding, ReportFix } from '../../src/core/report.ts';

const fix: ReportFix = {
  strategy: 'init',
  applicability: 'safe',
  title: 'Move lines into __init__',
  obligations: [{ id: 'no-class-level-access', holds: true, detail: 'nothing reads Basket.lines' }],
  edits: [
    {
      path: 'shop/cart.py',
      startByte: 61,
      endByte: 72,
      text: 'pass',
      start: { line: 4, column: 5 },
      end: { line: 5, column: 1 },
    },
  ],
  diff: '--- a/shop/cart.py\n',
};

export const planned: ReportFinding = {
  id: 'f1',
  rule: 'class-mutable-default',
  retention: 'process',
  path: 'shop/cart.py',
  symbol: 'Basket.lines',
  start: { line: 4, column: 5, byte: 61 },
  end: { line: 4, column: 15, byte: 71 },
  message: 'one list is shared by every Basket',
  evidence: [{ path: 'shop/cart.py', line: 9, column: 9, message: 'changed here' }],
  fixes: [fix],
  status: 'planned',
};

export const unsafe: ReportFinding = {
  ...planned,
  id: 'f2',
  symbol: 'Basket.coupons',
  start: { line: 7, column: 5, byte: 90 },
  fixes: [
    {
      ...fix,
      applicability: 'unsafe',
      obligations: [{ id: 'no-class-level-access', holds: null, detail: 'base class Shop is not known' }],
    },
  ],
  status: 'skipped',
  reason: 'unsafe: base class Shop is not known',
};

export const unfixable: ReportFinding = {
  ...planned,
  id: 'f3',
  symbol: 'Basket.tags',
  start: { line: 8, column: 5, byte: 120 },
  fixes: [],
  status: 'unfixable',
  reason: 'the class is made by a call',
};

export function reportOf(findings: readonly ReportFinding[], overrides: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'pyleak-fix', version: '1.2.3' },
    mode: 'dry-run',
    findings,
    files: [
      {
        path: 'shop/cart.py',
        encoding: 'utf-8',
        sha256Before: 'aa',
        sha256After: 'bb',
        edits: [{ startByte: 61, endByte: 72, text: 'pass' }],
        findings: ['f1'],
      },
    ],
    errors: [],
    summary: {
      files: 214,
      bytes: 1_812_231,
      parsed: 31,
      findings: findings.length,
      planned: 1,
      applied: 0,
      skipped: 2,
      milliseconds: 212,
    },
    ...overrides,
  };
}
