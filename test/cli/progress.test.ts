/** Progress of a run that lasts, on a pseudo-terminal; and a review that is refused before its first question. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ProgressStream, progressOn } from '../../src/progress.ts';
import { isInstalled, PROGRAM, project, pyleak, run, shared } from '../support/cli.ts';

const driver = fileURLToPath(new URL('../support/pty.py', import.meta.url));

interface Played {
  readonly status: number;
  readonly screen: string;
}

/** Runs the program on a terminal to its end. */
function onTerminal(cwd: string, ...argv: readonly string[]): Played {
  const play = { command: [process.execPath, PROGRAM, ...argv], cwd, stdout: '/dev/null', size: [40, 160], steps: [] };
  const { stdout } = spawnSync('python3', [driver], {
    input: JSON.stringify(play),
    env: { ...process.env, TERM: 'xterm' },
  });
  return JSON.parse(stdout.toString()) as Played;
}

describe('progress', () => {
  const clock = () => {
    const written: string[] = [];
    let time = 0;
    const stream: ProgressStream = { isTTY: true, columns: 60, write: (text) => written.push(text) };
    return { written, progress: progressOn(stream, () => time), at: (now: number) => (time = now) };
  };

  it('says nothing for the first second, then files, findings and the time left, ten times a second at most', () => {
    const { written, progress, at } = clock();
    for (const now of [0, 500, 999]) {
      at(now);
      progress.show('Read', now, 10_000, '3 findings');
    }
    expect(written).toEqual([]);
    for (const now of [1000, 1050, 1099, 1100]) {
      at(now);
      progress.show('Read', now, 10_000, '3 findings');
    }
    expect(written).toEqual([
      '\rRead 1000 of 10000 files: 3 findings, about 9 s left\x1b[K',
      '\rRead 1100 of 10000 files: 3 findings, about 9 s left\x1b[K',
    ]);
    progress.end();
    progress.end();
    expect(written.slice(2)).toEqual(['\r\x1b[K']);
  });

  it('reckons the time of each stage from its own start, in minutes where it is long, and never wraps', () => {
    const { written, progress, at } = clock();
    at(5000);
    progress.show('Looked into', 0, 400, '0 findings');
    at(10_000);
    progress.show('Looked into', 10, 400, '1 findings, and a word more, and one more');
    expect(written).toEqual([
      '\rLooked into 0 of 400 files: 0 findings\x1b[K',
      `\r${'Looked into 10 of 400 files: 1 findings, and a word more, and one more'.slice(0, 59)}\x1b[K`,
    ]);
    at(20_000);
    progress.show('Looked into', 20, 400, '1 findings');
    expect(written[2]).toBe('\rLooked into 20 of 400 files: 1 findings, about 5 min left\x1b[K');
  });

  it('is nothing without a terminal', () => {
    const written: string[] = [];
    const progress = progressOn({ write: (text) => written.push(text) }, () => 10_000 * written.length);
    progress.show('Read', 1, 2, '');
    progress.end();
    expect(written).toEqual([]);
  });

  it.skipIf(!isInstalled('python3'))(
    'is seen on a terminal and wiped, and only there (skipped without python3)',
    async () => {
      const text = `${Array.from({ length: 40 }, (_, index) => shared(`A${index}`)).join('\n\n')}\n`;
      const files = Array.from({ length: 30 }, (_, index) => [`m${index}.py`, text.replaceAll(/\bA/g, `M${index}_`)]);
      const folder = project(Object.fromEntries(files));
      const started = performance.now();
      const { screen } = onTerminal(folder);
      // A machine that is done within the second shows nothing, as it should.
      if (performance.now() - started < 1500) return;
      expect(screen).toMatch(
        /\r(Read|Looked into) \d+ of 30 files: \d+ (to look into|findings)(, about \d+ s left)?\x1b\[K/,
      );
      expect(stripVTControlCharacters(screen.slice(screen.lastIndexOf('\r\x1b[K')))).toMatch(/^\rWould fix 1200 of/);
      expect(onTerminal(folder, '--quiet').screen).toBe('');
      expect((await pyleak(folder)).stderr).not.toContain('of 30 files');
    },
  );
});

it.skipIf(!isInstalled('python3') || !isInstalled('git'))(
  'a review of what git does not have is refused before its first question (skipped without python3 and git)',
  () => {
    const folder = project({ 'a.py': shared('A'), 'clean.py': 'x = 1\n' });
    run('git', ['init', '--quiet'], folder);
    const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.org'];
    run('git', [...who, 'commit', '--quiet', '--allow-empty', '--message', 'x'], folder);
    const { status, screen } = onTerminal(folder, '-i');
    expect(status).toBe(2);
    expect(screen.trim()).toMatch(
      /^error: nothing was written: a\.py has changes that are not committed to git; .*--allow-dirty$/,
    );
    expect(onTerminal(folder, '-i', 'clean.py').status).toBe(0);
  },
);
