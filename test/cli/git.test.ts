/** `--since`, `--changed-lines` and `--allow-dirty` on real repositories (skipped where git is not installed). */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import {
  contents,
  fixed,
  isInstalled,
  memo,
  PROGRAM,
  project,
  pyleak,
  pyleakOn,
  reportOf,
  run,
  shared,
} from '../support/cli.ts';

const git = (folder: string, ...argv: readonly string[]) =>
  run('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...argv], folder);

/** One change with two pointers: the finding is shown at the first. */
const TRACKS = `class Track:
    def __init__(self):
        self.next = None
        self.prev = None
        self.playlist = None


class Playlist:
    def __init__(self):
        self.first = None
        self.last = None

    def append(self, track):
        track.playlist = self
        if self.first is None:
            self.first = track
        else:
            track.prev = self.last
            self.last.next = track
        self.last = track
`;

function commit(folder: string): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'x');
  return git(folder, 'rev-parse', 'HEAD').trim();
}

/** A repository with these files in its first commit. */
function repository(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = project(files);
  git(folder, 'init', '--quiet', '--initial-branch=main');
  commit(folder);
  return folder;
}

function put(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The symbols that a run finds. */
const found = async (folder: string, ...argv: readonly string[]) =>
  (await reportOf(folder, ...argv)).findings.map(({ symbol }) => symbol);

describe.skipIf(!isInstalled('git'))('a mistake is one line and status 2', () => {
  it.each<[string[], RegExp]>([
    [['--since', 'nosuch'], /^error: --since: git knows no revision "nosuch" in .*\n$/],
    [['--since', 'nosuch...'], /^error: --since: git knows no revision "nosuch" in .*\n$/],
    [['--since', '--output=x'], /^error: --since needs a value\n$/],
    [['--since=--output=x'], /^error: --since: git knows no revision "--output=x" in .*\n$/],
    [['--since', 'HEAD:a.py'], /^error: --since: git knows no revision "HEAD:a.py" in .*\n$/],
    [['--max-changes', '0'], /^error: --max-changes: "0" is not a number of changes; give a positive number\n$/],
    [['--max-changes=-1'], /^error: --max-changes: "-1" is not a number of changes; give a positive number\n$/],
  ])('%j', async (argv, line) => {
    const folder = repository({ 'a.py': shared('A') });
    const { status, stdout, stderr } = await pyleak(folder, '--batch', ...argv);
    expect([status, stdout.length, stderr]).toEqual([2, 0, expect.stringMatching(line)]);
    expect(contents(folder)).toMatchObject({ 'a.py': shared('A') });
  });

  it('outside a repository, before the first commit, and for standard input', async () => {
    const outside = project({ 'a.py': shared('A') });
    expect(await pyleak(outside, '--since', 'HEAD', 'a.py')).toMatchObject({
      status: 2,
      stderr: 'error: --since needs git, and a.py lies in no repository\n',
    });
    git(outside, 'init', '--quiet');
    expect(await pyleak(outside, '--changed-lines')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: --changed-lines: git knows no revision "HEAD" in .*\n$/),
    });
    expect(await pyleakOn(shared('A'), outside, '-', '--changed-lines')).toMatchObject({
      status: 2,
      stderr: 'error: --changed-lines asks git about files, so the source cannot come from standard input (-)\n',
    });
  });

  it('a repository that git refuses to read says why', async () => {
    const folder = project({ 'a.py': shared('A'), '.git/HEAD': 'nonsense\n' });
    const { status, stderr } = await pyleak(folder, '--batch');
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: git cannot tell about .*: fatal: .*; --allow-dirty writes without asking git\n$/),
    ]);
    expect((await pyleak(folder, '--batch', '--allow-dirty')).status).toBe(0);
  });
});

