/**
 * Bundles the command line and every rule into `dist/`, laid out as the source tree is.
 *
 * What a run does not use (inquirer, a report format) stays in chunks that are loaded when asked for; what nearly every run uses is in
 * few, since each module that is loaded takes half a millisecond. What `dependencies` of package.json names stays outside; everything
 * else is inside, so an install brings no other dependency.
 */
import { readdirSync } from 'node:fs';
import { copyFile, cp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { dependencies } = createRequire(import.meta.url)('../package.json');

/** By the name of a chunk, the modules that are in it with all that they import, but for what is in one before. */
const chunks = {
  version: ['config/version'],
  start: ['config/main'],
  options: ['config/command-line', 'config/configuration', 'config/options', 'config/settings'],
  run: ['run'],
};

/** Writes `dist/` anew. Throws when a module does not resolve. */
export async function build() {
  const rules = readdirSync(join(root, 'transforms')).sort();
  const entries = ['src/cli', 'src/workers/scan-worker', ...rules.map((rule) => `transforms/${rule}/index`)];
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, `${entry}.ts`)])),
    external: Object.keys(dependencies),
    platform: 'node',
    transform: { target: 'node20.17' },
    // Chunks may hand each other more than modules export.
    preserveEntrySignatures: 'allow-extension',
    // That everything imports `rules.ts` is no matter: it is small.
    checks: { ineffectiveDynamicImport: false },
  });
  await bundle.write({
    dir: join(root, 'dist'),
    format: 'esm',
    entryFileNames: '[name].js',
    // Chunks lie beside the command line, so that a path relative to a module of src/ holds after bundling.
    chunkFileNames: 'src/[name]-[hash].js',
    // Less to compile at every start; names stay, for what a stack says.
    minify: { compress: true, mangle: false, codegen: true },
    codeSplitting: { groups: Object.entries(chunks).reverse().map(groupOf) },
  });
  await writeFile(join(root, 'dist/transforms/metas.json'), JSON.stringify(await Promise.all(rules.map(metaOf))));
  await cp(join(root, 'src/probe'), join(root, 'dist/src/probe'), { recursive: true });
  for (const rule of rules) {
    await copyFile(join(root, 'transforms', rule, 'README.md'), join(root, 'dist', 'transforms', rule, 'README.md'));
  }
}

function groupOf([name, modules], index) {
  const ids = new Set(modules.map((module) => join(root, 'src', `${module}.ts`)));
  return { name, test: (id) => ids.has(id), priority: index + 1 };
}

/** What the `meta.ts` of a rule exports, which is data. */
async function metaOf(rule) {
  const bundle = await rolldown({ input: join(root, 'transforms', rule, 'meta.ts') });
  const { output } = await bundle.generate({ format: 'esm' });
  return (await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)).default;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
}
