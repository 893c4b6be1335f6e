/** Work in this thread that may not take for ever. */
import { createContext, Script } from 'node:vm';

/** What the script calls; only what runs in a context can be given a time limit. */
const context: { work?: () => unknown } = {};
createContext(context);
const script = new Script('work()');

/** What the work comes to; undefined if it takes longer than that, in milliseconds, or throws: then V8 ends it wherever it is. */
export function withinTime<T>(work: () => T, timeout: number): T | undefined {
  context.work = work;
  try {
    return script.runInContext(context, { timeout }) as T;
  } catch {
    return undefined;
  } finally {
    delete context.work;
  }
}
