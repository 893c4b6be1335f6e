/** Writes what was accepted, under the project's journal, and stops between two files when it is interrupted. */
import { applyAll } from './apply/apply.ts';
import type { Rendered } from './apply/render.ts';
import type { FileError } from './core/errors.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { Decided } from './decide.ts';
import { projectRoot } from './source/project-root.ts';

export interface Written {
  readonly written: readonly Rendered[];
  readonly errors: readonly FileError[];
  /** True if a signal stopped the writing. */
  readonly interrupted: boolean;
}

/** Writes nothing in a dry run, for standard input, and after a review that was interrupted. */
export async function write(options: Options, { rendered, interrupted }: Decided): Promise<Written> {
  if (options.mode === 'dry-run' || isStandardInput(options) || interrupted)
    return { written: [], errors: [], interrupted };
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const applied = await applyAll(projectRoot(options.cwd) ?? options.cwd, rendered, abort.signal);
    return { ...applied, interrupted: abort.signal.aborted };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
