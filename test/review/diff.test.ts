import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ByteEdit } from '../../src/core/edit.ts';
import { unifiedDiff } from '../../src/review/diff.ts';
import { colorize } from '../../src/review/terminal-diff.ts';

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'diff-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** An edit of bytes that are written as latin-1 text. */
type Change = readonly [start: number, end: number, text: string];

function diffOf(before: string, changes: readonly Change[], path = 'x.py', context?: number): string {
  const edits: ByteEdit[] = changes.map(([startByte, endByte, text]) => ({ startByte, endByte, text }));
  const replacements = changes.map(([, , text]) => Buffer.from(text, 'latin1'));
  return unifiedDiff(path, Buffer.from(before, 'latin1'), edits, replacements, context).toString('latin1');
}

function edited(before: string, changes: readonly Change[]): string {
  return changes.toReversed().reduce((text, [start, end, by]) => text.slice(0, start) + by + text.slice(end), before);
}

const hunksOf = (diff: string) => diff.split('\n').slice(2).join('\n');
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

describe('hunks', () => {
  test('a changed line stands between three lines of context on either side', () => {
    const before = numbered(9);
    const at = before.indexOf('line 5');
    expect(diffOf(before, [[at, at + 4, 'LINE']])).toBe(
      [
        '--- a/x.py\n+++ b/x.py\n@@ -2,7 +2,7 @@\n',
        ' line 2\n line 3\n line 4\n-line 5\n+LINE 5\n line 6\n line 7\n line 8\n',
      ].join(''),
    );
  });

  test('changes share a hunk when their context lines meet, and not when a line lies between them', () => {
    const before = numbered(20);
    const change = (line: number): Change => {
      const at = before.indexOf(`line ${line}\n`);
      return [at, at, '!'];
    };
    expect(diffOf(before, [change(4), change(11)]).match(/^@@.*/gm)).toEqual(['@@ -1,14 +1,14 @@']);
    expect(diffOf(before, [change(4), change(12)]).match(/^@@.*/gm)).toEqual(['@@ -1,7 +1,7 @@', '@@ -9,7 +9,7 @@']);
  });

  test('hunks after inserted lines are numbered as in the new file', () => {
    const before = numbered(30);
    const last = before.indexOf('line 20\n');
    const diff = diffOf(before, [
      [0, 0, 'a\nb\n'],
      [last, last + 8, ''],
    ]);
    expect(diff.match(/^@@.*/gm)).toEqual(['@@ -1,3 +1,5 @@', '@@ -17,7 +19,6 @@']);
  });

  test('lines inside an edit that stay the same are context', () => {
    expect(hunksOf(diffOf('a\nb\nc\n', [[0, 6, 'a\nB\nc\n']]))).toBe('@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n');
  });

  test('a file that was empty starts at line 0, and so does one that becomes empty', () => {
    expect(hunksOf(diffOf('', [[0, 0, 'a\n']]))).toBe('@@ -0,0 +1 @@\n+a\n');
    expect(hunksOf(diffOf('a\nb', [[0, 3, '']]))).toBe('@@ -1,2 +0,0 @@\n-a\n-b\n\\ No newline at end of file\n');
  });

  test('a missing newline at the end is said of each side that misses it', () => {
    const none = '\\ No newline at end of file\n';
    expect(hunksOf(diffOf('a', [[1, 1, '\n']]))).toBe(`@@ -1 +1 @@\n-a\n${none}+a\n`);
    expect(hunksOf(diffOf('a\n', [[1, 2, '']]))).toBe(`@@ -1 +1 @@\n-a\n+a\n${none}`);
    expect(hunksOf(diffOf('a\nb', [[0, 1, 'A']]))).toBe(`@@ -1,2 +1,2 @@\n-a\n+A\n b\n${none}`);
  });

  test('only a line feed ends a line: carriage returns and form feeds are part of it', () => {
    expect(hunksOf(diffOf('a\r\nb\rc\fd\r\n', [[3, 4, 'B']]))).toBe('@@ -1,2 +1,2 @@\n a\r\n-b\rc\fd\r\n+B\rc\fd\r\n');
  });

  test('bytes stay as they are, whatever the encoding', () => {
    expect(hunksOf(diffOf('\xe9\xff\n', [[0, 1, '\x80']]))).toBe('@@ -1 +1 @@\n-\xe9\xff\n+\x80\xff\n');
  });

  test('edits that change nothing give no diff at all', () => {
    expect(diffOf('a\nb\n', [])).toBe('');
    expect(diffOf('a\nb\n', [[0, 2, 'a\n']])).toBe('');
    expect(diffOf('', [[0, 0, '']])).toBe('');
  });

  test('an edit that rewrites thousands of lines is shown all the same', () => {
    const before = numbered(5000);
    const after = before.replaceAll('line', 'LINE');
    const diff = hunksOf(diffOf(before, [[0, before.length, after]]));
    expect(diff.startsWith('@@ -1,5000 +1,5000 @@\n-line 1\n')).toBe(true);
    expect(diff.split('\n').filter((line) => line.startsWith('+')).length).toBe(5000);
  });

  test('a 50 MB file with few edits takes a fraction of a second', () => {
    const before = Buffer.from('value = 1  # a line of an ordinary length\n'.repeat(1_200_000));
    const edits = [10, 25_000_000, before.length].map((at) => ({ startByte: at, endByte: at, text: 'x' }));
    const started = performance.now();
    const diff = unifiedDiff('big.py', before, edits, Array(3).fill(Buffer.from('x')));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(diff.toString().match(/^@@/gm)).toHaveLength(3);
  });
});

