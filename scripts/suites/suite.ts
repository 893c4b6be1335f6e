/** One suite from beginning to end: what the program changes, and what the tests, the compiler and the imports say about it. */
import type { Python } from '../corpus/pythons.ts';
import { type Difference, differences } from './compare.ts';
import { importAll } from './imports.ts';
import { NO_CHANGE, type Place, type Rewrite, rewrite } from './rewrite.ts';
import type { Subject } from './subject.ts';
import { runTests, type TestRun } from './tests.ts';
import { closeWorkspace, openWorkspace, type Workspace } from './workspace.ts';

export interface Result {
  readonly subject: Subject;
  /** Undefined if the program writes nothing, so that there is nothing to try. */
  readonly baseline: TestRun | undefined;
  readonly safe: Side;
  readonly unsafe: Side;
  /** In seconds, all of it. */
  readonly seconds: number;
}

/** The tree with one kind of fixes in it. */
export interface Side {
  readonly change: Rewrite;
  /** Undefined if nothing was written: the tree is the baseline's. */
  readonly run: TestRun | undefined;
  readonly differences: readonly Difference[];
  /** The outcomes that differ from one run of the same tree to the next. */
  readonly unsteady: readonly Difference[];
  /** What is wrong whatever the tests say. */
  readonly problems: readonly string[];
}

/** What all runs of a suite share. */
interface Context {
  readonly subject: Subject;
  readonly python: Python;
  readonly workspace: Workspace;
  /** What either kind of fixes changes: the tests are chosen, and watched, for all of it in every run. */
  readonly files: readonly string[];
}

/** Throws if there is nothing to compare with: the program fails, or the tests as they were published do. */
export function checkSuite(subject: Subject, python: Python, cache: string): Result {
  const start = performance.now();
  const workspace = openWorkspace(cache);
  try {
    const [safe, unsafe] = [rewrite(subject, python, workspace, []), rewrite(subject, python, workspace, ['--unsafe'])];
    const files = [...new Set([...safe.written.keys(), ...unsafe.written.keys()])].sort();
    const sides = tried({ subject, python, workspace, files }, safe, unsafe);
    return { subject, ...sides, seconds: (performance.now() - start) / 1000 };
  } finally {
    closeWorkspace(workspace);
  }
}

/** True if a line of the fix ran in one of the tests. */
export function didRun({ finding, lines }: Place, { run }: Side): boolean {
  return lines.some((line) => run?.reached.has(`${finding.path}:${line}`));
}

function tried(context: Context, safe: Rewrite, unsafe: Rewrite): Pick<Result, 'baseline' | 'safe' | 'unsafe'> {
  if (context.files.length === 0) return { baseline: undefined, safe: untouched(safe), unsafe: untouched(unsafe) };
  const { subject, python, workspace, files } = context;
  const imports = importAll(subject, python, workspace, NO_CHANGE.written, files);
  const baseline = runTests(subject, python, workspace, NO_CHANGE, files);
  if (baseline.trouble !== '') throw new Error(`the baseline is none: ${baseline.trouble}`);
  if (baseline.tests.every(({ outcome }) => outcome !== 'passed')) throw new Error('no test of the baseline passes');
  const baselines = [baseline];
  const side = (change: Rewrite) => trySide(context, change, baselines, imports);
  const first = side(safe);
  return {
    baseline,
    safe: first,
    unsafe: isSame(safe, unsafe) ? { ...first, change: unsafe } : side(unsafe),
  };
}

/** Adds a second run of the baseline to `baselines` when outcomes differ: what differs there too says nothing. */
function trySide(
  { subject, python, workspace, files }: Context,
  change: Rewrite,
  baselines: TestRun[],
  importsBefore: ReadonlyMap<string, string>,
): Side {
  if (change.written.size === 0) return untouched(change);
  const imports = importAll(subject, python, workspace, change.written, [...change.written.keys()]);
  const broken = [...imports].filter(([path, reason]) => reason !== '' && importsBefore.get(path) === '');
  const run = runTests(subject, python, workspace, change, files);
  const problems = broken.map(([path, reason]) => `${path}: ${reason}`);
  const first = differences(baselines, [run]);
  if (first.length === 0) return { change, run, differences: first, unsteady: [], problems };
  if (baselines.length < 2) baselines.push(runTests(subject, python, workspace, NO_CHANGE, files));
  const steady = differences(baselines, [run, runTests(subject, python, workspace, change, files)]);
  const ids = new Set(steady.map(({ id }) => id));
  return { change, run, differences: steady, unsteady: first.filter(({ id }) => !ids.has(id)), problems };
}

function untouched(change: Rewrite): Side {
  return { change, run: undefined, differences: [], unsteady: [], problems: [] };
}

function isSame(a: Rewrite, b: Rewrite): boolean {
  return (
    a.written.size === b.written.size && [...a.written].every(([path, bytes]) => b.written.get(path)?.equals(bytes))
  );
}
