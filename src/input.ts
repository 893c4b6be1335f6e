/** What a run reads: the named files or standard input, and the files of the project that are looked at for evidence. */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { modeBefore } from './apply/write.ts';
import { type Changed, changedAmong } from './changed.ts';
import { type FileError, isFileError } from './core/errors.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Evidence } from './judge.ts';
import { discover, type FileEntry } from './source/discover.ts';
import { projectRoot } from './source/project-root.ts';
import { readSource, sourceFromBytes } from './source/read.ts';
import type { Recheck } from './standing.ts';

export interface Input {
  readonly files: readonly FileEntry[];
  /** Every Python file below the named paths, where it is known that these are all. */
  readonly everything: readonly FileEntry[] | undefined;
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** What came on standard input, where that is what is read. */
  readonly standardInput: Buffer | undefined;
  readonly read: (entry: FileEntry) => Promise<SourceFile | FileError>;
  /** Asked about a file before its fixes are offered, so that a dry run shows what a batch would write and no more. */
  readonly recheck: Recheck;
  /** With `--since`, what git says of the files; `files` are those that have changed. */
  readonly changed: Changed | undefined;
}

/**
 * Finds the files, or reads standard input. Throws UserError for a named path that does not exist, and if git cannot tell what has
 * changed where that is asked.
 */
export async function inputOf(options: Options, stdin: NodeJS.ReadStream): Promise<Input> {
  if (isStandardInput(options)) return standardInput(options, stdin);
  const { files, errors, warnings, complete } = await discover(options);
  const recheck = options.mode === 'interactive' ? unwritableOrChanged : unwritable;
  const changed = await changedAmong(files, options);
  return {
    files: changed === undefined ? files : files.filter(changed.has),
    everything: complete ? files : undefined,
    errors,
    warnings,
    standardInput: undefined,
    read: readSource,
    recheck,
    changed,
  };
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
    everything: undefined,
    errors: [],
    warnings: [],
    standardInput: bytes,
    read: () => Promise.resolve(source),
    recheck: () => Promise.resolve(undefined),
    changed: undefined,
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
 * Every Python file of the projects that the named paths belong to. Where there is no project: what is below a named folder; of a named
 * file its package, or the files beside it. What git ignores may still be run, so it counts as well. `everything` as in {@link Input}:
 * what was walked is not walked again.
 */
export async function evidenceOf(options: Options, { everything }: Pick<Input, 'everything'>): Promise<Evidence> {
  const named = isStandardInput(options) ? [options.stdinFilename] : options.paths;
  const roots = new Set<string>();
  const paths = new Set<string>();
  for (const path of named) {
    const absolute = resolve(options.cwd, path);
    const folder = isFolder(absolute) ? absolute : dirname(absolute);
    const root = projectRoot(folder) ?? (folder === absolute ? folder : packageRoot(folder));
    roots.add(root ?? folder);
    for (const one of root === undefined ? pythonFilesIn(folder) : [root]) paths.add(one);
    if (!isStandardInput(options)) paths.add(absolute);
  }
  const given = new Set(named.map((path) => resolve(options.cwd, path)));
  if (everything !== undefined && [...paths].every((path) => given.has(path)))
    return { files: everything, roots: [...roots] };
  const all = { exclude: [], forceExclude: false, gitIgnored: true };
  const { files } = await discover({ cwd: options.cwd, paths: [...paths], ...all });
  return { files: isStandardInput(options) ? withNamed(files, options) : files, roots: [...roots] };
}

/** The outermost of the packages that a folder is or lies in; undefined if it is none. */
function packageRoot(folder: string): string | undefined {
  const isPackage = (path: string): boolean => existsSync(join(path, '__init__.py'));
  if (!isPackage(folder)) return undefined;
  let outermost = folder;
  while (isPackage(dirname(outermost))) outermost = dirname(outermost);
  return outermost;
}

/** Absolute; links and what cannot be read are left to those who look at the named file. */
function pythonFilesIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.py'))
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
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

/** True for a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
