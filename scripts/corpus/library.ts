/** What CPython itself says about a standard library has to be what the model says: scopes, names, classes and imports, for every file. */
import { join, relative } from 'node:path';
import type { Comparison } from '../../test/support/cpython.ts';
import { compareClasses } from '../../test/support/cpython-classes.ts';
import { compareScopes } from '../../test/support/cpython-scopes.ts';
import { type Python, pythonFiles } from './pythons.ts';

export interface LibraryOutcome {
  /** What was compared, a line for each comparison. */
  readonly summary: readonly string[];
  /** What is wrong, each in one line; empty if all is well. */
  readonly problems: readonly string[];
}

/** How many differences of one comparison are listed; one mistake may well show in a thousand files. */
const MAX_LISTED = 50;

const COMPARISONS = [
  { what: 'scopes and names', against: 'symtable', compare: compareScopes },
  { what: 'classes, methods and imports', against: 'ast', compare: compareClasses },
] as const;

/** Compares every file of the library of `python`. Rejects if the interpreter itself fails. */
export async function checkLibrary({ executable, version, library }: Python): Promise<LibraryOutcome> {
  const name = `Python ${version.join('.')}`;
  if (version[1] < 8) return { summary: [`${name}: nothing to compare with, it is older than 3.8`], problems: [] };
  const paths = pythonFiles(library).map((path) => join(library, path));
  const summary: string[] = [];
  const problems: string[] = [];
  for (const { what, against, compare } of COMPARISONS) {
    const comparison = await compare(executable, paths);
    summary.push(`${name}, ${what} as in ${against}: ${counts(comparison, library)}`);
    problems.push(...problemsOf(comparison, library).map((problem) => `${what}: ${problem}`));
  }
  return { summary, problems };
}

function counts({ compared, unparsed, refused, differences }: Comparison, library: string): string {
  const named = unparsed.map((path) => relative(library, path)).join(', ');
  return [
    `${compared.length} files compared, ${differences.length} differences`,
    ...(refused.length > 0 ? [`${refused.length} not accepted by Python`] : []),
    ...(unparsed.length > 0 ? [`${unparsed.length} not parsed here (${named})`] : []),
  ].join(', ');
}

function problemsOf({ compared, differences }: Comparison, library: string): readonly string[] {
  if (compared.length === 0) return ['not a single file could be compared'];
  const listed = differences.slice(0, MAX_LISTED).map((difference) => difference.replace(join(library, '/'), ''));
  const more = differences.length - listed.length;
  return more === 0 ? listed : [...listed, `and ${more} more differences`];
}
