/**
 * Shows that fixes do not break real libraries: their own tests have to say the same before and after. `npm run suites [-- NAME...]`.
 *
 * The libraries and what they need are installed once, below the folder that `PYLEAK_SUITES` names or the temporary folder;
 * `PYLEAK_FIX_PROGRAM` names another build of the program. Prints a table and every test whose outcome changed. Ends with 1 if safe
 * fixes change an outcome, or anything written does not compile or import; with 2 if there is nothing to try it with. Unsafe fixes may
 * change outcomes: each is shown with what it may come from, and what is left without that is tried again (`the rest`), since one
 * fix that breaks every test hides the others. `ran` counts the fixes with a line that a test executed: the others are not shown to
 * be right by any outcome.
 */
import { mkdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findPythons, type Python } from './corpus/pythons.ts';
import { counted, type Difference } from './suites/compare.ts';
import { prepareLibrary } from './suites/library.ts';
import { recipes } from './suites/recipes.ts';
import { isBuilt, program } from './suites/rewrite.ts';
import { prepareStandardLibrary, STANDARD_LIBRARY } from './suites/standard-library.ts';
import type { Subject } from './suites/subject.ts';
import { checkSuite, didRun, type Result, type Side, suspectsOf } from './suites/suite.ts';
import type { TestRun } from './suites/tests.ts';

/** The most lines of a failure, and tests of one difference, that are shown. */
const SHOWN = { lines: 6, tests: 20 };

const names = [...recipes.map(({ name }) => name), STANDARD_LIBRARY];
const chosen = process.argv.length > 2 ? process.argv.slice(2) : names;
const unknown = chosen.filter((name) => !names.includes(name));
const [python] = findPythons();

