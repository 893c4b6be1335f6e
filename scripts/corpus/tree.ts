/**
 * What has to hold on one tree of real code: the dry run's diff and the batch agree byte for byte, what is written compiles, the
 * report says what was done, and a second run changes nothing.
 *
 * Everything is done by the built program on copies; the tree itself is only read.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { type Measured, measure } from '../../bench/measure.ts';
import type { Report, ReportFile } from '../../src/core/report.ts';
import { type Python, pythonFiles } from './pythons.ts';

export interface Tree {
  /** Absolute. */
  readonly path: string;
  /** The one that has to compile what is written. */
  readonly python: Python;
}

export interface Outcome {
  /** Of the batch. */
  readonly report: Report;
  /** Wall time of the batch in seconds. */
  readonly seconds: number;
  /** The highest peak of all runs in MB. */
  readonly peak: number;
  /** What is wrong, each in one line; empty if all is well. */
  readonly problems: readonly string[];
  /** Files that compile but were reported as errors and left alone. */
  readonly unhandled: readonly string[];
}

/** The most memory a run may take, in MB. */
const MEMORY_LIMIT = 300;

const program = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

/** Throws if the program does not print a report at all. */
export function checkTree({ path, python }: Tree): Outcome {
  const workspace = mkdtempSync(join(tmpdir(), 'pyleak-corpus-'));
  try {
    const files = pythonFiles(path);
    const [patched, written] = [copy(path, files, join(workspace, 'a')), copy(path, files, join(workspace, 'b'))];
    const run = (cwd: string, ...options: string[]) =>
      measure(python.executable, [process.execPath, program, ...options, '--unsafe', '.'], cwd);

    const dry = run(patched, '--dry-run');
    const batch = run(written, '--batch', '--format', 'json');
    const report = reportOf(batch);
    const after = contents(written, files);
    const again = run(written, '--batch', '--format', 'json');
    const runs = { 'the dry run': dry, 'the batch': batch, 'the second batch': again };
    const peak = Math.max(...Object.values(runs).map((one) => one.peak));
    const compilation = compiled(python, path, written, report);
    const problems = [
      ...Object.entries(runs).flatMap(([name, one]) => statusProblems(name, one, report)),
      ...applyDiff(dry.stdout, patched),
      ...differences(after, contents(patched, files), 'differs between the batch and the diff that was applied'),
      ...differences(after, contents(written, files), 'was changed by the second batch'),
      ...reportOf(again).files.map((file) => `${file.path}: the second batch reports a change`),
      ...reportProblems(path, files, report, after),
      ...compilation.problems,
      ...(peak > MEMORY_LIMIT
        ? [`${Math.round(peak)} MB of memory, over the ${MEMORY_LIMIT} MB that are allowed`]
        : []),
    ];
    return { report, seconds: batch.seconds, peak, problems, unhandled: compilation.unhandled };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function copy(from: string, files: readonly string[], to: string): string {
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
  return to;
}

/** The digest of each file. */
function contents(root: string, files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file, sha256(readFileSync(join(root, file)))]));
}

function differences(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>, what: string): readonly string[] {
  return [...a].flatMap(([file, digest]) => (b.get(file) === digest ? [] : [`${file} ${what}`]));
}

function reportOf({ stdout, stderr, status }: Measured): Report {
  if (stdout.length === 0) throw new Error(`no report, exit status ${status}: ${stderr}`);
  return JSON.parse(stdout.toString()) as Report;
}

/** The status follows from what the run reports; with nothing fixed yet, from what it has to show. */
function statusProblems(name: string, { status, stderr }: Measured, { errors, findings }: Report): readonly string[] {
  const remaining = findings.some((finding) => name === 'the dry run' || finding.status !== 'applied');
  const expected = errors.length > 0 ? 2 : remaining ? 1 : 0;
  return status === expected ? [] : [`${name} ends with status ${status}, not ${expected}: ${stderr.slice(-500)}`];
}

function applyDiff(diff: Buffer, cwd: string): readonly string[] {
  if (diff.length === 0) return [];
  // Not a part of whatever repository the temporary folder may lie in.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(cwd) };
  const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd, env, input: diff });
  return status === 0 ? [] : [`git refuses the diff of the dry run: ${stderr.toString()}`];
}

function reportProblems(
  root: string,
  files: readonly string[],
  { files: changed, errors }: Report,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const problems: string[] = [];
  for (const { path, kind, message } of errors) {
    if (kind === 'internal' || message === '') problems.push(`${path}: ${kind} error: ${message}`);
  }
  const reported = new Map(changed.map((file) => [file.path, file]));
  for (const path of files) {
    const before = readFileSync(join(root, path));
    const file = reported.get(path);
    const expected = file === undefined ? before : applyEdits(before, file);
    if (sha256(expected) !== after.get(path))
      problems.push(`${path}: the edits of the report do not give what was written`);
    if (file !== undefined && (file.sha256Before !== sha256(before) || file.sha256After !== after.get(path)))
      problems.push(`${path}: a digest in the report is wrong`);
  }
  return problems;
}

function applyEdits(before: Buffer, { edits, encoding }: ReportFile): Buffer {
  let at = 0;
  const parts = edits.flatMap(({ startByte, endByte, text }) => {
    const kept = before.subarray(at, startByte);
    at = endByte;
    return [kept, iconv.encode(text, encoding)];
  });
  return Buffer.concat([...parts, before.subarray(at)]);
}

/** Reads pairs of paths, before and after, as JSON; prints as JSON whether each of the two compiles. */
const COMPILE = `
import json, sys, warnings
warnings.simplefilter("ignore")
def compiles(path):
    try:
        with open(path, "rb") as file:
            compile(file.read(), path, "exec", dont_inherit=True)
        return True
    except (SyntaxError, ValueError):
        return False
json.dump([[compiles(before), compiles(after)] for before, after in json.load(sys.stdin)], sys.stdout)
`;

/** Changed files have to compile as before. A file that compiles though it was left alone is not handled, but said to be so. */
function compiled(
  python: Python,
  root: string,
  written: string,
  report: Report,
): Pick<Outcome, 'problems' | 'unhandled'> {
  const paths = [...report.files, ...report.errors].map(({ path }) => path);
  const input = JSON.stringify(paths.map((path) => [join(root, path), join(written, path)]));
  const { stdout, stderr, status } = spawnSync(python.executable, ['-I', '-c', COMPILE], { input, encoding: 'utf8' });
  if (status !== 0) return { problems: [`${python.executable} cannot compile them: ${stderr}`], unhandled: [] };
  const problems: string[] = [];
  const unhandled: string[] = [];
  for (const [index, [before, after]] of (JSON.parse(stdout) as readonly (readonly [boolean, boolean])[]).entries()) {
    const path = paths[index] ?? '';
    const error = report.errors.find((one) => one.path === path);
    if (before && !after) problems.push(`${path} does not compile any more`);
    if (before && error !== undefined) unhandled.push(`${path}: ${error.message}`);
  }
  return { problems, unhandled };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
