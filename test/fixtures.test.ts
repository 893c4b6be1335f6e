/**
 * The one harness for all rules. Every folder `fixtures/<rule>/<case>` is a contract: what the tool finds in `before.py`, the
 * exact bytes it writes, that CPython takes them, and that the leak is gone while the program does the same. A case that could
 * not fail (a fix that changes nothing, a second copy, a file nobody looks at) is refused.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encode } from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { type Environment, main } from '../src/config/main.ts';
import type { ByteEdit } from '../src/core/edit.ts';
import type { Report, ReportFinding } from '../src/core/report.ts';
import { ruleMetas, rulePage } from '../src/rules.ts';
import { run as runPipeline } from '../src/run.ts';
import { canRun, findPython, type Job, type Outcome, runJobs } from './support/python.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const temporary = mkdtempSync(join(tmpdir(), 'pyleak-fixtures-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

interface ExpectedFinding {
  readonly symbol: string;
  readonly applicability: 'safe' | 'unsafe' | 'manual';
  /** Ids of the obligations that are false or unknown. */
  readonly unmet?: readonly string[];
  /** A regular expression, any case, for why nothing is offered. */
  readonly reason?: string;
}

interface Case {
  readonly rule: string;
  readonly name: string;
  readonly folder: string;
  readonly before: Buffer;
  /** Expected output by strategy; '' is the default strategy. Empty: nothing is written. */
  readonly after: ReadonlyMap<string, Buffer>;
  readonly findings: readonly ExpectedFinding[];
  /** `>=3.8` and the like, or `2` for source that only Python 2 compiles. */
  readonly python: string;
}

const rules = foldersIn(join(root, 'transforms'));
const cases = rules.flatMap((rule) => foldersIn(join(root, 'fixtures', rule)).map((name) => readCase(rule, name)));

describe('fixtures', () => {
  it('belong to a rule, and every rule has some', () => {
    expect(foldersIn(join(root, 'fixtures'))).toEqual(rules);
  });

  it('start from different files', () => {
    const names = new Map<string, string>();
    for (const fixture of cases) {
      const digest = sha256(fixture.before);
      expect(names.get(digest), `${fixture.rule}/${fixture.name} repeats another case`).toBeUndefined();
      names.set(digest, `${fixture.rule}/${fixture.name}`);
    }
  });
});

describe.each(rules)('%s', (rule) => {
  const own = cases.filter((fixture) => fixture.rule === rule);
  const silent = own.filter((fixture) => fixture.findings.length === 0);
  const reported = own.filter((fixture) => fixture.findings.length > 0);

  it('is described by its metadata', async () => {
    const meta = (await ruleMetas()).find(({ id }) => id === rule);
    const [first, ...others] = (meta?.strategies ?? []).map((strategy) => strategy.name);
    const shown = new Set(
      reported.flatMap((fixture) => [...fixture.after.keys()].map((name) => (name === '' ? first : name))),
    );
    expect(shown, 'each strategy has a fixture that shows what it writes, and no other has one').toEqual(
      new Set([first, ...others]),
    );
  });

  it.each(silent)('stays silent: $name', async (fixture) => {
    const tree = workspace(fixture);
    const { status, report } = await run(tree, fixture.rule, ['--batch']);
    expect(report.findings.map((finding) => `${finding.symbol}: ${finding.message}`)).toEqual([]);
    expect({ status, errors: report.errors, files: report.files }).toEqual({ status: 0, errors: [], files: [] });
    expectBytes(tree.read(), fixture.before);
  });

  it.each(reported)('finds, and judges by its obligations: $name', async (fixture) => {
    const { report } = await run(workspace(fixture), fixture.rule, ['--dry-run']);
    expect(report.errors).toEqual([]);
    expect(report.findings.map(({ symbol }) => symbol)).toEqual(fixture.findings.map(({ symbol }) => symbol));
    expect(new Set(report.findings.map(({ id }) => id)).size, 'ids are unique').toBe(report.findings.length);
    for (const [index, expected] of fixture.findings.entries()) expectJudged(report.findings[index], expected);
  });

  const written = reported.flatMap((fixture) =>
    [...fixture.after].map(([strategy, after]) => ({
      fixture,
      strategy,
      after,
      name: `${fixture.name} ${strategy}`.trim(),
    })),
  );

  it.each(written)('writes exactly what is expected, once: $name', async ({ fixture, strategy, after }) => {
    const options = strategy === '' ? [] : ['--strategy', `${fixture.rule}=${strategy}`];
    const manual = strategy === '' ? fixture.findings.filter((finding) => finding.applicability === 'manual') : [];
    const tree = workspace(fixture);
    const planned = await run(tree, fixture.rule, ['--dry-run', ...options]);
    expectBytes(tree.read(), fixture.before);
    expect(planned.status).toBe(1);

    const applied = await run(tree, fixture.rule, ['--batch', ...options]);
    expectBytes(tree.read(), after);
    expect(applied.report.errors).toEqual([]);
    expect(applied.report.files, 'the dry run plans what the batch writes').toEqual(planned.report.files);
    const [file, ...others] = applied.report.files;
    expect(others).toEqual([]);
    expect(file).toMatchObject({
      path: 'subject.py',
      sha256Before: sha256(fixture.before),
      sha256After: sha256(after),
    });
    if (file === undefined) return;
    expectBytes(applyEdits(fixture.before, file.edits, file.encoding), after);
    const fixed = applied.report.findings.filter((finding) => finding.status === 'applied');
    expect([...file.findings].sort()).toEqual(fixed.map((finding) => finding.id).sort());
    expect(fixed.length + manual.length, 'what can be fixed is fixed').toBe(applied.report.findings.length);

    const again = await run(tree, fixture.rule, ['--batch', ...options]);
    expectBytes(tree.read(), after);
    expect(again.report.files).toEqual([]);
    expect(again.report.findings.map(({ symbol }) => symbol)).toEqual(manual.map(({ symbol }) => symbol));
    expect(again.status).toBe(manual.length === 0 ? 0 : 1);
  });
});

