/** The Pythons of this machine and the source trees that come with them: real input that is always at hand. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Python {
  readonly executable: string;
  readonly version: readonly [major: number, minor: number, micro: number];
  /** Absolute: the standard library. */
  readonly library: string;
  /** Absolute: where packages are installed. May not exist. */
  readonly packages: string;
}

const DESCRIBE =
  'import json, sys, sysconfig as s; p = s.get_paths(); print(json.dumps([sys.executable, sys.version_info[:3], p["stdlib"], p["purelib"]]))';

/** Every Python 3 on the PATH and in pyenv, the newest first. */
export function findPythons(): readonly Python[] {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const managed = entries(versions).map(({ name }) => join(versions, name, 'bin', 'python3'));
  const found = new Map<string, Python>();
  for (const command of ['python3', 'python', '/usr/bin/python3', '/usr/local/bin/python3', ...managed]) {
    const { status, stdout } = spawnSync(command, ['-I', '-c', DESCRIBE], { encoding: 'utf8' });
    if (status !== 0) continue;
    const [executable, version, library, packages] = JSON.parse(stdout) as [string, Python['version'], string, string];
    if (version[0] === 3) found.set(library, { executable, version, library, packages });
  }
  return [...found.values()].sort((a, b) => compareVersions(b.version, a.version));
}

/** The Python with the most source installed; of equals the newest. */
export function richestPython(pythons: readonly Python[]): Python | undefined {
  const sizes = pythons.map((python) => sourceSize(python.packages));
  return pythons[sizes.indexOf(Math.max(...sizes))];
}

/**
 * The `*.py` files under a folder, relative to it and sorted. Links to folders are not followed, and a `site-packages` inside
 * belongs to another tree.
 */
export function pythonFiles(root: string, folder = ''): readonly string[] {
  return entries(join(root, folder))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'site-packages' ? [] : pythonFiles(root, path);
      const isSource = entry.name.endsWith('.py') && statSync(join(root, path), { throwIfNoEntry: false })?.isFile();
      return isSource === true ? [path] : [];
    })
    .sort();
}

/** In bytes. */
function sourceSize(root: string): number {
  return pythonFiles(root).reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not there, or not ours to read: nothing to find in it.
    return [];
  }
}

function compareVersions(a: Python['version'], b: Python['version']): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
