import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Command, describeEnd, runCommand } from '../../src/trial/command.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pyleak-fix-command-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(line: string, more: Partial<Command> = {}, stop?: AbortSignal) {
  return runCommand({ words: [line], shell: true, cwd: folder, env: process.env, ...more }, stop);
}

/** One that has ended and that nobody has waited for is no longer running. */
function isRunning(pid: number): boolean {
  return /^[RSD]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)]).stdout.toString());
}

describe('the end of a command', () => {
  it.each([
    ['exit 3', 'exit status 3'],
    ['kill -SEGV $$', 'signal SIGSEGV'],
    ['sh -c "kill -ABRT \\$\\$"; exit $?', 'signal SIGABRT'],
    ['true', 'exit status 0'],
  ])('%s: %s', async (line, end) => {
    expect(describeEnd((await run(line)).end)).toBe(end);
  });

  it('a time limit ends it, also where it does not listen, and what it said is kept', async () => {
    const { end, stdout } = await run('trap "" TERM; echo there; while :; do sleep 0.1; done', { timeout: 0.3 });
    expect(describeEnd(end)).toBe('no end within 0.3 s');
    expect(stdout.head.toString()).toBe('there\n');
  });

  it('so does who started it', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    expect((await run('sleep 60', {}, stop.signal)).end).toEqual({ kind: 'stopped' });
  });

  it('a program that is not there is a mistake', async () => {
    await expect(run('', { words: ['no-such-program'], shell: false })).rejects.toThrow(
      `cannot run no-such-program in ${folder}: there is no such program`,
    );
  });
});

it('standard input is at its end at once', async () => {
  expect((await run('cat; echo done')).stdout.head.toString()).toBe('done\n');
});

it('the streams are kept apart', async () => {
  const { stdout, stderr } = await run('echo out; echo err >&2');
  expect([stdout.head.toString(), stderr.head.toString()]).toEqual(['out\n', 'err\n']);
});

it('nothing of it is left: neither what runs in the background nor what has left its group', async () => {
  const started = performance.now();
  const { stdout } = await run("sleep 60 & echo $!; setsid sh -c 'echo $$; exec sleep 60' & sleep 0.2");
  const pids = stdout.head.toString().trim().split('\n').map(Number);
  expect(pids).toHaveLength(2);
  expect(performance.now() - started).toBeLessThan(10_000);
  // What has left its group is found on Linux alone.
  expect(pids.filter(isRunning).length).toBeLessThanOrEqual(process.platform === 'linux' ? 0 : 1);
});
