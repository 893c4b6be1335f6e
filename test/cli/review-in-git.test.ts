/** A review in a repository, in two sittings, and one that leaves out what is known (skipped where git or python3 is not installed). */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, fixed, isInstalled, project, pyleak, run, shared } from '../support/cli.ts';
import { at, play } from '../support/pty.ts';

function repository(files: Readonly<Record<string, string>>): string {
  const folder = project(files);
  const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
  run('git', ['init', '--quiet'], folder);
  run('git', ['add', '--all'], folder);
  run('git', [...who, 'commit', '--quiet', '--message', 'x'], folder);
  return folder;
}

describe.skipIf(!isInstalled('git') || !isInstalled('python3'))('a review in a repository', () => {
  const two = `${shared('A')}\n\n${shared('B')}`;

  it('goes on with --resume over what it wrote itself, not over what somebody else did', async () => {
    const folder = repository({ 'a.py': two, 'b.py': shared('C') });
    await play(folder, [...at(1, 'y\n'), ...at(2, 'q\n')]);
    expect(contents(folder)['a.py']).toBe(`${fixed('A')}\n\n${shared('B')}`);
    const again = await play(
      folder,
      [
        ['B.items', {}],
        [')?', { send: 'A\n' }],
      ],
      ['--resume'],
    );
    expect([again.status, again.stuck]).toEqual([0, undefined]);
    expect(contents(folder)).toMatchObject({ 'a.py': `${fixed('A')}\n\n${fixed('B')}`, 'b.py': fixed('C') });
    writeFileSync(join(folder, 'a.py'), two);
    appendFileSync(join(folder, 'a.py'), '# mine\n');
    expect((await play(folder, [])).screen).toMatch(/^error: nothing was written: a\.py has changes/);
  });

  it('asks about no more than --max-changes, taking back counted', async () => {
    const folder = repository({ 'a.py': two });
    const { status } = await play(folder, [...at(1, 'y\n')], ['-i', '--max-changes', '1']);
    expect(status).toBe(1);
    expect(readFileSync(join(folder, 'a.py'), 'utf8')).toBe(`${fixed('A')}\n\n${shared('B')}`);
  });

  it('does not ask about what the baseline knows, also not after an edit by hand', async () => {
    const folder = repository({ 'a.py': shared('A') });
    await pyleak(folder, '--write-baseline', 'known.json');
    writeFileSync(join(folder, 'a.py'), `${two}\n\n${shared('C')}`);
    writeFileSync(join(folder, 'edit.sh'), '#!/bin/sh\necho "# edited" >> "$1"\n', { mode: 0o755 });
    const argv = ['-i', '--baseline', 'known.json', '--allow-dirty'];
    const env = { EDITOR: join(folder, 'edit.sh'), VISUAL: '' };
    const { screen, status, stuck } = await play(
      folder,
      [
        ['B.items', {}],
        [')?', { send: 'e\n' }],
        ['C.items', {}],
        [')?', { send: 'y\n' }],
      ],
      argv,
      { env },
    );
    expect([status, stuck]).toEqual([0, undefined]);
    expect(screen).not.toContain('A.items');
    expect(contents(folder)['a.py']).toContain('# edited');
    expect(contents(folder)['a.py']).toContain(shared('A'));
  });
});
