/** One file, from the disk to what it comes to. */
import { type Analysis, analyse, detect } from './analyse.ts';
import { type FileError, isFileError } from './core/errors.ts';
import type { SourceFile } from './core/source-file.ts';
import type { AnyTransform } from './rules.ts';
import { type IgnoreOptions, type Sifted, sift } from './sift.ts';
import type { FileEntry } from './source/discover.ts';
import { withSource } from './source/read.ts';

/** What a file came to, and how long it is in bytes; or why it could not be read. */
export type Scanned = (Analysis & { readonly bytes: number }) | FileError;

/** A file whose text was read, and whose tree still has to be. */
export type Unfinished = Sifted & { readonly bytes: number };

export function isUnfinished(one: Scanned | Unfinished): one is Unfinished {
  return 'wanted' in one;
}

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

/** The same, but of files up to `longest` bytes the text alone is read, if that is not enough. */
export function siftFile(
  file: FileEntry,
  rules: readonly AnyTransform[],
  options: IgnoreOptions,
  longest: number,
): Scanned | Unfinished {
  return withSource(file, (source) => {
    if (isFileError(source)) return source;
    const bytes = source.bytes.length;
    const sifted = sift(source, rules, options);
    const isLeft = sifted.wanted.size > 0 && bytes <= longest;
    return isLeft ? { ...sifted, bytes } : { ...detect(source, sifted, rules, options), bytes };
  });
}

/** What is left of {@link siftFile}. */
export function finishFile(
  file: FileEntry,
  unfinished: Unfinished,
  rules: readonly AnyTransform[],
  options: IgnoreOptions,
): Scanned {
  return withSource(file, (source) =>
    isFileError(source) ? source : { ...detect(source, unfinished, rules, options), bytes: unfinished.bytes },
  );
}
