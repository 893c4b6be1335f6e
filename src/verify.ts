/**
 * `--verify CMD`: the fixes stay only if the user's own command still passes with them.
 *
 * It has to pass before anything is written. When it fails afterwards, delta debugging over what can be taken back by itself finds the
 * guilty changes, those that only fail together included; they are rolled back, and the rest stays. The runs go on in the project, one
 * after the other, or over copies of it where `--verify-jobs` asks for several at once.
 */
import { resolve } from 'node:path';
import type { HeldBack } from './apply/apply.ts';
import type { Rendered } from './apply/render.ts';
import { type Trials, withTrials } from './apply/trial.ts';
import type { Environment } from './config/main.ts';
import { type FileError, UserError } from './core/errors.ts';
import type { Finding } from './core/finding.ts';
import type { VerifyOptions } from './core/options.ts';
import type { Decided } from './decide.ts';
import type { Judged } from './judge.ts';
import type { Signal } from './review/prompt.ts';
import { type Interruptible, withSignals } from './signals.ts';
import { describeEnd, passed } from './trial/command.ts';
import { lastLinesOf, say, Verification, type Verified } from './verification.ts';
import { Stopped, VerifyRuns } from './verify-runs.ts';
import { byProject } from './write.ts';

/**
 * Before a review that may change something: nobody should answer forty questions for nothing. The signal that stopped the command, if
 * one did. Throws a UserError if it fails, with its last lines on stderr.
 */
export async function requirePassingReview(
  options: VerifyOptions,
  io: Environment,
  { findings }: Pick<Judged, 'findings'>,
): Promise<Signal | undefined> {
  const isOffered = ({ fixes: [first] }: Finding) => first !== undefined && !('unfixable' in first);
  return options.mode === 'interactive' && findings.some(isOffered) ? requirePassing(options, io) : undefined;
}

async function requirePassing(options: VerifyOptions, io: Environment): Promise<Signal | undefined> {
  const { result, interrupted } = await withRuns(options, io, 0, (runs) => runs.inProject());
  if (interrupted !== undefined || result === undefined) return interrupted ?? 'SIGTERM';
  if (passed(result)) return undefined;
  say(io, lastLinesOf(result));
  throw new UserError(`nothing was changed: \`${options.verify}\` fails as it is (${describeEnd(result.end)})`);
}

/**
 * Writes what the command passes with; of a batch, it has to pass before. Throws a UserError, with nothing written, if it does not, or
 * if the state of a project cannot be used.
 */
export async function writeVerified(options: VerifyOptions, io: Environment, decided: Decided): Promise<Verified> {
  const nothing = (interrupted: Signal | undefined) => ({
    decided,
    written: { written: [], errors: [], heldBack: [], interrupted },
  });
  if (decided.rendered.length === 0 || decided.interrupted !== undefined) return nothing(decided.interrupted);
  const before = options.mode === 'batch' ? await requirePassing(options, io) : undefined;
  if (before !== undefined) return nothing(before);
  const roots = [...byProject(decided, options.cwd).keys()];
  // One run was before anything was written.
  const { result, interrupted } = await withRuns(options, io, 1, (runs) =>
    withAllTrials(roots, options.cwd, (trials) => new Verification(options, io, decided, runs, trials).run()),
  );
  // A signal that comes behind the last run finds everything written and kept.
  if (result !== undefined) return { ...result, written: { ...result.written, interrupted } };
  return nothing(interrupted ?? 'SIGTERM');
}

/** Runs of the command, of which `count` were before. The result is undefined if a signal has stopped them; nothing is left of them then. */
async function withRuns<T>(
  options: VerifyOptions,
  io: Environment,
  count: number,
  work: (runs: VerifyRuns) => Promise<T>,
): Promise<Interruptible<T | undefined>> {
  return withSignals(async (stop) => {
    const runs = new VerifyRuns(options, io, stop, count);
    try {
      return await work(runs);
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    } finally {
      await runs.end();
    }
  });
}

/** Trials in several projects as in one. */
async function withAllTrials<T>(
  roots: readonly string[],
  cwd: string,
  work: (trials: Trials) => Promise<T>,
): Promise<T> {
  const open: { readonly root: string; readonly trials: Trials }[] = [];
  const all: Trials = {
    async write(rendered, together) {
      const files = byProject({ rendered, together }, cwd);
      const written: Rendered[] = [];
      const errors: FileError[] = [];
      const heldBack: HeldBack[] = [];
      for (const { root, trials } of open) {
        const applied = await trials.write(files.get(root) ?? [], together);
        written.push(...applied.written);
        errors.push(...applied.errors);
        heldBack.push(...applied.heldBack);
      }
      return { written, errors, heldBack };
    },
    async keep() {
      for (const { trials } of open) await trials.keep();
    },
  };
  const enter = async ([root, ...rest]: readonly string[]): Promise<T> => {
    if (root === undefined) return work(all);
    return withTrials(root, (trials) => {
      open.push({ root, trials });
      return enter(rest);
    });
  };
  return enter(roots.map((root) => resolve(root)));
}
