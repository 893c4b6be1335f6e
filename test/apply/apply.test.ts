import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyAll } from '../../src/apply/apply.ts';
import { type Rendered, render, sha256 } from '../../src/apply/render.ts';
import { undoLastRun } from '../../src/apply/undo.ts';
import { UserError } from '../../src/core/errors.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { encode } from '../../src/source/decode.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'apply-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string) => join(root, name);
const content = (name: string) => readFileSync(at(name), 'utf8');
const put = (name: string, text: string) => writeFileSync(at(name), text);
const modeOf = (name: string) => lstatSync(at(name)).mode & 0o7777;

/** The file as it is, with all of its text replaced. */
function rewritten(name: string, text: string, differing: Partial<SourceFile> = {}): Rendered {
  const bytes = readFileSync(at(name));
  const source: SourceFile = {
    path: name,
    realPath: realpathSync(at(name)),
    bytes,
    text: bytes.toString(),
    encoding: 'utf-8',
    bom: false,
    writable: true,
    ...differing,
  };
  const result = render(source, [{ path: name, range: { start: 0, end: source.text.length }, text }], encode);
  if ('kind' in result) throw new Error(result.message);
  return result;
}

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
    expect(await applyAll(root, [rewritten('a.py', 'same')])).toEqual({ written: [], errors: [] });
    expect(lstatSync(at('a.py')).ino).toBe(before);
    expect(existsSync(at('.pyleak-fix'))).toBe(false);
  });

  test('stops before the next file when it is told to', async () => {
    put('a.py', 'old');
    expect(await applyAll(root, [rewritten('a.py', 'new')], AbortSignal.abort())).toEqual({ written: [], errors: [] });
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

describe('undo', () => {
  test('with nothing on record there is nothing to undo, and no folder is made', async () => {
    expect(await undoLastRun(root)).toEqual({ restored: [], refused: [], nothing: true });
    expect(readdirSync(root)).toEqual([]);
  });

  test('puts back bytes and mode', async () => {
    put('a.py', 'old');
    chmodSync(at('a.py'), 0o750);
    await applyAll(root, [rewritten('a.py', 'new')]);
    chmodSync(at('a.py'), 0o644);
    expect(await undoLastRun(root)).toEqual({ restored: [at('a.py')], refused: [], nothing: false });
    expect(content('a.py')).toBe('old');
    expect(modeOf('a.py')).toBe(0o750);
  });

  test('takes back one run after the other', async () => {
    put('a.py', '1');
    await applyAll(root, [rewritten('a.py', '2')]);
    await applyAll(root, [rewritten('a.py', '3')]);
    const seen = [];
    for (let round = 0; round < 3; round += 1) {
      const { nothing } = await undoLastRun(root);
      seen.push([content('a.py'), nothing]);
    }
    expect(seen).toEqual([
      ['2', false],
      ['1', false],
      ['1', true],
    ]);
  });

  test('passes over a run that wrote nothing', async () => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    const late = rewritten('a.py', 'newer');
    put('a.py', 'edited');
    expect((await applyAll(root, [late])).written).toEqual([]);
    put('a.py', 'new');
    expect((await undoLastRun(root)).restored).toEqual([at('a.py')]);
    expect(content('a.py')).toBe('old');
  });

  test('refuses a file that was changed since, says where its original is, and restores the others', async () => {
    for (const name of ['a.py', 'b.py', 'c.py']) put(name, 'old');
    await applyAll(root, [rewritten('a.py', 'new'), rewritten('b.py', 'new'), rewritten('c.py', 'new')]);
    put('b.py', 'edited by hand');
    const { restored, refused, nothing } = await undoLastRun(root);
    expect(restored).toEqual([at('a.py'), at('c.py')]);
    expect(nothing).toBe(false);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      path: at('b.py'),
      reason: expect.stringMatching(/^it was changed since the run; /),
    });
    const kept = /are in (.*)$/.exec(refused[0]?.reason ?? '')?.[1] ?? '';
    expect(readFileSync(kept, 'utf8')).toBe('old');
    expect([content('a.py'), content('b.py'), content('c.py')]).toEqual(['old', 'edited by hand', 'old']);
  });

  test('what was refused can be undone once the change is taken back', async () => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    put('a.py', 'edited');
    expect((await undoLastRun(root)).refused).toHaveLength(1);
    put('a.py', 'new');
    expect((await undoLastRun(root)).restored).toEqual([at('a.py')]);
    expect(content('a.py')).toBe('old');
  });

  test('leaves a file that has its old bytes already, and refuses one that is gone or read-only', async () => {
    for (const name of ['old.py', 'gone.py', 'locked.py']) put(name, 'old');
    await applyAll(
      root,
      ['old.py', 'gone.py', 'locked.py'].map((name) => rewritten(name, 'new')),
    );
    put('old.py', 'old');
    rmSync(at('gone.py'));
    chmodSync(at('locked.py'), 0o444);
    const { restored, refused } = await undoLastRun(root);
    expect(restored).toEqual([]);
    expect(refused.map(({ path }) => path)).toEqual([at('gone.py'), at('locked.py')]);
    expect(content('locked.py')).toBe('new');
  });

  test('a project may be moved in between', async () => {
    mkdirSync(at('here'));
    put('here/a.py', 'old');
    await applyAll(at('here'), [rewritten('here/a.py', 'new')]);
    renameSync(at('here'), at('there'));
    expect((await undoLastRun(at('there'))).restored).toEqual([at('there/a.py')]);
    expect(content('there/a.py')).toBe('old');
  });

  test('a file outside the project root is put back too', async () => {
    mkdirSync(at('project'));
    put('outside.py', 'old');
    await applyAll(at('project'), [rewritten('outside.py', 'new')]);
    expect((await undoLastRun(at('project'))).restored).toEqual([at('outside.py')]);
    expect(content('outside.py')).toBe('old');
  });

  test('an original that was damaged is not put back', async () => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    put('.pyleak-fix/runs/1/0', 'rotten');
    expect((await undoLastRun(root)).refused).toEqual([{ path: at('a.py'), reason: 'what was kept of it is damaged' }]);
    expect(content('a.py')).toBe('new');
  });

  test.each([
    '',
    '[]',
    '{"schemaVersion": 2, "complete": true, "files": []}',
    '{"schemaVersion": 1, "complete": true, "files": [{"path": "a.py"}]}',
  ])('a record that reads %j is a clear error, and nothing is touched', async (index) => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    put('.pyleak-fix/runs/1/index.json', index);
    await expect(undoLastRun(root)).rejects.toThrow(UserError);
    await expect(undoLastRun(root)).rejects.toThrow(/runs\/1\/index\.json/);
    expect(content('a.py')).toBe('new');
  });

  test('a record that names a temporary file elsewhere is refused: it would be deleted', async () => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    put('precious.txt', 'kept');
    const index = content('.pyleak-fix/runs/1/index.json');
    put('.pyleak-fix/runs/1/index.json', index.replace(/"\.pyleak-fix-[^"]*\.tmp"/, '"precious.txt"'));
    await expect(undoLastRun(root)).rejects.toThrow(UserError);
    expect(content('precious.txt')).toBe('kept');
  });
});

