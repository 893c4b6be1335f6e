/** What runs that are on record have written: a run that goes on from there writes over nothing that cannot be had back. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import { isSystemError } from './durable.ts';
import { parseIndex, type RunFile } from './journal-index.ts';

/**
 * The SHA-256 digests of what each file, by its absolute path, was left as by a run that `undo` can still take back. `root` is the project
 * root, absolute, links resolved. A record that cannot be read counts for nothing.
 */
export async function ownWrites(root: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const runs = join(root, '.pyleak-fix', 'runs');
  const digests = new Map<string, Set<string>>();
  for (const number of await readdir(runs).catch(none)) {
    for (const { path, sha256After } of await filesOf(join(runs, number, 'index.json'))) {
      const file = resolve(root, path);
      const others = digests.get(file) ?? new Set<string>();
      digests.set(file, others.add(sha256After));
    }
  }
  return digests;
}

async function filesOf(index: string): Promise<readonly RunFile[]> {
  const text = await readFile(index, 'utf8').catch(none);
  try {
    return typeof text === 'string' ? parseIndex(text, index).files : [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [];
  }
}

function none(error: unknown): readonly string[] {
  if (!isSystemError(error)) throw error;
  return [];
}
