/** A library from the Python package index: its published source with the tests, and an environment that they run in. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Python } from '../corpus/pythons.ts';
import type { Recipe } from './recipes.ts';
import type { Subject } from './subject.ts';

const WATCH = '_pyleak_watch';

/** A file that cannot be collected counts as an error and stops nothing. */
const PYTEST = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-p', 'no:randomly', '--continue-on-collection-errors'];

const UNPACK = 'import shutil, sys; shutil.unpack_archive(sys.argv[1], sys.argv[2], filter="data")';

/** Installs what is not in `cache` (absolute) yet. Throws when the index or an installation fails. */
export function prepareLibrary(recipe: Recipe, python: Python, cache: string): Subject {
  const { name, version, roots, tests, options } = recipe;
  const home = join(cache, `${name}-${version}-python${python.version.join('.')}`);
  const [source, environment] = [join(home, 'source'), join(home, 'environment')];
  const [marker, key] = [join(home, 'ready'), fingerprint(recipe)];
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== key) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    unpack(python.executable, recipe, home, source);
    install(python.executable, recipe, environment);
    writeFileSync(marker, key);
  }
  const interpreter = join(environment, 'bin', 'python');
  plantWatch(packagesOf(interpreter));
  return {
    name,
    version,
    source,
    code: '.',
    python: () => interpreter,
    env: (tree) => ({
      PATH: `${join(environment, 'bin')}:${process.env['PATH'] ?? ''}`,
      VIRTUAL_ENV: environment,
      PYTHONPATH: roots.map((root) => join(tree, root)).join(':'),
    }),
    testCommand: (_, __, junit) => [interpreter, ...PYTEST, `--junitxml=${junit}`, ...options, ...tests],
    // All passed, some failed.
    ran: [0, 1],
  };
}

/** Puts `watch.py` where every process of that Python imports it. `packages` is absolute. */
export function plantWatch(packages: string): void {
  mkdirSync(packages, { recursive: true });
  copyFileSync(fileURLToPath(new URL('watch.py', import.meta.url)), join(packages, `${WATCH}.py`));
  writeFileSync(join(packages, `${WATCH}.pth`), `import ${WATCH}\n`);
}

/** Changes when what is installed would. */
function fingerprint({ name, version, requirements, additions }: Recipe): string {
  return createHash('sha256')
    .update(JSON.stringify([name, version, requirements, additions]))
    .digest('hex');
}

function unpack(python: string, { name, version, additions = {} }: Recipe, home: string, source: string): void {
  const [archives, unpacked] = [join(home, 'archives'), join(home, 'unpacked')];
  pip(python, 'download', '--no-deps', '--no-binary', name, '--dest', archives, `${name}==${version}`);
  const [archive = ''] = readdirSync(archives);
  checked(python, '-I', '-c', UNPACK, join(archives, archive), unpacked);
  // A source distribution is one folder.
  renameSync(join(unpacked, readdirSync(unpacked)[0] ?? ''), source);
  for (const [path, text] of Object.entries(additions)) writeFileSync(join(source, path), text);
}

/** The library is installed too, for its dependencies and its metadata; a copy's modules come before those installed. */
function install(python: string, { name, version, requirements }: Recipe, environment: string): void {
  checked(python, '-I', '-m', 'venv', environment);
  pip(join(environment, 'bin', 'python'), 'install', `${name}==${version}`, ...requirements);
}

function pip(python: string, command: string, ...args: readonly string[]): void {
  checked(python, '-I', '-m', 'pip', command, '--quiet', '--disable-pip-version-check', ...args);
}

function packagesOf(python: string): string {
  return checked(python, '-I', '-c', 'import sysconfig; print(sysconfig.get_paths()["purelib"])').trim();
}

/** The standard output. Throws when it fails. */
function checked(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return stdout;
  throw new Error(`${[command, ...args].join(' ')} failed: ${error?.message ?? stderr.slice(-2000)}`);
}