describe('CPython', () => {
  const python = findPython();
  const runnable = python === undefined ? [] : cases.filter((fixture) => canRun(python, fixture.python));
  const jobs = runnable.flatMap(jobsOf);
  const outcomes =
    python === undefined
      ? undefined
      : runJobs(
          python,
          jobs.map(({ job }) => job),
        );

  it.skipIf(python === undefined)(
    'is here, so that the fixtures can be run (skipped where python3 is not installed)',
    () => {
      expect(runnable.length).toBeGreaterThan(0);
    },
  );

  it.skipIf(python === undefined).each(runnable)('compiles $rule/$name and sees the leak gone', async (fixture) => {
    const all = (await outcomes) ?? [];
    const of = (kind: Job['kind']): readonly Outcome[] =>
      all.filter((_, index) => jobs[index]?.fixture === fixture && jobs[index]?.job.kind === kind);
    for (const outcome of of('compile')) expect(outcome).toMatchObject({ ok: true });
    const [before, ...after] = of('leak');
    expect(after.length, 'each expected output is exercised').toBe(fixture.after.size);
    if (before === undefined) return;
    expect(before).toMatchObject({ ok: true, leaked: true });
    for (const outcome of after) expect(outcome).toEqual({ ...before, leaked: false });
  });
});

function jobsOf(fixture: Case): readonly { readonly fixture: Case; readonly job: Job }[] {
  const input = join(fixture.folder, fixture.findings.length === 0 ? 'clean.py' : 'before.py');
  const subjects = [input, ...[...fixture.after.keys()].map((strategy) => join(fixture.folder, afterName(strategy)))];
  const compiles = subjects.map((path): Job => ({ kind: 'compile', path }));
  const leak = join(fixture.folder, 'leak.py');
  const leaks = fixture.after.size === 0 ? [] : subjects.map((subject): Job => ({ kind: 'leak', leak, subject }));
  return [...compiles, ...leaks].map((job) => ({ fixture, job }));
}

function expectJudged(finding: ReportFinding | undefined, expected: ExpectedFinding): void {
  const [fix] = finding?.fixes ?? [];
  const title = `${expected.symbol}: ${JSON.stringify(fix?.obligations.filter(({ holds }) => holds !== true) ?? finding?.reason)}`;
  expect(fix?.applicability ?? 'manual', title).toBe(expected.applicability);
  if (expected.applicability === 'manual') {
    expect(finding?.status, title).toBe('unfixable');
    expect(finding?.reason).toMatch(new RegExp(expected.reason ?? '', 'i'));
    expect(fix?.edits ?? []).toEqual([]);
    return;
  }
  const unmet = fix?.obligations.filter(({ holds }) => holds !== true).map(({ id }) => id);
  expect([...(unmet ?? [])].sort(), title).toEqual([...(expected.unmet ?? [])].sort());
  expect(finding?.status, title).toBe('planned');
  expect(fix?.edits.length, `${expected.symbol} has edits of its own`).toBeGreaterThan(0);
  expect(fix?.diff).not.toBe('');
}

/** A folder of its own with the case's input in it: classes that other cases name would change the answers. */
function workspace(fixture: Case): { readonly path: string; readonly read: () => Buffer } {
  const path = mkdtempSync(join(temporary, `${fixture.name}-`));
  const subject = join(path, 'subject.py');
  writeFileSync(subject, fixture.before);
  return { path, read: () => readFileSync(subject) };
}

