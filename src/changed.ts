/** Which of the files of a run git says have changed, and where: what `--since` and `--changed-lines` leave. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import type { Range } from './core/range.ts';
import type { SourceFile } from './core/source-file.ts';
import type { FileEntry } from './source/discover.ts';
import type { Changes } from './source/git.ts';
import { repositoryRoot } from './source/project-root.ts';

export interface Changed {
  readonly has: (file: FileEntry) => boolean;
  /** True if one of the lines of the range has changed, not counting those that are only gone. */
  readonly touches: (range: Range, source: SourceFile) => boolean;
}

/** Undefined without `--since`. Throws UserError where there is no repository, and for a revision that git does not know. */
export async function changedAmong(
  files: readonly FileEntry[],
  { cwd, paths, since, changedLines }: Pick<Options, 'cwd' | 'paths' | 'since' | 'changedLines'>,
): Promise<Changed | undefined> {
  if (since === undefined) return undefined;
  const option = changedLines && since === 'HEAD' ? '--changed-lines' : '--since';
  const roots = new Map<string, string | undefined>();
  const rootOf = (folder: string): string | undefined => {
    if (!roots.has(folder)) roots.set(folder, repositoryRoot(folder));
    return roots.get(folder);
  };
  for (const path of paths) {
    // The revision has to be known also where no file is found.
    if (rootOf(folderOf(resolve(cwd, path))) === undefined)
      throw new UserError(`${option} needs git, and ${path} lies in no repository`);
  }
  for (const { realPath } of files) rootOf(dirname(realPath));
  const { changesSince } = await import('./source/git.ts');
  const changes = new Map<string, Changes>();
  for (const root of new Set(roots.values())) {
    if (root !== undefined) changes.set(root, await changesSince(root, since, { option, withLines: changedLines }));
  }
  const changesOf = (realPath: string) => changes.get(rootOf(dirname(realPath)) ?? '');
  return {
    has: ({ realPath }) => changesOf(realPath)?.has(realPath) ?? false,
    touches: (range, { realPath, text }) => {
      const lines = changesOf(realPath)?.lines(realPath) ?? [];
      if (lines === 'all') return true;
      const first = gitLine(text, range.start);
      const last = gitLine(text, Math.max(range.start, range.end - 1));
      return lines.some(([from, to]) => from <= last && first <= to);
    },
  };
}

/** The folder of a named path, or the path itself if it is one; links resolved as far as they lead somewhere. */
function folderOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return realpathSync(path);
  return dirname(stats === undefined ? join(realpathSync(dirname(path)), basename(path)) : realpathSync(path));
}

/** The line of an offset as git counts, from 1: to it a lone carriage return ends none. */
function gitLine(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
