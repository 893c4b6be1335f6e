/** What can go wrong, as values: a user's mistake (stops the run), or trouble with one file (reported; the run goes on). */

/** A mistake on the command line or in the configuration. Shown as one line on stderr; exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

export type FileErrorKind = 'syntax' | 'encoding' | 'io' | 'changed' | 'internal';

/** Why a file was left alone. Lines and columns count from 1, columns in code points; both absent when the place is unknown. */
export interface FileError {
  /** Relative to the working directory, forward slashes. */
  readonly path: string;
  readonly kind: FileErrorKind;
  readonly message: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Tells trouble with a file from whatever else a stage may return for it. */
export function isFileError<T extends object>(result: T | FileError): result is FileError {
  return 'kind' in result && 'message' in result && 'path' in result;
}
