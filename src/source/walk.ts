/** One folder and what lies below it, without following links to folders. */
import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type IgnoreRules, readPatterns, repositoryRules } from './ignore-rules.ts';
import { errorCode, ioReason } from './io-error.ts';

/** Receives what a walk meets, as absolute paths. */
export interface WalkSink {
  /** A Python file, links resolved. */
  file(realPath: string): void;
  /** A file or folder that cannot be read; the reason is a clause. */
  error(path: string, reason: string): void;
  brokenLink(path: string): void;
  /** A folder or a Python file is ignored. */
  ignored(): void;
}

/** Folders that a walk does not enter. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  '.git',
  '.hg',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '.eggs',
  'build',
  'dist',
  'site-packages',
  '.pyleak-fix',
]);
/** Stands in a decoded name for bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/**
 * Reports every `*.py` below `folder` (absolute, links resolved) that neither `gitRules`, which nested .gitignore files extend, nor one
 * of `excludes` ignores. Without `gitRules` no .gitignore file counts. Only links cost a system call of their own; the folder's listing tells the type of all else.
 */
export function walk(
  folder: string,
  gitRules: IgnoreRules | undefined,
  excludes: readonly IgnoreRules[],
  sink: WalkSink,
): void {
  const entries = listing(folder, sink);
  const rules = gitRules && rulesWithin(folder, entries, gitRules);
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      if (SKIPPED_FOLDERS.has(entry.name)) continue;
      if (rules?.ignoresFolder(path) || excludes.some((exclude) => exclude.ignoresFolder(path))) sink.ignored();
      else if (hasReadableName(path, entry, sink)) walk(path, rules, excludes, sink);
    } else if (entry.name.endsWith('.py')) {
      if (rules?.ignoresFile(path) || excludes.some((exclude) => exclude.ignoresFile(path))) sink.ignored();
      else if (entry.isSymbolicLink()) followLink(path, sink);
      else if (entry.isFile() && hasReadableName(path, entry, sink)) sink.file(path);
    }
  }
}

/** What a file that is neither a regular one nor a folder is. */
export function typeOfSpecial(stats: Stats): string {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function listing(folder: string, sink: WalkSink): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    sink.error(folder, ioReason(error));
    return [];
  }
}

/** A repository inside another obeys its own rules only. */
function rulesWithin(folder: string, entries: readonly Dirent[], outer: IgnoreRules): IgnoreRules {
  const rules = entries.some((entry) => entry.name === '.git') ? repositoryRules(folder) : outer;
  const own = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  return own ? rules.extended(folder, readPatterns(join(folder, '.gitignore'))) : rules;
}

function followLink(path: string, sink: WalkSink): void {
  try {
    const real = realpathSync(path);
    if (statSync(real).isFile()) sink.file(real);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') sink.brokenLink(path);
    else sink.error(path, ioReason(error));
  }
}

/** A name that is not valid UTF-8 does not lead back to the file; one with a replacement character of its own does. */
function hasReadableName(path: string, entry: Dirent, sink: WalkSink): boolean {
  if (!entry.name.includes(REPLACEMENT) || existsSync(path)) return true;
  sink.error(path, 'its name is not valid UTF-8');
  return false;
}
