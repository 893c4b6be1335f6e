import { describe, expect, it } from 'vitest';
import { textSummary } from '../../src/report/text.ts';
import { planned, reportOf, unfixable, unsafe } from './sample.ts';

const error = { path: 'old.py', kind: 'syntax', message: 'invalid syntax', line: 3, column: 7 } as const;

describe('after a dry run', () => {
  it('says what would be fixed, what is left out and where, and how to see it', () => {
    expect(textSummary(reportOf([planned, unsafe]), { quiet: false })).toBe(
      [
        'shop/cart.py:7:5 class-mutable-default Basket.coupons — unsafe: base class Shop is not known',
        '',
        'Would fix 1 of 2 findings.',
        'Left out: 1 unsafe fix; --unsafe shows it, --format json tells all about each.',
        '',
      ].join('\n'),
    );
  });

  it('promises nothing of --unsafe where no fix can be offered', () => {
    expect(textSummary(reportOf([unfixable]), { quiet: false })).toBe(
      [
        'shop/cart.py:8:5 class-mutable-default Basket.tags — the class is made by a call',
        '',
        'Would fix 0 of 1 finding.',
        'Left: 1 finding; --format json tells all about each.',
        '',
      ].join('\n'),
    );
  });

  it('has one line when everything would be fixed', () => {
    expect(textSummary(reportOf([planned]), { quiet: false })).toBe('Would fix 1 of 1 finding.\n');
  });

  it('lists twenty places and counts the rest', () => {
    const many = Array.from({ length: 23 }, (_, index) => ({ ...unsafe, id: `f${index}` }));
    const lines = textSummary(reportOf(many), { quiet: false }).split('\n');
    expect(lines.filter((line) => line.startsWith('shop/cart.py:'))).toHaveLength(20);
    expect(lines.slice(20, 22)).toEqual(['', 'and 3 more']);
    expect(lines[23]).toBe('Left out: 23 unsafe fixes; --unsafe shows them, --format json tells all about each.');
  });
});

describe('after a batch', () => {
  it('says what was fixed', () => {
    const report = reportOf([{ ...planned, status: 'applied' }, unsafe], { mode: 'batch' });
    expect(textSummary(report, { quiet: false })).toContain(
      'Fixed 1 of 2 findings.\nLeft out: 1 unsafe fix; --unsafe applies it,',
    );
  });
});

describe('after a review', () => {
  it('does not offer again what was asked about', () => {
    const report = reportOf([{ ...unsafe, status: 'rejected', reason: 'you skipped it' }], { mode: 'interactive' });
    expect(textSummary(report, { quiet: false })).toContain('Fixed 0 of 1 finding.\nLeft: 1 finding;');
  });
});

describe('errors', () => {
  it('stand by file, with their place where it is known', () => {
    const report = reportOf([planned], { errors: [error, { ...error, kind: 'io', line: null, column: null }] });
    expect(textSummary(report, { quiet: false })).toBe(
      'old.py:3:7: syntax: invalid syntax\nold.py: io: invalid syntax\nWould fix 1 of 1 finding.\n',
    );
  });

  it('are all that --quiet leaves', () => {
    expect(textSummary(reportOf([planned, unsafe], { errors: [error] }), { quiet: true })).toBe(
      'old.py:3:7: syntax: invalid syntax\n',
    );
    expect(textSummary(reportOf([planned, unsafe]), { quiet: true })).toBe('');
  });
});

describe('without findings', () => {
  it('says what was checked', () => {
    expect(textSummary(reportOf([]), { quiet: false })).toBe(
      'All clear: no findings in 214 files (1.8 MB read, 31 parsed).\n',
    );
  });

  it('is not all clear if a file could not be checked', () => {
    expect(textSummary(reportOf([], { errors: [error] }), { quiet: false })).toBe(
      'old.py:3:7: syntax: invalid syntax\nNo findings, but 1 error above.\n',
    );
  });

  it('says so if there was no file', () => {
    const { summary } = reportOf([]);
    expect(textSummary(reportOf([], { summary: { ...summary, files: 0 } }), { quiet: false })).toBe(
      'No Python files found under the given paths.\n',
    );
  });
});

it('control characters in names, reasons and errors are made visible', () => {
  const report = reportOf([{ ...unsafe, path: 'a\x1b[2J.py', reason: 'be\u202eware', symbol: 'X\nY' }], {
    errors: [{ ...error, path: 'b\r.py', message: 'x\x9b' }],
  });
  expect(textSummary(report, { quiet: false })).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]|\p{Bidi_Control}/u);
  expect(textSummary(report, { quiet: false })).toContain(
    'a\\x1b[2J.py:7:5 class-mutable-default X\\x0aY — be\\u202eware',
  );
});
