/** What a run reads: the named files or standard input, and the files of the project that are looked at for evidence. */

import { statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { modeBefore } from './apply/write.ts';
import { type FileError, isFileError } from './core/errors.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Recheck } from './decide.ts';
import type { Evidence } from './judge.ts';
import { discover, type FileEntry } from './source/discover.ts';
import { projectRoot } from './source/project-root.ts';
import { readSource, sourceFromBytes } from './source/read.ts';

export interface Input {
  readonly files: readonly FileEntry[];
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** What came on standard input, where that is what is read. */
  readonly standardInput: Buffer | undefined;
  readonly read: (entry: FileEntry) => Promise<SourceFile | FileError>;
  /** Asked about a file before its fixes are offered, so that a dry run shows what a batch would write and no more. */
  readonly recheck: Recheck;
}

/** Finds the files, or reads standard input. Throws UserError for a named path that does not exist. */
export async function inputOf(options: Options, stdin: NodeJS.ReadStream): Promise<Input> {
  if (isStandardInput(options)) return standardInput(options, stdin);
  const { files, errors, warnings } = await discover(options);
  const recheck = options.mode === 'interactive' ? unwritableOrChanged : unwritable;
  return { files, errors, warnings, standardInput: undefined, read: readSource, recheck };
}

async function standardInput(options: Options, stdin: NodeJS.ReadStream): Promise<Input> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  const path = displayed(options.cwd, options.stdinFilename);
  const entry: FileEntry = { path, realPath: '', writable: true };
  const bytes = Buffer.concat(chunks);
  const source = sourceFromBytes(bytes, entry);
  return {
    files: [entry],
    errors: [],
    warnings: [],
    standardInput: bytes,
    read: () => Promise.resolve(source),
    recheck: () => Promise.resolve(undefined),
  };
}

async function unwritable(source: SourceFile): Promise<FileError | undefined> {
  const mode = await modeBefore(source);
  return typeof mode === 'number' ? undefined : mode;
}

/** A review takes long: the bytes are looked at again when the file's turn comes. */
async function unwritableOrChanged(source: SourceFile): Promise<FileError | undefined> {
  const error = await unwritable(source);
  if (error !== undefined) return error;
  const now = await readSource({ path: source.path, realPath: source.realPath, writable: source.writable });
  if (!isFileError(now) && now.bytes.equals(source.bytes)) return undefined;
  return {
    path: source.path,
    kind: 'changed',
    message: 'the file has changed since it was read, so it was left alone',
  };
}

/**
 * Every Python file of the projects that the named paths belong to; the named files themselves where there is no project. What git
 * ignores may still be run, so it counts as well.
 */
export async function evidenceOf(options: Options): Promise<Evidence> {
  const named = isStandardInput(options) ? [options.stdinFilename] : options.paths;
  const roots = new Set<string>();
  for (const path of named) {
    const absolute = resolve(options.cwd, path);
    const root = projectRoot(isFolder(absolute) ? absolute : dirname(absolute));
    if (root !== undefined) roots.add(root);
    if (!isStandardInput(options)) roots.add(absolute);
  }
  const everything = { exclude: [], forceExclude: false, gitIgnored: true };
  const { files } = await discover({ cwd: options.cwd, paths: [...roots], ...everything });
  return { files: isStandardInput(options) ? withNamed(files, options) : files, roots: [...roots].filter(isFolder) };
}

/** What comes on standard input takes the place of the file whose name it has, or adds one. */
function withNamed(files: readonly FileEntry[], { cwd, stdinFilename }: Options): readonly FileEntry[] {
  const realPath = resolve(cwd, stdinFilename);
  const path = displayed(cwd, stdinFilename);
  return [...files.filter((file) => file.path !== path), { path, realPath, writable: true }];
}

function displayed(cwd: string, name: string): string {
  return relative(cwd, resolve(cwd, name)).split(sep).join('/');
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
