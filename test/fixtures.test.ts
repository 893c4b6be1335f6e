/**
 * The one harness for all rules. Every folder `fixtures/<rule>/<case>` is a contract: what the tool finds in `before.py` or the tree
 * `before/`, the exact bytes it writes, that CPython takes them, and that the leak is gone while the program does the same. A case
 * that could not fail (a fix that changes nothing, a second copy, a file nobody looks at) is refused.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encode } from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { type Environment, main } from '../src/config/main.ts';
import type { ByteEdit } from '../src/core/edit.ts';
import type { Report, ReportFile, ReportFinding } from '../src/core/report.ts';
import { ruleMetas, rulePage } from '../src/rules.ts';
import { run as runPipeline } from '../src/run.ts';
import {
  type Case,
  changedPaths,
  DEFAULT,
  type ExpectedFinding,
  type Files,
  filesBelow,
  foldersIn,
  judgedStrategies,
  readCase,
  writeFiles,
} from './support/fixture-case.ts';
import { canRun, findPython, type Job, type Outcome, runJobs } from './support/python.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const fixtures = join(root, 'fixtures');
const temporary = mkdtempSync(join(tmpdir(), 'pyleak-fixtures-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const rules = foldersIn(join(root, 'transforms'));
const cases = rules.flatMap((rule) => foldersIn(join(fixtures, rule)).map((name) => readCase(fixtures, rule, name)));
const metas = new Map((await ruleMetas()).map((meta) => [meta.id, meta]));

describe('fixtures', () => {
  it('belong to a rule, and every rule has some', () => {
    expect(foldersIn(fixtures)).toEqual(rules);
  });

  it('start from different files', () => {
    const names = new Map<string, string>();
    for (const fixture of cases) {
      // Under whatever names: the same text elsewhere shows the same.
      const texts = [...fixture.before.values()].filter(({ length }) => length > 0);
      const digest = texts.map(sha256).sort().join();
      expect(names.get(digest), `${fixture.rule}/${fixture.name} repeats another case`).toBeUndefined();
      names.set(digest, `${fixture.rule}/${fixture.name}`);
    }
  });
});

describe.each(rules)('%s', (rule) => {
  const strategies = metas.get(rule)?.strategies.map(({ name }) => name) ?? [];
  const nameOf = (strategy: string) => (strategy === DEFAULT ? strategies[0] : strategy);
  const own = cases.filter((fixture) => fixture.rule === rule);
  const silent = own.filter((fixture) => fixture.findings.length === 0);
  const reported = own.filter((fixture) => fixture.findings.length > 0);

  it('is described by its metadata', () => {
    const shown = new Set(reported.flatMap((fixture) => [...fixture.after.keys()].map(nameOf)));
    expect(shown, 'each strategy has a fixture that shows what it writes, and no other has one').toEqual(
      new Set(strategies),
    );
  });

  it.each(silent)('stays silent: $name', async (fixture) => {
    const tree = workspace(fixture);
    const { status, report } = await run(tree, fixture, ['--batch']);
    expect(report.findings.map((finding) => `${finding.symbol}: ${finding.message}`)).toEqual([]);
    expect({ status, errors: report.errors, files: report.files }).toEqual({ status: 0, errors: [], files: [] });
    expectFiles(tree.read(), fixture.before);
  });

  const judged = reported.flatMap((fixture) =>
    judgedStrategies(fixture).map((strategy) => ({ fixture, strategy, name: `${fixture.name} ${strategy}`.trim() })),
  );

  it.each(judged)('finds, and judges by its obligations: $name', async ({ fixture, strategy }) => {
    const { report } = await dryRun(fixture, strategy);
    expect(report.errors).toEqual([]);
    expect(report.findings.map(nameOfFinding)).toEqual(fixture.findings.map(nameOfFinding));
    expect(new Set(report.findings.map(({ id }) => id)).size, 'ids are unique').toBe(report.findings.length);
    for (const [index, finding] of report.findings.entries()) {
      const expected = fixture.findings[index];
      if (expected === undefined) continue;
      for (const other of expected.judgements.keys()) expectJudged(finding, expected, other, nameOf(other));
      expectChosen(finding, expected, strategy, nameOf(strategy));
    }
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
    const options = choosing(fixture, strategy);
    const manual = fixture.findings.filter(({ judgements }) => judgements.get(strategy)?.applicability === 'manual');
    const planned = await dryRun(fixture, strategy);
    expectFiles(planned.files, fixture.before);
    expect(planned.status).toBe(1);

    const tree = workspace(fixture);
    const applied = await run(tree, fixture, ['--batch', ...options]);
    expectFiles(tree.read(), after);
    expect(applied.report.errors).toEqual([]);
    expect(applied.report.files, 'the dry run plans what the batch writes').toEqual(planned.report.files);
    expect(applied.report.files.map(({ path }) => path)).toEqual(changedPaths(fixture.before, after));
    for (const file of applied.report.files) expectReported(file, fixture.before, after, applied.report);
    const fixed = applied.report.findings.filter((finding) => finding.status === 'applied');
    expect(fixed.length + manual.length, 'what can be fixed is fixed').toBe(applied.report.findings.length);

    const again = await run(tree, fixture, ['--batch', ...options]);
    expectFiles(tree.read(), after);
    expect(again.report.files).toEqual([]);
    expect(again.report.findings.map(nameOfFinding)).toEqual(manual.map(nameOfFinding));
    expect(again.status).toBe(manual.length === 0 ? 0 : 1);
  });
});

/** How long all of Python's jobs may take together, in milliseconds: the first that asks waits for them. */
const ALL_JOBS = 300_000;

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

  it.skipIf(python === undefined).each(runnable)(
    'compiles $rule/$name and sees the leak gone',
    async (fixture) => {
      const all = (await outcomes) ?? [];
      const of = (kind: Job['kind']): readonly Outcome[] =>
        all.filter((_, index) => jobs[index]?.fixture === fixture && jobs[index]?.job.kind === kind);
      for (const outcome of of('compile')) expect(outcome).toMatchObject({ ok: true });
      const [before, ...after] = of('leak');
      expect(after.length, 'each expected output is exercised').toBe(fixture.after.size);
      if (before === undefined) return;
      expect(before).toMatchObject({ ok: true, leaked: true });
      for (const outcome of after) expect(outcome).toEqual({ ...before, leaked: false });
    },
    ALL_JOBS,
  );
});

