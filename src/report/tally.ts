/** How many findings each rule and each folder has: the end of a run over many. */
import type { ReportFinding } from '../core/report.ts';
import { visible } from '../core/visible.ts';

/** More folders than this are counted together; those with the most findings are named. */
const FOLDERS = 15;

/** What is counted. */
export interface Tally {
  readonly findings: readonly ReportFinding[];
  readonly isFixed: (finding: ReportFinding) => boolean;
  /** The head of the column of those. */
  readonly fixed: string;
}

/** A table by rule where there are several, and one by folder likewise. */
export function tally(what: Tally): string[] {
  return [...table('rule', ({ rule }) => rule, what), ...table('folder', ({ path }) => folderOf(path), what)];
}

interface Row {
  readonly name: string;
  readonly fixed: number;
  readonly left: number;
}

function table(
  title: string,
  nameOf: (finding: ReportFinding) => string,
  { findings, isFixed, fixed: head }: Tally,
): string[] {
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    const group = groups.get(nameOf(finding));
    if (group === undefined) groups.set(nameOf(finding), [finding]);
    else group.push(finding);
  }
  if (groups.size < 2) return [];
  const rows = [...groups]
    .map(([name, group]): Row => {
      const fixed = group.filter(isFixed).length;
      return { name: visible(name), fixed, left: group.length - fixed };
    })
    .sort((a, b) => b.fixed + b.left - (a.fixed + a.left) || (a.name < b.name ? -1 : 1));
  const named = rows.length > FOLDERS ? [...rows.slice(0, FOLDERS - 1), rest(rows.slice(FOLDERS - 1), title)] : rows;
  const width = Math.max(title.length, ...named.map(({ name }) => name.length));
  const line = (name: string, fixed: string, left: string) =>
    `  ${name.padEnd(width)}  ${fixed.padStart(Math.max(6, head.length))}  ${left.padStart(6)}`;
  return [line(title, head, 'left'), ...named.map(({ name, fixed, left }) => line(name, String(fixed), String(left)))];
}

function rest(rows: readonly Row[], title: string): Row {
  const sum = (count: (row: Row) => number) => rows.reduce((total, row) => total + count(row), 0);
  return { name: `(${rows.length} more ${title}s)`, fixed: sum(({ fixed }) => fixed), left: sum(({ left }) => left) };
}

function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '.' : path.slice(0, end);
}
