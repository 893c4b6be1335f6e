import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { discover } from '../../src/source/discover.ts';
import { makeTree } from './tree.ts';

const NAMES = ['a', 'b', 'gen', 'x.py', 'y.py', 'a b.py', 'gen.py', '[c].py', '#d.py', '!e.py'];
const folders = fc
  .array(fc.constantFrom('a', 'b', 'gen', 'a b', '[c]', '*'), { maxLength: 3 })
  .map((parts) => parts.map((part) => `${part}/`).join(''));
const piece = fc.constantFrom(
  '*',
  '**',
  '?',
  'a',
  'b',
  'gen',
  'x.py',
  '*.py',
  '[ab]',
  '[!a]',
  '\\#d.py',
  '\\[c\\].py',
  'a b',
  '*en',
  '[c',
  'gen ',
  '\\!e.py',
  '\\*',
  'a\\ ',
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '!'),
    fc.constantFrom('', '/'),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/'),
  )
  .map(([negation, start, pieces, end]) => negation + start + pieces.join('/') + end);
const lines = fc.array(
  fc.oneof({ weight: 8, arbitrary: pattern }, fc.constantFrom('', '# a', '!', '/', '#d.py', '!e.py', ' ')),
  { minLength: 1, maxLength: 5 },
);

describe('gitignore', () => {
  test('nested files, info/exclude and negation leave the files that git leaves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.tuple(folders, fc.constantFrom(...NAMES.slice(3))).map((parts) => parts.join('')),
          { minLength: 4, maxLength: 12 },
        ),
        fc.dictionary(folders, lines, { maxKeys: 3 }),
        lines,
        async (files, ignores, exclude) => {
          const tree: Record<string, string> = { '.git/info/exclude': exclude.join('\n') };
          for (const file of files) tree[file] = '';
          for (const [folder, content] of Object.entries(ignores)) tree[`${folder}.gitignore`] = content.join('\r\n');
          const root = makeTree(tree);
          git(root, 'init', '--quiet');
          const listed = git(root, 'ls-files', '--others', '--exclude-standard', '-z', '--', '*.py')
            .split('\0')
            .filter(Boolean)
            .sort();
          const found = await discover({ cwd: root, paths: ['.'], exclude: [], forceExclude: false });
          expect(found.files.map(({ path }) => path)).toEqual(listed);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'core.excludesFile=', '-c', 'init.defaultBranch=main', ...args], {
    cwd,
    encoding: 'utf8',
  });
}
