/** What a thread of the pool does: it scans the files it is given. Each thread loads the rules once. */
import { setImmediate as turn } from 'node:timers/promises';
import { type AnyTransform, loadRules } from '../rules.ts';
import { type Scanned, siftFile, type Unfinished } from '../scan-file.ts';
import type { IgnoreOptions } from '../sift.ts';
import type { FileEntry } from '../source/discover.ts';

export interface ScanTask {
  readonly files: readonly FileEntry[];
  /** The ids of the rules. */
  readonly rules: readonly string[];
  readonly options: IgnoreOptions;
  /** Up to how many bytes a file is left unfinished whose text is not enough. */
  readonly leave: number;
}

let loaded: { readonly key: string; readonly rules: Promise<readonly AnyTransform[]> } | undefined;

/** In the order of the files. */
export default async function scanFiles(task: ScanTask): Promise<readonly (Scanned | Unfinished)[]> {
  const { files, rules, options, leave } = task;
  const key = rules.join();
  if (loaded?.key !== key) loaded = { key, rules: loadRules(rules) };
  const transforms = await loaded.rules;
  // Native trees are freed only between turns of the event loop. A thread is given several portions, and does one after the other.
  await turn();
  return files.map((file) => siftFile(file, transforms, options, leave));
}
