/**
 * Which files a run is about: the named files, and the Python files below the named folders that neither git, nor an exclude pattern,
 * nor the fixed list of skipped folders leaves out.
 */
import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { FileError } from '../core/errors.ts';
import type { ExcludePattern, Options } from '../core/options.ts';
import { gitRulesAbove, IgnoreRules } from './ignore-rules.ts';
import { errorCode, ioReason } from './io-error.ts';
import { requireExisting } from './missing-path.ts';
import { projectRoot } from './project-root.ts';
import { typeOfSpecial, type WalkSink, walk } from './walk.ts';

export interface FileEntry {
  /** Its real name relative to the working directory, forward slashes; `../x.py` outside it. */
  readonly path: string;
  /** Absolute, links resolved. */
  readonly realPath: string;
  /**
   * False if it was reached only through links that lead out of the root: the project of the place where the named path stands, or
   * where there is no project the working directory, or the named folder when that lies elsewhere.
   */
  readonly writable: boolean;
}

export interface Discovery {
  /** Each file once, ordered by the code units of `path`. */
  readonly files: readonly FileEntry[];
  readonly errors: readonly FileError[];
  /** One line each, for stderr. */
  readonly warnings: readonly string[];
  /** True if git and the patterns left out nothing. */
  readonly complete: boolean;
}

export interface DiscoverRequest extends Pick<Options, 'cwd' | 'paths' | 'exclude' | 'forceExclude'> {
  /** What git ignores is walked too. */
  readonly gitIgnored?: boolean;
}

/** Finds the files of a run. Throws a `UserError` for a named path that does not exist, before anything is walked. */
export async function discover(request: DiscoverRequest): Promise<Discovery> {
  for (const path of request.paths) requireExisting(request.cwd, path);
  const cwd = realpathSync(request.cwd);
  const collector = new Collector(cwd);
  const excludes = excludeRules(request.exclude);
  for (const path of request.paths) addNamed(resolve(cwd, path), cwd, excludes, request, collector);
  return collector.result();
}

/** Reads a file, walks a folder. What is named is read whatever ignores or excludes it, except that `forceExclude` excludes it still. */
function addNamed(
  path: string,
  cwd: string,
  excludes: readonly IgnoreRules[],
  { forceExclude, gitIgnored = false }: DiscoverRequest,
  collector: Collector,
): void {
  try {
    const real = realpathSync(path);
    const stands = join(realpathSync(dirname(path)), basename(path));
    const stats = statSync(real);
    if (stats.isFile()) {
      if (forceExclude && excludes.some((rules) => rules.ignoresFile(stands))) return collector.ignored();
      collector.within(rootOf(dirname(stands), cwd)).file(real);
    } else if (stats.isDirectory()) {
      if (forceExclude && excludes.some((rules) => rules.ignoresFolder(stands))) return collector.ignored();
      // A link that is named may still not lead the writes out of the project it stands in.
      const root = lstatSync(stands).isSymbolicLink() ? projectRoot(dirname(stands)) : undefined;
      const gitRules = gitIgnored ? undefined : gitRulesAbove(real, rootOf(real, cwd)).sparing(real);
      const inside = excludes.map((rules) => rules.sparing(real));
      walk(real, gitRules, inside, collector.within(root ?? rootOf(real, cwd)));
    } else {
      collector.error(path, `it is ${typeOfSpecial(stats)}, not a file`);
    }
  } catch (error) {
    // The name itself was there a moment ago.
    collector.error(path, errorCode(error) === 'ENOENT' ? 'it is a broken link' : ioReason(error));
  }
}

/** The project of a folder; where there is none the working directory, or the folder itself when that lies elsewhere. */
function rootOf(folder: string, cwd: string): string {
  return projectRoot(folder) ?? (isInside(cwd, folder) ? cwd : folder);
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** One list of patterns for each folder that patterns are relative to. */
function excludeRules(exclude: readonly ExcludePattern[]): readonly IgnoreRules[] {
  const bases = [...new Set(exclude.map(({ base }) => base))];
  return bases.map((base) => {
    const patterns = exclude.filter((one) => one.base === base).map(({ pattern }) => pattern);
    return new IgnoreRules(realpathSync(base), patterns);
  });
}

/** What the search has met so far, by real name. */
class Collector {
  readonly #cwd: string;
  /** What paths below it begin with: most are, and a relative path takes long to work out. */
  readonly #inside: string;
  readonly #files = new Map<string, FileEntry>();
  readonly #errors = new Map<string, FileError>();
  readonly #warnings = new Set<string>();
  #complete = true;

  constructor(cwd: string) {
    this.#cwd = cwd;
    this.#inside = cwd.endsWith(sep) ? cwd : cwd + sep;
  }

  /** Takes what is met under one named path; `root` decides what may be written. */
  within(root: string): WalkSink {
    return {
      file: (realPath) => {
        if (this.#files.get(realPath)?.writable) return;
        this.#files.set(realPath, { path: this.#display(realPath), realPath, writable: isInside(root, realPath) });
      },
      error: (path, reason) => this.error(path, reason),
      brokenLink: (path) => this.#warnings.add(`${this.#display(path)}: broken link`),
      ignored: () => this.ignored(),
    };
  }

  ignored(): void {
    this.#complete = false;
  }

  error(absolute: string, reason: string): void {
    const path = this.#display(absolute);
    this.#errors.set(path, { path, kind: 'io', message: `cannot read it: ${reason}` });
  }

  result(): Discovery {
    return {
      files: [...this.#files.values()].sort(byPath),
      errors: [...this.#errors.values()].sort(byPath),
      warnings: [...this.#warnings].sort(),
      complete: this.#complete,
    };
  }

  #display(path: string): string {
    const shown = path.startsWith(this.#inside) ? path.slice(this.#inside.length) : relative(this.#cwd, path);
    return shown === '' ? '.' : shown.replaceAll(sep, '/');
  }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}
