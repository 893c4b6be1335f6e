/**
 * Writes what was accepted: originals on record first, then file by file, so that the run can be undone wherever it ends. Files that
 * change together are written all or put back all.
 */
import type { FileError } from '../core/errors.ts';
import { components } from './components.ts';
import { isSystemError } from './durable.ts';
import { completeRun, type Planned, type Run, recordRun, recoverLastRun, withState } from './journal.ts';
import type { RunFile } from './journal-index.ts';
import type { Rendered } from './render.ts';
import { changedSince, modeBefore, putBack, writeRendered } from './write.ts';

/** A file that was not written, or put back, because of another one. */
export interface HeldBack {
  readonly path: string;
  /** The one that could not be written. */
  readonly because: string;
  readonly wasWritten: boolean;
}

export interface Applied {
  readonly written: readonly Rendered[];
  /** The files that were left alone, and why. */
  readonly errors: readonly FileError[];
  readonly heldBack: readonly HeldBack[];
}

export interface ApplyOptions {
  /** The paths of each change over several files. */
  readonly together?: readonly (readonly string[])[];
  /** Once it is aborted, nothing more is written that can be left out. */
  readonly signal?: AbortSignal;
}

/**
 * Writes the files that their edits change. `root` is the project root, absolute. Throws a UserError, with nothing written, if another
 * process is writing or the originals cannot be kept.
 */
export async function applyAll(
  root: string,
  rendered: readonly Rendered[],
  { together = [], signal }: ApplyOptions = {},
): Promise<Applied> {
  const { planned, errors, heldBack } = await plannedWrites(rendered, together);
  if (planned.length === 0) return { written: [], errors, heldBack };

  return withState(root, async (realRoot) => {
    // Reading it removes what a killed run left beside the sources: this run's record will hide that one's.
    await recoverLastRun(realRoot);
    const run = await recordRun(realRoot, planned.flat());
    const { onRecord, ...outcome } = await writeRun(run, planned, signal);
    await keepRun(run, onRecord);
    return {
      written: outcome.written,
      errors: [...errors, ...outcome.errors],
      heldBack: [...heldBack, ...outcome.heldBack],
    };
  });
}

/** What may be written, those together that change together, with the mode that each file has. */
export interface PlannedWrites extends Pick<Applied, 'errors' | 'heldBack'> {
  readonly planned: readonly (readonly Planned[])[];
}

/** What of it may be written. `together`: the paths of each change over several files. */
export async function plannedWrites(
  rendered: readonly Rendered[],
  together: readonly (readonly string[])[] = [],
): Promise<PlannedWrites> {
  const planned: Planned[][] = [];
  const errors: FileError[] = [];
  const heldBack: HeldBack[] = [];
  const changing = rendered.filter(({ byteEdits }) => byteEdits.length > 0);
  for (const files of components(changing, together)) {
    const modes = await Promise.all(files.map(({ source }) => modeBefore(source)));
    const refused = modes.filter((mode) => typeof mode !== 'number');
    errors.push(...refused);
    heldBack.push(...held(files, refused));
    if (refused.length > 0) continue;
    planned.push(files.flatMap((file, index) => ({ rendered: file, mode: Number(modes[index]) })));
  }
  return { planned, errors, heldBack };
}

/** The files that have to wait for those in trouble. */
function held(
  files: readonly Rendered[],
  errors: readonly FileError[],
  written: readonly Rendered[] = [],
): readonly HeldBack[] {
  const [first] = errors;
  const failed = new Set(errors.map(({ path }) => path));
  if (first === undefined) return [];
  return files.flatMap((file) => {
    const { path } = file.source;
    return failed.has(path) ? [] : [{ path, because: first.path, wasWritten: written.includes(file) }];
  });
}

/** Writes what is on record, one change after the other; `onRecord` are the files that were written. */
export async function writeRun(
  run: Run,
  planned: PlannedWrites['planned'],
  signal?: AbortSignal,
): Promise<Applied & { readonly onRecord: readonly RunFile[] }> {
  const written: Rendered[] = [];
  const onRecord: RunFile[] = [];
  const errors: FileError[] = [];
  const heldBack: HeldBack[] = [];
  let index = 0;
  for (const component of planned) {
    if (signal?.aborted) break;
    const files = component.flatMap(({ rendered }, offset): readonly Entry[] => {
      const file = run.files[index + offset];
      return file === undefined ? [] : [{ rendered, file }];
    });
    index += component.length;
    const outcome = await writeTogether(files);
    written.push(...outcome.written.map(({ rendered }) => rendered));
    onRecord.push(...outcome.written.map(({ file }) => file));
    errors.push(...outcome.errors);
    heldBack.push(...outcome.heldBack);
  }
  return { written, onRecord, errors, heldBack };
}

/** The run is at its end. */
export async function keepRun(run: Run, onRecord: readonly RunFile[]): Promise<void> {
  await completeRun(run, onRecord).catch((error: unknown) => {
    // The record of a run that is not marked complete can be undone as well, and what was written has to be reported.
    if (!isSystemError(error)) throw error;
  });
}

interface Entry {
  readonly rendered: Rendered;
  readonly file: RunFile;
}

/** All of the files, or none: after a failure those that were written get their old bytes again. */
async function writeTogether(
  files: readonly Entry[],
): Promise<Pick<Applied, 'errors' | 'heldBack'> & { readonly written: readonly Entry[] }> {
  const all = files.map(({ rendered }) => rendered);
  // Before the first write: what can be known then need not be put back.
  const known = files.length > 1 ? await Promise.all(all.map(({ source }) => changedSince(source))) : [];
  const errors = known.filter((error) => error !== undefined);
  if (errors.length > 0) return { written: [], errors, heldBack: held(all, errors) };
  const written: Entry[] = [];
  for (const entry of files) {
    const error = await writeRendered(entry.rendered, entry.file.temporary);
    if (error !== undefined) {
      errors.push(error);
      break;
    }
    written.push(entry);
  }
  const [failed] = errors;
  if (failed === undefined) return { written, errors, heldBack: [] };
  const stuck: Entry[] = [];
  for (const entry of written) {
    const error = await putBack(entry.rendered, entry.file.temporary);
    if (error === undefined) continue;
    // It stays on record, so that undo may try again.
    stuck.push(entry);
    errors.push({
      ...error,
      message: `it was written, and could not be put back when ${failed.path} failed: ${error.message}`,
    });
  }
  const done = written.map(({ rendered }) => rendered);
  return { written: stuck, errors, heldBack: held(all, errors, done) };
}
