/**
 * Bundles the command line and every rule into `dist/`, laid out as the source tree is.
 *
 * One bundle with code splitting: what a run does not use (inquirer, a report format) stays in chunks that are loaded when
 * asked for. What `dependencies` of package.json names stays outside; everything else is inside, so an install brings
 * no other dependency.
 */
import { readdirSync } from 'node:fs';
import { copyFile, cp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Writes `dist/` anew. Throws when a module does not resolve. */
export async function build() {
  const rules = readdirSync(join(root, 'transforms')).sort();
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await bundle({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts', 'src/workers/scan-worker.ts', ...rules.map((rule) => `transforms/${rule}/index.ts`)],
    outdir: 'dist',
    outbase: '.',
    // Chunks lie beside the command line, so that a path relative to a module of src/ holds after bundling.
    chunkNames: 'src/chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    // Less to compile at every start; names stay, for what a stack says.
    minifyWhitespace: true,
    minifySyntax: true,
    external: ['tree-sitter', 'tree-sitter-python', 'tinypool', 'iconv-lite'],
    banner: {
      // Some bundled packages are CommonJS and call require().
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  await writeFile(join(root, 'dist/transforms/metas.json'), JSON.stringify(await Promise.all(rules.map(metaOf))));
  await cp(join(root, 'src/probe'), join(root, 'dist/src/probe'), { recursive: true });
  for (const rule of rules) {
    await copyFile(join(root, 'transforms', rule, 'README.md'), join(root, 'dist', 'transforms', rule, 'README.md'));
  }
}

/** What the `meta.ts` of a rule exports, which is data. */
async function metaOf(rule) {
  const { outputFiles } = await bundle({
    entryPoints: [join(root, 'transforms', rule, 'meta.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const [{ text }] = outputFiles;
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
}
