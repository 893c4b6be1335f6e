/** A run after another says the same, faster, and never what was true before. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, project, pyleak, reportOf, shared } from '../support/cli.ts';

/** Enough files for a cache to be kept. */
function many(): string {
  const files = Object.fromEntries(
    Array.from({ length: 110 }, (_, index) => [
      `m${index}.py`,
      index % 20 === 0 ? shared(`C${index}`) : `x = ${index}\n`,
    ]),
  );
  return project(files);
}

const cacheOf = (folder: string) => join(folder, '.pyleak-fix', 'cache');

/** What a run says, without the time it took. */
async function said(folder: string, ...argv: readonly string[]): Promise<unknown> {
  const { status, stdout, stderr } = await pyleak(folder, '--format', 'json', ...argv);
  return [status, stdout.toString().replace(/"milliseconds": \d+/, ''), stderr];
}

describe('the cache', () => {
  it('is used where nothing has changed: the report is the same to the byte, and no file is parsed', async () => {
    const folder = many();
    const first = await said(folder);
    expect(readdirSync(cacheOf(folder)).filter((name) => name.startsWith('result-'))).toHaveLength(1);
    expect(await said(folder)).toEqual(first);
    expect(await said(folder, '--no-cache')).toEqual(first);
    const { stderr } = await pyleak(folder, '--stats');
    expect(stderr).toContain('look into the cache');
    expect(stderr).not.toMatch(/^ {2}scan/m);
  });

  it('shows what changed: in a file, by a new file that is evidence, and by a file that is gone', async () => {
    const folder = many();
    const before = await reportOf(folder);
    expect(before.findings).toHaveLength(6);
    writeFileSync(join(folder, 'm1.py'), shared('New'));
    expect((await reportOf(folder)).findings).toHaveLength(7);
    writeFileSync(join(folder, 'zz.py'), 'from m0 import C0\n\nprint(C0.items)\n');
    const changed = await reportOf(folder);
    expect(changed.findings.find(({ path }) => path === 'm0.py')?.fixes[0]).toMatchObject({ applicability: 'unsafe' });
    rmSync(join(folder, 'm1.py'));
    rmSync(join(folder, 'zz.py'));
    const { summary, ...again } = await reportOf(folder);
    const { summary: _, ...expected } = await reportOf(folder, '--no-cache');
    expect(again).toEqual(expected);
    expect(summary.findings).toBe(6);
  });

  it('judges again what a change of another file may touch, and says the same as without', async () => {
    const folder = many();
    const say = async (text: string) => {
      writeFileSync(join(folder, 'm1.py'), text);
      const { summary: _, ...some } = await reportOf(folder);
      const { summary: __, ...all } = await reportOf(folder, '--no-cache');
      expect(some).toEqual(all);
      return some.findings.filter(({ fixes }) => fixes[0] !== undefined && 'applicability' in fixes[0]);
    };
    const applicable = async (text: string) =>
      (await say(text)).map(({ fixes: [fix] }) =>
        fix !== undefined && 'applicability' in fix ? fix.applicability : '',
      );
    const none = ['safe', 'safe', 'safe', 'safe', 'safe', 'safe'];
    expect(await applicable('import m0\n')).toEqual(none);
    // What import statements say stays as it is from here on.
    expect(await applicable('import m0\n\nx = 2\n')).toEqual(none);
    expect(await applicable('import m0\n\nprint(m0.C0.items)\n')).toEqual(['unsafe', ...none.slice(1)]);
    expect(await applicable('import m0\n\ny = 3\n')).toEqual(none);
  });

  it('is another for other options', async () => {
    const folder = many();
    await said(folder);
    expect(await said(folder, '--select', 'strong-registry')).toEqual(
      await said(folder, '--select', 'strong-registry', '--no-cache'),
    );
    expect(await said(folder, '--strategy', 'class-mutable-default=local')).toEqual(
      await said(folder, '--strategy', 'class-mutable-default=local', '--no-cache'),
    );
  });

  it('that is damaged is no cache', async () => {
    const folder = many();
    const first = await said(folder);
    for (const name of readdirSync(cacheOf(folder))) {
      const path = join(cacheOf(folder), name);
      writeFileSync(path, readFileSync(path).subarray(0, -7));
    }
    expect(await said(folder)).toEqual(first);
    for (const name of readdirSync(cacheOf(folder))) writeFileSync(join(cacheOf(folder), name), 'no cache');
    expect(await said(folder)).toEqual(first);
  });

  it('is not kept with --no-cache, nor for a few files, nor in the settings’ way', async () => {
    const folder = many();
    await said(folder, '--no-cache');
    expect(existsSync(cacheOf(folder))).toBe(false);
    await said(folder, 'm0.py');
    expect(existsSync(cacheOf(folder))).toBe(false);
    writeFileSync(join(folder, 'pyproject.toml'), '[tool.pyleak-fix]\nno-cache = true\n');
    await said(folder);
    expect(existsSync(cacheOf(folder))).toBe(false);
  });

  it('gives several runs at once the same result', async () => {
    const folder = many();
    const alone = await said(folder, '--no-cache');
    const together = await Promise.all([1, 2, 3].map(() => said(folder)));
    for (const one of together) expect(one).toEqual(alone);
    expect(await said(folder)).toEqual(alone);
    expect(readdirSync(cacheOf(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is there for a batch too, and what it wrote is seen by the next run; undo is not confused', async () => {
    const folder = many();
    const before = contents(folder);
    await said(folder);
    expect((await pyleak(folder, 'undo')).status).toBe(1);
    expect((await pyleak(folder, '--batch')).status).toBe(0);
    expect((await reportOf(folder)).findings).toEqual([]);
    expect((await pyleak(folder, 'undo')).status).toBe(0);
    expect(contents(folder)).toEqual(before);
    expect((await reportOf(folder)).findings).toHaveLength(6);
  });
});