function jobsOf(fixture: Case): readonly { readonly fixture: Case; readonly job: Job }[] {
  const trees = [fixture.before, ...fixture.after.values()];
  const jobs = trees.flatMap((files): readonly Job[] => {
    const folder = place(fixture.name, files);
    const paths = files === fixture.before ? [...files.keys()] : changedPaths(fixture.before, files);
    const python = paths.filter((path) => path.endsWith('.py'));
    const compiles = python.map((path): Job => ({ kind: 'compile', path: join(folder, path) }));
    if (fixture.exercise === undefined) return compiles;
    const { leak, root, subject } = fixture.exercise;
    return [...compiles, { kind: 'leak', leak, root: join(folder, root), subject }];
  });
  return jobs.map((job) => ({ fixture, job }));
}

/** The options that name the rule's strategy. */
function choosing({ rule }: Case, strategy: string): readonly string[] {
  return strategy === DEFAULT ? [] : ['--strategy', `${rule}=${strategy}`];
}

function nameOfFinding({ path, symbol }: ReportFinding | ExpectedFinding): string {
  return `${path}: ${symbol}`;
}

/** The strategy's fix, whichever is the one that would be used. `name` is the strategy's own. */
function expectJudged(
  { fixes }: ReportFinding,
  { path, symbol, judgements }: ExpectedFinding,
  strategy: string,
  name: string | undefined,
): void {
  const expected = judgements.get(strategy);
  const fix = fixes.find((candidate) => candidate.strategy === name);
  const unmet = fix?.obligations.filter(({ holds }) => holds !== true) ?? [];
  const title = `${symbol} by ${name}: ${JSON.stringify(unmet.length > 0 ? unmet : fix?.title)}`;
  expect(fix?.applicability ?? 'manual', title).toBe(expected?.applicability);
  if (expected?.applicability === 'manual') {
    expect(fix?.edits ?? [], title).toEqual([]);
    return;
  }
  expect(unmet.map(({ id }) => id).sort(), title).toEqual([...(expected?.unmet ?? [])].sort());
  const changed = [...new Set(fix?.edits.map((edit) => edit.path))].sort();
  expect(changed, `${symbol} changes`).toEqual(expected?.changes ?? [path]);
  expect(fix?.diff).not.toBe('');
}

