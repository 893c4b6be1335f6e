/**
 * The standard library with its `test` package. An interpreter looks for its library beside itself, so a copy of the binary in a copy
 * of the layout runs the copied modules only, and so does every process that the tests start by `sys.executable`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Python } from '../corpus/pythons.ts';
import { plantWatch } from './library.ts';
import type { Subject } from './subject.ts';

export const STANDARD_LIBRARY = 'cpython';

/** Copies it into `cache` (absolute) if it is not there yet. Undefined where its tests are not installed. */
export function prepareStandardLibrary({ executable, version, library }: Python, cache: string): Subject | undefined {
  if (!existsSync(join(library, 'test', 'libregrtest'))) return undefined;
  const home = join(cache, `${STANDARD_LIBRARY}-${version.join('.')}`);
  const [source, marker] = [join(home, 'source'), join(home, 'ready')];
  const code = join('lib', basename(library));
  const binary = join('bin', basename(realpathSync(executable)));
  if (!existsSync(marker)) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(join(source, 'bin'), { recursive: true });
    cpSync(realpathSync(executable), join(source, binary));
    cpSync(library, join(source, code), { recursive: true, filter: isNeeded });
    writeFileSync(marker, '');
  }
  plantWatch(join(source, code, 'site-packages'));
  return {
    name: STANDARD_LIBRARY,
    version: version.join('.'),
    source,
    code,
    python: (tree) => join(tree, binary),
    // Fixes the seed of the test runner.
    env: () => ({ PATH: process.env['PATH'] ?? '', SOURCE_DATE_EPOCH: '0' }),
    testCommand: (tree, changed, junit) => [
      join(tree, binary),
      // Frozen modules are those of the binary, not of the copy.
      ...['-X', 'frozen_modules=off', '-m', 'test', '--junit-xml', junit],
      ...testsAbout(join(tree, code), changed),
    ],
    // All passed, some failed, some changed the environment.
    ran: [0, 2, 3],
  };
}

function isNeeded(path: string): boolean {
  const name = basename(path);
  return name !== 'site-packages' && name !== '__pycache__' && !name.startsWith('config-');
}

/**
 * The test modules that changed, and those of the modules that changed: called after one, or importing it. Everything is too much for
 * four minutes.
 */
function testsAbout(library: string, changed: readonly string[]): readonly string[] {
  const all = readdirSync(join(library, 'test'), { withFileTypes: true }).filter(({ name }) =>
    name.startsWith('test_'),
  );
  const chosen = new Set<string>();
  for (const path of changed) {
    const [first = '', second = ''] = path.replace(/\.py$/, '').split('/');
    if (first === 'test' && second.startsWith('test_')) chosen.add(second);
    const about = importOf(path);
    for (const entry of all) {
      const name = basename(entry.name, '.py');
      if (name === `test_${first}` || (entry.isFile() && about.test(read(join(library, 'test', entry.name))))) {
        chosen.add(name);
      }
    }
  }
  return [...chosen].sort();
}

/** Matches an import of that module. */
function importOf(path: string): RegExp {
  const names = path
    .replace(/\.py$/, '')
    .replace(/\/__init__$/, '')
    .split('/');
  const last = names.at(-1) ?? '';
  const dotted = names.join('\\.');
  const parent = names.slice(0, -1).join('\\.');
  const within = parent === '' ? [] : [`from\\s+${parent}\\s+import\\b[^\\n]*\\b${last}`];
  return new RegExp(`^[ \\t]*(?:${[`import\\s+${dotted}`, `from\\s+${dotted}`, ...within].join('|')})\\b`, 'm');
}

function read(path: string): string {
  return readFileSync(path, 'latin1');
}
