/** Lets a person edit a file in the editor of their choice, on a copy outside the project. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Interrupted, type Signal } from './prompt.ts';

/** Why there is no edited text, as a clause that starts a sentence. */
export interface NoEdit {
  readonly problem: string;
}

/**
 * Opens `content` under the name that `path` ends in; what it is when the editor is closed. Rejects with {@link Interrupted} if the
 * program is told to end meanwhile.
 */
export type EditText = (path: string, content: Buffer) => Promise<Buffer | NoEdit>;

/** What git falls back to. */
const USUAL = 'vi';

/**
 * The editor that VISUAL or else EDITOR names, a command line for the shell as git has it (`code --wait`). It gets the terminal:
 * its output goes where the review goes, to `terminal`, the number of an open file.
 */
export function environmentEditor({ VISUAL, EDITOR }: NodeJS.ProcessEnv, terminal: number): EditText {
  const command = VISUAL || EDITOR || USUAL;
  return async (path, content) => {
    const folder = await mkdtemp(join(tmpdir(), 'pyleak-fix-'));
    try {
      // The name tells the editor that it is Python; its bytes tell the encoding.
      const file = join(folder, basename(path));
      await writeFile(file, content, { mode: 0o600 });
      const failure = await runEditor(command, file, terminal);
      return failure === undefined ? await readFile(file) : { problem: `the editor ${command} ${failure}` };
    } catch (error) {
      if (error instanceof Interrupted || !(error instanceof Error)) throw error;
      return { problem: `the edit failed (${error.message})` };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** How it failed; undefined if it did not. */
async function runEditor(command: string, file: string, terminal: number): Promise<string | undefined> {
  const child = spawn('sh', ['-c', `${command} "$@"`, command, file], { stdio: ['inherit', terminal, 'inherit'] });
  let ended: Signal | undefined;
  // Ctrl-C goes to the editor as well, which has its own use for it.
  const ignore = () => undefined;
  const end = (signal: NodeJS.Signals) => {
    ended = signal === 'SIGHUP' ? 'SIGHUP' : 'SIGTERM';
    child.kill(signal);
  };
  process.on('SIGINT', ignore).on('SIGTERM', end).on('SIGHUP', end);
  try {
    const failure = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) =>
        resolve(status === 0 ? undefined : `ended with ${signal ?? `status ${status}`}`),
      );
    });
    if (ended !== undefined) throw new Interrupted(ended);
    return failure;
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', end).off('SIGHUP', end);
  }
}