describe('a killed run', () => {
  /** What is on the disk when the process is killed after the first of two files. */
  async function killedAfterFirst(): Promise<void> {
    put('a.py', 'old');
    put('b.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new'), rewritten('b.py', 'new')]);
    const index = JSON.parse(content('.pyleak-fix/runs/1/index.json'));
    put('b.py', 'old');
    put(index.files[1].temporary, 'ne');
    put('.pyleak-fix/runs/1/index.json', JSON.stringify({ ...index, complete: false }));
  }
  const strays = () => readdirSync(root).filter((name) => name.endsWith('.tmp'));

  test('is put back, and its temporary file goes', async () => {
    await killedAfterFirst();
    expect(strays()).toHaveLength(1);
    expect(await undoLastRun(root)).toEqual({ restored: [at('a.py')], refused: [], nothing: false });
    expect([content('a.py'), content('b.py'), strays()]).toEqual(['old', 'old', []]);
  });

  test('has its temporary file removed by the next run as well', async () => {
    await killedAfterFirst();
    await applyAll(root, [rewritten('b.py', 'newer')]);
    expect(strays()).toEqual([]);
    await undoLastRun(root);
    await undoLastRun(root);
    expect([content('a.py'), content('b.py')]).toEqual(['old', 'old']);
  });

  test('that wrote nothing is forgotten, and the run before it is left alone', async () => {
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    mkdirSync(at('.pyleak-fix/runs/2'));
    put('.pyleak-fix/runs/2/0', 'ne');
    expect((await undoLastRun(root)).nothing).toBe(true);
    expect(content('a.py')).toBe('new');
    expect((await undoLastRun(root)).restored).toEqual([at('a.py')]);
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
