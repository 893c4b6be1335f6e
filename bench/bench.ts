/**
 * How long the built program takes on a tree, as a ratio to its peers: `npm run bench [-- folder]`, by default the standard library
 * of the newest Python here. Absolute times say more about the machine than about the program; ratios of one run do not.
 *
 * The peers take turns, so that a slow moment of the machine hits all of them. A new one is a line in `peers`.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPythons } from '../scripts/corpus/pythons.ts';
import { type Measured, measure } from './measure.ts';

interface Peer {
  readonly name: string;
  /** Runs in the tree and looks at its Python files. */
  readonly command: readonly string[];
}

const node = process.execPath;
const program = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url));
const floor = fileURLToPath(new URL('floor.mjs', import.meta.url));

/** What the others are measured against comes last. */
const peers: readonly Peer[] = [
  { name: 'pyleak-fix', command: [node, program, '--format', 'json', '--exit-zero', '.'] },
  { name: 'walk and read', command: [node, floor] },
];

const ROUNDS = 5;

const [python] = findPythons();
const tree = resolve(process.argv[2] ?? python?.library ?? '.');
if (python === undefined) {
  console.error('No Python 3 was found on the PATH or in pyenv. One is needed to measure memory.');
  process.exitCode = 2;
} else if (statSync(tree, { throwIfNoEntry: false })?.isDirectory() !== true) {
  console.error(`Not a folder: ${tree}`);
  process.exitCode = 2;
} else {
  print(
    peers.map((peer) => peer.name),
    rounds(python.executable),
  );
}

/** The measurements of each peer, without those of the round that warms up. */
function rounds(command: string): readonly (readonly Measured[])[] {
  const all = Array.from({ length: ROUNDS + 1 }, () => peers.map((peer) => measured(command, peer)));
  return peers.map((_, index) => all.slice(1).flatMap((round) => round[index] ?? []));
}

/** Throws if the peer fails. 2 is what the program ends with when some file of the tree is not Python. */
function measured(command: string, peer: Peer): Measured {
  const result = measure(command, peer.command, tree);
  if (result.status !== 0 && result.status !== 2) {
    throw new Error(`${peer.name} ended with status ${result.status}: ${result.stderr}`);
  }
  return result;
}

function print(names: readonly string[], results: readonly (readonly Measured[])[]): void {
  const times = results.map((runs) => median(runs.map(({ seconds }) => seconds)));
  const reference = times.at(-1) ?? 1;
  console.log(`${tree}: medians of ${ROUNDS} runs`);
  for (const [index, name] of names.entries()) {
    const seconds = times[index] ?? 0;
    const peak = median((results[index] ?? []).map((run) => run.peak));
    const ratio = `${(seconds / reference).toFixed(2)} x ${names.at(-1)}`;
    console.log(`${name.padEnd(16)}${seconds.toFixed(2).padStart(7)} s   ${peak.toFixed(0).padStart(4)} MB   ${ratio}`);
  }
}

/** Of an odd number of values. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
