/**
 * Lets Node 20 run the TypeScript of `scripts/` and `bench/`: `node --import ./scripts/typescript.mjs program.ts`. Types are
 * stripped by the bundler's transform as each module loads; nothing is written.
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Node runs the hooks in a thread of their own, from this same file.
if (isMainThread) register(import.meta.url);

/** The `load` hook of Node's module customization. */
export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const { transform } = await import('rolldown/utils');
  const path = fileURLToPath(url);
  const { code, errors } = await transform(path, await readFile(path, 'utf8'), { sourcemap: false });
  if (errors.length > 0) throw errors[0];
  return { format: 'module', source: code, shortCircuit: true };
}
