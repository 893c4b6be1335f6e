/**
 * Our reading of real files against CPython's own. A driver, run by the interpreter, describes one file after the other; what we
 * make of the same file is brought into the same words, a line for each fact, and the two have to be equal.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pythonFiles } from '../../scripts/corpus/pythons.ts';
import { FileModel } from '../../src/model/file.ts';
import { decode } from '../../src/source/decode.ts';
import { parse } from '../../src/syntax/tree.ts';

export interface Comparison {
  /** One line each; empty when the two agree. */
  readonly differences: readonly string[];
  /** The files that both sides read. */
  readonly compared: readonly string[];
  /** The files that only CPython accepts. */
  readonly unparsed: readonly string[];
  /** The files that CPython itself does not accept. */
  readonly refused: readonly string[];
}

/** The facts about one file, on both sides. */
export interface Facts {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/**
 * Compares every file that both sides parse. `driver` is a program in this folder, which `each_file.py` explains; its answer
 * for a file comes to `facts`. Rejects if the interpreter itself fails.
 */
export async function compareFiles<Answer extends object>(
  command: string,
  driver: string,
  paths: readonly string[],
  facts: (file: FileModel, answer: Answer) => Facts,
): Promise<Comparison> {
  const differences: string[] = [];
  const compared: string[] = [];
  const unparsed: string[] = [];
  const refused: string[] = [];
  const program = fileURLToPath(new URL(driver, import.meta.url));
  const child = spawn(command, ['-B', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // A program that ended before it read everything says why by itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(paths.map((path) => `${JSON.stringify(path)}\n`).join(''));
  let index = 0;
  for await (const line of createInterface(child.stdout)) {
    const path = paths[index++] ?? '';
    const answer = JSON.parse(line) as Answer | { readonly error: string };
    if ('error' in answer) {
      refused.push(path);
      continue;
    }
    const file = modelOfFile(path);
    if (file === undefined) {
      unparsed.push(path);
      continue;
    }
    compared.push(path);
    for (const difference of differencesOf(facts(file, answer))) differences.push(`${path}: ${difference}`);
    // Native trees are freed only between turns.
    await turn();
  }
  const status = await ended;
  if (status !== 0 || index !== paths.length) throw new Error(`${command} ${program} ended with ${status}`);
  return { differences, compared, unparsed, refused };
}

/** The differences in each piece of Python; undefined for one that not both sides accept. */
export async function comparePieces(
  compare: (command: string, paths: readonly string[]) => Promise<Comparison>,
  command: string,
  pieces: readonly string[],
): Promise<readonly (readonly string[] | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pyleak-pieces-'));
  try {
    const paths = pieces.map((piece, index) => {
      const path = join(folder, `piece${index}.py`);
      writeFileSync(path, `${piece}\n`);
      return path;
    });
    const { compared, differences } = await compare(command, paths);
    return paths.map((path) =>
      compared.includes(path)
        ? differences.filter((line) => line.startsWith(path)).map((line) => line.slice(path.length + 2))
        : undefined,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function modelOfFile(path: string): FileModel | undefined {
  const bytes = readFileSync(path);
  const decoded = decode(bytes);
  const syntax = 'failure' in decoded ? undefined : parse(decoded.text);
  if ('failure' in decoded || syntax === undefined || 'offset' in syntax) return undefined;
  return new FileModel({ path, realPath: path, bytes, writable: false, ...decoded }, syntax);
}

function differencesOf({ ours, theirs }: Facts): readonly string[] {
  const mine = new Map<string, number>();
  for (const line of ours) mine.set(line, (mine.get(line) ?? 0) + 1);
  const found: string[] = [];
  for (const line of theirs) {
    const left = mine.get(line) ?? 0;
    if (left > 0) mine.set(line, left - 1);
    else found.push(`only CPython: ${line}`);
  }
  for (const [line, count] of mine) if (count > 0) found.push(`only ours: ${line}`);
  return found;
}

/** About `count` files of the interpreter's standard library, spread evenly over it: for tests, which are to take seconds. */
export function sampleOfLibrary(command: string, count: number): readonly string[] {
  const program = 'import sysconfig; print(sysconfig.get_path("stdlib"))';
  const { status, stdout } = spawnSync(command, ['-c', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} does not say where its standard library is`);
  const library = stdout.trim();
  const all = pythonFiles(library);
  const step = Math.ceil(all.length / count);
  return all.filter((_, index) => index % step === 0).map((path) => join(library, path));
}

/** Lines and places in a text as CPython counts them. */
export class Places {
  private readonly text: string;
  private readonly lineStarts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.lineStarts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map((end) => end.index + end[0].length)];
  }

  /** From 1. */
  line(offset: number): number {
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** In bytes of UTF-8, from 0. */
  column(offset: number): number {
    return Buffer.byteLength(this.text.slice(this.lineStarts[this.line(offset) - 1], offset));
  }
}
