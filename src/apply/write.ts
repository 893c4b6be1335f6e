/**
 * Whole or not at all: a file gets its new bytes by the rename of a complete temporary file beside it, so that a reader, a crash or
 * a kill at any moment meets either the old file or the new one.
 */
import { constants, type Stats } from 'node:fs';
import { access, lstat, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileError } from '../core/errors.ts';
import type { SourceFile } from '../core/source-file.ts';
import { isSystemError, syncFolder, writeDurably } from './durable.ts';
import type { Rendered } from './render.ts';

/** Why a file was not replaced, in words for a person. */
export interface Refusal {
  readonly kind: 'io' | 'changed';
  readonly message: string;
}

export interface Replacement {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly bytes: Buffer;
  /** The permission bits to give it; those it has when absent. */
  readonly mode?: number | undefined;
  /** The name, without folder, of the temporary file beside it. There may be none of that name. */
  readonly temporary: string;
  /** Whether the bytes on disk are the ones that may be replaced. Asked just before the rename. */
  readonly expects: (current: Buffer) => boolean;
}

/** Writes `rendered.bytes` to where its source really lies. Undefined when it is done. */
export async function writeRendered(rendered: Rendered, temporary: string): Promise<FileError | undefined> {
  const { path, realPath, bytes, writable } = rendered.source;
  if (!writable) return { path, ...outsideRoot };
  const expects = (current: Buffer) => current.equals(bytes);
  const refusal = await replaceFile({ path: realPath, bytes: rendered.bytes, temporary, expects });
  return refusal && { path, ...refusal };
}

/** Gives a file that was written its old bytes again. Undefined when it is done. */
export async function putBack(rendered: Rendered, temporary: string): Promise<FileError | undefined> {
  const { path, realPath, bytes } = rendered.source;
  const expects = (current: Buffer) => current.equals(rendered.bytes);
  const refusal = await replaceFile({ path: realPath, bytes, temporary, expects });
  return refusal && { path, ...refusal };
}

/** Why a file could not be written now: it has other bytes than those that were read. */
export async function changedSince({ path, realPath, bytes }: SourceFile): Promise<FileError | undefined> {
  try {
    return (await readFile(realPath)).equals(bytes) ? undefined : { path, ...changed };
  } catch (error) {
    return { path, ...refusalOf(error) };
  }
}

/** Undefined when the file was replaced. A refusal leaves the file as it is, and no temporary file. */
export async function replaceFile(replacement: Replacement): Promise<Refusal | undefined> {
  const { path, bytes, mode, expects } = replacement;
  const temporary = join(dirname(path), replacement.temporary);
  const stats = await writableStats(path);
  if ('kind' in stats) return stats;
  try {
    await writeDurably(temporary, bytes, { uid: stats.uid, gid: stats.gid, mode: mode ?? stats.mode });
    const unchanged = (await lstat(path)).isFile() && expects(await readFile(path));
    if (unchanged) await rename(temporary, path);
    else await rm(temporary);
    await syncFolder(dirname(path));
    return unchanged ? undefined : changed;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return refusalOf(error);
  }
}

/** The permission bits of a file that may be written, or why it may not. */
export async function modeBefore({ path, realPath, writable }: SourceFile): Promise<number | FileError> {
  if (!writable) return { path, ...outsideRoot };
  const stats = await writableStats(realPath);
  return 'kind' in stats ? { path, ...stats } : stats.mode & 0o7777;
}

const outsideRoot: Refusal = { kind: 'io', message: 'the file lies outside the root: it is read, never written' };
const changed: Refusal = { kind: 'changed', message: 'the file was changed since it was read' };
const replaced: Refusal = { kind: 'changed', message: 'the file was replaced by something that is no regular file' };
const removed: Refusal = { kind: 'changed', message: 'the file was removed since it was read' };

async function writableStats(path: string): Promise<Stats | Refusal> {
  try {
    const stats = await lstat(path);
    if (!stats.isFile()) return replaced;
    // Root may write anything: the mode says what its owner wants. The rest, such as a read-only disk, the system knows.
    if ((stats.mode & 0o222) === 0) return noPermission(stats);
    await access(path, constants.W_OK);
    return stats;
  } catch (error) {
    return refusalOf(error);
  }
}

function noPermission({ mode }: Stats): Refusal {
  return {
    kind: 'io',
    message: `the file has no write permission (mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`,
  };
}

/** Throws what is no answer of the operating system. */
function refusalOf(error: unknown): Refusal {
  if (!isSystemError(error)) throw error;
  return error.code === 'ENOENT' ? removed : { kind: 'io', message: error.message };
}
