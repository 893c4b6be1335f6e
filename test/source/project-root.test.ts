import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/source/project-root.ts';
import { makeTree } from './tree.ts';

describe('the project', () => {
  test.each(['pyproject.toml', 'setup.py', 'setup.cfg', '.git'])(
    'is the nearest folder upward that holds %s',
    (marker) => {
      const root = makeTree({ 'pyproject.toml': '', [`a/${marker}`]: '', 'a/b/c/': '' });
      expect(projectRoot(join(root, 'a/b/c'))).toBe(join(root, 'a'));
      expect(projectRoot(join(root, 'a'))).toBe(join(root, 'a'));
      expect(projectRoot(root)).toBe(root);
    },
  );

  test('is one library or one folder of packages, also in a repository of several', () => {
    const library = { 'os.py': '', 'site.py': '', 'codecs.py': '' };
    const files = Object.entries(library).map(([name, text]) => [`3.11/lib/${name}`, text] as const);
    const root = makeTree({
      '.git/': '',
      ...Object.fromEntries(files),
      '3.11/lib/json/': '',
      'x/site-packages/a/': '',
    });
    expect(projectRoot(join(root, '3.11/lib/json'))).toBe(join(root, '3.11/lib'));
    expect(projectRoot(join(root, 'x/site-packages/a'))).toBe(join(root, 'x/site-packages'));
    expect(projectRoot(join(root, '3.11'))).toBe(root);
  });

  test('is undefined where no folder upward holds one', ({ skip }) => {
    const root = makeTree({ 'a/': '' });
    if (projectRoot(realpathSync(join(root, '..'))) !== undefined)
      skip('the folder for temporary files lies in a project');
    expect(projectRoot(join(root, 'a'))).toBeUndefined();
  });
});
