/** Keeps a run from writing over what git could not give back. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { UserError } from './core/errors.ts';
import { pathsChanged } from './core/finding.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Decided } from './decide.ts';
import type { Judged } from './judge.ts';
import { projectRoot, repositoryRoot } from './source/project-root.ts';

/** So many are named, the others counted. */
const NAMED = 5;

/**
 * Before a review, for the files that it offers to change: nobody should answer forty questions for nothing. Throws UserError as
 * {@link requireCleanBatch} does.
 */
export async function requireCleanReview(options: Options, { findings, sources }: Judged): Promise<void> {
  if (options.mode !== 'interactive') return;
  const offered = findings.filter(({ fixes: [first] }) => first !== undefined && !('unfixable' in first));
  // Any of the strategies may be chosen.
  const paths = new Set(
    offered.flatMap(({ path, fixes }) => [
      path,
      ...fixes.flatMap((fix) => ('unfixable' in fix ? [] : pathsChanged(fix))),
    ]),
  );
  await requireCommitted(
    options,
    [...sources.values()].filter(({ path }) => paths.has(path)),
  );
}

/**
 * Before a batch writes, for the files that it writes: one that has changes which are in no commit stops all of it, as with cargo fix,
 * so that a batch writes what the dry run showed or nothing. Throws UserError with the names and the way out.
 */
export async function requireCleanBatch(options: Options, { rendered }: Decided): Promise<void> {
  if (options.mode !== 'batch' || isStandardInput(options)) return;
  await requireCommitted(
    options,
    rendered.map(({ source }) => source),
  );
}

/**
 * Files outside of repositories, and what git ignores, are not its business; nor is a file that is just as an earlier run left it, which
 * `undo` takes back: one step after the other, or a review in two sittings, needs no commit between.
 */
async function requireCommitted({ allowDirty, cwd }: Options, files: readonly SourceFile[]): Promise<void> {
  if (allowDirty) return;
  const byRoot = new Map<string, SourceFile[]>();
  for (const file of files) {
    const root = file.writable ? repositoryRoot(dirname(file.realPath)) : undefined;
    if (root === undefined) continue;
    const others = byRoot.get(root);
    if (others === undefined) byRoot.set(root, [file]);
    else others.push(file);
  }
  if (byRoot.size === 0) return;
  const { uncommitted } = await import('./source/git.ts');
  const names: string[] = [];
  for (const [root, inside] of byRoot) {
    const dirty = await uncommitted(
      root,
      inside.map(({ realPath }) => realPath),
    ).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message}; --allow-dirty writes without asking git`, { cause: error });
    });
    const unsaved = inside.filter(({ realPath }) => dirty.includes(realPath));
    names.push(...(await notOwn(unsaved, cwd)).map(({ path }) => path));
  }
  if (names.length === 0) return;
  const shown = names.sort().slice(0, NAMED).join(', ');
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const what = names.length === 1 ? `${shown} has` : `${shown}${more} have`;
  throw new UserError(
    `nothing was written: ${what} changes that are not committed to git; commit or stash them, or give --allow-dirty`,
  );
}

/** Those that are not as an earlier run left them. */
async function notOwn(files: readonly SourceFile[], cwd: string): Promise<readonly SourceFile[]> {
  if (files.length === 0) return files;
  const { ownWrites } = await import('./apply/own-writes.ts');
  const rootOf = ({ realPath }: SourceFile) => projectRoot(dirname(realPath)) ?? cwd;
  const written = new Map<string, Awaited<ReturnType<typeof ownWrites>>>();
  for (const root of new Set(files.map(rootOf))) written.set(root, await ownWrites(root));
  return files.filter((file) => {
    const digest = createHash('sha256').update(file.bytes).digest('hex');
    return written.get(rootOf(file))?.get(file.realPath)?.has(digest) !== true;
  });
}
