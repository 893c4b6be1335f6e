/** Writing: whole or not at all, and only what may be written. */
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyAll } from '../../src/apply/apply.ts';
import { sha256 } from '../../src/apply/render.ts';
import { undoLastRun } from '../../src/apply/undo.ts';
import { UserError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { at, content, modeOf, put, rewritten, root } from './folder.ts';

describe('writing', () => {
  test('puts the rendered bytes in place of the file', async () => {
    put('a.py', 'old');
    put('b.py', 'old');
    const { written, errors } = await applyAll(root, [rewritten('a.py', 'new a'), rewritten('b.py', 'new b')]);
    expect(written.map(({ source }) => source.path)).toEqual(['a.py', 'b.py']);
    expect(errors).toEqual([]);
    expect([content('a.py'), content('b.py')]).toEqual(['new a', 'new b']);
    expect(readdirSync(root).toSorted()).toEqual(['.pyleak-fix', 'a.py', 'b.py']);
  });

  test.each([0o644, 0o755, 0o600, 0o4711, 0o664])('keeps the mode %o', async (mode) => {
    put('a.py', 'old');
    chmodSync(at('a.py'), mode);
    await applyAll(root, [rewritten('a.py', 'new')]);
    expect(content('a.py')).toBe('new');
    expect(modeOf('a.py')).toBe(mode);
  });

  test.runIf(process.getuid?.() === 0)('keeps the owner where that is allowed', async () => {
    put('a.py', 'old');
    chownSync(at('a.py'), 1234, 2345);
    await applyAll(root, [rewritten('a.py', 'new')]);
    expect(lstatSync(at('a.py'))).toMatchObject({ uid: 1234, gid: 2345 });
  });

  test('writes through a link: the link stays one', async () => {
    mkdirSync(at('lib'));
    put('lib/real.py', 'old');
    symlinkSync('lib/real.py', at('link.py'));
    await applyAll(root, [rewritten('link.py', 'new')]);
    expect(lstatSync(at('link.py')).isSymbolicLink()).toBe(true);
    expect(content('lib/real.py')).toBe('new');
    expect((await undoLastRun(root)).restored).toEqual([at('lib/real.py')]);
    expect(content('lib/real.py')).toBe('old');
  });

  test('fills an empty file and empties a full one', async () => {
    put('empty.py', '');
    put('full.py', 'x');
    await applyAll(root, [rewritten('empty.py', 'x\n'), rewritten('full.py', '')]);
    expect([content('empty.py'), content('full.py')]).toEqual(['x\n', '']);
    await undoLastRun(root);
    expect([content('empty.py'), content('full.py')]).toEqual(['', 'x']);
  });

  test('edits that change nothing write nothing, not even state', async () => {
    put('a.py', 'same');
    const before = lstatSync(at('a.py')).ino;
    expect(await applyAll(root, [rewritten('a.py', 'same')])).toEqual({ written: [], errors: [], heldBack: [] });
    expect(lstatSync(at('a.py')).ino).toBe(before);
    expect(existsSync(at('.pyleak-fix'))).toBe(false);
  });

  test('stops before the next file when it is told to', async () => {
    put('a.py', 'old');
    expect(await applyAll(root, [rewritten('a.py', 'new')], { signal: AbortSignal.abort() })).toEqual({
      written: [],
      errors: [],
      heldBack: [],
    });
    expect(content('a.py')).toBe('old');
  });

  test('ignores its state folder in git', async () => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    expect(content('.pyleak-fix/.gitignore')).toBe('*\n');
  });
});

describe('a file that may not be written is left alone and reported, and the others are written', () => {
  async function refusalOf(prepare: () => Partial<SourceFile> | undefined, then = () => {}): Promise<unknown> {
    put('other.py', 'old');
    put('a.py', 'old');
    const file = rewritten('a.py', 'new', prepare());
    then();
    const { written, errors } = await applyAll(root, [file, rewritten('other.py', 'new')]);
    expect(written.map(({ source }) => source.path)).toEqual(['other.py']);
    expect(content('other.py')).toBe('new');
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(errors).toHaveLength(1);
    return errors[0];
  }
  const nothing = () => undefined;

  test('changed since it was read', async () => {
    const error = await refusalOf(nothing, () => put('a.py', 'edited'));
    expect(error).toEqual({ path: 'a.py', kind: 'changed', message: 'the file was changed since it was read' });
    expect(content('a.py')).toBe('edited');
    expect(await undoLastRun(root)).toEqual({ restored: [at('other.py')], refused: [], nothing: false });
  });

  test('removed since it was read', async () => {
    expect(await refusalOf(nothing, () => rmSync(at('a.py')))).toMatchObject({ kind: 'changed' });
    expect(existsSync(at('a.py'))).toBe(false);
  });

  test('replaced by a link or a folder', async () => {
    const toLink = () => {
      rmSync(at('a.py'));
      symlinkSync('other.py', at('a.py'));
    };
    expect(await refusalOf(nothing, toLink)).toMatchObject({ kind: 'changed' });
    expect(lstatSync(at('a.py')).isSymbolicLink()).toBe(true);
  });

  test('without write permission in its mode bits, for root too', async () => {
    const error = await refusalOf(nothing, () => chmodSync(at('a.py'), 0o444));
    expect(error).toEqual({ path: 'a.py', kind: 'io', message: 'the file has no write permission (mode 0444)' });
    expect(content('a.py')).toBe('old');
    expect(modeOf('a.py')).toBe(0o444);
  });

  test('outside the root', async () => {
    const error = await refusalOf(() => ({ writable: false }));
    expect(error).toMatchObject({ path: 'a.py', kind: 'io', message: expect.stringContaining('outside the root') });
    expect(content('a.py')).toBe('old');
  });
});

test('when the originals cannot be kept nothing is written, and the error says why', async () => {
  put('a.py', 'old');
  put('.pyleak-fix', 'a file where the folder should be');
  await expect(applyAll(root, [rewritten('a.py', 'new')])).rejects.toThrow(UserError);
  expect(content('a.py')).toBe('old');
});

test('a run records what was there before it, with the digests of before and after', async () => {
  put('a.py', 'old');
  await applyAll(root, [rewritten('a.py', 'new')]);
  expect(JSON.parse(content('.pyleak-fix/runs/1/index.json'))).toMatchObject({
    schemaVersion: 1,
    complete: true,
    files: [
      {
        path: 'a.py',
        original: '0',
        sha256Before: sha256(Buffer.from('old')),
        sha256After: sha256(Buffer.from('new')),
      },
    ],
  });
  expect(content('.pyleak-fix/runs/1/0')).toBe('old');
});
