/**
 * Writes changes to try them out: first some, then others, until what is to stay is written. Each time the originals are on record as
 * those of an unfinished run, so that a process that dies meanwhile leaves something to put back.
 */
import type { FileError } from '../core/errors.ts';
import { type Applied, keepRun, plannedWrites, writeRun } from './apply.ts';
import { type Run, recordRun, recoverLastRun, withState } from './journal.ts';
import type { RunFile } from './journal-index.ts';
import type { Rendered } from './render.ts';
import { undo } from './undo.ts';

export interface Trials {
  /**
   * Writes these and nothing else: what an earlier trial has written is put back first. `together`: the paths of each change over several
   * files. Errors are those of all trials so far.
   */
  write(rendered: readonly Rendered[], together: readonly (readonly string[])[]): Promise<Applied>;
  /** What was written last stays. */
  keep(): Promise<void>;
}

/**
 * Runs `work` while no other process may write or undo below `root`. What is not kept at its end is put back. Throws a UserError, with
 * nothing written, if another process is writing or the originals cannot be kept.
 */
export async function withTrials<T>(root: string, work: (trials: Trials) => Promise<T>): Promise<T> {
  return withState(root, async (realRoot) => {
    // What a killed run left beside the sources goes: the records of the trials will hide that one's.
    await recoverLastRun(realRoot);
    const trials = new JournaledTrials(realRoot);
    try {
      return await work(trials);
    } finally {
      await trials.takeBack();
    }
  });
}

class JournaledTrials implements Trials {
  private readonly root: string;
  private current:
    | { readonly run: Run; readonly onRecord: readonly RunFile[]; readonly written: Applied['written'] }
    | undefined;
  private readonly errors = new Map<string, FileError>();

  constructor(root: string) {
    this.root = root;
  }

  async write(rendered: readonly Rendered[], together: readonly (readonly string[])[]): Promise<Applied> {
    await this.takeBack();
    const { planned, errors, heldBack } = await plannedWrites(rendered, together);
    this.note(errors);
    if (planned.length === 0) return { written: [], errors: [...this.errors.values()], heldBack };
    const run = await recordRun(this.root, planned.flat(), true);
    const outcome = await writeRun(run, planned);
    const { onRecord, written } = outcome;
    this.current = { run: { ...run, files: onRecord }, onRecord, written };
    this.note(outcome.errors);
    return { written, errors: [...this.errors.values()], heldBack: [...heldBack, ...outcome.heldBack] };
  }

  async keep(): Promise<void> {
    if (this.current !== undefined) await keepRun(this.current.run, this.current.onRecord);
    this.current = undefined;
  }

  async takeBack(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    if (current === undefined) return;
    const { refused } = await undo(current.run);
    const shown = new Map(current.written.map(({ source }) => [source.realPath, source.path]));
    this.note(
      refused.map(({ path, reason }) => ({
        path: shown.get(path) ?? path,
        kind: 'changed',
        message: `not put back: ${reason}`,
      })),
    );
  }

  private note(errors: readonly FileError[]): void {
    for (const error of errors) this.errors.set(`${error.path}\0${error.message}`, error);
  }
}
