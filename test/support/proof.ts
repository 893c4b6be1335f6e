/** Runs `prove` as a user does, with a folder for temporary files of its own, so that what is left there is seen. */

import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';
import type { Proof, ProofFinding } from '../../src/core/proof.ts';
import { startWith } from './cli.ts';

/** Where the program puts what is temporary. Absolute. */
export const temporary = mkdtempSync(join(tmpdir(), 'pyleak-fix-proof-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

export interface Proved {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What is left of it in the folder for temporary files. */
  readonly left: readonly string[];
}

/** `argv` is what stands behind `prove`. */
export async function prove(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Proved> {
  const child = startWith({ TMPDIR: temporary, ...env }, cwd, 'prove', ...argv);
  child.stdin.end();
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status, stdout, stderr, left: readdirSync(temporary) };
}

/** The proof as JSON. Throws what the program said where there is none. */
export async function proofOf(cwd: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Proof> {
  const { stdout, stderr } = await prove(cwd, ['--format', 'json', ...argv], env);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Proof;
}

/** `Basket.lines: 300 -> 0, confirmed` */
export function summed({ symbol, before, after, verdict }: ProofFinding): string {
  return `${symbol}: ${before.held} -> ${after === null ? '-' : after.held}, ${verdict}`;
}
