/**
 * Values on the disk that a later run may take: each under a key, whole or not at all. Nothing here is ever needed, so nothing that goes
 * wrong is an error: what cannot be read is not there, and what cannot be written is not kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** The first bytes of an entry, with the version of the format. */
const MAGIC = Buffer.from('pyleak-fix cache 1\n');
const DIGEST = 32;
/** Temporary files of a run that was killed are dropped after a day, in milliseconds. */
const STALE = 24 * 60 * 60 * 1000;

/** Entries of one kind in a folder, of which the `limit` that were used last are kept. */
export class Store {
  private readonly folder: string;
  private readonly kind: string;
  private readonly limit: number;

  constructor(folder: string, kind: string, limit: number) {
    this.folder = folder;
    this.kind = kind;
    this.limit = limit;
  }

  /** What was put in under the key; undefined where nothing was, or it did not come through whole. */
  get(key: string): unknown {
    const path = this.pathOf(key);
    try {
      const bytes = readFileSync(path);
      const head = MAGIC.length + DIGEST;
      const payload = bytes.subarray(head);
      if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
      if (!bytes.subarray(MAGIC.length, head).equals(digestOf(payload))) return undefined;
      const now = new Date();
      utimesSync(path, now, now);
      return deserialize(payload);
    } catch {
      return undefined;
    }
  }

  /** Puts in a value that can be cloned (HTML standard, structured clone). */
  put(key: string, value: unknown): void {
    const temporary = join(this.folder, `${this.kind}-${randomBytes(8).toString('hex')}.tmp`);
    try {
      mkdirSync(this.folder, { recursive: true });
      // The folder above ignores itself in git, as it does where undo keeps its originals.
      writeFileSync(join(dirname(this.folder), '.gitignore'), '*\n');
      const payload = serialize(value);
      // One after the other: joined they would be in memory twice.
      for (const part of [MAGIC, digestOf(payload), payload]) writeFileSync(temporary, part, { flag: 'a' });
      renameSync(temporary, this.pathOf(key));
      this.prune();
    } catch {
      drop(temporary);
    }
  }

  private pathOf(key: string): string {
    return join(this.folder, `${this.kind}-${key}.bin`);
  }

  private prune(): void {
    const own = readdirSync(this.folder)
      .filter((name) => name.startsWith(`${this.kind}-`))
      .map((name) => ({ path: join(this.folder, name), used: statSync(join(this.folder, name)).mtimeMs }));
    const entries = own.filter(({ path }) => path.endsWith('.bin')).sort((a, b) => b.used - a.used);
    const left = own.filter(({ path, used }) => path.endsWith('.tmp') && Date.now() - used > STALE);
    for (const { path } of [...entries.slice(this.limit), ...left]) drop(path);
  }
}

/** Another run may have been faster. */
function drop(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing depends on it.
  }
}

function digestOf(payload: Buffer): Buffer {
  return createHash('sha256').update(payload).digest();
}
