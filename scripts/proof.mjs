/**
 * The proof that the README shows: Pygments from the Python package index highlights three hundred sources before and after its fixes.
 * `npm run proof`; needs Python 3 with venv, and the index. Everything happens in a temporary folder.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pygments-')));

/** Throws if the program fails, unless its status says that something is left to look at. */
function run(program, ...args) {
  const { status, error } = spawnSync(program, args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0 && status !== 1)
    throw error ?? new Error(`${program} ${args.join(' ')} ended with status ${status}`);
}

try {
  await build();
  copyFileSync(join(root, 'scripts/proof/highlight.py'), join(folder, 'highlight.py'));
  run('python3', '-m', 'venv', 'venv');
  run('venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', 'pygments==2.21.0');
  const library = readdirSync(join(folder, 'venv/lib')).map((name) => join('venv/lib', name, 'site-packages/pygments'));
  const program = join(root, 'dist/src/cli.js');
  run(process.execPath, program, 'prove', ...library, '--', 'venv/bin/python', 'highlight.py');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
