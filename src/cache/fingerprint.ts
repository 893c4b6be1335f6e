/** What a file was when it was looked at: cheap to take, and enough to know it again. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** A file by the path it is reported under and its absolute one, links resolved. */
export interface Named {
  readonly path: string;
  readonly realPath: string;
}

export interface Fingerprint extends Named {
  /** Of its content, hexadecimal; undefined if it cannot be read. */
  readonly hash: string | undefined;
  /** As `stat` has them: what changes when somebody writes. */
  readonly stamp: string;
}

/** Fingerprints that were taken before, by absolute path, and when: milliseconds since the epoch. */
export interface Index {
  readonly taken: number;
  readonly prints: ReadonlyMap<string, Pick<Fingerprint, 'hash' | 'stamp'>>;
}

/** A file system may tell times no finer than this, in milliseconds: what was written about when it was looked at may be written again unseen. */
const COARSEST = 2000;

/**
 * Reads the files, one after the other, and keeps none. What has the stamp that it had in the index is not read again, as git does it:
 * no write leaves size, times of change and inode as they were.
 */
export function fingerprints(files: readonly Named[], index?: Index): readonly Fingerprint[] {
  return files.map(({ path, realPath }) => {
    const known = index?.prints.get(realPath);
    const stats = known === undefined ? undefined : statsOf(realPath);
    const isSame =
      stats !== undefined && stampOf(stats) === known?.stamp && stats.ctimeMs < (index?.taken ?? 0) - COARSEST;
    return { path, realPath, ...(isSame && known !== undefined ? known : taken(realPath)) };
  });
}

/** Hexadecimal. */
export function contentHash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** True if no file was written since, as far as the file system tells. */
export function areUnchanged(files: readonly Fingerprint[]): boolean {
  return files.every(({ realPath, stamp }) => stampNow(realPath) === stamp);
}

/** The hash of all of them together with `rest`; hexadecimal. */
export function hashOf(files: readonly Fingerprint[], rest: string): string {
  const hash = createHash('sha256').update(rest);
  // A call for each of very many takes longer than the hash.
  for (let from = 0; from < files.length; from += HASHED_AT_ONCE) {
    const some = files.slice(from, from + HASHED_AT_ONCE);
    hash.update(some.map(({ path, realPath, hash: content }) => `\0${path}\0${realPath}\0${content ?? ''}`).join(''));
  }
  return hash.digest('hex');
}

const HASHED_AT_ONCE = 500;

function taken(realPath: string): Pick<Fingerprint, 'hash' | 'stamp'> {
  let descriptor: number | undefined;
  try {
    // O_NONBLOCK: a FIFO may have taken the file's place.
    descriptor = openSync(realPath, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return UNREADABLE;
    return { hash: contentHashOf(descriptor), stamp: stampOf(stats) };
  } catch {
    return UNREADABLE;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** What the files are read through: a buffer for each of very many would be given back late, and in pieces. */
const buffer = Buffer.allocUnsafeSlow(1 << 18);

function contentHashOf(descriptor: number): string {
  const hash = createHash('sha256');
  for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
    hash.update(buffer.subarray(0, read));
  return hash.digest('hex');
}

const UNREADABLE = { hash: undefined, stamp: '' };

function stampNow(realPath: string): string {
  const stats = statsOf(realPath);
  return stats === undefined ? '' : stampOf(stats);
}

function statsOf(realPath: string): Stats | undefined {
  try {
    const stats = statSync(realPath);
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}
