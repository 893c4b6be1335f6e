/** The modes, the streams and the exit status of the contract, seen from outside: the built program on real folders. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { contents, fixed, isInstalled, memo, project, pyleak, pyleakOn, run, shared, start } from '../support/cli.ts';

const DIFF = [
  '--- a/a.py',
  '+++ b/a.py',
  '@@ -1,5 +1,6 @@',
  ' class A:',
  '-    items = []',
  '+    def __init__(self):',
  '+        self.items = []',
  ' ',
  '     def add(self, item):',
  '         self.items.append(item)',
  '',
].join('\n');

describe('--dry-run, the default', () => {
  it('prints one unified diff, the summary on stderr, and writes nothing', async () => {
    const folder = project({ 'a.py': shared('A') });
    const before = contents(folder);
    const expected = { status: 1, stdout: Buffer.from(DIFF), stderr: 'Would fix 1 of 1 finding.\n' };
    expect(await pyleak(folder)).toEqual(expected);
    expect(await pyleak(folder, '--dry-run')).toEqual(expected);
    expect(contents(folder)).toEqual(before);
  });

  it('counts the unsafe fixes on stderr, with where they are and how to see them', async () => {
    const { status, stdout, stderr } = await pyleak(project({ 'm.py': memo('M') }));
    expect([status, stdout.toString()]).toEqual([1, '']);
    expect(stderr).toMatch(/^m\.py:2:5 class-mutable-default M\.data — unsafe: memo: .*\n/);
    expect(stderr).toContain('Left out: 1 unsafe fix; --unsafe shows it');
  });

  it('a reader of the diff that goes away ends it quietly', async () => {
    const files = Array.from({ length: 400 }, (_, index) => [`m${index}.py`, shared(`M${index}`)]);
    const child = start(project(Object.fromEntries(files)));
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await text(child.stderr)).not.toContain('bug');
  });
});

describe('--batch', () => {
  it('writes every safe fix and says so on stderr; a second run finds nothing new', async () => {
    const folder = project({ 'a.py': shared('A'), 'm.py': memo('M') });
    const { status, stdout, stderr } = await pyleak(folder, '--batch');
    expect([status, stdout.toString()]).toEqual([1, '']);
    expect(stderr).toContain('Fixed 1 of 2 findings.\n');
    expect(contents(folder)).toEqual({ 'a.py': fixed('A'), 'm.py': memo('M'), 'pyproject.toml': '' });
    expect((await pyleak(folder, '--batch')).stderr).toContain('Fixed 0 of 1 finding.\n');
  });

  it('writes the unsafe ones too with --unsafe, and then nothing is left', async () => {
    const folder = project({ 'a.py': shared('A'), 'm.py': memo('M') });
    expect((await pyleak(folder, '--batch', '--unsafe')).status).toBe(0);
    expect(await pyleak(folder, '--unsafe')).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  });
});

describe('a dry run is exactly what a batch writes', () => {
  const files = {
    'a.py': shared('A'),
    'two.py': `${shared('B')}\n\n${shared('C')}`,
    'crlf.py': shared('D').replaceAll('\n', '\r\n'),
    'cr.py': shared('E').replaceAll('\n', '\r'),
    'end.py': `def f(): pass\n${shared('F').trimEnd()}`,
    'latin.py': Buffer.from(`# coding: latin-1\n# caf\xe9\n${shared('G')}`, 'latin1'),
    'a b.py': shared('H'),
    'ü "q"\t.py': shared('I'),
    'sub/deep/s.py': shared('J'),
  };

  it.skipIf(!isInstalled('git')).each(['.', 'sub', 'sub/deep'])(
    'for git apply, in the folder %s of a repository (skipped where git is not installed)',
    async (place) => {
      const [source, target] = [project(files), project(files)];
      run('git', ['init', '--quiet'], source);
      run('git', ['apply', '-'], join(source, place), (await pyleak(join(source, place))).stdout);
      await pyleak(join(target, place), '--batch');
      expect(contents(source)).toEqual(contents(target));
      expect(contents(source)['sub/deep/s.py']).toBe(fixed('J'));
    },
  );

  it.skipIf(!isInstalled('patch')).each(['.', 'sub'])(
    'for patch -p1, in the folder %s (skipped where patch is not installed)',
    async (place) => {
      const [source, target] = [project(files), project(files)];
      run('patch', ['-p1', '--silent', '--binary'], join(source, place), (await pyleak(join(source, place))).stdout);
      await pyleak(join(target, place), '--batch');
      expect(contents(source)).toEqual(contents(target));
    },
  );
});

describe('standard input (-)', () => {
  it('is shown as a diff under --stdin-filename', async () => {
    const { status, stdout } = await pyleakOn(shared('A'), project({}), '-', '--stdin-filename', './a.py');
    expect([status, stdout.toString()]).toEqual([1, DIFF]);
  });

  it('is fixed to standard output by --batch, or handed through as it came', async () => {
    const folder = project({});
    const crlf = `\ufeff${shared('A').replaceAll('\n', '\r\n')}`;
    const after = `\ufeff${fixed('A').replaceAll('\n', '\r\n')}`;
    expect(await pyleakOn(crlf, folder, '-', '--batch')).toMatchObject({ status: 0, stdout: Buffer.from(after) });
    expect(await pyleakOn('x = 1\r', folder, '-', '--batch')).toMatchObject({
      status: 0,
      stdout: Buffer.from('x = 1\r'),
    });
    const broken = `${shared('A')}def f(:\n`;
    expect(await pyleakOn(broken, folder, '-', '--batch')).toMatchObject({ status: 2, stdout: Buffer.from(broken) });
    const undecodable = Buffer.from(`# \xff\n${shared('A')}`, 'latin1');
    expect(await pyleakOn(undecodable, folder, '-', '--batch')).toMatchObject({ status: 2, stdout: undecodable });
  });

  it('is judged as the file of that name in its project', async () => {
    const folder = project({ 'shop/a.py': shared('A'), 'use.py': 'from shop.a import A\nA.items.clear()\n' });
    const { stdout, stderr } = await pyleakOn(shared('A'), folder, '-', '--stdin-filename', 'shop/a.py');
    expect(stdout.toString()).toBe('');
    expect(stderr).toContain('use.py');
  });
});

describe('options', () => {
  it.each([
    [['--batch', '--dry-run'], '--dry-run and --batch are two modes; choose one'],
    [['-i', '--batch'], '--interactive and --batch are two modes; choose one'],
    [['-i'], '--interactive needs a terminal on standard input, and there is none'],
    [['--unsaf'], 'unknown option --unsaf; did you mean --unsafe?'],
    [
      ['--select', 'class-mutable-defualt'],
      '--select: unknown rule "class-mutable-defualt"; did you mean class-mutable-default?',
    ],
    [
      ['--strategy', 'class-mutable-default=int'],
      '--strategy: rule class-mutable-default has no strategy "int"; did you mean init?',
    ],
    [['shp'], 'no such file or folder: shp (did you mean shop?)'],
    [['shop/crat.py'], 'no such file or folder: shop/crat.py (did you mean shop/cart.py?)'],
    [['--jobs', '0'], '--jobs: "0" is not a number of jobs; give a positive number or auto'],
    [
      ['--format', 'jsn'],
      '--format: unknown format "jsn"; did you mean json? (formats: text, json, sarif, github, gitlab)',
    ],
    [['-', 'shop'], 'standard input (-) cannot be mixed with other paths'],
  ])('%j is a usage error: one line, and status 2', async (argv, message) => {
    const folder = project({ 'shop/cart.py': shared('Cart') });
    expect(await pyleak(folder, ...argv)).toMatchObject({
      status: 2,
      stdout: Buffer.alloc(0),
      stderr: `error: ${message}\n`,
    });
    expect(contents(folder)['shop/cart.py']).toBe(shared('Cart'));
  });

  it('--output takes the diff or the report instead of stdout', async () => {
    const folder = project({ 'a.py': shared('A') });
    expect(await pyleak(folder, '--output', 'o.diff')).toMatchObject({ status: 1, stdout: Buffer.alloc(0) });
    expect(readFileSync(join(folder, 'o.diff'), 'utf8')).toBe(DIFF);
    await pyleak(folder, '--format', 'json', '--output', 'o.json', '--quiet');
    expect(JSON.parse(readFileSync(join(folder, 'o.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 });
  });

  it.each([
    ['no/such/o.json', 'its folder does not exist'],
    ['sub', 'it is a folder'],
    ['a.py/o.json', 'a part of its path is not a folder'],
  ])('--output %s is refused before anything is written', async (output, reason) => {
    const folder = project({ 'a.py': shared('A'), 'sub/b.py': shared('B') });
    const before = contents(folder);
    const { status, stdout, stderr } = await pyleak(folder, '--batch', '--format', 'json', '--output', output);
    expect([status, stdout.toString(), stderr]).toEqual([
      2,
      '',
      `error: cannot write ${join(folder, output)}: ${reason}\n`,
    ]);
    expect(contents(folder)).toEqual(before);
  });

  it('--output is not touched by a run that ends with a usage error', async () => {
    const folder = project({ 'old.diff': 'kept' });
    for (const output of ['old.diff', 'new.diff']) await pyleak(folder, 'nowhere', '--output', output);
    expect(contents(folder)).toEqual({ 'old.diff': 'kept', 'pyproject.toml': '' });
  });

  it('--ignore, --exit-zero and --quiet do what they say', async () => {
    const folder = project({ 'a.py': shared('A'), 'm.py': memo('M') });
    expect(await pyleak(folder, '--exit-zero', '--quiet')).toEqual({
      status: 0,
      stdout: Buffer.from(DIFF),
      stderr: '',
    });
    const ignored = await pyleak(folder, '--ignore', 'class-mutable-default');
    expect(ignored).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
  });

  it('--exit-zero never hides a 2', async () => {
    const folder = project({ 'a.py': shared('A'), 'nul.py': 'x = "\0"\n' });
    expect((await pyleak(folder, '--exit-zero')).status).toBe(2);
  });

  it('the report is the same for any --jobs', async () => {
    const files = Array.from({ length: 12 }, (_, index) => [`m${index}.py`, shared(`M${index}`)]);
    const folder = project({ ...Object.fromEntries(files), 'bad.py': `${shared('Bad')}def f(:\n` });
    const timeless = async (jobs: string) => {
      const { stdout } = await pyleak(folder, '--format', 'json', '--jobs', jobs);
      return stdout.toString().replace(/"milliseconds": \d+/, '');
    };
    const alone = await timeless('1');
    expect(await timeless('3')).toBe(alone);
    expect(await timeless('auto')).toBe(alone);
  });
});

it('control characters in names, source and configuration reach no stream raw but the exact diff', async () => {
  const name = 'x\x1b[31m.py';
  const folder = project({ [name]: `${shared('A')}def f(:\n` });
  const { stderr } = await pyleak(folder, '--format', 'json', '--output', 'o.json');
  expect(stderr).toContain('x\\x1b[31m.py:6:7: syntax: ');
  expect(readFileSync(join(folder, 'o.json'), 'latin1')).not.toMatch(/[^\n -~]/);
  writeFileSync(join(folder, 'pyproject.toml'), '[tool.pyleak-fix]\n"\\u001b[2J" = 1\n');
  const misconfigured = await pyleak(folder);
  expect([misconfigured.status, misconfigured.stderr]).toEqual([2, expect.stringMatching(/^error: [ -~]+\n$/)]);
});
