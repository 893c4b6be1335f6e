/** Writes what was accepted, under the journal of the project it belongs to, and stops between two files when it is interrupted. */
import { dirname } from 'node:path';
import { applyAll, type HeldBack } from './apply/apply.ts';
import { components } from './apply/components.ts';
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
  /** Files that were not written, or were put back, because of another one that changes with them. */
  readonly heldBack: readonly HeldBack[];
  /** The signal that ended the review or the writing. */
  readonly interrupted: Signal | undefined;
}

/**
 * Writes nothing in a dry run, for standard input, and after a review that was interrupted. Throws a UserError, with nothing written,
 * if the state of the first project cannot be used.
 */
export async function write(options: Options, { rendered, together, interrupted }: Decided): Promise<Written> {
  if (options.mode === 'dry-run' || isStandardInput(options) || interrupted !== undefined)
    return { written: [], errors: [], heldBack: [], interrupted };
  const { result, interrupted: stopped } = await withSignals(async (signal) => {
    const written: Rendered[] = [];
    const errors: FileError[] = [];
    const heldBack: HeldBack[] = [];
    for (const [root, files] of byProject({ rendered, together }, options.cwd)) {
      const applied = await applyAll(root, files, { together, signal }).catch((error: unknown) => {
        // What was written to another project has to be reported.
        if (written.length === 0) throw error;
        return { written: [], errors: refused(files, error), heldBack: [] };
      });
      written.push(...applied.written);
      errors.push(...applied.errors);
      heldBack.push(...applied.heldBack);
    }
    return { written, errors, heldBack };
  });
  return { ...result, interrupted: stopped };
}

/** The files of each project; those of none belong to the working directory, and what is written together to the project of the first. */
export function byProject(
  { rendered, together }: Pick<Decided, 'rendered' | 'together'>,
  cwd: string,
): ReadonlyMap<string, readonly Rendered[]> {
  const projects = new Map<string, Rendered[]>();
  for (const files of components(rendered, together)) {
    const [first] = files;
    const root = (first && projectRoot(dirname(first.source.realPath))) ?? cwd;
    const others = projects.get(root);
    if (others === undefined) projects.set(root, [...files]);
    else others.push(...files);
  }
  return projects;
}

function refused(files: readonly Rendered[], error: unknown): readonly FileError[] {
  if (!(error instanceof UserError)) throw error;
  return files.map(({ source: { path } }) => ({ path, kind: 'io', message: error.message }));
}