describe.skipIf(!isInstalled('git'))('--since', () => {
  it('leaves the files that have changed: committed, staged, edited, untracked or renamed', async () => {
    const folder = repository({
      'same.py': shared('Same'),
      'committed.py': 'x = 1\n',
      'staged.py': 'x = 1\n',
      'edited.py': 'x = 1\n',
      'gone.py': shared('Gone'),
      'old name.py': shared('Renamed'),
      '.gitignore': 'ignored.py\n',
    });
    put(folder, 'committed.py', shared('Committed'));
    commit(folder);
    put(folder, 'staged.py', shared('Staged'));
    git(folder, 'add', 'staged.py');
    put(folder, 'edited.py', shared('Edited'));
    put(folder, 'sub/untracked ü "q".py', shared('Untracked'));
    put(folder, 'ignored.py', shared('Ignored'));
    renameSync(join(folder, 'old name.py'), join(folder, 'new name.py'));
    rmSync(join(folder, 'gone.py'));
    const since = (rev: string, path = '.') => found(folder, '--since', rev, path);
    expect(await since('HEAD')).toEqual(['Edited.items', 'Renamed.items', 'Staged.items', 'Untracked.items']);
    expect(await since('HEAD~')).toEqual([
      'Committed.items',
      'Edited.items',
      'Renamed.items',
      'Staged.items',
      'Untracked.items',
    ]);
    expect(await since('HEAD', 'sub')).toEqual(['Untracked.items']);
    expect(await since('HEAD', 'same.py')).toEqual([]);
    expect(await found(join(folder, 'sub'), '--since', 'HEAD')).toEqual(['Untracked.items']);
  });

  it('REV... is where the branch left REV: what came to REV later does not count', async () => {
    const folder = repository({ 'a.py': 'x = 1\n', 'b.py': 'x = 1\n' });
    git(folder, 'switch', '--quiet', '--create', 'topic');
    put(folder, 'a.py', shared('A'));
    commit(folder);
    git(folder, 'switch', '--quiet', 'main');
    put(folder, 'b.py', shared('B'));
    commit(folder);
    git(folder, 'switch', '--quiet', 'topic');
    put(folder, 'b.py', `${shared('B')}\n`);
    commit(folder);
    git(folder, 'reset', '--quiet', '--hard', 'HEAD~');
    expect(await found(folder, '--since', 'main...')).toEqual(['A.items']);
    git(folder, 'switch', '--quiet', '--orphan', 'other');
    put(folder, 'c.py', shared('C'));
    commit(folder);
    expect((await pyleak(folder, '--since', 'main...')).stderr).toMatch(
      /^error: --since: HEAD and "main" have no commit in common/,
    );
  });

  it('still reads the other files for evidence', async () => {
    const folder = repository({ 'a.py': 'x = 1\n', 'use.py': 'from a import A\nA.items.clear()\n' });
    put(folder, 'a.py', shared('A'));
    expect((await reportOf(folder, '--since', 'HEAD')).findings).toMatchObject([{ path: 'a.py', status: 'skipped' }]);
  });

  it('dry run and batch agree', async () => {
    const folder = repository({ 'a.py': shared('A'), 'b.py': shared('B') });
    appendFileSync(join(folder, 'b.py'), '# x\n');
    const options = ['--since', 'HEAD', '--allow-dirty'];
    const diff = await pyleak(folder, ...options);
    await pyleak(folder, '--batch', ...options);
    expect(contents(folder)).toMatchObject({ 'a.py': shared('A'), 'b.py': `${fixed('B')}# x\n` });
    run('git', ['checkout', '--quiet', '.'], folder);
    appendFileSync(join(folder, 'b.py'), '# x\n');
    run('git', ['apply', '-'], folder, diff.stdout);
    expect(contents(folder)).toMatchObject({ 'a.py': shared('A'), 'b.py': `${fixed('B')}# x\n` });
  });

  it('works in a hook, for which git sets variables of its own', () => {
    const folder = repository({ 'a.py': 'x = 1\n', 'sub/b.py': 'x = 1\n' });
    const report = join(folder, 'report.json');
    const program = `'${process.execPath}' '${PROGRAM}' --changed-lines --format json --exit-zero . > '${report}'`;
    writeFileSync(join(folder, '.git/hooks/pre-commit'), `#!/bin/sh\ncd sub && ${program}\n`, { mode: 0o755 });
    put(folder, 'sub/b.py', shared('B'));
    git(folder, 'commit', '--quiet', '--all', '--message', 'x');
    const { findings } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    expect(findings).toMatchObject([{ path: 'b.py', symbol: 'B.items' }]);
  });

  it('is not misled by what the user has configured', async () => {
    const folder = repository({ 'ä b.py': `${shared('A')}\n\n${shared('B')}` });
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.external', 'false'],
      ['diff.relative', 'true'],
      ['color.ui', 'always'],
      ['core.quotePath', 'true'],
      ['status.relativePaths', 'true'],
    ] as const)
      git(folder, 'config', key, value);
    put(folder, '.gitattributes', '*.py -diff\n');
    put(folder, 'ä b.py', `${shared('A')}\n\n${shared('B').replace('[]', '[1]')}`);
    expect(await found(folder, '--changed-lines')).toEqual(['B.items']);
    expect((await pyleak(folder, '--batch')).stderr).toMatch(/^error: nothing was written: ä b\.py has changes/);
  });
});

