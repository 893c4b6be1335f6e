/** One file, from the disk to what it comes to. */
import { type Analysis, analyse, type IgnoreOptions } from './analyse.ts';
import { type FileError, isFileError } from './core/errors.ts';
import type { SourceFile } from './core/source-file.ts';
import type { AnyTransform } from './rules.ts';
import type { FileEntry } from './source/discover.ts';
import { withSource } from './source/read.ts';

/** What a file came to, and how long it is in bytes; or why it could not be read. */
export type Scanned = (Analysis & { readonly bytes: number }) | FileError;

/** Reads the file and analyses it. */
export function scanFile(file: FileEntry, rules: readonly AnyTransform[], options: IgnoreOptions): Scanned {
  return withSource(file, (source) => scanSource(source, rules, options));
}

/** The same for one that has been read. */
export function scanSource(
  source: SourceFile | FileError,
  rules: readonly AnyTransform[],
  options: IgnoreOptions,
): Scanned {
  return isFileError(source) ? source : { ...analyse(source, rules, options), bytes: source.bytes.length };
}
