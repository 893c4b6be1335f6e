/** What a thread of the pool does: it scans the files it is given. Each thread loads the rules once. */
import { setImmediate as turn } from 'node:timers/promises';
import type { IgnoreOptions } from '../analyse.ts';
import { type AnyTransform, loadRules } from '../rules.ts';
import { type Scanned, scanFile } from '../scan-file.ts';
import type { FileEntry } from '../source/discover.ts';

export interface ScanTask {
  readonly files: readonly FileEntry[];
  /** The ids of the rules. */
  readonly rules: readonly string[];
  readonly options: IgnoreOptions;
}

let loaded: { readonly key: string; readonly rules: Promise<readonly AnyTransform[]> } | undefined;

/** In the order of the files. */
export default async function scanFiles({ files, rules, options }: ScanTask): Promise<readonly Scanned[]> {
  const key = rules.join();
  if (loaded?.key !== key) loaded = { key, rules: loadRules(rules) };
  const transforms = await loaded.rules;
  const found: Scanned[] = [];
  for (const file of files) {
    found.push(scanFile(file, transforms, options));
    // Native trees are freed only between turns of the event loop.
    await turn();
  }
  return found;
}
