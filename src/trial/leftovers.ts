/**
 * Finds the processes of a command that have left its process group, by a variable that they inherit. Only where the system shows the
 * environment of a process, which is Linux; elsewhere a daemon that a command starts outlives it, as it does without us.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks what belongs to one run of a command. */
export const MARK = 'PYLEAK_FIX_RUN';

/** Ends them at once: they had their time to leave with their group. */
export function killMarked(mark: string): void {
  for (const pid of marked(mark)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has left meanwhile.
    }
  }
}

function marked(mark: string): number[] {
  const wanted = Buffer.from(`${MARK}=${mark}`);
  return processes().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`).includes(wanted);
    } catch {
      return false;
    }
  });
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
