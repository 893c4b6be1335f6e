/** Writing that survives a crash: bytes and names are on the disk before the next step relies on them. */
import { open } from 'node:fs/promises';

export interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * A new file whose bytes are on the disk when the promise resolves; its name is only after {@link syncFolder}. It gets the mode of
 * `like`, and its owner as far as that is allowed. Throws system errors, `EEXIST` among them.
 */
export async function writeDurably(path: string, bytes: Buffer | string, like?: Ownership): Promise<void> {
  // Nobody else may read it before it has the mode of the file it stands for.
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    if (like !== undefined) {
      // Only root may give files away. A change of owner drops the set-user-id bit, so the mode comes second.
      await file.chown(like.uid, like.gid).catch(() => undefined);
      await file.chmod(like.mode & 0o7777);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts the names in a folder on the disk. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    // Some systems cannot open or sync folders; the files are whole all the same.
    if (!isSystemError(error)) throw error;
  }
}

/** True for what the operating system refused: no space, no permission, no such file. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
