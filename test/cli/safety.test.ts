/** What is never lost: undo, a batch that is killed or interrupted, and two of them at once. */

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { contents, fixed, project, pyleak, reportOf, shared, start } from '../support/cli.ts';

describe('undo', () => {
  it('puts back the bytes from before the last batch, from anywhere in the project; then nothing is left to undo', async () => {
    const folder = project({ 'a.py': shared('A'), 'sub/b.py': shared('B').replaceAll('\n', '\r\n') });
    const before = contents(folder);
    await pyleak(folder, '--batch');
    expect(await pyleak(join(folder, 'sub'), 'undo')).toMatchObject({
      status: 0,
      stderr: 'restored ../a.py\nrestored b.py\n',
    });
    expect(contents(folder)).toEqual(before);
    expect(await pyleak(folder, 'undo')).toMatchObject({ status: 1, stderr: 'Nothing to undo.\n' });
  });

  it('works in the project of the files, wherever the batch was started', async () => {
    const above = project({ 'p/pyproject.toml': '', 'p/a.py': shared('A'), 'q/setup.py': '', 'q/b.py': shared('B') });
    const before = contents(above);
    expect((await pyleak(above, '--batch', 'p', 'q')).status).toBe(0);
    expect(contents(above)).toMatchObject({ 'p/a.py': fixed('A'), 'q/b.py': fixed('B') });
    expect(await pyleak(join(above, 'p'), 'undo')).toMatchObject({ status: 0, stderr: 'restored a.py\n' });
    expect(await pyleak(join(above, 'q'), 'undo')).toMatchObject({ status: 0, stderr: 'restored b.py\n' });
    expect(contents(above)).toEqual(before);
  });

  it('a project that cannot keep its originals is left alone and reported; the others are written', async () => {
    const above = project({ 'p/setup.py': '', 'p/a.py': shared('A'), 'q/setup.py': '', 'q/b.py': shared('B') });
    writeFileSync(join(above, 'q', '.pyleak-fix'), '');
    const { files, errors } = await reportOf(above, '--batch');
    expect(files.map(({ path }) => path)).toEqual(['p/a.py']);
    expect(errors).toMatchObject([{ path: 'q/b.py', kind: 'io' }]);
    expect(contents(above)).toMatchObject({ 'p/a.py': fixed('A'), 'q/b.py': shared('B') });
  });

  it('refuses and names a file that was changed since, and restores the others', async () => {
    const folder = project({ 'a.py': shared('A'), 'b.py': shared('B') });
    await pyleak(folder, '--batch');
    writeFileSync(join(folder, 'a.py'), '# mine\n');
    const { status, stderr } = await pyleak(folder, 'undo');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^a\.py: not restored: .*\nrestored b\.py\n$/);
    expect(contents(folder)).toMatchObject({ 'a.py': '# mine\n', 'b.py': shared('B') });
  });
});

describe('a batch that does not come to its end', () => {
  const names = Array.from({ length: 200 }, (_, index) => `m${String(index).padStart(3, '0')}`);
  const files = Object.fromEntries(names.map((name) => [`${name}.py`, shared(name)]));

  /** Starts a batch and sends the signal as soon as the file of that index is new. */
  async function stopped(folder: string, index: number, signal: NodeJS.Signals) {
    const child = start(folder, '--batch');
    const ended = once(child, 'close');
    const stderr = text(child.stderr);
    const name = names[index] ?? '';
    while (child.exitCode === null && readFileSync(join(folder, `${name}.py`), 'utf8') === shared(name)) await pause(1);
    child.kill(signal);
    const [status] = await ended;
    return { status, stderr: await stderr };
  }

  it.each([0, 100])('killed after file %d: every file is whole, old or new, and undo puts back all', async (index) => {
    const folder = project(files);
    const before = contents(folder);
    await stopped(folder, index, 'SIGKILL');
    const left = contents(folder);
    for (const name of names) expect([shared(name), fixed(name)]).toContain(left[`${name}.py`]);
    expect((await pyleak(folder, 'undo', '--quiet')).status).toBe(0);
    expect(contents(folder)).toEqual(before);
  });

  it('killed, the next batch says so and puts it back first: it completes it, and one undo comes back to the first bytes', async () => {
    const folder = project(files);
    const before = contents(folder);
    await stopped(folder, 20, 'SIGKILL');
    const looked = await pyleak(folder, '--dry-run');
    expect(looked.stderr).toContain('warning: a run was killed before its end; `pyleak-fix undo`');
    const { status, stderr } = await pyleak(folder, '--batch');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^A run was killed after it had written \d+ of 200 files: they were put back\.$/m);
    const expected = names.map((name) => [`${name}.py`, fixed(name)]);
    expect(contents(folder)).toEqual({ ...Object.fromEntries(expected), 'pyproject.toml': '' });
    expect((await pyleak(folder, 'undo', '--quiet')).status).toBe(0);
    expect(contents(folder)).toEqual(before);
    expect((await pyleak(folder, 'undo')).status).toBe(1);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'at %s it stops between two files, says what was written, and exits with %d',
    async (signal, expected) => {
      const folder = project(files);
      const { status, stderr } = await stopped(folder, 0, signal);
      expect(status).toBe(expected);
      const written = names.filter((name) => contents(folder)[`${name}.py`] === fixed(name)).length;
      expect(stderr).toContain(`${written} of 200 files were written`);
      expect((await pyleak(folder, 'undo', '--quiet')).status).toBe(0);
    },
  );

  it('two at once: one writes, the other says so or finds nothing left, and the files are as after one', async () => {
    const folder = project(files);
    const both = await Promise.all([pyleak(folder, '--batch'), pyleak(folder, '--batch')]);
    const expected = names.map((name) => [`${name}.py`, fixed(name)]);
    expect(contents(folder)).toEqual({ ...Object.fromEntries(expected), 'pyproject.toml': '' });
    for (const { status, stderr } of both) {
      if (status !== 0)
        expect([status, stderr]).toEqual([2, expect.stringMatching(/is writing in this project|changed/)]);
    }
  });
});
