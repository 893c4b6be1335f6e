/** Writes what was accepted, under the journal of the project it belongs to, and stops between two files when it is interrupted. */
import { dirname } from 'node:path';
import { applyAll } from './apply/apply.ts';
import type { Rendered } from './apply/render.ts';
import { type FileError, UserError } from './core/errors.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { Decided } from './decide.ts';
import type { Signal } from './review/prompt.ts';
import { withSignals } from './signals.ts';
import { projectRoot } from './source/project-root.ts';

export interface Written {
  readonly written: readonly Rendered[];
  readonly errors: readonly FileError[];
  /** The signal that ended the review or the writing. */
  readonly interrupted: Signal | undefined;
}

/**
 * Writes nothing in a dry run, for standard input, and after a review that was interrupted. Throws a UserError, with nothing written,
 * if the state of the first project cannot be used.
 */
export async function write(options: Options, { rendered, interrupted }: Decided): Promise<Written> {
  if (options.mode === 'dry-run' || isStandardInput(options) || interrupted !== undefined)
    return { written: [], errors: [], interrupted };
  const { result, interrupted: stopped } = await withSignals(async (stop) => {
    const written: Rendered[] = [];
    const errors: FileError[] = [];
    for (const [root, files] of byProject(rendered, options.cwd)) {
      const applied = await applyAll(root, files, stop).catch((error: unknown) => {
        // What was written to another project has to be reported.
        if (written.length === 0) throw error;
        return { written: [], errors: refused(files, error) };
      });
      written.push(...applied.written);
      errors.push(...applied.errors);
    }
    return { written, errors };
  });
  return { ...result, interrupted: stopped };
}

/** The files of each project; those of none belong to the working directory. */
export function byProject(rendered: readonly Rendered[], cwd: string): ReadonlyMap<string, readonly Rendered[]> {
  const projects = new Map<string, Rendered[]>();
  for (const file of rendered) {
    const root = projectRoot(dirname(file.source.realPath)) ?? cwd;
    const files = projects.get(root);
    if (files === undefined) projects.set(root, [file]);
    else files.push(file);
  }
  return projects;
}

function refused(files: readonly Rendered[], error: unknown): readonly FileError[] {
  if (!(error instanceof UserError)) throw error;
  return files.map(({ source: { path } }) => ({ path, kind: 'io', message: error.message }));
}
