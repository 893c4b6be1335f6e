import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { version } from '../../src/config/version.ts';

const program = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

function start(...argv: string[]) {
  return spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
}

it('the program prints its version on stdout and exits with 0', async () => {
  const child = start('--version');
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect([status, stdout, stderr]).toEqual([0, `pyleak-fix ${version}\n`, '']);
});

it('a mistake is one line on stderr and exit status 2', async () => {
  const child = start('--dryrun');
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect([status, stdout, stderr]).toEqual([2, '', 'error: unknown option --dryrun; did you mean --dry-run?\n']);
});

it('a reader of stdout that goes away ends it quietly', async () => {
  const child = start('--help');
  child.stdout.destroy();
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([status, stderr]).toEqual([0, '']);
});

it.skipIf(!existsSync('/dev/full'))(
  'a full disk behind stdout is one line and exit status 2 (skipped without /dev/full)',
  async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [program, '--help'], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    const [stderr, [status]] = await Promise.all([
      child.stderr === null ? '' : text(child.stderr),
      once(child, 'close'),
    ]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: cannot write to standard output: ENOSPC.*\n$/),
    ]);
  },
);
