import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { excluding, find, makeTree, pathsOf } from './tree.ts';

describe('walking a folder', () => {
  test('finds *.py, leaves out *.pyi and all else, and sorts by code units', async () => {
    const root = makeTree({
      'b.py': '',
      'a/z.py': '',
      'a.py': '',
      'B.py': '',
      'c.pyi': '',
      'd.txt': '',
      'e.PY': '',
      '.hidden/f.py': '',
      '.g.py': '',
    });
    expect(await pathsOf(root)).toEqual(['.g.py', '.hidden/f.py', 'B.py', 'a.py', 'a/z.py', 'b.py']);
  });

  test('enters folders called x.py', async () => {
    expect(await pathsOf(makeTree({ 'x.py/y.py': '', 'x.py/z.txt': '' }))).toEqual(['x.py/y.py']);
  });

  test('skips version control, environments, builds and caches', async () => {
    const names =
      '.git .hg node_modules __pycache__ .venv venv .tox .nox .eggs build dist site-packages .pyleak-fix'.split(' ');
    const skipped = names.flatMap((name) => [`${name}/x.py`, `pkg/${name}/x.py`]);
    const root = makeTree(Object.fromEntries([...skipped, 'pkg/builder/x.py', 'build.py'].map((path) => [path, ''])));
    expect(await pathsOf(root)).toEqual(['build.py', 'pkg/builder/x.py']);
  });

  test('reports absolute real names beside the relative ones', async () => {
    const root = makeTree({ 'pkg/a.py': '' });
    expect((await find(root)).files).toEqual([{ path: 'pkg/a.py', realPath: join(root, 'pkg/a.py'), writable: true }]);
  });

  test('names files outside the working directory from there', async () => {
    const root = makeTree({ 'lib/x.py': '', 'app/y.py': '' });
    expect(await pathsOf(join(root, 'app'), ['../lib', '.'])).toEqual(['../lib/x.py', 'y.py']);
  });
});

