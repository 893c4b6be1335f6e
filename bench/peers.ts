/**
 * What the program is measured against, each looking for what rule `class-mutable-default` is about, and the floor of any tool that looks
 * at every file. They are fetched once, into `node_modules/.cache`, and are no dependency.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Peer {
  readonly name: string;
  /** Runs in the tree and looks at its Python files. */
  readonly command: readonly string[];
  /** How often it is measured after the round that warms up; the slow ones once. */
  readonly rounds: number;
  /** Exit statuses that are no failure. */
  readonly statuses: readonly number[];
  /** Runs before each round, unmeasured. */
  readonly prepare?: (folder: string, round: number) => void;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const cache = here('../node_modules/.cache/bench');
const program = here('../dist/src/cli.js');
const node = process.execPath;

const AST_GREP = '0.51.1';
const RUFF = '0.17.6';
const LIBCST = '1.9.0';
const ROUNDS = 5;

/** All rules, nothing kept. 2 is what it ends with when some file of the tree is not Python. */
export const cold: Peer = {
  name: 'pyleak-fix, no cache',
  command: [node, program, '--no-cache', '--format', 'json', '--exit-zero', '.'],
  rounds: ROUNDS,
  statuses: [0, 2],
};

/** The same after a run that filled the cache. */
export const warm: Peer = {
  ...cold,
  name: 'pyleak-fix, warm cache',
  command: [node, program, '--exit-zero', '.'],
};

/** Of the whole report there is more to say: each fix with its diff. */
export const warmJson: Peer = {
  ...cold,
  name: 'pyleak-fix, warm cache, JSON',
  command: [node, program, '--format', 'json', '--exit-zero', '.'],
};

/** The same after a function was written at the end of the file in the middle of the tree. */
export const changed: Peer = {
  ...warm,
  name: 'pyleak-fix, one file changed',
  prepare(folder, round) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.py'));
    const path = join(folder, files.sort()[files.length >> 1] ?? '');
    const [text = ''] = readFileSync(path, 'latin1').split('\n# changed\n');
    const change = round < 0 ? '' : `\n# changed\ndef changed_${round}(given):\n    return given\n`;
    writeFileSync(path, text + change, 'latin1');
  },
};

export const floor: Peer = { name: 'walk and read', command: [node, here('floor.mjs')], rounds: ROUNDS, statuses: [0] };

/** Fetches the peer if it is not there; undefined, with a line on stderr, where it cannot be had. `python` is any Python 3. */
export function astGrep(): Peer | undefined {
  const binary = join(cache, 'node_modules', '.bin', 'ast-grep');
  const fetched = fetchOnce(binary, 'npm', [
    'install',
    '--no-save',
    '--silent',
    '--prefix',
    cache,
    `@ast-grep/cli@${AST_GREP}`,
  ]);
  if (!fetched) return undefined;
  const command = [binary, 'scan', '--rule', here('peers/class-mutable-default.yml'), '--json=compact', '.'];
  return { name: `ast-grep ${AST_GREP}, one rule`, command, rounds: ROUNDS, statuses: [0, 1] };
}

export function ruff(python: string): Peer | undefined {
  const binary = venvCommand(python, 'ruff', RUFF);
  if (binary === undefined) return undefined;
  const command = [
    binary,
    'check',
    '--no-cache',
    '--isolated',
    '--exit-zero',
    '--select',
    'RUF012,B006,B019',
    '--output-format',
    'concise',
    '.',
  ];
  return { name: `Ruff ${RUFF}, RUF012 B006 B019`, command, rounds: ROUNDS, statuses: [0] };
}

export function libcst(python: string): Peer | undefined {
  const binary = venvCommand(python, 'libcst', LIBCST, 'python');
  if (binary === undefined) return undefined;
  return {
    name: `LibCST ${LIBCST}, one visitor`,
    command: [binary, here('peers/libcst_visitor.py')],
    rounds: 1,
    statuses: [0],
  };
}

function venvCommand(python: string, name: string, version: string, command = name): string | undefined {
  const venv = join(cache, 'venv');
  if (!existsSync(join(venv, 'bin', 'python'))) {
    mkdirSync(cache, { recursive: true });
    spawnSync(python, ['-m', 'venv', venv]);
  }
  const marker = join(venv, 'bin', command === name ? name : 'python');
  const isThere =
    spawnSync(join(venv, 'bin', 'python'), [
      '-c',
      `import importlib.metadata as m; exit(m.version("${name}") != "${version}")`,
    ]).status === 0;
  if (isThere) return marker;
  const { status, stderr } = spawnSync(
    join(venv, 'bin', 'python'),
    ['-m', 'pip', 'install', '--quiet', `${name}==${version}`],
    { encoding: 'utf8' },
  );
  if (status === 0) return marker;
  console.error(`${name} ${version} could not be fetched, and is left out: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return undefined;
}

function fetchOnce(binary: string, command: string, args: readonly string[]): boolean {
  if (existsSync(binary)) return true;
  mkdirSync(cache, { recursive: true });
  const { stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (existsSync(binary)) return true;
  console.error(`${binary} could not be fetched, and is left out: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return false;
}
