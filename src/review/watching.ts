/**
 * Ctrl-C between two questions, or while the answers to the last are worked out, is a Ctrl-C in the review: the questions themselves,
 * and the editor, have their own ways with it.
 */
import { Interrupted, type Signal, signals } from './prompt.ts';
import type { Reviewer } from './reviewer.ts';

export interface WatchingReviewer extends Reviewer {
  /** To be called when the review is over: signals have their usual effect again. */
  release(): void;
}

/** The same reviewer, which rejects with {@link Interrupted} when the program was told to end since the last question. */
export function watchingReviewer(asking: Reviewer): WatchingReviewer {
  let signal: Signal | undefined;
  let asked = false;
  // Listens all the time: a signal is lost that arrives while the last listener goes and another comes.
  const note = (name: NodeJS.Signals): void => {
    if (!asked) signal ??= signals.find((known) => known === name);
  };
  for (const name of signals) process.on(name, note);
  return {
    ...asking,
    release() {
      for (const name of signals) process.off(name, note);
    },
    interruption: () => signal,
    async decide(proposal) {
      if (signal !== undefined) throw new Interrupted(signal);
      asked = true;
      try {
        return await asking.decide(proposal);
      } finally {
        asked = false;
      }
    },
  };
}
