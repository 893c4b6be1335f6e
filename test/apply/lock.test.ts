import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../src/apply/lock.ts';
import { UserError } from '../../src/core/errors.ts';

let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const work = () => Promise.resolve('done');

test('the lock is held while the work is done, and leaves nothing', async () => {
  expect(await withLock(lock, () => Promise.resolve(readdirSync(folder)))).toEqual(['lock']);
  expect(readdirSync(folder)).toEqual([]);
});

test('it is given back when the work fails', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await withLock(lock, work)).toBe('done');
});

test('a second holder is told who writes and what to do, and the first keeps the lock', async () => {
  await withLock(lock, async () => {
    const second = withLock(lock, work);
    await expect(second).rejects.toThrow(UserError);
    await expect(second).rejects.toThrow(
      `another pyleak-fix (process ${process.pid}) is writing in this project; try again`,
    );
    expect(readdirSync(folder)).toEqual(['lock']);
  });
});

/** How many of `contenders` held the lock at the same time, at most. */
async function mostAtOnce(contenders: number): Promise<number> {
  let holders = 0;
  let most = 0;
  const counted = async () => {
    holders += 1;
    most = Math.max(most, holders);
    await new Promise((resolve) => setTimeout(resolve, 3));
    holders -= 1;
  };
  await Promise.allSettled(Array.from({ length: contenders }, () => withLock(lock, counted)));
  return most;
}

test('of many at once one holds it', async () => {
  expect(await mostAtOnce(30)).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('of many that find the lock of a dead process one takes it over', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  for (let round = 0; round < 20; round += 1) {
    writeFileSync(lock, JSON.stringify({ pid, started: '1' }));
    expect(await mostAtOnce(30)).toBe(1);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('a process that was killed while taking over does not lock for ever', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(lock, JSON.stringify({ pid, started: '1' }));
  writeFileSync(`${lock}.takeover`, JSON.stringify({ pid, started: '1' }));
  await expect(withLock(lock, work)).rejects.toThrow(UserError);
  expect(await withLock(lock, work)).toBe('done');
});

test('the lock of a dead process is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(lock, JSON.stringify({ pid, started: '1' }));
  expect(await withLock(lock, work)).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a process that got the number of a dead one does not hold its lock',
  async () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: '1' }));
    expect(await withLock(lock, work)).toBe('done');
  },
);

test('a lock that a power cut left empty is taken over', async () => {
  writeFileSync(lock, '');
  expect(await withLock(lock, work)).toBe('done');
});
