/** Which comments suppress a finding on their line, and which are mistakes that are told and suppress nothing. */
import { describe, expect, it } from 'vitest';
import { suppressionsOf } from '../../src/model/suppression.ts';
import { parsed } from '../support/syntax.ts';

const RULES = ['one', 'two', 'three'];

/** The rules that a comment behind a statement suppresses there, and the warnings. */
function read(comment: string, before = 'x = 1\n') {
  const text = `${before}y = 2  ${comment}\nz = 3\n`;
  const { covers, warnings, wholeFile } = suppressionsOf(parsed(text), text, RULES);
  const suppressedAt = (offset: number) => RULES.filter((rule) => covers(offset, rule));
  expect([suppressedAt(0), suppressedAt(text.indexOf('z'))]).toEqual([[], []]);
  const suppressed = suppressedAt(text.indexOf('y'));
  return {
    suppressed,
    wholeFile,
    warnings: warnings.map(({ offset, message }) => [text.slice(offset, offset + 8), message]),
  };
}

describe('a comment that suppresses', () => {
  it.each([
    '# pyleak: ignore',
    '#pyleak:ignore',
    '# pyleak: ignore  ',
    '# pyleak: ignore shared on purpose',
    '# pyleak: ignore -- shared on purpose, see [1]',
    '# pyleak: ignore--on purpose',
    '# pyleak: ignore# noqa',
    '# pyleak: ignore  # noqa[x]',
    '# noqa: RUF012  # pyleak: ignore',
  ])('all rules: %s', (comment) => {
    expect(read(comment)).toEqual({ suppressed: RULES, wholeFile: false, warnings: [] });
  });

  it.each([
    ['# pyleak: ignore[one]', ['one']],
    ['# pyleak: ignore [ two , one ]', ['one', 'two']],
    ['# pyleak: ignore[two] -- a reason with [brackets]', ['two']],
    ['# pyleak: ignore[two] a reason', ['two']],
    ['# pyleak: ignore[one]  # pyleak: ignore[three]', ['one', 'three']],
    ['# pyleak: ignore[one] # noqa # pyleak: ignore', RULES],
  ])('the rules it names: %s', (comment, suppressed) => {
    expect(read(comment)).toEqual({ suppressed, wholeFile: false, warnings: [] });
  });

  it('the whole file', () => {
    expect(read('# pyleak: ignore-file')).toEqual({ suppressed: [], wholeFile: true, warnings: [] });
    expect(read('# pyleak: ignore-file -- generated')).toMatchObject({ wholeFile: true, warnings: [] });
    expect(read('# pyleak: ignore-file', '\n'.repeat(30))).toMatchObject({ wholeFile: false, warnings: [] });
  });
});

describe('a mistake is a warning and suppresses nothing', () => {
  it.each([
    ['# pyleak: ignore]one[', '`ignore` is followed by `]` (a reason goes behind `--`)'],
    ['# pyleak: ignore ]one[', '`ignore` is followed by `]` (a reason goes behind `--`)'],
    ['# pyleak: ignore(one)', '`ignore` is followed by `(` (a reason goes behind `--`)'],
    ['# pyleak: ignore: one', '`ignore` is followed by `:` (a reason goes behind `--`)'],
    ['# pyleak: ignore[one][two]', '`ignore` is followed by `[` (a reason goes behind `--`)'],
    ['# pyleak: ignore[one', 'the bracket is not closed'],
    ['# pyleak: ignore[]', 'a rule is missing in the brackets'],
    ['# pyleak: ignore[one,]', 'a rule is missing in the brackets'],
    ['# pyleak: ignore[one, four]', 'unknown rule `four`'],
    ['# pyleak: ignore-file[one]', '`ignore-file` takes no rules'],
  ])('%s', (comment, mistake) => {
    const warnings = [['# pyleak', `${mistake}; nothing is suppressed`]];
    expect(read(comment)).toEqual({ suppressed: [], wholeFile: false, warnings });
  });

  it('beside a right one, which counts', () => {
    const warnings = [['# pyleak', 'the bracket is not closed; nothing is suppressed']];
    expect(read('# pyleak: ignore[one  # pyleak: ignore[two]')).toEqual({
      suppressed: ['two'],
      wholeFile: false,
      warnings,
    });
  });
});

it.each([
  '# pyleak: ignored',
  '# pyleak: ignore-files',
  '# pyleak: ignore_one',
  '# pyleak ignore',
  '# my pyleak: ignore',
  '"# pyleak: ignore"',
])('another word, or no comment: %s', (comment) => {
  const source = comment.startsWith('"') ? `; ${comment}` : comment;
  expect(read(source)).toEqual({ suppressed: [], wholeFile: false, warnings: [] });
});
