/** Runs the commands of a suite: with an environment of their own, within a time limit, and nothing left running behind them. */
import { type Measured, measure } from '../../bench/measure.ts';

export interface Command {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** In seconds. */
  readonly limit: number;
}

/** The exit status of what ran out of time. */
export const TIMED_OUT = 124;

/** Ends the whole process group, also after a good end: a server that a test left behind would keep the pipes open. */
const LIMIT = `
import json, os, signal, subprocess, sys
spec = json.loads(sys.argv[1])
child = subprocess.Popen(sys.argv[2:], env=spec["env"], start_new_session=True)
try:
    status = child.wait(spec["limit"])
except subprocess.TimeoutExpired:
    status = ${TIMED_OUT}
finally:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
sys.exit(status if status >= 0 else 128 - status)
`;

/** Runs it to its end, or kills it at its limit; a signal gives 128 and its number. `python` is the command of any Python 3. */
export function run(python: string, { words, cwd, env, limit }: Command): Measured {
  return measure(python, [python, '-I', '-c', LIMIT, JSON.stringify({ env, limit }), ...words], cwd);
}

/** Runs what has to succeed; throws with the end of its output if it does not. */
export function succeed(python: string, command: Command): Measured {
  const done = run(python, command);
  if (done.status === 0) return done;
  const output = `${done.stdout.toString().slice(-2000)}${done.stderr.slice(-2000)}`;
  throw new Error(`${command.words.join(' ')} ended with status ${done.status}: ${output}`);
}
