/**
 * `--verify CMD`: the fixes stay only if the user's own command still passes with them.
 *
 * It has to pass before anything is written. When it fails afterwards, delta debugging over what can be taken back by itself finds the
 * guilty changes, those that only fail together included; they are rolled back, and the rest stays. The runs go on in the project, one
 * after the other, or over copies of it where `--verify-jobs` asks for several at once.
 */
import { resolve } from 'node:path';
import type { Rendered } from './apply/render.ts';
import { type Trials, withTrials } from './apply/trial.ts';
import type { Environment } from './config/main.ts';
import { type FileError, UserError } from './core/errors.ts';
import { type Applicability, applicabilityOf } from './core/finding.ts';
import type { VerifyOptions } from './core/options.ts';
import type { Decided } from './decide.ts';
import type { Judged } from './judge.ts';
import type { Signal } from './review/prompt.ts';
import { policyReviewer } from './review/reviewer.ts';
import { withSignals } from './signals.ts';
import { describeEnd, passed } from './trial/command.ts';
import { lastLinesOf, say, Verification, type Verified } from './verification.ts';
import { Stopped, VerifyRuns } from './verify-runs.ts';
import { byProject } from './write.ts';

/**
 * Runs the command before anything is decided, where something may be. The signal that stopped it, if one did. Throws a UserError if it
 * fails, with its last lines on stderr.
 */
export async function requirePassing(
  options: VerifyOptions,
  io: Environment,
  { findings }: Pick<Judged, 'findings'>,
): Promise<Signal | undefined> {
  const { offers } = options.mode === 'interactive' ? { offers: isWritable } : policyReviewer(options.unsafe);
  if (!findings.some(({ fixes: [first] }) => first && offers(applicabilityOf(first)))) return undefined;
  const { result, interrupted } = await withSignals(async (stop) => {
    const runs = new VerifyRuns(options, io, stop);
    try {
      return await runs.inProject();
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    } finally {
      runs.end();
    }
  });
  if (interrupted !== undefined || result === undefined) return interrupted ?? 'SIGTERM';
  if (passed(result)) return undefined;
  say(io, lastLinesOf(result));
  throw new UserError(`nothing was changed: \`${options.verify}\` fails as it is (${describeEnd(result.end)})`);
}

function isWritable(applicability: Applicability): boolean {
  return applicability !== 'manual';
}

/** Writes what the command passes with. Throws a UserError, with nothing written, if the state of a project cannot be used. */
export async function writeVerified(options: VerifyOptions, io: Environment, decided: Decided): Promise<Verified> {
  if (decided.rendered.length === 0 || decided.interrupted !== undefined) {
    return { decided, written: { written: [], errors: [], interrupted: decided.interrupted } };
  }
  const { result, interrupted } = await withSignals(async (stop) => {
    // One run was before anything was written.
    const runs = new VerifyRuns(options, io, stop, 1);
    try {
      const roots = byProject(decided.rendered, options.cwd);
      return await withAllTrials([...roots.keys()], options.cwd, (trials) =>
        new Verification(options, io, decided, runs, trials).run(),
      );
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    } finally {
      runs.end();
    }
  });
  // A signal that comes behind the last run finds everything written and kept.
  if (result !== undefined) return { ...result, written: { ...result.written, interrupted } };
  return { decided, written: { written: [], errors: [], interrupted: interrupted ?? 'SIGTERM' } };
}

/** Trials in several projects as in one. */
async function withAllTrials<T>(
  roots: readonly string[],
  cwd: string,
  work: (trials: Trials) => Promise<T>,
): Promise<T> {
  const open: { readonly root: string; readonly trials: Trials }[] = [];
  const all: Trials = {
    async write(rendered) {
      const files = byProject(rendered, cwd);
      const written: Rendered[] = [];
      const errors: FileError[] = [];
      for (const { root, trials } of open) {
        const applied = await trials.write(files.get(root) ?? []);
        written.push(...applied.written);
        errors.push(...applied.errors);
      }
      return { written, errors };
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
