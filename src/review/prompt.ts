/**
 * One question at a time on a terminal, asked with inquirer.
 *
 * inquirer reads whatever has arrived and forgets what follows the answer. Each question is therefore given one line, and
 * what was typed ahead waits for the next question, as it does for a program that reads its terminal line by line.
 */
import { PassThrough } from 'node:stream';

/** What ends a program from outside: Ctrl-C, a request to end, the loss of the terminal. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The person, or the system, ended the program at a question: nothing more may be written. The terminal is as it was. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: Signal;

  constructor(signal: Signal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

export interface Prompt {
  /**
   * Shows `question hint ` and waits for a line. The answer, `fallback` if it is empty, or undefined at the end of the input (Ctrl-D).
   * Rejects with {@link Interrupted} at Ctrl-C, a signal that ends programs, or when the terminal is gone.
   */
  ask(question: string, hint: string, fallback: string): Promise<string | undefined>;
}

export const signals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** What the keys send in raw mode. */
const ctrlC = 0x03;
const ctrlD = 0x04;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What ends a line, by byte. */
const lineEnds: ReadonlyMap<number, 'enter' | Signal | 'end'> = new Map([
  [ctrlC, 'SIGINT'],
  [ctrlD, 'end'],
  [lineFeed, 'enter'],
  [carriageReturn, 'enter'],
]);

/** Cuts what has arrived behind the first line; `end` is undefined while the line has none. */
function cutLine(arrived: Buffer) {
  const at = arrived.findIndex((byte) => lineEnds.has(byte));
  if (at < 0) return { line: arrived, end: undefined, rest: Buffer.alloc(0) };
  const isPair = arrived[at] === carriageReturn && arrived[at + 1] === lineFeed;
  return {
    line: arrived.subarray(0, at),
    end: lineEnds.get(arrived[at] ?? lineFeed),
    rest: arrived.subarray(at + (isPair ? 2 : 1)),
  };
}

const plain = (text: string) => text;

/** Asks on `output` and reads the answers from `stdin`, a terminal. */
export function terminalPrompt(stdin: NodeJS.ReadStream, output: NodeJS.WriteStream): Prompt {
  let arrived: Buffer = Buffer.alloc(0);

  /** Feeds one line into `input`; `stop` is called if something else than Enter ends it. Returns the way to let go of stdin. */
  function feedLine(input: PassThrough, stop: (reason?: Interrupted) => void): () => void {
    let complete = false;
    const feed = () => {
      if (complete) return;
      const { line, end, rest } = cutLine(arrived);
      arrived = rest;
      input.write(line);
      complete = end !== undefined;
      if (end === 'enter') input.write('\n');
      else if (end === 'end') stop();
      else if (end !== undefined) stop(new Interrupted(end));
    };
    const onData = (chunk: Buffer | string) => {
      arrived = Buffer.concat([arrived, Buffer.from(chunk)]);
      feed();
    };
    const onEnd = () => {
      if (!complete) stop();
    };
    const onError = () => stop(new Interrupted('SIGHUP'));
    const onSignal = (signal: NodeJS.Signals) =>
      stop(new Interrupted(signals.find((name) => name === signal) ?? 'SIGTERM'));
    stdin.on('data', onData).on('end', onEnd).on('error', onError);
    for (const signal of signals) process.on(signal, onSignal);
    feed();
    if (stdin.readableEnded) onEnd();
    stdin.resume();
    return () => {
      stdin.pause();
      stdin.off('data', onData).off('end', onEnd).off('error', onError);
      for (const signal of signals) process.off(signal, onSignal);
    };
  }

  return {
    async ask(question, hint, fallback) {
      const input = Object.assign(new PassThrough(), {
        isTTY: true,
        setRawMode: (raw: boolean) => stdin.setRawMode?.(raw),
      });
      const abort = new AbortController();
      const release = feedLine(input, (reason) => abort.abort(reason));
      try {
        // Only now: a signal that comes while it is loaded has to be met.
        const { default: inquirer } = await import('inquirer');
        const { key } = await inquirer.createPromptModule({ input, output, signal: abort.signal })<{ key: string }>({
          type: 'input',
          name: 'key',
          message: hint,
          transformer: (text, { isFinal }) => (isFinal ? text || fallback : text),
          // Nothing of inquirer's own look: colours are this program's decision.
          theme: { prefix: question, style: { message: plain, answer: plain } },
        });
        // It may have come behind the answer, before anybody acts on that.
        if (abort.signal.reason instanceof Interrupted) throw abort.signal.reason;
        return key.trim() || fallback;
      } catch (error) {
        if (!abort.signal.aborted) throw error;
        if (abort.signal.reason instanceof Interrupted) throw abort.signal.reason;
        return undefined;
      } finally {
        release();
      }
    },
  };
}