describe('what is named on the command line', () => {
  test('is read without the ending .py, ignored, excluded or in a skipped folder', async () => {
    const root = makeTree({
      '.gitignore': 'ignored.py\n',
      'ignored.py': '',
      script: '',
      'stub.pyi': '',
      'build/x.py': '',
      'out.py': '',
    });
    const named = ['ignored.py', 'script', 'stub.pyi', 'build/x.py', 'out.py'];
    expect(await pathsOf(root, named, excluding(root, 'out.py'))).toEqual([...named].sort());
  });

  test('takes what git ignores when it is asked to, but no skipped folder', async () => {
    const root = makeTree({
      '.git/HEAD': '',
      '.gitignore': 'a.py\nsub/\n',
      'a.py': '',
      'sub/.gitignore': '*',
      'sub/b.py': '',
      'venv/c.py': '',
    });
    expect(await pathsOf(root)).toEqual([]);
    expect(await pathsOf(root, ['.'], { gitIgnored: true })).toEqual(['a.py', 'sub/b.py']);
  });

  test('is left out with --force-exclude if it is excluded', async () => {
    const root = makeTree({ 'out.py': '', 'in.py': '', 'gen/x.py': '', 'ok/x.py': '' });
    const options = { ...excluding(root, 'out.py', 'gen/'), forceExclude: true };
    expect(await pathsOf(root, ['out.py', 'in.py', 'gen', 'gen/x.py', 'ok'], options)).toEqual(['in.py', 'ok/x.py']);
  });

  test('is one file when it is named twice', async () => {
    const root = makeTree({ 'pkg/a.py': '', 'pkg/b.py': '' });
    expect(await pathsOf(root, ['pkg/b.py', 'pkg', './pkg/../pkg/b.py', join(root, 'pkg')])).toEqual([
      'pkg/a.py',
      'pkg/b.py',
    ]);
  });

  test('an ignored folder is walked, and the patterns inside it count', async () => {
    const root = makeTree({
      '.git/HEAD': '',
      '.gitignore': 'gen/\n',
      'gen/.gitignore': 'y.py\n',
      'gen/x.py': '',
      'gen/y.py': '',
      'gen/sub/x.py': '',
    });
    expect(await pathsOf(root)).toEqual([]);
    expect(await pathsOf(root, ['gen'])).toEqual(['gen/sub/x.py', 'gen/x.py']);
    expect(await pathsOf(root, ['gen/sub'])).toEqual(['gen/sub/x.py']);
  });

  test('a folder that is ignored with everything in it is walked', async () => {
    const root = makeTree({ '.git/HEAD': '', 'env/.gitignore': '*\n', 'env/lib/a/x.py': '' });
    expect(await pathsOf(root, ['env/lib'])).toEqual(['env/lib/a/x.py']);
  });

  test('an excluded folder is walked, and the other patterns count', async () => {
    const root = makeTree({ 'gen/x.py': '', 'gen/x_pb2.py': '' });
    expect(await pathsOf(root, ['gen'], excluding(root, 'gen/', '*_pb2.py'))).toEqual(['gen/x.py']);
  });

  test('a skipped folder is walked', async () => {
    const root = makeTree({ 'site-packages/a/x.py': '', 'site-packages/a/build/y.py': '' });
    expect(await pathsOf(root, ['site-packages'])).toEqual(['site-packages/a/x.py']);
  });

  test.each([
    ['chekout.py', 'no such file or folder: chekout.py (did you mean checkout.py?)'],
    ['shp/cart.py', 'no such file or folder: shp/cart.py (did you mean shop/cart.py?)'],
    ['scr', 'no such file or folder: scr (did you mean src?)'],
    ['shop/cart.py/x', 'no such file or folder: shop/cart.py/x'],
    ['nothing-like-it', 'no such file or folder: nothing-like-it'],
    ['', 'no such file or folder: '],
  ])('is a usage error when it does not exist: %s', async (path, message) => {
    const root = makeTree({ 'checkout.py': '', 'shop/cart.py': '', 'src/a.py': '' });
    await expect(find(root, ['src', path])).rejects.toThrow(new UserError(message));
  });

  test('a FIFO is an io error, and is passed over while walking', async ({ skip }) => {
    if (process.platform === 'win32') skip('there are no FIFOs');
    const root = makeTree({ 'a.py': '' });
    execFileSync('mkfifo', [join(root, 'pipe.py')]);
    expect(await pathsOf(root)).toEqual(['a.py']);
    const { files, errors } = await find(root, ['pipe.py', 'a.py']);
    expect(files.map(({ path }) => path)).toEqual(['a.py']);
    expect(errors).toEqual([{ path: 'pipe.py', kind: 'io', message: 'cannot read it: it is a FIFO, not a file' }]);
  });

  test('a socket is an io error, and is passed over while walking', async ({ skip }) => {
    if (process.platform === 'win32') skip('sockets are not files');
    const root = makeTree();
    const server = createServer().listen(join(root, 's.py'));
    await new Promise((listening) => server.once('listening', listening));
    try {
      expect(await pathsOf(root)).toEqual([]);
      expect((await find(root, ['s.py'])).errors).toMatchObject([
        { path: 's.py', kind: 'io', message: expect.stringContaining('a socket') },
      ]);
    } finally {
      server.close();
    }
  });

  test('a device is an io error', async ({ skip }) => {
    if (process.platform === 'win32') skip('devices are not files');
    expect((await find(makeTree(), ['/dev/null'])).errors).toMatchObject([
      { kind: 'io', message: expect.stringContaining('a device') },
    ]);
  });
});