/** The strategy that was asked for decides what becomes of the finding. */
function expectChosen(
  finding: ReportFinding,
  { symbol, judgements }: ExpectedFinding,
  strategy: string,
  name: string | undefined,
): void {
  const expected = judgements.get(strategy);
  if (expected === undefined) return;
  if (expected.applicability === 'manual') {
    expect(finding.status, symbol).toBe('unfixable');
    expect(finding.reason).toMatch(new RegExp(expected.reason ?? '', 'i'));
    return;
  }
  expect(finding.status, `${symbol}: ${finding.reason}`).toBe('planned');
  expect(finding.fixes[0]?.strategy).toBe(name);
}

/** What the report says about a file that was written is what happened to it. */
function expectReported(file: ReportFile, before: Files, after: Files, { findings }: Report): void {
  const [old, now] = [before.get(file.path), after.get(file.path)];
  if (old === undefined || now === undefined) throw new Error(`${file.path} is no file of the case`);
  expect(file).toMatchObject({ sha256Before: sha256(old), sha256After: sha256(now) });
  expectFiles(new Map([[file.path, applyEdits(old, file.edits, file.encoding)]]), new Map([[file.path, now]]));
  const fixed = findings.filter(
    ({ status, fixes: [fix] }) => status === 'applied' && fix?.edits.some(({ path }) => path === file.path) === true,
  );
  expect([...file.findings].sort()).toEqual(fixed.map(({ id }) => id).sort());
}

/** A folder of its own with the files in it: classes that other cases name would change the answers. */
function place(name: string, files: Files): string {
  const path = mkdtempSync(join(temporary, `${name}-`));
  writeFiles(path, files);
  return path;
}

interface Workspace {
  readonly path: string;
  /** Every file but what the program keeps for itself. */
  readonly read: () => Files;
}

function workspace({ name, before }: Case): Workspace {
  const path = place(name, before);
  const isKept = (file: string) => file.startsWith('.pyleak-fix/');
  return { path, read: () => new Map([...filesBelow(path)].filter(([file]) => !isKept(file))) };
}

/** Runs the command line in this process, with unsafe fixes allowed. Throws when stdout is not a report, with what stderr says. */
async function run(
  tree: Workspace,
  { rule, paths }: Case,
  options: readonly string[],
): Promise<{ status: number; report: Report }> {
  const texts = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof texts) =>
    new PassThrough().on('data', (chunk: Buffer) => (texts[name] += chunk.toString()));
  const streams = { stdin: new PassThrough(), stdout: sink('stdout'), stderr: sink('stderr') };
  const environment = { cwd: tree.path, env: {}, ...streams } as unknown as Environment;
  const none = () => Promise.reject(new Error('no case takes anything back, or proves'));
  const line = ['--select', rule, '--unsafe', '--format', 'json', ...options, ...paths];
  const status = await main(line, environment, { run: runPipeline, ruleMetas, rulePage, undo: none, prove: none });
  if (texts.stdout === '') throw new Error(`no report, exit status ${status}: ${texts.stderr}`);
  return { status, report: JSON.parse(texts.stdout) as Report };
}

interface DryRun {
  readonly status: number;
  readonly report: Report;
  /** What is there afterwards. */
  readonly files: Files;
}

const dryRuns = new Map<string, Promise<DryRun>>();

/** What a dry run comes to; each is made once. */
function dryRun(fixture: Case, strategy: string): Promise<DryRun> {
  const key = `${fixture.rule}/${fixture.name} ${strategy}`;
  const known = dryRuns.get(key);
  if (known !== undefined) return known;
  const tree = workspace(fixture);
  const ran = run(tree, fixture, ['--dry-run', ...choosing(fixture, strategy)]);
  const made = ran.then((result) => ({ ...result, files: tree.read() }));
  dryRuns.set(key, made);
  return made;
}

/** Compared as text first: a mismatch is then shown as one. */
function expectFiles(actual: Files, expected: Files): void {
  const texts = (files: Files) => Object.fromEntries([...files].map(([path, bytes]) => [path, bytes.toString()]));
  expect(texts(actual)).toEqual(texts(expected));
  for (const [path, bytes] of expected) expect(actual.get(path)?.equals(bytes), `the bytes of ${path}`).toBe(true);
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
