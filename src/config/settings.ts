/**
 * What the command line or the configuration file asks for, and how the two become one: the command line wins.
 *
 * A value that needs checking keeps the words that say where it was written, so that a mistake is shown at its place.
 */
import { UserError } from '../core/errors.ts';
import { type ExcludePattern, type Format, formats, type PerFileIgnore } from '../core/options.ts';
import type { RuleMeta } from '../core/rule.ts';
import { didYouMean } from './nearest.ts';

export interface Given {
  readonly value: string;
  /** `--select`, or `pyproject.toml:3:11`. */
  readonly where: string;
}

/** A pattern with the rules that are left out where it matches. */
export interface GivenIgnore extends ExcludePattern {
  readonly rules: readonly Given[];
}

/** What was not given is undefined; an empty list was given. */
export interface Settings {
  /** What the configuration file is called in messages. */
  readonly file?: string | undefined;
  readonly select?: readonly Given[] | undefined;
  readonly ignore?: readonly Given[] | undefined;
  /** Each `RULE=NAME`. */
  readonly strategy?: readonly Given[] | undefined;
  readonly declarativeBases?: readonly Given[] | undefined;
  readonly exclude?: readonly ExcludePattern[] | undefined;
  readonly perFileIgnores?: readonly GivenIgnore[] | undefined;
  readonly maxChanges?: Given | undefined;
  /** Absolute. */
  readonly baseline?: string | undefined;
  readonly format?: Given | undefined;
  readonly jobs?: Given | undefined;
  readonly unsafe?: boolean | undefined;
  readonly allowDirty?: boolean | undefined;
  readonly reportUnusedIgnores?: boolean | undefined;
  readonly forceExclude?: boolean | undefined;
  readonly exitZero?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly color?: boolean | undefined;
  readonly cache?: boolean | undefined;
  readonly sift?: boolean | undefined;
  readonly stats?: boolean | undefined;
}

/** The text as a format. Throws UserError. */
export function checkFormat({ value, where }: Given): Format {
  const format = formats.find((name) => name === value);
  if (format !== undefined) return format;
  throw new UserError(
    `${where}: unknown format "${value}"${didYouMean(value, formats)} (formats: ${formats.join(', ')})`,
  );
}

/** A dotted name with at least a module and a class in it. Throws UserError. */
export function checkQualifiedName({ value, where }: Given): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)+$/u.test(value)) return value;
  throw new UserError(`${where}: "${value}" is not the qualified name of a class, such as mypkg.db.Document`);
}

/** The text as a number of workers. Throws UserError. */
export function checkJobs({ value, where }: Given): number | 'auto' {
  if (value === 'auto') return 'auto';
  const jobs = /^\d+$/.test(value) ? Number(value) : 0;
  if (Number.isSafeInteger(jobs) && jobs > 0) return jobs;
  throw new UserError(`${where}: "${value}" is not a number of jobs; give a positive number or auto`);
}

/** The text as a number of runs at once. Throws UserError. */
export function checkVerifyJobs({ value, where }: Given): number {
  const jobs = /^\d+$/.test(value) ? Number(value) : 0;
  if (Number.isSafeInteger(jobs) && jobs > 0) return jobs;
  throw new UserError(`${where}: "${value}" is not a number of runs at once; give a positive number`);
}

/** The text as a number of seconds, more than 0. Throws UserError. */
export function checkTimeout({ value, where }: Given): number {
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : 0;
  // Timers of Node.js hold no more than 2^31 milliseconds.
  if (seconds > 0 && seconds < 2_147_483) return seconds;
  throw new UserError(`${where}: "${value}" is not a number of seconds; give a positive number below 2147483`);
}

/** The text as a number of changes, at least 1. Throws UserError. */
export function checkMaxChanges({ value, where }: Given): number {
  const changes = /^\d+$/.test(value) ? Number(value) : 0;
  if (Number.isSafeInteger(changes) && changes > 0) return changes;
  throw new UserError(`${where}: "${value}" is not a number of changes; give a positive number`);
}

/** Throws UserError for an unknown rule. */
export function checkPerFileIgnores(given: readonly GivenIgnore[], metas: readonly RuleMeta[]): PerFileIgnore[] {
  return given.map(({ pattern, base, rules }) => ({ pattern, base, rules: [...checkRules(rules, metas)] }));
}

/** The rule of that id. Throws UserError with the nearest one. */
export function checkRule(id: string, where: string, metas: readonly RuleMeta[]): RuleMeta {
  const meta = metas.find((rule) => rule.id === id);
  if (meta !== undefined) return meta;
  const ids = metas.map((rule) => rule.id);
  const advice = didYouMean(id, ids, '; `pyleak-fix rules` lists the rules');
  throw new UserError(`${where}: unknown rule "${id}"${advice}`);
}

function checkRules(given: readonly Given[], metas: readonly RuleMeta[]): ReadonlySet<string> {
  return new Set(given.map(({ value, where }) => checkRule(value, where, metas).id));
}

/**
 * The ids of the rules to run, in the order of `metas`. As Ruff has it, `--select` starts afresh, without regard to the
 * file's `select` and `ignore`, and `--ignore` takes away from whatever is selected. Rules in preview run only where they are selected. Throws UserError.
 */
export function selectRules(commandLine: Settings, file: Settings, metas: readonly RuleMeta[]): string[] {
  const all = new Set(metas.map((rule) => rule.id));
  const proven = new Set(metas.filter(({ preview }) => preview !== true).map(({ id }) => id));
  const fileSelect = file.select === undefined ? proven : checkRules(file.select, metas);
  const fileIgnore = checkRules(file.ignore ?? [], metas);
  const select = commandLine.select === undefined ? undefined : checkRules(commandLine.select, metas);
  const ignore = checkRules(commandLine.ignore ?? [], metas);
  const selected = (id: string) => select?.has(id) ?? (fileSelect.has(id) && !fileIgnore.has(id));
  return [...all].filter((id) => selected(id) && !ignore.has(id));
}

function checkStrategies(given: readonly Given[], metas: readonly RuleMeta[]): Map<string, string> {
  const strategies = new Map<string, string>();
  for (const { value, where } of given) {
    const [id, name, ...rest] = value.split('=').map((part) => part.trim());
    if (!id || !name || rest.length > 0) {
      throw new UserError(`${where}: "${value}" is not of the form RULE=NAME`);
    }
    const rule = checkRule(id, where, metas);
    const names = rule.strategies.map((strategy) => strategy.name);
    if (!names.includes(name)) {
      const advice = didYouMean(name, names, `; it has ${names.join(', ')}`);
      throw new UserError(`${where}: rule ${id} has no strategy "${name}"${advice}`);
    }
    if (strategies.has(id)) throw new UserError(`${where}: a strategy for ${id} is given twice`);
    strategies.set(id, name);
  }
  return strategies;
}

/** Rule id to strategy, rule by rule the command line's or else the file's. Throws UserError. */
export function selectStrategies(
  commandLine: Settings,
  file: Settings,
  metas: readonly RuleMeta[],
): Map<string, string> {
  const fromFile = checkStrategies(file.strategy ?? [], metas);
  return new Map([...fromFile, ...checkStrategies(commandLine.strategy ?? [], metas)]);
}
