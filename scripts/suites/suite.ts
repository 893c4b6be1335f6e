/** One suite from beginning to end: what the program changes, and what the tests, the compiler and the imports say about it. */
import type { Report } from '../../src/core/report.ts';
import type { Python } from '../corpus/pythons.ts';
import { type Difference, differences, NOT_RUN, suspects } from './compare.ts';
import { importAll } from './imports.ts';
import { type Change, NO_CHANGE, type Place, rewrite } from './rewrite.ts';
import type { Subject } from './subject.ts';
import { runTests, type TestRun } from './tests.ts';
import { closeWorkspace, openWorkspace, type Workspace } from './workspace.ts';

export interface Result {
  readonly subject: Subject;
  /** Of the program, with unsafe fixes. */
  readonly report: Report;
  /** Undefined if the program writes nothing, so that there is nothing to try. */
  readonly baseline: TestRun | undefined;
  readonly safe: Side;
  readonly unsafe: Side;
  /** The unsafe fixes of the files that nothing was blamed on; undefined if the unsafe fixes change no outcome, or none is left. */
  readonly rest: Side | undefined;
  /** In seconds, all of it. */
  readonly seconds: number;
}

/** The tree with one kind of fixes in it. */
export interface Side {
  readonly change: Change;
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
    return { subject, report: unsafe.report, ...sides, seconds: (performance.now() - start) / 1000 };
  } finally {
    closeWorkspace(workspace);
  }
}

/** True if a line of the fix ran in one of the tests. */
export function didRun({ finding, lines }: Place, { run }: Side): boolean {
  return lines.some((line) => run?.reached.has(`${finding.path}:${line}`));
}

/** The fixes that a difference may come from. What is printed last is about other tests than one that was not run. */
export function suspectsOf({ id, after, text }: Difference, side: Side): readonly Place[] {
  const clues = after === NOT_RUN ? id : `${id}\n${text}`;
  return suspects(clues, side.change.places, (place) => didRun(place, side));
}

function tried(context: Context, safe: Change, unsafe: Change): Pick<Result, 'baseline' | 'safe' | 'unsafe' | 'rest'> {
  const { subject, python, workspace, files } = context;
  if (files.length === 0) {
    return { baseline: undefined, safe: untouched(safe), unsafe: untouched(unsafe), rest: undefined };
  }
  const imports = importAll(subject, python, workspace, NO_CHANGE.written, files);
  const baseline = runTests(subject, python, workspace, NO_CHANGE, files);
  if (baseline.trouble !== '') throw new Error(`the baseline is none: ${baseline.trouble}`);
  if (baseline.tests.every(({ outcome }) => outcome !== 'passed')) throw new Error('no test of the baseline passes');
  const baselines = [baseline];
  const side = (change: Change) => trySide(context, change, baselines, imports);
  const first = side(safe);
  const second = isSame(safe, unsafe) ? { ...first, change: unsafe } : side(unsafe);
  const left = withoutBlamed(second);
  return { baseline, safe: first, unsafe: second, rest: left.written.size === 0 ? undefined : side(left) };
}

/** What is left without the files that a difference points at: one fix that breaks every test hides what the others do. */
function withoutBlamed(side: Side): Change {
  const { change, differences: all } = side;
  const blamed = all
    .map((difference) => suspectsOf(difference, side))
    .filter(({ length }) => length < change.places.length);
  if (blamed.length === 0) return NO_CHANGE;
  const paths = new Set(blamed.flat().map(({ finding }) => finding.path));
  return {
    written: new Map([...change.written].filter(([path]) => !paths.has(path))),
    places: change.places.filter(({ finding }) => !paths.has(finding.path)),
  };
}

/** Adds a second run of the baseline to `baselines` when outcomes differ: what differs there too says nothing. */
function trySide(
  { subject, python, workspace, files }: Context,
  change: Change,
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

function untouched(change: Change): Side {
  return { change, run: undefined, differences: [], unsteady: [], problems: [] };
}

function isSame(a: Change, b: Change): boolean {
  return (
    a.written.size === b.written.size && [...a.written].every(([path, bytes]) => b.written.get(path)?.equals(bytes))
  );
}
