/** Files that change together: all are written, or none is left written. */
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { applyAll } from '../../src/apply/apply.ts';
import { components } from '../../src/apply/components.ts';
import type { Rendered } from '../../src/apply/render.ts';
import { undoLastRun } from '../../src/apply/undo.ts';
import { at, content, modeOf, put, rewritten, root } from './folder.ts';

const together = [['a.py', 'b.py']];

function three(): readonly Rendered[] {
  for (const name of ['a.py', 'b.py', 'c.py']) put(name, 'old');
  return ['a.py', 'b.py', 'c.py'].map((name) => rewritten(name, 'new'));
}
const contents = () => ['a.py', 'b.py', 'c.py'].map(content);

describe('files that change together', () => {
  test('are written, on one record', async () => {
    const files = three();
    const { written, errors, heldBack } = await applyAll(root, files, { together });
    expect(written.map(({ source }) => source.path)).toEqual(['a.py', 'b.py', 'c.py']);
    expect({ errors, heldBack }).toEqual({ errors: [], heldBack: [] });
    await undoLastRun(root);
    expect(contents()).toEqual(['old', 'old', 'old']);
  });

  test('are left alone where one has no write permission, and the others are written', async () => {
    const files = three();
    chmodSync(at('b.py'), 0o444);
    const { written, errors, heldBack } = await applyAll(root, files, { together });
    expect(written.map(({ source }) => source.path)).toEqual(['c.py']);
    expect(errors.map(({ path, kind }) => [path, kind])).toEqual([['b.py', 'io']]);
    expect(heldBack).toEqual([{ path: 'a.py', because: 'b.py', wasWritten: false }]);
    expect(contents()).toEqual(['old', 'old', 'new']);
  });

  test('are left alone where one has changed since', async () => {
    const files = three();
    put('b.py', 'another');
    const { errors, heldBack } = await applyAll(root, files, { together });
    expect(errors.map(({ path, kind }) => [path, kind])).toEqual([['b.py', 'changed']]);
    expect(heldBack).toEqual([{ path: 'a.py', because: 'b.py', wasWritten: false }]);
    expect(contents()).toEqual(['old', 'another', 'new']);
  });

  test('are put back where one fails after another was written', async () => {
    const mode = 0o640;
    const files = three();
    chmodSync(at('a.py'), mode);
    // Somebody writes to it while the run does.
    const failing = new Proxy(files[1] as Rendered, {
      get: (target, key) => {
        if (key === 'bytes' && content('a.py') === 'new') put('b.py', 'another');
        return Reflect.get(target, key) as unknown;
      },
    });
    const { written, errors, heldBack } = await applyAll(root, [files[0], failing, files[2]] as Rendered[], {
      together,
    });
    expect(written.map(({ source }) => source.path)).toEqual(['c.py']);
    expect(errors.map(({ path, kind }) => [path, kind])).toEqual([['b.py', 'changed']]);
    expect(heldBack).toEqual([{ path: 'a.py', because: 'b.py', wasWritten: true }]);
    expect(contents()).toEqual(['old', 'another', 'new']);
    expect(modeOf('a.py')).toBe(mode);
    expect(readdirSync(root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    // What was put back is no more on record.
    await undoLastRun(root);
    expect(contents()).toEqual(['old', 'another', 'old']);
  });

  test('are left alone where one was removed', async () => {
    const files = three();
    rmSync(at('b.py'));
    const { written } = await applyAll(root, files.slice(0, 2), { together });
    expect(written).toEqual([]);
    expect(content('a.py')).toBe('old');
  });

  test('are found by way of others', () => {
    const files = three();
    const names = (all: readonly (readonly Rendered[])[]) => all.map((one) => one.map(({ source }) => source.path));
    expect(names(components(files, [['a.py', 'c.py']]))).toEqual([['a.py', 'c.py'], ['b.py']]);
    const chained = [
      ['a.py', 'b.py'],
      ['b.py', 'c.py'],
    ];
    expect(names(components(files, chained)).map((one) => [...one].sort())).toEqual([['a.py', 'b.py', 'c.py']]);
    expect(names(components(files.slice(0, 1), chained))).toEqual([['a.py']]);
  });
});