if (python === undefined) {
  console.error('No Python 3 was found on the PATH or in pyenv. One is needed to run the tests.');
  process.exitCode = 2;
} else if (unknown.length > 0) {
  console.error(`Not a suite: ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  process.exitCode = 2;
} else if (!isBuilt()) {
  console.error(`There is no program at ${program}. \`npm run build\` makes it.`);
  process.exitCode = 2;
} else {
  const tried = chosen.map((name) => tryOne(name, python));
  const results = tried.filter((one) => typeof one !== 'string');
  printTable(results);
  for (const result of results) printSides(result);
  const wrong = [...tried.filter((one) => typeof one === 'string'), ...results.flatMap(wrongWith)];
  console.log(wrong.length === 0 ? '\nNothing is wrong.' : `\nWrong:\n${wrong.join('\n')}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

/** The result, or why there is none. */
function tryOne(name: string, newest: Python): Result | string {
  try {
    console.error(`preparing ${name}`);
    const cache = cacheFolder();
    const subject = prepare(name, newest, cache);
    if (subject === undefined) return `${name}: this Python came without its tests`;
    console.error(`trying ${name} ${subject.version}`);
    return checkSuite(subject, newest, cache);
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function prepare(name: string, newest: Python, cache: string): Subject | undefined {
  const recipe = recipes.find((one) => one.name === name);
  return recipe === undefined ? prepareStandardLibrary(newest, cache) : prepareLibrary(recipe, newest, cache);
}

/** Absolute, links resolved: what Python reports as the place of a module has to be what was asked for. */
function cacheFolder(): string {
  const folder = resolve(process.env['PYLEAK_SUITES'] ?? join(tmpdir(), 'pyleak-suites'));
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

function printTable(results: readonly Result[]): void {
  const header = [
    'suite',
    'version',
    'files',
    'findings',
    'safe',
    'unsafe',
    'ran',
    'baseline',
    'with safe',
    'with unsafe',
    'with the rest',
    's',
  ];
  const rows = results.map((result) => {
    const { subject, report, baseline, safe, unsafe, rest, seconds } = result;
    const { places } = unsafe.change;
    return [
      subject.name,
      subject.version,
      String(report.summary.files),
      String(report.findings.length),
      String(safe.change.places.length),
      String(places.length),
      `${places.filter(({ finding }) => ranAnywhere(result, finding.id)).length}/${places.length}`,
      baseline === undefined ? 'nothing to try' : counted(baseline.tests),
      outcomeOf(safe),
      outcomeOf(unsafe),
      rest === undefined ? '' : outcomeOf(rest),
      seconds.toFixed(0),
    ];
  });
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [header, ...rows]) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

function outcomeOf({ run, differences }: Side): string {
  if (run === undefined) return 'nothing written';
  return differences.length === 0 ? 'the same' : `${counted(run.tests)}; ${differences.length} differ`;
}

function printSides(result: Result): void {
  const { subject, safe, unsafe, rest } = result;
  console.log(`\n${subject.name}`);
  for (const { finding } of unsafe.change.places) {
    const how = `${finding.fixes[0]?.applicability}, ${ranAnywhere(result, finding.id) ? 'ran' : 'did not run'}`;
    console.log(`${finding.path}:${finding.start.line} ${finding.symbol}: ${how}`);
  }
  for (const [name, side] of Object.entries({ safe, unsafe, rest })) {
    if (side === undefined) continue;
    for (const trouble of troubleOf(side.run)) console.log(`  ${name}: ${trouble}`);
    for (const { id } of side.unsteady) console.log(`  ${name}: differs from run to run: ${id}`);
    for (const group of grouped(side.differences)) printDifferences(name, group, side);
  }
}

/** True if the fix of a finding ran in the tests of a tree that it was written to. */
function ranAnywhere({ safe, unsafe, rest }: Result, id: string): boolean {
  return [safe, unsafe, rest].some((side) =>
    side?.change.places.some((place) => place.finding.id === id && didRun(place, side)),
  );
}

/** Differences that say the same, together. */
function grouped(differences: readonly Difference[]): readonly (readonly Difference[])[] {
  const groups = new Map<string, readonly Difference[]>();
  for (const difference of differences) {
    const key = [difference.before, difference.after, headline(difference.text)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups.values()];
}

function printDifferences(name: string, group: readonly Difference[], side: Side): void {
  const [first] = group;
  if (first === undefined) return;
  const { before, after, text } = first;
  const blamed = suspectsOf(first, side);
  console.log(`  ${name}: ${before} before, ${after} now: ${group.length}`);
  for (const test of group.slice(0, SHOWN.tests)) console.log(`    ${test.id}`);
  if (group.length > SHOWN.tests) console.log(`    and ${group.length - SHOWN.tests} more`);
  for (const line of telling(text)) console.log(`      ${line}`);
  console.log(`    perhaps for: ${blamed.map(({ finding }) => `${finding.symbol} (${finding.path})`).join(', ')}`);
}

function troubleOf(run: TestRun | undefined): readonly string[] {
  return run === undefined || run.trouble === '' ? [] : [run.trouble];
}

/** The lines of a failure that say the most: those that pytest marks and the place; of a traceback the last ones. */
function telling(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const marked = lines.filter(isMarked);
  return marked.length === 0
    ? lines.slice(-SHOWN.lines)
    : [...marked.slice(0, SHOWN.lines - 1), ...lines.slice(-1).filter((line) => !isMarked(line))];
}

/** The one line that names the exception. */
function headline(text: string): string {
  const lines = telling(text);
  return lines.find(isMarked) ?? lines.at(-1) ?? '';
}

function isMarked(line: string): boolean {
  return line.startsWith('E  ');
}

/** What makes the run fail. */
function wrongWith({ subject, safe, unsafe }: Result): readonly string[] {
  return [
    ...troubleOf(safe.run).map((trouble) => `with safe fixes: ${trouble}`),
    ...safe.problems,
    ...unsafe.problems,
    ...safe.differences.map(({ id }) => `safe fixes change the outcome of ${id}`),
  ].map((line) => `${subject.name}: ${line}`);
}
