/**
 * Builds `dist/` when the package is installed from its sources.
 *
 * `npm install --global git+...`, which is what pre-commit does, has npm prepare the package without its development dependencies: the
 * inner install takes over `--global` and puts them nowhere. Where the bundler is missing they are installed here first, from the lock file.
 */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

function isInstalled(name) {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

if (!isInstalled('rolldown')) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_config_(global|location)$/i.test(name));
  // The scripts of the native packages are not needed to bundle.
  execFileSync(process.execPath, [process.env.npm_execpath, 'ci', '--ignore-scripts', '--include=dev', '--no-audit'], {
    cwd: dirname(dirname(fileURLToPath(import.meta.url))),
    env: Object.fromEntries(inherited),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
const { build } = await import('./build.mjs');
await build();