describe.skipIf(!isInstalled('git'))('--changed-lines', () => {
  it('counts each place of a finding with several', async () => {
    const folder = repository({ 'list.py': TRACKS });
    appendFileSync(join(folder, 'list.py'), '\n');
    expect(await found(folder, '--select', 'parent-pointer', '--changed-lines')).toEqual([]);
    writeFileSync(join(folder, 'list.py'), TRACKS.replace('track.prev = self.last', 'track.prev = self.last  # kept'));
    expect(await found(folder, '--select', 'parent-pointer', '--changed-lines')).toEqual(['Track.playlist']);
  });

  const two = (a: string, b: string) => `${shared('A').replace('[]', a)}\n\n${shared('B').replace('[]', b)}`;

  it('leaves the findings on lines that have changed since HEAD, or since --since', async () => {
    const folder = repository({ 'a.py': two('[]', '[]'), 'b.py': shared('C') });
    const first = git(folder, 'rev-parse', 'HEAD').trim();
    put(folder, 'a.py', two('[1]', '[]'));
    commit(folder);
    put(folder, 'a.py', `# a line above\n${two('[1]', '[2]')}`);
    put(folder, 'new.py', shared('New'));
    expect(await found(folder, '--changed-lines')).toEqual(['B.items', 'New.items']);
    expect(await found(folder, '--changed-lines', '--since', first)).toEqual(['A.items', 'B.items', 'New.items']);
  });

  it('reads names that git puts into quotes', async () => {
    const name = 'sub/ü "q"\t\\\x07.py';
    const folder = repository({ [name]: two('[]', '[]') });
    put(folder, name, two('[]', '[1]'));
    expect(await found(folder, '--changed-lines')).toEqual(['B.items']);
  });

  it('a named path that leads nowhere is reported as ever', async () => {
    const folder = repository({ 'a.py': shared('A') });
    symlinkSync('nowhere', join(folder, 'link.py'));
    const { status, stderr } = await pyleak(folder, '--changed-lines', 'link.py');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('link.py: io: cannot read it: it is a broken link\n'),
    ]);
  });

  it('counts lines as git does, also where a carriage return ends one for Python', async () => {
    const folder = repository({
      'a.py': `x = 1\ry = 2\r\r${two('[]', '[]')}`,
      'crlf.py': two('[]', '[]').replaceAll('\n', '\r\n'),
    });
    put(folder, 'a.py', `x = 1\ry = 2\r\r${two('[]', '[9]')}`);
    put(folder, 'crlf.py', two('[9]', '[]').replaceAll('\n', '\r\n'));
    expect(await found(folder, '--changed-lines')).toEqual(['B.items', 'A.items']);
  });

  it('a line that is gone beside it, or a removed one that looks like a header, is no change of it', async () => {
    const folder = repository({ 'a.py': `"""\n-- b/x.py\n++ b/x.py\n"""\n${two('[]', '[]')}` });
    put(folder, 'a.py', `"""\n"""\n${two('[]', '[]').replace('    items = []\n\n', '    items = []\n')}`);
    expect(await found(folder, '--changed-lines')).toEqual([]);
  });
});

