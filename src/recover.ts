/**
 * A run that was killed while it wrote is found when the next one starts: it is finished or put back before anything is read, so that
 * the new run meets whole work, and one `undo` takes back what it writes.
 */
import { dirname, resolve } from 'node:path';
import { isBeingWritten, isLastRunOpen } from './apply/journal.ts';
import { type Recovery, recoverKilledRun } from './apply/undo.ts';
import type { Environment } from './config/main.ts';
import { isStandardInput, type Options } from './core/options.ts';
import { visible } from './core/visible.ts';
import { isFolder } from './input.ts';
import { projectRoot } from './source/project-root.ts';

/**
 * Looks in the projects of the named paths, and says at once what was done. A dry run writes nothing and only says what is there.
 * Throws a UserError if another process is writing in one of them.
 */
export async function recoverKilledRuns(options: Options, { stderr }: Environment): Promise<void> {
  if (isStandardInput(options)) return;
  for (const root of stateRoots(options)) {
    if (options.mode !== 'dry-run') {
      const recovery = await recoverKilledRun(root);
      if (recovery !== undefined) for (const line of told(recovery)) stderr.write(`${visible(line)}\n`);
    } else if (!options.quiet && (await isLastRunOpen(root)) && !(await isBeingWritten(root))) stderr.write(KILLED);
  }
}

const KILLED =
  'warning: a run was killed before its end; `pyleak-fix undo`, or the next run that writes, puts its files back\n';

/** Where runs over these paths have their state: the projects of the paths, or the working directory. Absolute. */
export function stateRoots({ cwd, paths }: Pick<Options, 'cwd' | 'paths'>): readonly string[] {
  const roots = paths.map((path) => {
    const absolute = resolve(cwd, path);
    return projectRoot(isFolder(absolute) ? absolute : dirname(absolute)) ?? cwd;
  });
  return [...new Set(roots)];
}

function told({ outcome, written, planned, refused }: Recovery): readonly string[] {
  const files = `${written} of ${planned} files`;
  if (outcome === 'finished') return [`A run was killed after it had written ${files}: it counts as finished.`];
  const put = refused.length === 0 ? 'they were put back.' : 'they were put back, but not these:';
  return [
    `A run was killed after it had written ${files}: ${put}`,
    ...refused.map(({ path, reason }) => `${path}: ${reason}`),
  ];
}
