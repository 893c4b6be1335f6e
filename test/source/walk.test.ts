import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { excluding, find, makeTree, pathsOf } from './tree.ts';

describe('links', () => {
  test('to folders are not followed, but a named one is', async () => {
    const root = makeTree({ 'a/x.py': '' });
    symlinkSync('a', join(root, 'link'));
    symlinkSync('a', join(root, 'link.py'));
    expect(await pathsOf(root)).toEqual(['a/x.py']);
    expect(await pathsOf(root, ['link'])).toEqual(['a/x.py']);
  });

  test('that lead in a circle end the walk all the same', async () => {
    const root = makeTree({ 'a/x.py': '' });
    symlinkSync('..', join(root, 'a/up'));
    expect(await pathsOf(root)).toEqual(['a/x.py']);
  });

  test('to files are read; a file with two names is one, under its real name', async () => {
    const root = makeTree({ 'real.py': '', script: '' });
    symlinkSync('real.py', join(root, 'link.py'));
    symlinkSync('script', join(root, 'other.py'));
    expect(await pathsOf(root)).toEqual(['real.py', 'script']);
    expect(await pathsOf(root, ['link.py'])).toEqual(['real.py']);
  });

  test('that lead out of the project are read and never written', async () => {
    const root = makeTree({ 'p/pyproject.toml': '', 'p/pkg/a.py': '', 'p/lib.py': '', 'q/x.py': '', 'q/dir/y.py': '' });
    symlinkSync('../../q/x.py', join(root, 'p/pkg/out.py'));
    symlinkSync('../lib.py', join(root, 'p/pkg/in.py'));
    symlinkSync('../q/dir', join(root, 'p/out'));
    const writable = async (...paths: readonly string[]) =>
      Object.fromEntries((await find(join(root, 'p'), paths)).files.map((file) => [file.path, file.writable]));
    expect(await writable('pkg')).toEqual({ '../q/x.py': false, 'lib.py': true, 'pkg/a.py': true });
    expect(await writable('pkg/out.py')).toEqual({ '../q/x.py': false });
    expect(await writable('out')).toEqual({ '../q/dir/y.py': false });
    expect(await writable('pkg', '../q/x.py')).toMatchObject({ '../q/x.py': true });
  });

  test('without a project may lead anywhere in the working directory', async () => {
    const root = makeTree({ 'w/a/': '', 'w/b/x.py': '', 'y.py': '' });
    symlinkSync('../b/x.py', join(root, 'w/a/in.py'));
    symlinkSync('../../y.py', join(root, 'w/a/out.py'));
    const { files } = await find(join(root, 'w'), ['a']);
    expect(files.map(({ path, writable }) => [path, writable])).toEqual([
      ['../y.py', false],
      ['b/x.py', true],
    ]);
  });

  test('that are broken are a warning while walking and an error when named', async () => {
    const root = makeTree({ 'a.py': '' });
    symlinkSync('gone.py', join(root, 'broken.py'));
    symlinkSync('loop.py', join(root, 'loop.py'));
    symlinkSync('gone', join(root, 'other'));
    const walked = await find(root);
    expect(walked.warnings).toEqual(['broken.py: broken link', 'loop.py: broken link']);
    expect(walked.files).toHaveLength(1);
    expect(walked.errors).toEqual([]);
    expect((await find(root, ['broken.py'])).errors).toEqual([
      { path: 'broken.py', kind: 'io', message: 'cannot read it: it is a broken link' },
    ]);
    expect((await find(root, ['loop.py'])).errors).toMatchObject([{ path: 'loop.py', kind: 'io' }]);
  });

  test('above the working directory change no name', async () => {
    const root = makeTree({ 'real/a.py': '' });
    symlinkSync('real', join(root, 'link'));
    expect(await pathsOf(join(root, 'link'))).toEqual(['a.py']);
    expect(await pathsOf(join(root, 'link'), ['a.py'], excluding(join(root, 'link'), 'b.py'))).toEqual(['a.py']);
  });
});

describe('trouble with one folder or name', () => {
  test('a name that is not valid UTF-8 is an io error, and the rest goes on', async ({ skip }) => {
    const root = makeTree({ 'a.py': '', '\ufffd.py': '' });
    try {
      writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.py')]), '');
      mkdirSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xe9])]));
    } catch {
      skip('the file system takes no such name');
    }
    const { files, errors } = await find(root);
    expect(files.map(({ path }) => path)).toEqual(['a.py', '\ufffd.py']);
    const message = 'cannot read it: its name is not valid UTF-8';
    expect(errors).toEqual([
      { path: 'caf\ufffd.py', kind: 'io', message },
      { path: 'd\ufffd', kind: 'io', message },
    ]);
  });

  test('a folder that cannot be read is an io error, and the rest goes on', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read every folder');
    const root = makeTree({ 'a.py': '', 'closed/x.py': '' });
    chmodSync(join(root, 'closed'), 0);
    const { files, errors } = await find(root);
    chmodSync(join(root, 'closed'), 0o700);
    expect(files.map(({ path }) => path)).toEqual(['a.py']);
    expect(errors).toEqual([{ path: 'closed', kind: 'io', message: 'cannot read it: permission denied' }]);
  });

  test('a folder too deep for the system is an io error, and the rest goes on', async ({ skip }) => {
    if (process.platform !== 'linux') skip('the limit differs');
    const root = makeTree({ 'a.py': '' });
    onTestFinished(() => void execFileSync('rm', ['-rf', root]));
    const level = 'd'.repeat(250);
    const script = 'for i in $(seq 20); do mkdir "$1" && cd "$1" || exit 1; done; : > deep.py';
    execFileSync('bash', ['-c', script, 'bash', level], { cwd: root });
    const { files, errors } = await find(root);
    expect(files.map(({ path }) => path)).toEqual(['a.py']);
    expect(errors).toMatchObject([{ kind: 'io', message: 'cannot read it: its name is too long' }]);
  });
});
