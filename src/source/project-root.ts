/** Which project a folder belongs to: what is looked at as evidence, and how far a link may lead to be written through. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MARKERS = ['pyproject.toml', 'setup.py', 'setup.cfg', '.git'];

/**
 * Modules that only the top folder of a standard library has together. It is a project of its own: the installations that a repository
 * holds side by side (pyenv is one) have nothing to do with each other.
 */
const STANDARD_LIBRARY = ['os.py', 'site.py', 'codecs.py'];
/** Where installed packages lie: the same holds for them. */
const INSTALLED = /[\\/](?:site|dist)-packages$/;

/** The nearest of `folder` (absolute) and its ancestors that has a marker of a project; undefined when none has. */
export function projectRoot(folder: string): string | undefined {
  const isLibrary = (one: string): boolean =>
    INSTALLED.test(one) || STANDARD_LIBRARY.every((name) => existsSync(join(one, name)));
  return nearest(folder, (one) => hasAny(one, MARKERS) || isLibrary(one));
}

/** The nearest of `folder` (absolute) and its ancestors that holds `.git`, a folder or (in a worktree or submodule) a file. */
export function repositoryRoot(folder: string): string | undefined {
  return nearest(folder, (one) => hasAny(one, ['.git']));
}

function hasAny(folder: string, names: readonly string[]): boolean {
  return names.some((name) => existsSync(join(folder, name)));
}

function nearest(folder: string, isRoot: (folder: string) => boolean): string | undefined {
  if (isRoot(folder)) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearest(parent, isRoot);
}