/** Runs the command line in this process, with unsafe fixes allowed. Throws when stdout is not a report, with what stderr says. */
async function run(
  tree: { readonly path: string },
  rule: string,
  options: readonly string[],
): Promise<{ status: number; report: Report }> {
  const texts = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof texts) =>
    new PassThrough().on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  const streams = { stdin: new PassThrough(), stdout: sink('stdout'), stderr: sink('stderr') };
  const environment = { cwd: tree.path, env: {}, ...streams } as unknown as Environment;
  const undo = () => Promise.reject(new Error('no case takes anything back'));
  const line = ['--select', rule, '--unsafe', '--format', 'json', ...options];
  const status = await main(line, environment, { run: runPipeline, ruleMetas, rulePage, undo });
  if (texts.stdout === '') throw new Error(`no report, exit status ${status}: ${texts.stderr}`);
  return { status, report: JSON.parse(texts.stdout) as Report };
}

/** Compared as text first: a mismatch is then shown as one. */
function expectBytes(actual: Buffer, expected: Buffer): void {
  expect(actual.toString()).toBe(expected.toString());
  expect(actual.equals(expected)).toBe(true);
}

/** Applies edits that must be sorted and apart. Their places are bytes of `before`. */
function applyEdits(before: Buffer, edits: readonly ByteEdit[], encoding: string): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { startByte, endByte, text } of edits) {
    expect(startByte).toBeGreaterThanOrEqual(at);
    expect(endByte).toBeGreaterThanOrEqual(startByte);
    parts.push(before.subarray(at, startByte), encode(text, encoding));
    at = endByte;
  }
  return Buffer.concat([...parts, before.subarray(at)]);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function foldersIn(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function afterName(strategy: string): string {
  return strategy === '' ? 'after.py' : `after.${strategy}.py`;
}

/** Throws, naming the case, if a file is missing, unknown or says nothing. */
function readCase(rule: string, name: string): Case {
  const folder = join(root, 'fixtures', rule, name);
  const refuse = (why: string): never => {
    throw new Error(`fixtures/${rule}/${name}: ${why}`);
  };
  const files = new Set(readdirSync(folder));
  const take = (file: string): Buffer =>
    files.delete(file) ? readFileSync(join(folder, file)) : refuse(`${file} is missing`);
  if (files.has('clean.py')) {
    const before = take('clean.py');
    if (files.size > 0) refuse(`unknown files beside clean.py: ${[...files].join(', ')}`);
    return { rule, name, folder, before, after: new Map(), findings: [], python: '>=3.8' };
  }
  const before = take('before.py');
  const { python, findings, ...others } = JSON.parse(take('case.json').toString()) as Pick<Case, 'python' | 'findings'>;
  if (Object.keys(others).length > 0) refuse(`unknown keys in case.json: ${Object.keys(others).join(', ')}`);
  if (python !== '2' && !/^>=3\.\d+$/.test(python)) refuse(`"python" is ">=3.x" or "2", not ${JSON.stringify(python)}`);
  if (findings.length === 0) refuse('a case without findings is a clean.py');
  for (const finding of findings) checkExpectation(finding, refuse);
  const after = new Map<string, Buffer>();
  for (const file of [...files]) {
    const strategy = /^after(?:\.([a-z-]+))?\.py$/.exec(file);
    if (strategy !== null) after.set(strategy[1] ?? '', take(file));
  }
  for (const [strategy, text] of after) if (text.equals(before)) refuse(`${afterName(strategy)} changes nothing`);
  if (after.has('') === findings.every((finding) => finding.applicability === 'manual'))
    refuse('after.py goes with a finding that can be fixed');
  if (after.size > 0 && python !== '2') take('leak.py');
  if (files.size > 0) refuse(`unknown files: ${[...files].join(', ')}`);
  return { rule, name, folder, before, after, findings, python };
}

function checkExpectation(
  { symbol, applicability, unmet, reason, ...others }: ExpectedFinding,
  refuse: (why: string) => never,
): void {
  if (Object.keys(others).length > 0) refuse(`unknown keys of ${symbol}: ${Object.keys(others).join(', ')}`);
  if (
    applicability === 'manual'
      ? reason === undefined || unmet !== undefined
      : reason !== undefined || unmet === undefined
  ) {
    refuse(`${symbol}: a manual finding has a "reason", any other has "unmet"`);
  }
  if (unmet !== undefined && (unmet.length === 0) !== (applicability === 'safe'))
    refuse(`${symbol}: safe means that nothing is unmet`);
}
