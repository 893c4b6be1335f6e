/** Puts back the bytes from before the last run that wrote, also one that was killed half-way or while it was tried out. */
import { lstat, readFile } from 'node:fs/promises';
import { isSystemError } from './durable.ts';
import {
  completeRun,
  discardRun,
  hasState,
  isLastRunOpen,
  originalOf,
  type Run,
  realPathOf,
  recoverLastRun,
  withState,
} from './journal.ts';
import type { RunFile } from './journal-index.ts';
import { sha256 } from './render.ts';
import { replaceFile } from './write.ts';

/** Paths are absolute. */
export interface UndoResult {
  readonly restored: readonly string[];
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
  /** True if no file had to be put back. */
  readonly nothing: boolean;
}

/**
 * Undoes the newest run below `root`, the project root. Files that have their old bytes already are left as they are; those that
 * have neither old nor new bytes are refused and stay on record, so that undo can be tried again. A run that was killed before its
 * first write is forgotten, and the one before it is left for the next undo. Throws a UserError if another process is writing.
 */
export async function undoLastRun(root: string): Promise<UndoResult> {
  if (!(await hasState(root))) return { restored: [], refused: [], nothing: true };
  return withState(root, async (realRoot) => {
    const run = await recoverLastRun(realRoot);
    return run === undefined ? { restored: [], refused: [], nothing: true } : undo(run);
  });
}

/** What became of a run that was killed. */
export interface Recovery {
  /** `finished`: it had written all it meant to, and can be undone. `put back`: its files have their old bytes, but for those refused. */
  readonly outcome: 'finished' | 'put back';
  /** How many files the run had written, and meant to write. */
  readonly written: number;
  readonly planned: number;
  readonly refused: UndoResult['refused'];
}

/**
 * Finishes or puts back the newest run below `root` if it was killed. Undefined if it was not, or had written nothing; no trace of it
 * is left then. Throws a UserError if another process is writing.
 */
export async function recoverKilledRun(root: string): Promise<Recovery | undefined> {
  if (!(await isLastRunOpen(root))) return undefined;
  return withState(root, async (realRoot) => {
    const run = await recoverLastRun(realRoot);
    if (run === undefined || run.complete) return undefined;
    const planned = run.files.length;
    if (!run.trial && (await isWritten(run))) {
      await completeRun(run, run.files);
      return { outcome: 'finished', written: planned, planned, refused: [] };
    }
    const { restored, refused, nothing } = await undo(run);
    return nothing ? undefined : { outcome: 'put back', written: restored.length + refused.length, planned, refused };
  });
}

/** True if every file of the run has its new bytes. */
async function isWritten(run: Run): Promise<boolean> {
  for (const file of run.files) {
    const bytes = await readFile(realPathOf(run, file)).catch(() => undefined);
    if (bytes === undefined || sha256(bytes) !== file.sha256After) return false;
  }
  return true;
}

/** Puts the originals of a run back and forgets it, but for the files that are refused. No other process may write meanwhile. */
export async function undo(run: Run): Promise<UndoResult> {
  const restored: string[] = [];
  const refused: { readonly path: string; readonly reason: string }[] = [];
  const remaining: RunFile[] = [];
  for (const file of run.files) {
    const path = realPathOf(run, file);
    const outcome = await restore(run, file);
    if (outcome === 'restored') restored.push(path);
    if (typeof outcome === 'string') continue;
    refused.push({ path, reason: outcome.refusal });
    remaining.push(file);
  }
  if (remaining.length === 0) await discardRun(run);
  else await completeRun(run, remaining);
  return { restored, refused, nothing: restored.length === 0 && refused.length === 0 };
}

async function restore(run: Run, file: RunFile): Promise<'restored' | 'already old' | { readonly refusal: string }> {
  const path = realPathOf(run, file);
  const kept = `; its bytes from before the run are in ${originalOf(run, file)}`;
  try {
    if (!(await lstat(path)).isFile()) return { refusal: `it is no longer a regular file${kept}` };
    const current = sha256(await readFile(path));
    if (current === file.sha256Before) return 'already old';
    if (current !== file.sha256After) return { refusal: `it was changed since the run${kept}` };
    const bytes = await readFile(originalOf(run, file));
    if (sha256(bytes) !== file.sha256Before) return { refusal: 'what was kept of it is damaged' };
    const expects = (now: Buffer) => sha256(now) === file.sha256After;
    const refusal = await replaceFile({ path, bytes, mode: file.mode, temporary: file.temporary, expects });
    return refusal === undefined ? 'restored' : { refusal: refusal.message };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { refusal: error.code === 'ENOENT' ? `it is no longer there${kept}` : error.message };
  }
}
