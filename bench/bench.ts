/**
 * How long the built program takes, as ratios to its peers: `npm run bench [-- quick]`. The peers take turns in one run, so that a slow
 * moment of the machine hits all of them; absolute times say more about the machine than about the program. Writes bench/RESULTS.md.
 * `quick` leaves out the tree of 100,000 files and LibCST.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPythons } from '../scripts/corpus/pythons.ts';
import { type Measured, measure } from './measure.ts';
import { astGrep, changed, cold, floor, libcst, type Peer, ruff, warm, warmJson } from './peers.ts';
import { type Row, results, type Section } from './results.ts';
import { alone, monorepo, sitePackages, standardLibrary, type Tree } from './trees.ts';

const program = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url));
const quick = process.argv.includes('quick');
const [python] = findPythons();

if (python === undefined) {
  console.error(
    'No Python 3 was found on the PATH or in pyenv. One is needed to measure memory, and for Ruff and LibCST.',
  );
  process.exitCode = 2;
} else {
  const { executable } = python;
  const peers = [astGrep(), ruff(executable)].filter((peer) => peer !== undefined);
  const slow = quick ? undefined : libcst(executable);
  const sections: Section[] = [];
  const [library, packages] = [standardLibrary(), sitePackages()];
  if (library !== undefined)
    sections.push(
      compared(executable, library, [
        cold,
        warm,
        warmJson,
        changed,
        ...peers,
        ...(slow === undefined ? [] : [slow]),
        floor,
      ]),
    );
  // Three times the size, and fewer rounds.
  if (packages !== undefined)
    sections.push(
      compared(
        executable,
        packages,
        [cold, warm, warmJson, changed, ...peers, floor].map((peer) => ({ ...peer, rounds: 3 })),
      ),
    );
  sections.push(growth(executable, quick ? [1_000, 10_000] : [10_000, 100_000]));
  sections.push(startUp(executable));
  const text = results(sections, quick);
  writeFileSync(new URL('RESULTS.md', import.meta.url), text);
  console.log(text);
}

/** Every peer on one tree; the last is what the others are measured against. */
function compared(command: string, tree: Tree, all: readonly Peer[]): Section {
  console.error(`${tree.name} ...`);
  rmSync(join(tree.folder, '.pyleak-fix'), { recursive: true, force: true });
  return { title: tree.name, rows: rounds(command, tree.folder, all), stages: stagesOf(tree.folder) };
}

/** The medians of each peer, without the round that warms up. */
function rounds(command: string, folder: string, all: readonly Peer[]): readonly Row[] {
  const measured = all.map((): Measured[] => []);
  const most = Math.max(...all.map(({ rounds: own }) => own));
  for (let round = 0; round <= most; round++) {
    for (const [index, peer] of all.entries()) {
      // What is measured once does not warm up.
      const isOnce = peer.rounds === 1;
      if (round > (isOnce ? 0 : peer.rounds)) continue;
      peer.prepare?.(folder, round);
      const one = measure(command, peer.command, folder);
      if (!peer.statuses.includes(one.status))
        throw new Error(`${peer.name} ended with status ${one.status}: ${one.stderr}`);
      if (round > 0 || isOnce) measured[index]?.push(one);
    }
  }
  // As it was before.
  for (const { prepare } of all) prepare?.(folder, -1);
  return all.map(({ name }, index) => {
    const runs = measured[index] ?? [];
    return { name, seconds: median(runs.map(({ seconds }) => seconds)), peak: median(runs.map(({ peak }) => peak)) };
  });
}

/** Ten times the files. */
function growth(command: string, sizes: readonly number[]): Section {
  const rows = sizes.flatMap((size) => {
    console.error(`monorepo of ${size} files ...`);
    const tree = monorepo(size);
    rmSync(join(tree.folder, '.pyleak-fix'), { recursive: true, force: true });
    const all = [
      { ...cold, rounds: 1 },
      { ...warm, rounds: 3 },
      { ...floor, rounds: 3 },
    ];
    return rounds(command, tree.folder, all).map((row) => ({
      ...row,
      name: `${tree.name}: ${row.name}`,
    }));
  });
  return { title: 'growth', rows };
}

/** What it costs to do nothing, and one small file: by itself, and in a project of some thousand others that may have to do with it. */
function startUp(command: string): Section {
  console.error('start ...');
  const folder = fileURLToPath(new URL('../fixtures/class-mutable-default', import.meta.url));
  const node = process.execPath;
  const peer = (name: string, args: readonly string[]): Peer => ({
    name,
    command: [node, ...args],
    rounds: 9,
    statuses: [0, 1],
  });
  const small = spawnSync('find', ['.', '-name', 'before.py', '-size', '-3'], { cwd: folder, encoding: 'utf8' }).stdout;
  const [file = '.'] = small.trim().split('\n');
  return {
    title: 'start',
    rows: rounds(command, folder, [
      peer('pyleak-fix --version', [program, '--version']),
      peer('pyleak-fix, one small file', [program, '--exit-zero', alone(join(folder, file))]),
      peer('pyleak-fix, one small file of this repository', [program, '--exit-zero', file]),
      peer('node -e 0', ['-e', '0']),
    ]),
  };
}

/** Where the time goes, as `--stats` has it. */
function stagesOf(folder: string): string {
  const { stderr } = spawnSync(process.execPath, [program, '--no-cache', '--stats', '--exit-zero', '.'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return stderr.slice(stderr.indexOf('Where the time went')).trim();
}

/** Of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
