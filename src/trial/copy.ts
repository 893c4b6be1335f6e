/** Copies a project for a run, and removes what a run has left, whatever it did to it. */
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.ts';

/** What no run of a program needs a copy of: history, other environments, caches that tools make anew. */
const LEFT_OUT = ['.git', '.hg', '.svn', '.tox', '.nox', 'node_modules', '.mypy_cache', '.ruff_cache', '.pyleak-fix'];
/** More than this is no project, but a home folder or a disk. In bytes. */
const LARGEST = 4 * 2 ** 30;

/** A folder and what stands for it. Absolute, links resolved. */
export interface Root {
  readonly origin: string;
  readonly copy: string;
}

/** True for a file, a folder, or a link that leads nowhere. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** True for a folder that copies go without. A virtual environment is known by its `pyvenv.cfg`. */
export function isLeftOut(path: string): boolean {
  return LEFT_OUT.includes(basename(path)) || existsSync(join(path, 'pyvenv.cfg'));
}

/**
 * Copies `origin` into `copy`, an empty folder. Times are kept, so that compiled modules stay good. Sockets, pipes and what may not be
 * read are passed over. Throws a UserError for what is too large.
 */
export function copyTree({ origin, copy }: Root): void {
  let bytes = 0;
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(join(origin, folder))) {
      const from = join(origin, folder, entry.name);
      const to = join(copy, folder, entry.name);
      if (entry.isSymbolicLink()) symlinkSync(linkTarget(from, { origin, copy }), to);
      else if (entry.isFile()) bytes += copyFile(from, to);
      // Where temporary files lie in the project, the copy would have a copy of itself.
      else if (entry.isDirectory() && !isLeftOut(from) && !copy.startsWith(from + sep)) {
        mkdirSync(to);
        pending.push(join(folder, entry.name));
      }
      if (bytes > LARGEST) throw tooLarge(origin);
    }
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function copyFile(from: string, to: string): number {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    const { size, atime, mtime, mode } = lstatSync(from);
    chmodSync(to, (mode & 0o777) | 0o200);
    utimesSync(to, atime, mtime);
    return size;
  } catch {
    return 0;
  }
}

/** A link inside the project stays inside the copy; one that leads out leads to where it led. */
function linkTarget(link: string, { origin, copy }: Root): string {
  const target = readlinkSync(link);
  const absolute = resolve(dirname(link), target);
  const inside = absolute === origin || absolute.startsWith(origin + sep);
  if (!inside) return absolute;
  return isAbsolute(target) ? copy + absolute.slice(origin.length) : target;
}

function tooLarge(origin: string): UserError {
  const gibibytes = LARGEST / 2 ** 30;
  return new UserError(
    `${origin} is to be copied and holds more than ${gibibytes} GiB; run this inside a project (a folder with pyproject.toml, setup.py, setup.cfg or .git)`,
  );
}

/** Removes a tree, also one whose folders a program has locked. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    unlock(path);
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

function unlock(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of entriesOf(folder)) if (entry.isDirectory()) unlock(join(folder, entry.name));
}
