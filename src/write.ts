/** Writes what was accepted, under the project's journal, and stops between two files when it is interrupted. */
import { applyAll } from './apply/apply.ts';
import type { Rendered } from './apply/render.ts';
import type { FileError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import { projectRoot } from './source/project-root.ts';

export interface Written {
  readonly written: readonly Rendered[];
  readonly errors: readonly FileError[];
  /** True if a signal stopped the writing. */
  readonly interrupted: boolean;
}

export async function write(options: Options, rendered: readonly Rendered[]): Promise<Written> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  try {
    const applied = await applyAll(projectRoot(options.cwd) ?? options.cwd, rendered, abort.signal);
    return { ...applied, interrupted: abort.signal.aborted };
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
