/** Runs the built program on a copy, and says which bytes it wrote and on which lines the fixes ended up. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import type { Report, ReportFile, ReportFinding } from '../../src/core/report.ts';
import type { Python } from '../corpus/pythons.ts';
import { run, TIMED_OUT } from './command.ts';
import type { Subject } from './subject.ts';
import { environment, lay, type Workspace, type Written } from './workspace.ts';

/** What is different about a copy. */
export interface Change {
  readonly written: Written;
  /** One for each fix that was written. */
  readonly places: readonly Place[];
}

export interface Rewrite extends Change {
  readonly report: Report;
}

export const NO_CHANGE: Change = { written: new Map(), places: [] };

export interface Place {
  readonly finding: ReportFinding;
  /** The lines of the changed file that came with the fix, from 1. */
  readonly lines: readonly number[];
}

/** What the program may take for a tree, in seconds. */
const LIMIT = 300;

/** `PYLEAK_FIX_PROGRAM` names another build of the program, relative to the working directory. */
export const program = resolve(
  process.env['PYLEAK_FIX_PROGRAM'] ?? fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url)),
);

/** Throws if the program does not do what it was told. */
export function rewrite(subject: Subject, python: Python, workspace: Workspace, options: readonly string[]): Rewrite {
  lay(workspace, subject, new Map());
  const cwd = join(workspace.tree, subject.code);
  const { status, stdout, stderr } = run(python.executable, {
    words: [process.execPath, program, '--batch', ...options, '--format', 'json', '.'],
    cwd,
    env: environment(workspace, subject),
    limit: LIMIT,
  });
  if (status === TIMED_OUT) throw new Error(`the program took more than ${LIMIT} s`);
  const report = stdout.length === 0 ? undefined : (JSON.parse(stdout.toString()) as Report);
  // 2 is right where a tree holds files that are not Python, as those do that try a parser.
  const isDone =
    status === 0 || status === 1 || (status === 2 && report?.errors.every(({ kind }) => kind !== 'internal'));
  if (report === undefined || isDone !== true) throw new Error(`the program ended with status ${status}: ${stderr}`);
  const written = new Map(report.files.map(({ path }) => [path, readFileSync(join(cwd, path))]));
  const places = report.findings
    .filter(({ status: done }) => done === 'applied')
    .map((finding) => ({ finding, lines: linesOf(finding, report, written) }));
  return { report, written, places };
}

/** True if the program has been built. */
export function isBuilt(): boolean {
  return existsSync(program);
}

/** The lines of a fix: those that name the attribute, or where none does, as when one is deleted, all that it touched. */
function linesOf(
  { path, symbol, fixes: [fix] }: ReportFinding,
  { files }: Report,
  written: Written,
): readonly number[] {
  const [file, bytes] = [files.find((one) => one.path === path), written.get(path)];
  if (file === undefined || bytes === undefined || fix === undefined) return [];
  const starts = new Set(fix.edits.map(({ startByte }) => startByte));
  const touched = landed(file, bytes).filter(({ startByte }) => starts.has(startByte));
  const text = iconv.decode(bytes, file.encoding).split(/\r\n|\r|\n/);
  const attribute = new RegExp(`\\.\\s*${symbol.split('.').at(-1)}\\b`);
  const lines = [...new Set(touched.flatMap((range) => range.lines))];
  const naming = lines.filter((line) => attribute.test(text[line - 1] ?? ''));
  return naming.length > 0 ? naming : lines;
}

/** For each edit of a file, the lines that its text became. */
function landed(
  { edits, encoding }: ReportFile,
  bytes: Buffer,
): readonly { startByte: number; lines: readonly number[] }[] {
  let shift = 0;
  return edits.map(({ startByte, endByte, text }) => {
    const size = iconv.encode(text, encoding).length;
    const start = startByte + shift;
    shift += size - (endByte - startByte);
    const first = lineAt(bytes, start);
    // The line end that closes an inserted text is its own, not the start of the next line.
    const last = Math.max(first, lineAt(bytes, start + size) - (/[\r\n]$/.test(text) ? 1 : 0));
    return { startByte, lines: Array.from({ length: last - first + 1 }, (_, index) => first + index) };
  });
}

/** The number of the line that holds a byte, from 1. */
function lineAt(bytes: Buffer, at: number): number {
  return (
    (bytes
      .subarray(0, at)
      .toString('latin1')
      .match(/\r\n|\r|\n/g)?.length ?? 0) + 1
  );
}
