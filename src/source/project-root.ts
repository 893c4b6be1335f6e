/** Which project a folder belongs to: what is looked at as evidence, and how far a link may lead to be written through. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MARKERS = ['pyproject.toml', 'setup.py', 'setup.cfg', '.git'];

/** The nearest of `folder` (absolute) and its ancestors that has a marker of a project; undefined when none has. */
export function projectRoot(folder: string): string | undefined {
  return nearestWith(folder, MARKERS);
}

/** The nearest of `folder` (absolute) and its ancestors that holds `.git`, a folder or (in a worktree or submodule) a file. */
export function repositoryRoot(folder: string): string | undefined {
  return nearestWith(folder, ['.git']);
}

function nearestWith(folder: string, markers: readonly string[]): string | undefined {
  if (markers.some((marker) => existsSync(join(folder, marker)))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestWith(parent, markers);
}
