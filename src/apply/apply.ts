/** Writes what was accepted: originals on record first, then file by file, so that the run can be undone wherever it ends. */
import type { FileError } from '../core/errors.ts';
import { isSystemError } from './durable.ts';
import { completeRun, type Planned, type Run, recordRun, recoverLastRun, withState } from './journal.ts';
import type { RunFile } from './journal-index.ts';
import type { Rendered } from './render.ts';
import { modeBefore, writeRendered } from './write.ts';

export interface Applied {
  readonly written: readonly Rendered[];
  /** The files that were left alone, and why. */
  readonly errors: readonly FileError[];
}

/**
 * Writes the files that their edits change. `root` is the project root, absolute. A `signal` that is aborted stops before the next
 * file. Throws a UserError, with nothing written, if another process is writing or the originals cannot be kept.
 */
export async function applyAll(root: string, rendered: readonly Rendered[], signal?: AbortSignal): Promise<Applied> {
  const { planned, errors } = await plannedWrites(rendered);
  if (planned.length === 0) return { written: [], errors };

  return withState(root, async (realRoot) => {
    // Reading it removes what a killed run left beside the sources: this run's record will hide that one's.
    await recoverLastRun(realRoot);
    const run = await recordRun(realRoot, planned);
    const { written, onRecord, errors: failed } = await writeRun(run, planned, signal);
    await keepRun(run, onRecord);
    return { written, errors: [...errors, ...failed] };
  });
}

/** What of it may be written, with the mode that each file has. */
export async function plannedWrites(
  rendered: readonly Rendered[],
): Promise<{ readonly planned: readonly Planned[]; readonly errors: readonly FileError[] }> {
  const planned: Planned[] = [];
  const errors: FileError[] = [];
  for (const file of rendered.filter(({ byteEdits }) => byteEdits.length > 0)) {
    const mode = await modeBefore(file.source);
    if (typeof mode === 'number') planned.push({ rendered: file, mode });
    else errors.push(mode);
  }
  return { planned, errors };
}

/** Writes what is on record, file by file; `onRecord` are those that were written. */
export async function writeRun(
  run: Run,
  planned: readonly Planned[],
  signal?: AbortSignal,
): Promise<Applied & { readonly onRecord: readonly RunFile[] }> {
  const written: Rendered[] = [];
  const onRecord: RunFile[] = [];
  const errors: FileError[] = [];
  for (const [index, file] of run.files.entries()) {
    const rendered = planned[index]?.rendered;
    if (rendered === undefined || signal?.aborted) break;
    const error = await writeRendered(rendered, file.temporary);
    if (error !== undefined) {
      errors.push(error);
      continue;
    }
    written.push(rendered);
    onRecord.push(file);
  }
  return { written, onRecord, errors };
}

/** The run is at its end. */
export async function keepRun(run: Run, onRecord: readonly RunFile[]): Promise<void> {
  await completeRun(run, onRecord).catch((error: unknown) => {
    // The record of a run that is not marked complete can be undone as well, and what was written has to be reported.
    if (!isSystemError(error)) throw error;
  });
}
