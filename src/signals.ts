/** Work that a signal stops in an orderly way, instead of the process. */
import { type Signal, signals } from './review/prompt.ts';

export interface Interruptible<T> {
  readonly result: T;
  /** What has told the program to end meanwhile. */
  readonly interrupted: Signal | undefined;
}

/** `work` is to come to its end soon once `stop` is aborted; while it runs, none of the signals that end programs ends this one. */
export async function withSignals<T>(work: (stop: AbortSignal) => Promise<T>): Promise<Interruptible<T>> {
  const abort = new AbortController();
  let interrupted: Signal | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    interrupted ??= signals.find((known) => known === signal);
    abort.abort();
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    const result = await work(abort.signal);
    return { result, interrupted };
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
