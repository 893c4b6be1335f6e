/**
 * What makes a run undoable: before its first write the originals of its files and an index of them are on the disk, in
 * `.pyleak-fix/` of the project root.
 *
 *     .pyleak-fix/.gitignore           `*`: the folder ignores itself
 *     .pyleak-fix/lock                 while a process writes or undoes
 *     .pyleak-fix/runs/<n>/index.json  renamed into place when the originals are there: without it, the run wrote nothing
 *     .pyleak-fix/runs/<n>/<i>         the original bytes of file i
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.ts';
import { isSystemError, syncFolder, writeDurably } from './durable.ts';
import { parseIndex, type RunFile, serializeIndex } from './journal-index.ts';
import { isLocked, withLock } from './lock.ts';
import type { Rendered } from './render.ts';

/** A run that is on record. */
export interface Run {
  /** Absolute, links resolved. */
  readonly root: string;
  /** Counts up from 1. */
  readonly number: number;
  /** False while it writes, and for one that was killed. */
  readonly complete: boolean;
  /** True while what it wrote is tried out. */
  readonly trial: boolean;
  readonly files: readonly RunFile[];
}

/** A file to be written and the permission bits it has. */
export interface Planned {
  readonly rendered: Rendered;
  readonly mode: number;
}

/**
 * Runs `work` while no other process may write or undo below `root`. Throws a UserError if one does, or if the state folder cannot
 * be written.
 */
export async function withState<T>(root: string, work: (root: string) => Promise<T>): Promise<T> {
  const realRoot = await realpath(root);
  return openState(realRoot, async (state) => {
    await mkdir(join(state, 'runs'), { recursive: true });
    return withLock(join(state, 'lock'), () => work(realRoot));
  });
}

/** Makes the state folder of a project if there is none. Throws a UserError if it cannot be used. */
export async function openState<T>(root: string, use: (folder: string) => Promise<T>): Promise<T> {
  const state = stateFolder(root);
  try {
    await mkdir(state, { recursive: true });
    await writeFile(join(state, '.gitignore'), '*\n');
    return await use(state);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UserError(`cannot use ${state}, which holds what undo and --resume need: ${error.message}`);
  }
}

export async function hasState(root: string): Promise<boolean> {
  const stats = await lstat(join(stateFolder(root), 'runs')).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}

/**
 * Puts the originals of a run on record, durably. Nothing may be written to them before. What is written is tried out first with
 * `trial`, and put back if the process dies meanwhile. Throws system errors.
 */
export async function recordRun(root: string, planned: readonly Planned[], trial = false): Promise<Run> {
  const number = ((await runNumbers(root)).at(-1) ?? 0) + 1;
  const folder = runFolder(root, number);
  await mkdir(folder);
  // Random, since a folder may be written to from two project roots at once.
  const prefix = `.pyleak-fix-${randomBytes(6).toString('hex')}`;
  const files = planned.map(({ rendered, mode }, index) => {
    const names = { original: String(index), temporary: `${prefix}-${index}.tmp` };
    const { sha256Before, sha256After } = rendered;
    return { path: storedPath(root, rendered.source.realPath), ...names, mode, sha256Before, sha256After };
  });
  try {
    for (const [index, { rendered }] of planned.entries()) {
      await writeDurably(join(folder, String(index)), rendered.source.bytes);
    }
    const run = { root, number, complete: false, trial, files };
    await writeIndex(run);
    for (const parent of [join(stateFolder(root), 'runs'), stateFolder(root), root]) await syncFolder(parent);
    return run;
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** Keeps on record what the run did write; nothing at all if that is nothing. */
export async function completeRun(run: Run, written: readonly RunFile[]): Promise<void> {
  if (written.length === 0) return discardRun(run);
  await writeIndex({ ...run, complete: true, trial: false, files: written });
}

/** Forgets a run. */
export async function discardRun({ root, number }: Pick<Run, 'root' | 'number'>): Promise<void> {
  const folder = runFolder(root, number);
  // The index first: originals without one are a run that wrote nothing.
  await rm(join(folder, 'index.json'), { force: true });
  await rm(folder, { recursive: true, force: true });
}

/**
 * The newest run, after what a killed process left of it beside the sources is removed. Undefined if there is none, or if it was
 * killed before its first write; then it is forgotten. Throws a UserError for a record that cannot be understood.
 */
export async function recoverLastRun(root: string): Promise<Run | undefined> {
  const number = (await runNumbers(root)).at(-1);
  if (number === undefined) return undefined;
  const path = join(runFolder(root, number), 'index.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) {
    await discardRun({ root, number });
    return undefined;
  }
  const run = { root, number, ...parseIndex(text, path) };
  for (const file of run.files) {
    // A stray file that cannot be removed is no reason not to restore the others.
    await rm(join(dirname(realPathOf(run, file)), file.temporary), { force: true }).catch(() => undefined);
  }
  return run;
}

/** True if the newest run is not on record as complete: it is being written, or was killed. Looks without a lock, changes nothing. */
export async function isLastRunOpen(root: string): Promise<boolean> {
  if (!(await hasState(root))) return false;
  const number = (await runNumbers(root)).at(-1);
  if (number === undefined) return false;
  const path = join(runFolder(root, number), 'index.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  try {
    return text === undefined || !parseIndex(text, path).complete;
  } catch (error) {
    // Whoever wants to write is told; who only looks needs not know.
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** True if a process is writing or undoing in the project now. */
export async function isBeingWritten(root: string): Promise<boolean> {
  return isLocked(join(stateFolder(root), 'lock'));
}

/** Absolute. */
export function realPathOf(run: Run, file: RunFile): string {
  return resolve(run.root, file.path);
}

/** Where the bytes from before the run are kept. Absolute. */
export function originalOf(run: Run, file: RunFile): string {
  return join(runFolder(run.root, run.number), file.original);
}

/** Relative to the root where it can be, so that a project may be moved. */
function storedPath(root: string, realPath: string): string {
  const fromRoot = relative(root, realPath);
  const inside = !isAbsolute(fromRoot) && fromRoot.split(sep)[0] !== '..';
  return inside ? fromRoot.split(sep).join('/') : realPath;
}

async function writeIndex(run: Run): Promise<void> {
  const folder = runFolder(run.root, run.number);
  const next = join(folder, 'index.json.next');
  await rm(next, { force: true });
  await writeDurably(next, serializeIndex(run));
  await rename(next, join(folder, 'index.json'));
  await syncFolder(folder);
}

/** Ascending. */
async function runNumbers(root: string): Promise<readonly number[]> {
  const names = await readdir(join(stateFolder(root), 'runs'));
  return names
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
}

function runFolder(root: string, number: number): string {
  return join(stateFolder(root), 'runs', String(number));
}

/** Where the state of a project lies, whether it has any or not. */
export function stateFolder(root: string): string {
  return join(root, '.pyleak-fix');
}
