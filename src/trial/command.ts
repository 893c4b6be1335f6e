/**
 * Runs a command of the user's in a process group of its own, within a time limit, and leaves nothing of it running: not what it
 * started in the background, and not what left the group.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../core/errors.ts';
import { isGroupAlive, killMarked, MARK } from './leftovers.ts';
import { type Output, OutputRecorder } from './output.ts';

/** How long a process may take to leave after it was asked to, in seconds. */
const GRACE = 2;

export interface Command {
  /** The program and its arguments; one word alone is a line for the shell where `shell` is set. */
  readonly words: readonly [string, ...string[]];
  readonly shell?: boolean;
  /** Absolute. */
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** In seconds; absent for no limit. */
  readonly timeout?: number | undefined;
  /** How long what is asked to leave may take, in seconds; 2 when absent. */
  readonly grace?: number;
}

/** How a command came to its end. `stopped`: the run was told to end. */
export type End =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'stopped' };

export interface Ran {
  readonly end: End;
  readonly milliseconds: number;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** `exit status 1`, `signal SIGSEGV`, `no end within 5 s`. */
export function describeEnd(end: End): string {
  switch (end.kind) {
    case 'exit':
      return `exit status ${end.status}`;
    case 'signal':
      return `signal ${end.signal}`;
    case 'timeout':
      return `no end within ${end.seconds} s`;
    case 'stopped':
      return 'stopped';
  }
}

export function sameEnd(a: End, b: End): boolean {
  return describeEnd(a) === describeEnd(b);
}

/** True for exit status 0. */
export function passed({ end }: Pick<Ran, 'end'>): boolean {
  return end.kind === 'exit' && end.status === 0;
}

/**
 * Runs it with nothing on standard input. A `stop` that is aborted ends it. Throws a UserError if there is no such program or folder.
 */
export async function runCommand(command: Command, stop?: AbortSignal): Promise<Ran> {
  const mark = randomUUID();
  const { words, cwd, env, shell = false, grace = GRACE } = command;
  const started = performance.now();
  const child = spawn(words[0], words.slice(1), {
    cwd,
    shell,
    detached: true,
    env: { ...env, [MARK]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = [record(child.stdout), record(child.stderr)];
  const closed = new Promise((resolve) => child.once('close', resolve));
  let reason: 'timeout' | 'stopped' | undefined;
  const endIt = (why: 'timeout' | 'stopped') => {
    reason ??= why;
    void askToLeave(child, mark, grace);
  };
  const onStop = () => endIt('stopped');
  stop?.addEventListener('abort', onStop);
  if (stop?.aborted) onStop();
  const timer = command.timeout && setTimeout(() => endIt('timeout'), command.timeout * 1000);
  try {
    const [status, signal] = await ended(child, command);
    const milliseconds = performance.now() - started;
    // What it left in the background holds its output open, and the copy that it runs in will be gone.
    await askToLeave(child, mark, grace);
    await Promise.race([closed, sleep(grace * 1000, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    return { end: endOf(status, signal, reason, command), milliseconds, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer || undefined);
    stop?.removeEventListener('abort', onStop);
  }
}

function record(stream: Readable): () => Output {
  const recorder = new OutputRecorder();
  stream.on('data', (chunk: Buffer) => recorder.add(chunk));
  return () => recorder.finish();
}

async function ended(child: ChildProcess, { words: [program], cwd }: Command): Promise<[number | null, string | null]> {
  try {
    const [status, signal] = await once(child, 'exit');
    return [status, signal];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason = code === 'ENOENT' ? 'there is no such program' : code === 'EACCES' ? 'it may not be run' : code;
    throw new UserError(`cannot run ${program} in ${cwd}: ${reason}`, { cause: error });
  }
}

/** A shell tells the signal that ended its command as 128 and the number. */
function endOf(status: number | null, signal: string | null, reason: string | undefined, command: Command): End {
  if (reason === 'stopped') return { kind: 'stopped' };
  if (reason === 'timeout') return { kind: 'timeout', seconds: command.timeout ?? 0 };
  if (signal !== null) return { kind: 'signal', signal };
  const name = Object.entries(constants.signals).find(([, number]) => 128 + number === status)?.[0];
  return name === undefined ? { kind: 'exit', status: status ?? 0 } : { kind: 'signal', signal: name };
}

/** SIGTERM to all of it, so that it can clean up and report; SIGKILL to what does not leave. */
async function askToLeave(child: ChildProcess, mark: string, grace: number): Promise<void> {
  const group = child.pid;
  if (group === undefined) return;
  if (isGroupAlive(group)) {
    signalGroup(group, 'SIGTERM');
    const patience = performance.now() + grace * 1000;
    while (performance.now() < patience && isGroupAlive(group)) await sleep(20);
    signalGroup(group, 'SIGKILL');
  }
  killMarked(mark);
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nothing is left of it.
  }
}
