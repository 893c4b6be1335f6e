/**
 * Finds what is left of a command: the living processes of its group, and those that have left the group, by a variable that they
 * inherit. That takes a system that shows its processes, which is Linux; elsewhere a group counts as alive until the last process of it
 * has been waited for, and a daemon that a command starts outlives it, as it does without us.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The variable that marks what belongs to one run of a command. */
export const MARK = 'PYLEAK_FIX_RUN';

/** Ends them at once: they had their time to leave with their group. */
export function killMarked(mark: string): void {
  const wanted = `${MARK}=${mark}`;
  for (const pid of processes().filter((one) => about(one, 'environ').includes(wanted))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has left meanwhile.
    }
  }
}

/** True if a process of the group still runs; one that has ended and is not waited for does not. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return false;
  }
  const all = processes();
  return all.length === 0 || all.some((pid) => isLiving(pid, group));
}

function isLiving(pid: number, group: number): boolean {
  const stat = about(pid, 'stat');
  // The program's name in parentheses may hold spaces and parentheses itself; behind it: state, parent, group.
  const [state = 'Z', , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(itsGroup) === group && state !== 'Z' && state !== 'X';
}

/** Empty for a process that is gone, or of which nothing is shown. */
function about(pid: number, what: 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1');
  } catch {
    return '';
  }
}

function processes(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