const names = [
  'plain.py',
  'a b.py',
  'quote".py',
  'back\\slash.py',
  'tab\t.py',
  'new\nline.py',
  'cr\r.py',
  'bell\x07\x7f.py',
  'café ü.py',
  '日本.py',
];
const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CEILING_DIRECTORIES: tmpdir(),
};

function start(program: string, args: readonly string[], cwd: string, input?: Buffer): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, input, env: environment });
  expect(status, `${program} ${args.join(' ')}: ${stderr}${stdout}`).toBe(0);
  return stdout.toString('latin1');
}

function has(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

describe.skipIf(!has('git'))('names (compared with git; skipped where git is not installed)', () => {
  test.each(names)('%j is written in the header as git writes it', (name) => {
    const folder = mkdtempSync(join(scratch, 'names-'));
    writeFileSync(join(folder, name), 'a\n');
    start('git', ['init', '--quiet'], folder);
    start('git', ['add', '.'], folder);
    writeFileSync(join(folder, name), 'b\n');
    const theirs = start('git', ['diff'], folder).split('\n');
    const named = theirs.filter((line) => !/^(diff --git|index) /.test(line));
    expect(diffOf('a\n', [[0, 1, 'b']], name).split('\n')).toEqual(named);
  });
});

interface Case {
  readonly before: string;
  readonly changes: readonly Change[];
  readonly context: number;
}

const lineText = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', '\t', '\f', '-', '+', '@', '\xe9', '\xff', '\r'),
  maxLength: 6,
});
const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r');
const lines = fc
  .array(
    fc.tuple(
      fc.oneof(lineText, fc.constantFrom('', 'x = 1', '-- a/x', 'diff --git', '\\ No', '# trailing  ')),
      lineEnd,
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.flat().join(''));
const fileText = fc.tuple(lines, fc.oneof(fc.constant(''), lineText)).map((parts) => parts.join(''));
const replacement = fc.oneof(
  fc.constant(''),
  lineText,
  fc.tuple(lines, lineText).map((parts) => parts.join('').slice(0, 40)),
);

const editedFile: fc.Arbitrary<Case> = fileText.chain((before) =>
  fc.record({
    before: fc.constant(before),
    context: fc.constantFrom(3, 3, 1),
    changes: fc
      .array(fc.tuple(fc.nat(before.length), fc.nat(before.length), replacement), { maxLength: 5 })
      .map((raw) => {
        const places = raw.flatMap((edit) => [edit[0], edit[1]]).toSorted((a, b) => a - b);
        return raw.map(([, , text], index): Change => [places[2 * index] ?? 0, places[2 * index + 1] ?? 0, text]);
      }),
  }),
);

/** Applies the diffs of all the cases, as one, in a folder that holds the files, and compares the bytes. */
function expectApplied(cases: readonly Case[], apply: (folder: string, diff: Buffer) => void): void {
  const folder = mkdtempSync(join(scratch, 'apply-'));
  const files = cases.map((one, index) => ({ ...one, path: `${index}/${names[index % names.length]}` }));
  for (const { path, before } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), before, 'latin1');
  }
  const diff = files.map(({ path, before, changes, context }) => diffOf(before, changes, path, context)).join('');
  if (diff !== '') apply(folder, Buffer.from(diff, 'latin1'));
  for (const { path, before, changes } of files) {
    expect(readFileSync(join(folder, path), 'latin1')).toBe(edited(before, changes));
  }
  rmSync(folder, { recursive: true });
}

