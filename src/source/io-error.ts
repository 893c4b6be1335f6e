/** What the system said about a file, in words for a person. */

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not permit it',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  EIO: 'the device failed to read it',
  ENXIO: 'nothing is behind it that can be read',
  ESTALE: 'the network file system has lost it',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
};

/** The code of a Node.js system error, such as `ENOENT`; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** One clause without a full stop: `permission denied`. What is no system error is a bug and is thrown again. */
export function ioReason(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) throw error;
  return WORDS[code] ?? `the system says ${code}`;
}