describe('what was found is all there is', () => {
  const files = { '.gitignore': 'made.py\n/tmp/\n*.log\n', 'a.py': '', 'sub/b.py': '', 'build/c.py': '', 'x.log': '' };
  test('where nothing but skipped folders and other files is left out', async () => {
    expect(await find(makeTree(files))).toMatchObject({ complete: true });
  });

  test.each([
    ['git ignores a file', { 'made.py': '' }, {}],
    ['git ignores a folder', { 'tmp/d.py': '' }, {}],
    ['a pattern excludes a file', {}, { exclude: 'sub/b.py' }],
    ['a pattern excludes what is named, by force', {}, { exclude: 'a.py', force: true }],
  ])('unless %s', async (_, more, { exclude, force = false }: { exclude?: string; force?: boolean }) => {
    const root = makeTree({ ...files, ...more });
    const request = exclude === undefined ? {} : { ...excluding(root, exclude), forceExclude: force };
    expect(await find(root, ['.', 'a.py'], request)).toMatchObject({ complete: false });
  });
});

describe('gitignore', () => {
  test('holds below the repository root, also above the named folder', async () => {
    const root = makeTree({
      '.git/HEAD': '',
      '.gitignore': '*_gen.py\n/a/b/top.py\n',
      'a/.gitignore': 'mid.py\n!keep_gen.py\n',
    });
    for (const name of ['x', 'x_gen', 'keep_gen', 'mid', 'top']) {
      mkdirSync(join(root, 'a/b'), { recursive: true });
      writeFileSync(join(root, `a/b/${name}.py`), '');
    }
    expect(await pathsOf(root, ['a/b'])).toEqual(['a/b/keep_gen.py', 'a/b/x.py']);
    expect(await pathsOf(join(root, 'a/b'))).toEqual(['keep_gen.py', 'x.py']);
  });

  test('is read from .git/info/exclude, which every .gitignore overrules', async () => {
    const root = makeTree({
      '.git/info/exclude': 'x*.py\n',
      '.gitignore': '!x2.py\n',
      'x1.py': '',
      'x2.py': '',
      'y.py': '',
    });
    expect(await pathsOf(root)).toEqual(['x2.py', 'y.py']);
  });

  test('is read from the exclude file that a worktree shares with its repository', async () => {
    const root = makeTree({
      'main/.git/info/exclude': 'x.py\n',
      'main/.git/worktrees/w/commondir': '../..\n',
      'w/.git': 'gitdir: ../main/.git/worktrees/w\n',
      'w/x.py': '',
      'w/y.py': '',
    });
    expect(await pathsOf(join(root, 'w'))).toEqual(['y.py']);
  });

  test('holds without a repository too', async () => {
    const root = makeTree({ '.gitignore': 'x.py\n', 'a/x.py': '', 'a/y.py': '' });
    expect(await pathsOf(root)).toEqual(['a/y.py']);
    expect(await pathsOf(root, ['a'])).toEqual(['a/y.py']);
  });

  test('of an outer repository says nothing about one inside it', async () => {
    const root = makeTree({
      '.git/HEAD': '',
      '.gitignore': 'x.py\n',
      'x.py': '',
      'sub/.git': 'gitdir: nowhere',
      'sub/x.py': '',
      'sub/a/x.py': '',
    });
    expect(await pathsOf(root)).toEqual(['sub/a/x.py', 'sub/x.py']);
    expect(await pathsOf(root, ['sub/a'])).toEqual(['sub/a/x.py']);
  });
});

describe('--exclude', () => {
  test('takes gitignore patterns relative to their base', async () => {
    const root = makeTree({ 'a/x.py': '', 'a/b/x.py': '', 'a/b/y.py': '', 'c/y.py': '', 'c/keep.py': '' });
    const exclude = [
      { pattern: '/x.py', base: join(root, 'a') },
      { pattern: 'c/*', base: root },
      { pattern: '!keep.py', base: root },
      { pattern: 'b/y.py', base: root },
    ];
    expect(await pathsOf(root, ['.'], { exclude })).toEqual(['a/b/x.py', 'a/b/y.py', 'c/keep.py']);
  });

  test('says nothing about what lies outside its base', async () => {
    const root = makeTree({ 'a/x.py': '', 'ab/x.py': '' });
    expect(await pathsOf(root, ['.'], excluding(join(root, 'a'), '*.py'))).toEqual(['ab/x.py']);
  });
});
