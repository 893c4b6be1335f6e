/** Work in this thread that may not take for ever. */
import { Script } from 'node:vm';

let work: (() => unknown) | undefined;
const KEY = Symbol.for('pyleak-fix: work within time');
Object.defineProperty(globalThis, KEY, { value: () => work?.(), configurable: true });
const script = new Script("globalThis[Symbol.for('pyleak-fix: work within time')]()");

/** What the work comes to; undefined if it takes longer than that, in milliseconds, or throws: then V8 ends it wherever it is. */
export function withinTime<T>(task: () => T, timeout: number): T | undefined {
  work = task;
  try {
    return script.runInThisContext({ timeout }) as T;
  } catch {
    return undefined;
  } finally {
    work = undefined;
  }
}