describe.skipIf(!isInstalled('git'))('a batch over what git does not have', () => {
  it.each<[string, (folder: string) => void]>([
    ['edited', (folder) => appendFileSync(join(folder, 'a.py'), '# mine\n')],
    [
      'staged',
      (folder) => {
        appendFileSync(join(folder, 'a.py'), '# mine\n');
        git(folder, 'add', 'a.py');
      },
    ],
    [
      'untracked',
      (folder) => {
        git(folder, 'rm', '--quiet', '--cached', 'a.py');
        git(folder, 'commit', '--quiet', '--message', 'x');
      },
    ],
  ])('%s: writes nothing at all, names the file and the way out', async (_, change) => {
    const folder = repository({ 'a.py': shared('A'), 'b.py': shared('B') });
    change(folder);
    const before = contents(folder);
    expect(await pyleak(folder, '--batch')).toMatchObject({
      status: 2,
      stdout: Buffer.alloc(0),
      stderr:
        'error: nothing was written: a.py has changes that are not committed to git; commit or stash them, or give --allow-dirty\n',
    });
    expect(contents(folder)).toEqual(before);
    expect((await pyleak(folder, '--batch', '--allow-dirty')).status).toBe(0);
    expect(contents(folder)['b.py']).toBe(fixed('B'));
  });

  it('does not mind changes in files that it would not write, nor ignored files, nor where nothing is committed', async () => {
    const folder = repository({ 'a.py': shared('A'), 'm.py': memo('M'), '.gitignore': 'local.py\n' });
    appendFileSync(join(folder, 'm.py'), '# mine\n');
    put(folder, 'notes.txt', 'mine');
    put(folder, 'local.py', shared('Local'));
    expect((await pyleak(folder, '--batch', '.', 'local.py')).stderr).toContain('Fixed 2 of 3 findings.\n');
    const fresh = project({ 'a.py': shared('A') });
    git(fresh, 'init', '--quiet');
    expect((await pyleak(fresh, '--batch')).status).toBe(0);
    expect((await pyleak(project({ 'a.py': shared('A') }), '--batch')).status).toBe(0);
  });

  it('the dry run shows it all the same, and --batch - writes no file', async () => {
    const folder = repository({ 'a.py': 'x = 1\n' });
    put(folder, 'a.py', shared('A'));
    expect((await pyleak(folder)).stdout.length).toBeGreaterThan(0);
    expect((await pyleakOn(shared('A'), folder, '-', '--batch', '--stdin-filename', 'a.py')).status).toBe(0);
  });

  it('many are counted', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `m${index}.py`);
    const folder = repository(Object.fromEntries(names.map((name) => [name, shared('A')])));
    for (const name of names) appendFileSync(join(folder, name), '# mine\n');
    expect((await pyleak(folder, '--batch')).stderr).toContain(
      'm0.py, m1.py, m2.py, m3.py, m4.py and 3 more have changes',
    );
  });

  it('goes on from what an earlier run wrote, which undo takes back, until somebody else changes it', async () => {
    const folder = repository({ 'a.py': `${shared('A')}\n\n${shared('B')}\n\n${shared('C')}` });
    const step = () => pyleak(folder, '--batch', '--max-changes', '1');
    expect((await step()).stderr).toContain('Fixed 1 of 3 findings.\n');
    expect((await step()).stderr).toContain('Fixed 1 of 2 findings.\n');
    appendFileSync(join(folder, 'a.py'), '# mine\n');
    expect((await step()).stderr).toMatch(/^error: nothing was written: a\.py has changes/);
    expect((await pyleak(folder, 'undo')).status).toBe(2);
  });

  it('allow-dirty may stand in the configuration', async () => {
    const folder = repository({ 'a.py': shared('A'), 'pyproject.toml': '[tool.pyleak-fix]\nallow-dirty = true\n' });
    appendFileSync(join(folder, 'a.py'), '# mine\n');
    expect((await pyleak(folder, '--batch', '--no-allow-dirty')).status).toBe(2);
    expect((await pyleak(folder, '--batch')).status).toBe(0);
  });
});
