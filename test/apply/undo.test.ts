/** Undo, and runs that were killed. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyAll } from '../../src/apply/apply.ts';
import { recoverKilledRun, undoLastRun } from '../../src/apply/undo.ts';
import { UserError } from '../../src/core/errors.ts';
import { at, content, modeOf, put, rewritten, root } from './folder.ts';

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

  test('is put back by the next that starts, which says how far it had come', async () => {
    await killedAfterFirst();
    expect(await recoverKilledRun(root)).toEqual({ outcome: 'put back', written: 1, planned: 2, refused: [] });
    expect([content('a.py'), content('b.py'), strays()]).toEqual(['old', 'old', []]);
    expect(await recoverKilledRun(root)).toBeUndefined();
    expect((await undoLastRun(root)).nothing).toBe(true);
  });

  test('that had written all is finished by the next that starts, and can be undone', async () => {
    await killedAfterFirst();
    put('b.py', 'new');
    expect(await recoverKilledRun(root)).toMatchObject({ outcome: 'finished', written: 2, planned: 2 });
    expect([content('a.py'), content('b.py'), strays()]).toEqual(['new', 'new', []]);
    expect((await undoLastRun(root)).restored).toEqual([at('a.py'), at('b.py')]);
  });

  test('keeps on record what the next that starts could not put back', async () => {
    await killedAfterFirst();
    put('a.py', 'mine');
    const refused = [{ path: at('a.py'), reason: expect.stringContaining('it was changed since the run') }];
    expect(await recoverKilledRun(root)).toEqual({ outcome: 'put back', written: 1, planned: 2, refused });
    expect(content('a.py')).toBe('mine');
    expect(await recoverKilledRun(root)).toBeUndefined();
    put('a.py', 'new');
    expect((await undoLastRun(root)).restored).toEqual([at('a.py')]);
  });

  test('is not one that came to its end, and a project without runs has none', async () => {
    expect(await recoverKilledRun(root)).toBeUndefined();
    expect(readdirSync(root)).toEqual([]);
    put('a.py', 'old');
    await applyAll(root, [rewritten('a.py', 'new')]);
    expect(await recoverKilledRun(root)).toBeUndefined();
    expect(content('a.py')).toBe('new');
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
