/** Throw-away folders of files, and what is found in them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type DiscoverRequest, type Discovery, discover } from '../../src/source/discover.ts';

/** A fresh folder (links resolved) with these files; a path that ends with a slash is an empty folder. Gone after the test. */
export function makeTree(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pyleak-fix-source-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(root, path), content);
  }
  return root;
}

export function find(
  cwd: string,
  paths: readonly string[] = ['.'],
  more: Partial<DiscoverRequest> = {},
): Promise<Discovery> {
  return discover({ cwd, paths, exclude: [], forceExclude: false, ...more });
}

/** The paths of what is found, where nothing is to go wrong. */
export async function pathsOf(...args: Parameters<typeof find>): Promise<readonly string[]> {
  const { files, errors, warnings } = await find(...args);
  expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
  return files.map(({ path }) => path);
}

export function excluding(base: string, ...patterns: readonly string[]): Pick<DiscoverRequest, 'exclude'> {
  return { exclude: patterns.map((pattern) => ({ pattern, base })) };
}