const manyFiles = fc.array(editedFile, { minLength: 1, maxLength: 40 });

describe('any edits of any files', () => {
  test.skipIf(!has('git'))('are taken by git apply, to the byte (skipped where git is not installed)', () => {
    fc.assert(
      fc.property(manyFiles, (cases) => expectApplied(cases, (folder, diff) => start('git', ['apply'], folder, diff))),
      { numRuns: 40 },
    );
  });

  test.skipIf(!has('patch'))('are taken by patch -p1, to the byte (skipped where patch is not installed)', () => {
    fc.assert(
      fc.property(manyFiles, (cases) =>
        expectApplied(cases, (folder, diff) => start('patch', ['-p1', '--silent'], folder, diff)),
      ),
      { numRuns: 40 },
    );
  });
});

describe('on a terminal', () => {
  const diff = Buffer.from(diffOf('-- a\n b\n', [[0, 1, '+']]));

  test('additions, removals, hunk headers and file headers have their colours, wherever standard output goes', () => {
    expect(colorize(diff).split('\n')).toEqual([
      '\x1b[1m--- a/x.py\x1b[22m',
      '\x1b[1m+++ b/x.py\x1b[22m',
      '\x1b[36m@@ -1,2 +1,2 @@\x1b[39m',
      '\x1b[31m--- a\x1b[39m',
      '\x1b[32m++- a\x1b[39m',
      '  b',
      '',
    ]);
  });

  test('no control or format character of the file reaches it raw', () => {
    const nasty = Buffer.from('\x1b[2J\x07 \x9b31m \u202e \u2066 \u200b \ufeff \u2028 \u{e0041} \x7f\r\tend\n');
    const shown = colorize(unifiedDiff('x.py', Buffer.alloc(0), [{ startByte: 0, endByte: 0, text: '' }], [nasty]));
    expect(stripVTControlCharacters(shown).split('\n').at(-2)).toBe(
      '+\\x1b[2J\\x07 \\x9b31m \\u202e \\u2066 \\u200b \\ufeff \\u2028 \\U000e0041 \\x7f\\x0d\tend',
    );
  });

  test('a line that is not UTF-8 has its bytes escaped; one that is keeps its letters', () => {
    expect(stripVTControlCharacters(colorize(Buffer.from('@@ -1 +1 @@\n caf\xe9\x9b\n', 'latin1')))).toContain(
      ' caf\\xe9\\x9b\n',
    );
    expect(colorize(Buffer.from('@@ -1 +1 @@\n café 日本\n'))).toContain(' café 日本\n');
  });

  test('whatever the bytes, nothing but line feeds, tabs and its own colours are controls', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const shown = colorize(Buffer.concat([diff, Buffer.from(bytes)]));
        expect(shown.replace(/\x1b\[(1|22|31|32|36|39)m/g, '')).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
