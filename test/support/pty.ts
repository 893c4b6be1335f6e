/** Plays a person at a pseudo-terminal in front of the built program (test/support/pty.py). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import { PROGRAM } from './cli.ts';

const driver = fileURLToPath(new URL('pty.py', import.meta.url));

export type Action =
  | { readonly send: string }
  | { readonly signal: NodeJS.Signals }
  /** Makes the terminal another size, then types. */
  | { readonly resize: readonly [lines: number, columns: number]; readonly send: string }
  /** Changes a file, then types. */
  | { readonly write: readonly [path: string, text: string]; readonly send: string }
  | Record<string, never>;

/** Waits for the text on the screen, then acts. */
export type Step = readonly [expected: string, action: Action];

export interface Played {
  readonly status: number;
  /** Without colours and cursor movements. */
  readonly screen: string;
  /** With them. */
  readonly raw: string;
  /** How long each step waited for its text, in seconds. */
  readonly waited: readonly number[];
  /** True if the terminal's settings are those from before. */
  readonly restored: boolean;
  readonly stuck?: string;
}

export interface Terminal {
  /** A file for the program's standard output, which is the terminal otherwise. */
  readonly stdout?: string | null;
  readonly size?: readonly [lines: number, columns: number];
  readonly env?: NodeJS.ProcessEnv;
}

export async function play(
  folder: string,
  steps: readonly Step[],
  argv: readonly string[] = ['-i'],
  { stdout = null, size = [40, 160], env = {} }: Terminal = {},
): Promise<Played> {
  const child = spawn('python3', [driver], { env: { ...process.env, NO_COLOR: '', TERM: 'xterm', ...env } });
  child.stdin.end(JSON.stringify({ command: [process.execPath, PROGRAM, ...argv], cwd: folder, stdout, size, steps }));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  expect(errors).toBe('');
  const played = JSON.parse(output) as Played;
  return { ...played, raw: played.screen, screen: stripVTControlCharacters(played.screen).replaceAll('\r', '') };
}

/** Waits until change number `number` is asked about, then acts. */
export function at(number: number, action: Action | string): readonly Step[] {
  return [
    [`${number} of `, {}],
    [')?', typeof action === 'string' ? { send: action } : action],
  ];
}
