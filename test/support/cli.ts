/** Projects in temporary folders and the built program run on them, for the tests that see only what a user sees. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Report } from '../../src/core/report.ts';

/** The built program; run it with {@link process.execPath}. */
export const PROGRAM = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'pyleak-fix-cli-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** No colours asked for or forbidden, and neither the user's git configuration nor a repository around the temporary folder. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  NO_COLOR: '',
  TERM: 'xterm',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CEILING_DIRECTORIES: scratch,
};

/** A class with a list that its instances share; the fix is safe. `name` makes it one that no other file mentions. */
export function shared(name: string): string {
  return `class ${name}:\n    items = []\n\n    def add(self, item):\n        self.items.append(item)\n`;
}

/** The same class after the fix. */
export function fixed(name: string): string {
  const init = '    def __init__(self):\n        self.items = []\n';
  return `class ${name}:\n${init}\n    def add(self, item):\n        self.items.append(item)\n`;
}

/** A class whose fix is unsafe: the dictionary is a memo, which may be shared on purpose. */
export function memo(name: string): string {
  const get = '    def get(self, key):\n        if key not in self.data:\n            self.data[key] = len(key)\n';
  return `class ${name}:\n    data = {}\n\n${get}        return self.data[key]\n`;
}

/** A folder of its own with these files, and a `pyproject.toml` that makes it a project. Absolute. */
export function project(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(scratch, 'project-'));
  for (const [path, content] of Object.entries({ 'pyproject.toml': '', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Every file below the folder but the program's own state and git's, as latin-1 text by path. Links are left out. */
export function contents(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !/(^|\/)\.(git|pyleak-fix)\//.test(path));
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export function start(cwd: string, ...argv: readonly string[]): ChildProcessWithoutNullStreams {
  return startWith({}, cwd, ...argv);
}

/** The same with more variables in its environment. */
export function startWith(
  env: NodeJS.ProcessEnv,
  cwd: string,
  ...argv: readonly string[]
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [PROGRAM, ...argv], { cwd, env: { ...ENVIRONMENT, ...env } });
}

/** Runs the program with nothing on standard input. */
export async function pyleak(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  return pyleakOn(Buffer.alloc(0), cwd, ...argv);
}

/** Runs the program with the bytes on standard input. */
export async function pyleakOn(input: Buffer | string, cwd: string, ...argv: readonly string[]): Promise<Ran> {
  const child = start(cwd, ...argv);
  // The program may be done before it has read its input.
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { status: status as number | null, stdout, stderr };
}

/** The JSON report of a run with these arguments. */
export async function reportOf(cwd: string, ...argv: readonly string[]): Promise<Report> {
  const { stdout } = await pyleak(cwd, '--format', 'json', ...argv);
  return JSON.parse(stdout.toString()) as Report;
}

/** Another program's output; what it says on stderr is the error if it fails. */
export function run(program: string, args: readonly string[], cwd: string, input: Buffer = Buffer.alloc(0)): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, input, env: ENVIRONMENT });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout.toString();
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}
