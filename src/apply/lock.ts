/** One process at a time writes or undoes in a project. A lock names its holder, so that a killed one does not lock for ever. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { UserError } from '../core/errors.ts';
import { isSystemError } from './durable.ts';

/** Process ids are used again; together with its start time one stands for a process. `started` is null where it cannot be known. */
interface Holder {
  readonly pid: number;
  readonly started: string | null;
}

/**
 * Runs `work` while holding the lock file `lock` (in a folder that exists). The lock of a dead process is taken over. Throws a
 * UserError when a living one holds it.
 */
export async function withLock<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const release = await acquireLock(lock, 'writing');
  try {
    return await work();
  } finally {
    await release();
  }
}

/** The same for what does not end with a function: the lock is held until the result is called. `doing` is what the holder does. */
export async function acquireLock(lock: string, doing: 'writing' | 'reviewing'): Promise<() => Promise<void>> {
  await acquire(lock, doing);
  return () => rm(lock, { force: true });
}

/** True if a living process holds the lock. */
export async function isLocked(lock: string): Promise<boolean> {
  return typeof (await stateOf(lock)) === 'object';
}

async function acquire(lock: string, doing: string): Promise<void> {
  // A link appears at once and with its content, unlike a file that is created and then written.
  const own = `${lock}.${randomUUID()}`;
  const holder: Holder = { pid: process.pid, started: await startTime(process.pid) };
  await writeFile(own, JSON.stringify(holder));
  try {
    if (await linkIfFree(own, lock)) return;
    const state = await stateOf(lock);
    if (typeof state === 'object') throw busy(lock, doing, state);
    if (state === 'dead') await removeDead(lock, own, doing);
    if (!(await linkIfFree(own, lock))) throw busy(lock, doing);
  } finally {
    await rm(own, { force: true });
  }
}

/** Only who holds the guard removes a dead lock: of two that found it, the slower would remove the lock of the faster. */
async function removeDead(lock: string, own: string, doing: string): Promise<void> {
  const guard = `${lock}.takeover`;
  if (!(await linkIfFree(own, guard))) {
    // Left by a process that was killed in the few instructions below: the next to try takes over.
    if ((await stateOf(guard)) === 'dead') await rm(guard, { force: true });
    throw busy(lock, doing);
  }
  if ((await stateOf(lock)) === 'dead') await rm(lock, { force: true });
  await rm(guard, { force: true });
}

async function linkIfFree(own: string, lock: string): Promise<boolean> {
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The holder, if it lives. */
async function stateOf(lock: string): Promise<Holder | 'dead' | 'free'> {
  try {
    const holder = parseHolder(await readFile(lock, 'utf8'));
    return holder !== undefined && (await isAlive(holder)) ? holder : 'dead';
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return 'free';
    throw error;
  }
}

/** Undefined for what no process of this program wrote whole, such as a file that a power cut left empty. */
function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, started }: Partial<Record<keyof Holder, unknown>> = JSON.parse(content) ?? {};
    if (!Number.isSafeInteger(pid) || typeof pid !== 'number' || pid <= 0) return undefined;
    return { pid, started: typeof started === 'string' ? started : null };
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, started }: Holder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return isSystemError(error) && error.code === 'EPERM';
  }
  const now = await startTime(pid);
  return started === null || now === null || started === now;
}

/** In clock ticks since the machine started (proc(5), field 22 of stat); null where there is no /proc. */
async function startTime(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 2, the program's name in parentheses, may hold spaces and parentheses itself.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

function busy(lock: string, doing: string, holder?: Holder): UserError {
  const who = holder === undefined ? 'another pyleak-fix' : `another pyleak-fix (process ${holder.pid})`;
  return new UserError(
    `${who} is ${doing} in this project; try again when it is done (or, if none runs, delete ${lock})`,
  );
}
