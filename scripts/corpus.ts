/**
 * Tries the built program on real code that nobody here wrote: `npm run corpus [-- folder...]`.
 *
 * Without arguments: the standard library of the newest Python on the machine and the packages of the one that has most. A folder
 * that is a Python's own is tried with that Python, any other with the newest; how a standard library is read is compared with how
 * its Python reads it. Prints a table, every finding, and what is wrong; ends with 1 if anything is, with 2 if there is nothing to
 * try it on.
 */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report, ReportFinding } from '../src/core/report.ts';
import { checkLibrary } from './corpus/library.ts';
import { findPythons, type Python, richestPython } from './corpus/pythons.ts';
import { checkTree, type Outcome, type Tree } from './corpus/tree.ts';

const pythons = findPythons();
const [newest] = pythons;
const folders = process.argv.slice(2).map((path) => resolve(path));
const missing = folders.filter((path) => !statSync(path, { throwIfNoEntry: false })?.isDirectory());

if (newest === undefined) {
  console.error('No Python 3 was found on the PATH or in pyenv. One is needed to compile what is written.');
  process.exitCode = 2;
} else if (missing.length > 0) {
  console.error(`Not a folder: ${missing.join(', ')}`);
  process.exitCode = 2;
} else {
  const trees =
    folders.length > 0 ? folders.map((path) => ({ path, python: ownerOf(path) ?? newest })) : defaultTrees(newest);
  const outcomes: Tried[] = [];
  for (const tree of trees) {
    console.error(`trying ${tree.path}`);
    outcomes.push(await tried(tree));
  }
  printTable(trees, outcomes);
  const compared = outcomes.flatMap((outcome) => outcome.compared);
  if (compared.length > 0) console.log(`\n${compared.join('\n')}`);
  for (const [index, { report }] of outcomes.entries()) printFindings(trees[index]?.path ?? '', report);
  const inTree = (lists: readonly (readonly string[])[]): readonly string[] =>
    lists.flatMap((lines, index) => lines.map((line) => `${trees[index]?.path}: ${line}`));
  const unhandled = inTree(outcomes.map((outcome) => outcome.unhandled));
  if (unhandled.length > 0) console.log(`\nLeft alone, though Python compiles it:\n${unhandled.join('\n')}`);
  const problems = inTree(outcomes.map((outcome) => outcome.problems));
  console.log(problems.length === 0 ? '\nNothing is wrong.' : `\nWrong:\n${problems.join('\n')}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

/** The Python whose standard library or packages are in the folder. */
function ownerOf(path: string): Python | undefined {
  return pythons.find(({ library, packages }) => isSame(path, library) || isSame(path, packages));
}

function isSame(path: string, other: string): boolean {
  return existsSync(other) && realpathSync(path) === realpathSync(other);
}

interface Tried extends Outcome {
  /** What was compared with the Python that a standard library belongs to, a line each. */
  readonly compared: readonly string[];
}

async function tried(tree: Tree): Promise<Tried> {
  const outcome = checkTree(tree);
  if (!isSame(tree.path, tree.python.library)) return { ...outcome, compared: [] };
  const { summary, problems } = await checkLibrary(tree.python);
  return { ...outcome, problems: [...outcome.problems, ...problems], compared: summary };
}

function defaultTrees(python: Python): readonly Tree[] {
  const richest = richestPython(pythons);
  const library = { path: python.library, python };
  if (richest === undefined || !existsSync(richest.packages)) return [library];
  return [library, { path: richest.packages, python: richest }];
}

function printTable(trees: readonly Tree[], outcomes: readonly Outcome[]): void {
  const header = ['tree', 'Python', 'files', 'MB', 'parsed', 'seconds', 'findings', 'changed', 'errors', 'peak MB'];
  const rows = outcomes.map(({ report, seconds, peak }, index) => [
    trees[index]?.path ?? '',
    trees[index]?.python.version.join('.') ?? '',
    String(report.summary.files),
    (report.summary.bytes / 1e6).toFixed(1),
    String(report.summary.parsed),
    seconds.toFixed(1),
    counted(report.findings.map(applicability)),
    String(report.files.length),
    counted(report.errors.map(({ kind }) => kind)),
    peak.toFixed(0),
  ]);
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

/** `3 safe, 5 unsafe`; `none`. */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts.size === 0 ? 'none' : [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

function printFindings(root: string, { findings }: Report): void {
  console.log(`\n${root}`);
  for (const finding of findings) {
    const where = `${finding.path}:${finding.start.line}`;
    console.log(`${where} ${finding.symbol} ${applicability(finding)} ${firstDoubt(finding)}`.trimEnd());
  }
}

function applicability({ fixes }: ReportFinding): string {
  return fixes[0]?.applicability ?? 'manual';
}

/** The first obligation that does not hold, or why there is no fix; empty for a safe one. */
function firstDoubt({ fixes, reason }: ReportFinding): string {
  const [fix] = fixes;
  if (fix === undefined || fix.applicability === 'manual') return reason ?? '';
  const unmet = fix.obligations.find(({ holds }) => holds !== true);
  if (unmet === undefined) return '';
  return `${unmet.id} ${unmet.holds === false ? 'does not hold' : 'is unknown'}: ${unmet.detail}`;
}
