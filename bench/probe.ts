/**
 * What the probe costs a real program: `npm run bench:probe -- [paths...] -- CMD`, in the folder where CMD is to run. The same command
 * runs over the same copy with the probe and without, in turn, so that a slow moment of the machine hits both.
 */
import process from 'node:process';
import { parseCommandLine } from '../src/config/command-line.ts';
import { resolveOptions } from '../src/config/options.ts';
import { runOverCopies, workspaceFor } from '../src/copies.ts';
import { Stopwatch } from '../src/core/stopwatch.ts';
import { find } from '../src/find.ts';
import { ruleMetas } from '../src/rules.ts';
import { describeEnd, passed, type Ran, runCommand } from '../src/trial/command.ts';
import { lastLines } from '../src/trial/output.ts';

const ROUNDS = 5;

// npm changes into the package's own folder.
const cwd = process.env['INIT_CWD'] ?? process.cwd();
const io = { cwd, env: process.env, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const commandLine = parseCommandLine(['prove', ...process.argv.slice(2)], cwd);
const options = resolveOptions(commandLine, {}, await ruleMetas(), cwd, process.env);
const { narrowed } = await find(options, io, undefined, new Stopwatch());
const targets = narrowed.findings.map(({ path, symbol }) => ({
  original: narrowed.sources.get(path)?.realPath ?? '',
  symbol,
}));
const workspace = workspaceFor(options);
const { signal } = new AbortController();
try {
  const rounds: { readonly measured: number; readonly plain: number }[] = [];
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const request = { words: options.command, shell: false, env: process.env, changes: [], targets };
    const measured = succeeded((await runOverCopies(workspace, options, request, signal)).ran);
    const [program = '', ...words] = workspace.translate(options.command, cwd);
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const plain = succeeded(await runCommand({ words: [program, ...words], cwd: workspace.copyOf(cwd), env }, signal));
    if (round > 0) rounds.push({ measured, plain });
  }
  const ratios = rounds.map(({ measured, plain }) => measured / plain).sort((a, b) => a - b);
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  for (const { measured, plain } of rounds)
    console.log(`${seconds(plain)} without, ${seconds(measured)} with the probe`);
  const [least, median, most] = [ratios[0], ratios[ROUNDS >> 1], ratios.at(-1)].map((ratio) => ratio?.toFixed(3));
  // On a machine that does other things too, the fastest runs are those that were disturbed least.
  const fastest = (which: 'measured' | 'plain') => Math.min(...rounds.map((round) => round[which]));
  console.log(`The fastest runs: ${(fastest('measured') / fastest('plain')).toFixed(3)} times as long`);
  console.log(`${targets.length} findings: ${median} times as long, between ${least} and ${most} in ${ROUNDS} rounds`);
} finally {
  workspace.remove();
}

/** In milliseconds. Throws if the command failed. */
function succeeded(ran: Ran): number {
  if (!passed(ran)) throw new Error(`${describeEnd(ran.end)}: ${lastLines([ran.stdout, ran.stderr], 20)}`);
  return ran.milliseconds;
}
