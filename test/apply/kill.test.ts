import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { undoLastRun } from '../../src/apply/undo.ts';

const FILES = 100;
const FOLDERS = 10;
const ROUNDS = 50;
/** Fifty trees of a hundred files: a disk that is told to sync each takes minutes, and a kill is the same without one. */
const MEMORY = '/dev/shm';

/** Rewrites every file below the folder it is given, or undoes that, and says when it begins. */
const PROGRAM = `
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyAll } from './src/apply/apply.ts';
import { render } from './src/apply/render.ts';
import { undoLastRun } from './src/apply/undo.ts';

const [, , root, undo] = process.argv;
if (undo) {
  process.stdout.write('begin');
  await undoLastRun(root);
  process.exit(0);
}
const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.py')).map((path) => {
  const bytes = readFileSync(join(root, path));
  const source = { path, realPath: join(root, path), bytes, text: bytes.toString(), encoding: 'utf-8', bom: false, writable: true };
  return render(source, [{ path, range: { start: 0, end: 3 }, text: 'new' }], (text) => Buffer.from(text));
});
process.stdout.write('begin');
const { written } = await applyAll(root, files);
process.stdout.write('written ' + written.length);
`;

let scratch = '';
let program = '';
beforeAll(async () => {
  scratch = realpathSync(mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'kill-')));
  program = join(scratch, 'program.mjs');
  const source = join(scratch, 'program.ts');
  writeFileSync(source, PROGRAM.replaceAll("'./src/", `'${join(import.meta.dirname, '../../src')}/`));
  await (await rolldown({ input: source, platform: 'node' })).write({ format: 'esm', file: program });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const paths = Array.from({ length: FILES }, (_, index) => `package${index % FOLDERS}/module${index}.py`);
const tail = (path: string) => ` = "${path}"\n`.repeat(50);

function freshTree(name: string): string {
  const root = join(scratch, name);
  for (let folder = 0; folder < FOLDERS; folder += 1) mkdirSync(join(root, `package${folder}`), { recursive: true });
  for (const path of paths) writeFileSync(join(root, path), `old${tail(path)}`, { mode: 0o640 });
  return root;
}

/** `old` or `new` for each file; anything else is a file that is not whole. */
function stateOf(root: string): readonly string[] {
  return paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return text.slice(3) === tail(path) ? text.slice(0, 3) : `broken: ${path}`;
  });
}

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

async function begun(root: string, ...argv: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [program, root, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  // Listened for from the start: the child may be done before it is killed.
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { child, ended };
}

test('a run killed at any moment leaves every file whole, and undo puts all of it back', async () => {
  const whole = freshTree('whole');
  const { ended: done } = await begun(whole);
  const started = performance.now();
  await done;
  let duration = performance.now() - started;
  expect(new Set(stateOf(whole))).toEqual(new Set(['new']));

  const counts: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const root = freshTree(`round${round}`);
    const { child, ended } = await begun(root);
    // One moment in each fiftieth of the run, so that both the recording and the writing are hit.
    await new Promise((resolve) => setTimeout(resolve, (duration * (round + Math.random())) / ROUNDS));
    child.kill('SIGKILL');
    await ended;

    const killed = stateOf(root);
    expect(killed.filter((state) => state !== 'old' && state !== 'new')).toEqual([]);
    const written = killed.filter((state) => state === 'new').length;
    counts.push(written);
    // The machine has become slower: look later.
    if (written === 0 && round > ROUNDS / 2) duration *= 1.5;

    const { restored, refused } = await undoLastRun(root);
    expect(refused).toEqual([]);
    expect(restored).toHaveLength(written);
    expect(new Set(stateOf(root))).toEqual(new Set(['old']));
    const rest = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('.pyleak-fix'),
    );
    expect(rest.filter((name) => name.includes('/')).toSorted()).toEqual(paths.toSorted());
    rmSync(root, { recursive: true });
  }
  // Else the moments were not in the middle of the writing, and the test has shown nothing.
  expect(counts.some((count) => count > 0 && count < FILES)).toBe(true);
}, 600_000);

test('an undo killed at any moment leaves every file whole, and another comes to its end', async () => {
  const rounds = 10;
  let duration = 0;
  const counts: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const root = freshTree(`undone${round}`);
    await (await begun(root)).ended;
    const started = performance.now();
    const { child, ended } = await begun(root, 'undo');
    // The first is let to its end, to know how long it takes.
    if (round > 0) {
      await new Promise((resolve) => setTimeout(resolve, (duration * (round - Math.random())) / rounds));
      child.kill('SIGKILL');
    }
    await ended;
    if (round === 0) duration = performance.now() - started;

    const killed = stateOf(root);
    expect(killed.filter((state) => state !== 'old' && state !== 'new')).toEqual([]);
    counts.push(killed.filter((state) => state === 'old').length);
    expect((await undoLastRun(root)).refused).toEqual([]);
    expect(new Set(stateOf(root))).toEqual(new Set(['old']));
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /^package\d+\//.test(name));
    expect(files.toSorted()).toEqual(paths.toSorted());
    rmSync(root, { recursive: true });
  }
  expect(counts.some((count) => count > 0 && count < FILES)).toBe(true);
}, 600_000);
