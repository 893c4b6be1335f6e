/** Reads the `[tool.pyleak-fix]` table of a configuration file as settings. */
import { resolve } from 'node:path';
import type { AST } from 'toml-eslint-parser';
import { UserError } from '../core/errors.ts';
import { documentedName, flags } from './flags.ts';
import { didYouMean } from './nearest.ts';
import type { Given, GivenIgnore, Settings } from './settings.ts';
import { parseToml, type TomlEntry, type TomlFile } from './toml.ts';

const tableName = 'pyleak-fix';
const fileFlags = flags.filter((flag) => flag.inFile !== undefined);
const fileKeys = fileFlags.map(documentedName);

/** Settings from the bytes of a file called `name` in messages. Globs are relative to `base`, absolute. Throws UserError. */
export function readSettings(bytes: Buffer, name: string, base: string): Settings {
  const toml = parseToml(bytes, name);
  const values = new Map<string, TomlEntry[]>();
  for (const entry of toml.entries) {
    const key = keyOf(entry);
    if (key === undefined) continue;
    values.set(key, [...(values.get(key) ?? []), entry]);
  }
  const read = <T>(key: string, reader: (toml: TomlFile, entries: readonly TomlEntry[]) => T): T | undefined => {
    const entries = values.get(key);
    return entries === undefined ? undefined : reader(toml, entries);
  };
  const baseline = read('baseline', string);
  const noColor = read('no-color', boolean);
  const withoutCache = read('no-cache', boolean);
  return {
    select: read('select', strings),
    ignore: read('ignore', strings),
    strategy: read('strategy', strategies),
    declarativeBases: read('declarative-bases', strings),
    exclude: read('exclude', strings)?.map(({ value }) => ({ pattern: value, base })),
    perFileIgnores: read('per-file-ignores', perFileIgnores)?.map((ignores) => ({ ...ignores, base })),
    maxChanges: read('max-changes', (toml, entries) => numberOr(toml, entries, 'a positive number')),
    baseline: baseline === undefined ? undefined : resolve(base, baseline.value),
    format: read('format', string),
    jobs: read('jobs', (toml, entries) => numberOr(toml, entries, 'a positive number or "auto"')),
    unsafe: read('unsafe', boolean),
    allowDirty: read('allow-dirty', boolean),
    reportUnusedIgnores: read('report-unused-ignores', boolean),
    forceExclude: read('force-exclude', boolean),
    cache: withoutCache === undefined ? undefined : !withoutCache,
    exitZero: read('exit-zero', boolean),
    quiet: read('quiet', boolean),
    color: noColor === undefined ? undefined : !noColor,
  };
}

/** The key of the table that an entry belongs to; undefined for what is outside the table. Throws UserError for an unknown key. */
function keyOf({ path, value, where }: TomlEntry): string | undefined {
  const [tool, table, key] = path;
  if (tool !== 'tool' || typeof table !== 'string') return undefined;
  if (table !== tableName) {
    if (table.toLowerCase().replaceAll(/[-_]/g, '') !== 'pyleakfix') return undefined;
    throw new UserError(`${where}: unknown table [tool.${table}]; did you mean [tool.${tableName}]?`);
  }
  if (key === undefined) {
    if (value === undefined) return undefined;
    throw new UserError(`${where}: ${tableName} must be a table`);
  }
  if (typeof key === 'number') throw new UserError(`${where}: ${tableName} must be one table, not an array of tables`);
  if (fileKeys.includes(key)) return key;
  if (flags.some((flag) => documentedName(flag) === key)) {
    throw new UserError(`${where}: ${key} can only be given on the command line, as --${key}`);
  }
  throw new UserError(`${where}: unknown key ${key}${didYouMean(key, fileKeys, ` (keys: ${fileKeys.join(', ')})`)}`);
}

function wrongType({ path, where }: TomlEntry, expected: string): UserError {
  return new UserError(`${where}: ${path[2]} must be ${expected}`);
}

/** The value of a key that is no table. */
function scalar(entries: readonly TomlEntry[], expected: string): { entry: TomlEntry; value: AST.TOMLContentNode } {
  const [entry] = entries;
  if (entry === undefined) throw new RangeError('a key has an entry');
  if (entry.path.length > 3 || entry.value === undefined) throw wrongType(entry, expected);
  return { entry, value: entry.value };
}

function boolean(_: TomlFile, entries: readonly TomlEntry[]): boolean {
  const { entry, value } = scalar(entries, 'true or false');
  if (value.type === 'TOMLValue' && value.kind === 'boolean') return value.value;
  throw wrongType(entry, 'true or false');
}

function string(toml: TomlFile, entries: readonly TomlEntry[]): Given {
  const { entry, value } = scalar(entries, 'a string');
  if (value.type === 'TOMLValue' && value.kind === 'string') return { value: value.value, where: toml.where(value) };
  throw wrongType(entry, 'a string');
}

/** A number, or a word where the expectation names one. The value is checked with that of the command line. */
function numberOr(toml: TomlFile, entries: readonly TomlEntry[], expected: string): Given {
  const { entry, value } = scalar(entries, expected);
  if (value.type !== 'TOMLValue') throw wrongType(entry, expected);
  if (value.kind === 'string' && expected.includes('"')) return { value: value.value, where: toml.where(value) };
  if (value.kind === 'integer') return { value: String(value.bigint), where: toml.where(value) };
  throw wrongType(entry, expected);
}

function strings(toml: TomlFile, entries: readonly TomlEntry[]): Given[] {
  const expected = 'an array of strings';
  const { entry, value } = scalar(entries, expected);
  if (value.type !== 'TOMLArray') throw wrongType(entry, expected);
  return elements(toml, value, `${entry.path[2]} must be ${expected}`);
}

function elements(toml: TomlFile, { elements: all }: AST.TOMLArray, expected: string): Given[] {
  return all.map((element) => {
    if (element.type === 'TOMLValue' && element.kind === 'string' && element.value !== '') {
      return { value: element.value, where: toml.where(element) };
    }
    throw new UserError(`${toml.where(element)}: ${expected}, none empty`);
  });
}

/** A table `"GLOB" = ["RULE", ..]`. */
function perFileIgnores(toml: TomlFile, entries: readonly TomlEntry[]): Omit<GivenIgnore, 'base'>[] {
  const expected = 'a table of "GLOB" = ["RULE", ..]';
  return entries.flatMap((entry) => {
    const [, , key, pattern, ...deeper] = entry.path;
    if (pattern === undefined && entry.value === undefined) return [];
    if (typeof pattern !== 'string' || pattern === '' || deeper.length > 0 || entry.value?.type !== 'TOMLArray') {
      throw wrongType(entry, expected);
    }
    return [{ pattern, rules: elements(toml, entry.value, `${key} must be ${expected}`) }];
  });
}

/** A table `RULE = "NAME"`, or an array of `"RULE=NAME"` as the command line has them. */
function strategies(toml: TomlFile, entries: readonly TomlEntry[]): Given[] {
  const [first] = entries;
  if (first?.value?.type === 'TOMLArray' && first.path.length === 3) return strings(toml, entries);
  const expected = 'a table of RULE = "NAME", or an array of "RULE=NAME"';
  return entries.flatMap((entry) => {
    const [, , , rule, ...deeper] = entry.path;
    if (rule === undefined && entry.value === undefined) return [];
    const { value } = entry;
    if (typeof rule === 'string' && deeper.length === 0 && value?.type === 'TOMLValue' && value.kind === 'string') {
      return [{ value: `${rule}=${value.value}`, where: entry.where }];
    }
    throw wrongType(entry, expected);
  });
}
