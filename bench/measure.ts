/** Runs a program and measures it as the kernel does: wall time and peak memory, whatever the program is written in. */
import { spawnSync } from 'node:child_process';

export interface Measured {
  /** The exit status; negative, the signal, if one ended it. */
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Wall time. */
  readonly seconds: number;
  /** Peak resident memory in MB (10^6 bytes). */
  readonly peak: number;
}

/** Node cannot ask for the peak of a child; `wait4` can. The figures leave by descriptor 3. Isolated (`-I`): modules of the tree are not Python's. */
const WAIT = `
import json, os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
status = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
os.write(3, json.dumps({"status": status, "seconds": seconds, "peak": peak}).encode())
`;

/** Runs `command` in `cwd` to its end. Throws if it cannot be started. `python` is the command of any Python 3. */
export function measure(python: string, command: readonly string[], cwd: string): Measured {
  const { output, stderr, error } = spawnSync(python, ['-I', '-c', WAIT, ...command], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
  });
  const figures = output?.[3]?.toString();
  if (figures === undefined || figures === '')
    throw new Error(`${command.join(' ')} could not be run: ${error?.message ?? stderr.toString()}`);
  return {
    stdout: Buffer.from(output[1] ?? ''),
    stderr: stderr.toString(),
    ...(JSON.parse(figures) as Pick<Measured, 'status' | 'seconds' | 'peak'>),
  };
}
