import {
  chmodSync,
  existsSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { copyTree } from '../../src/trial/copy.ts';
import { Workspace } from '../../src/trial/workspace.ts';
import { contents, project } from '../support/cli.ts';

const open: Workspace[] = [];
afterEach(() => {
  for (const workspace of open.splice(0)) workspace.remove();
});

function workspaceOf(...origins: string[]): Workspace {
  const workspace = new Workspace(origins);
  open.push(workspace);
  workspace.fill();
  return workspace;
}

function put(folder: string, path: string, text = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('a copy', () => {
  it('has the files with their times and modes, and goes without history and environments', () => {
    const root = project({ 'a.py': 'a', 'pkg/b.py': 'b', '.git/config': '', 'env/pyvenv.cfg': '', 'env/lib/c.py': '' });
    chmodSync(join(root, 'a.py'), 0o755);
    utimesSync(join(root, 'a.py'), 1000, 2000);
    const [copied] = workspaceOf(root).roots;
    const copy = copied?.copy ?? '';
    expect(contents(copy)).toEqual({ 'a.py': 'a', 'pkg/b.py': 'b', 'pyproject.toml': '' });
    const { mode, mtimeMs } = statSync(join(copy, 'a.py'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o755, 2_000_000]);
    expect(existsSync(join(copy, '.git'))).toBe(false);
  });

  it('has links that stay inside where they stayed inside', () => {
    const root = project({ 'a.py': '' });
    symlinkSync('a.py', join(root, 'near'));
    symlinkSync(join(root, 'a.py'), join(root, 'far'));
    symlinkSync('../elsewhere', join(root, 'out'));
    const copy = workspaceOf(root).roots[0]?.copy ?? '';
    expect(['near', 'far', 'out'].map((name) => readlinkSync(join(copy, name)))).toEqual([
      'a.py',
      join(copy, 'a.py'),
      join(dirname(root), 'elsewhere'),
    ]);
  });

  it('has no copy of itself', () => {
    const root = project({ 'a.py': '', 'tmp/b.py': '' });
    const inside = join(root, 'tmp/copy');
    mkdirSync(inside);
    copyTree({ origin: root, copy: inside });
    expect(contents(inside)).toEqual({ 'a.py': '', 'pyproject.toml': '' });
  });

  it('is made anew at the same place, and leaves nothing, locked folders included', () => {
    const root = project({ 'a.py': 'a' });
    const workspace = workspaceOf(root);
    const copy = workspace.roots[0]?.copy ?? '';
    put(copy, 'locked/inside/new.py');
    chmodSync(join(copy, 'locked/inside'), 0);
    chmodSync(join(copy, 'locked'), 0);
    workspace.fill();
    expect(contents(copy)).toEqual({ 'a.py': 'a', 'pyproject.toml': '' });
    workspace.remove();
    expect(existsSync(workspace.folder)).toBe(false);
  });
});

describe('nested projects', () => {
  it('come with the outer one', () => {
    const root = project({ 'a.py': '', 'inner/b.py': '' });
    expect(workspaceOf(root, join(root, 'inner')).roots.map(({ origin }) => origin)).toEqual([root]);
  });

  it('are copied by themselves where the outer copy goes without them', () => {
    const root = project({ 'env/pyvenv.cfg': '', 'env/lib/b.py': 'b' });
    const workspace = workspaceOf(root, join(root, 'env/lib'));
    expect(workspace.roots.map(({ origin }) => origin)).toEqual([join(root, 'env/lib'), root]);
    expect(existsSync(workspace.copyOf(join(root, 'env/lib/b.py')))).toBe(true);
    expect(workspace.copyOf(join(root, 'env/lib/b.py'))).not.toBe(join(root, 'env/lib/b.py'));
  });
});

it('a command means the copies, and what was not copied stays where it is', () => {
  const root = project({ 'run.py': '', 'tool.sh': '', 'env/pyvenv.cfg': '', 'env/bin/python': '' });
  const workspace = workspaceOf(root);
  const copy = workspace.roots[0]?.copy ?? '';
  const translate = (...words: string[]) => workspace.translate(words, root);
  expect(translate('env/bin/python', 'run.py')).toEqual([join(root, 'env/bin/python'), 'run.py']);
  expect(translate('./tool.sh', join(root, 'run.py'))).toEqual(['./tool.sh', join(copy, 'run.py')]);
  expect(translate('python3', join(root, 'none.py'), '/etc')).toEqual(['python3', join(root, 'none.py'), '/etc']);
  expect(workspace.translateList(`${root}:/usr/bin:${join(root, 'env/bin')}`)).toBe(
    `${copy}:/usr/bin:${join(root, 'env/bin')}`,
  );
});
