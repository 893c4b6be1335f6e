/**
 * The one place where copies of a tree are changed and run. It is the same for every run of a suite, one after the other, so that no
 * path tells two runs apart.
 */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from './subject.ts';

export interface Workspace {
  /** Absolute, links resolved. */
  readonly folder: string;
  /** Absolute: the copy. */
  readonly tree: string;
}

/** The bytes of changed files, by their path relative to the code of the subject. */
export type Written = ReadonlyMap<string, Buffer>;

export function openWorkspace(cache: string): Workspace {
  const folder = realpathSync(mkdtempSync(join(cache, 'work-')));
  return { folder, tree: join(folder, 'tree') };
}

export function closeWorkspace({ folder }: Workspace): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Lays a fresh copy of the subject, with the changed files in place of its own, beside a fresh home and a fresh temporary folder. */
export function lay({ folder, tree }: Workspace, { source, code }: Subject, written: Written): void {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['home', 'tmp']) mkdirSync(join(folder, name), { recursive: true });
  cpSync(source, tree, { recursive: true, verbatimSymlinks: true });
  for (const [path, bytes] of written) writeFileSync(join(tree, code, path), bytes);
}

/** The variables for a process that runs code of the copy. */
export function environment({ folder, tree }: Workspace, subject: Subject): Readonly<Record<string, string>> {
  return {
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    PYTHONHASHSEED: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    ...subject.env(tree),
  };
}
