/**
 * Findings that are known and let be. Each is known by its rule, its file, its symbol and its own source, not by its place, so that
 * lines that come and go elsewhere change nothing; equal ones are counted.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from './core/errors.ts';
import type { Finding } from './core/finding.ts';
import { safeJson } from './core/safe-json.ts';
import { errorCode, ioReason } from './source/io-error.ts';

const SCHEMA_VERSION = 1;

/** Entries of a baseline, with the file (absolute) that holds them. */
export interface Baseline {
  readonly file: string;
  readonly entries: readonly Entry[];
}

/** One known finding. The path is relative to the folder of the baseline, with forward slashes. */
export interface Entry {
  readonly path: string;
  readonly rule: string;
  readonly symbol: string;
  /** A digest of the finding's source, white space evened out. */
  readonly content: string;
}

/** What makes entries of findings. */
export interface FindingSource {
  /** Absolute; findings are relative to it. */
  readonly cwd: string;
  /** The source that the finding stands on. */
  excerpt(finding: Finding): string;
}

export interface Known {
  /** Those that are not in the baseline, in their order. */
  readonly unknown: readonly Finding[];
  /** Of the entries that were found no more, the path and a line about each. */
  readonly stale: readonly {
    readonly path: string;
    readonly rule: string;
    readonly symbol: string;
    readonly gone: boolean;
  }[];
}

/** Writes the findings to `file` (absolute), one a line, sorted. Throws UserError if that cannot be. */
export async function writeBaseline(
  file: string,
  findings: readonly Finding[],
  from: FindingSource,
): Promise<Baseline> {
  const entries = findings.map((finding) => entryOf(file, finding, from));
  const lines = entries.map((entry) => safeJson(entry)).sort();
  const text = `{"schemaVersion": ${SCHEMA_VERSION}, "tool": "pyleak-fix", "findings": [\n${lines.join(',\n')}\n]}\n`;
  try {
    await writeFile(file, text);
  } catch (error) {
    throw unwritable(file, ioReason(error), error);
  }
  return { file, entries };
}

/** Throws UserError if there is no folder to write `file` (absolute) into, before anything is looked for. */
export function requireFolder(file: string): void {
  if (!existsSync(dirname(file))) throw unwritable(file, 'its folder does not exist');
}

function unwritable(file: string, reason: string, cause?: unknown): UserError {
  return new UserError(`--write-baseline: cannot write ${file}: ${reason}`, { cause });
}

/**
 * Takes the known ones away. An entry without a finding is stale if its file was looked at (`lookedAt`, as findings name it) by its rule,
 * or is there no more.
 */
export function withoutKnown(
  { file, entries }: Baseline,
  findings: readonly Finding[],
  from: FindingSource & { lookedAt(path: string, rule: string): boolean },
): Known {
  const left = new Map<string, Entry[]>();
  for (const entry of entries) {
    const same = left.get(keyOf(entry));
    if (same === undefined) left.set(keyOf(entry), [entry]);
    else same.push(entry);
  }
  const unknown = findings.filter((finding) => left.get(keyOf(entryOf(file, finding, from)))?.pop() === undefined);
  const stale = [...left.values()].flat().flatMap(({ path, rule, symbol }) => {
    const absolute = join(dirname(file), path);
    const shown = slashes(relative(from.cwd, absolute));
    const gone = !existsSync(absolute);
    return gone || from.lookedAt(shown, rule) ? [{ path: shown, rule, symbol, gone }] : [];
  });
  return { unknown, stale };
}

function entryOf(file: string, finding: Finding, { cwd, excerpt }: FindingSource): Entry {
  const { rule, symbol } = finding;
  const path = slashes(relative(dirname(file), resolve(cwd, finding.path)));
  const content = excerpt(finding).replace(/\s+/g, ' ');
  return { path, rule, symbol, content: createHash('sha256').update(content).digest('hex').slice(0, 16) };
}

function keyOf({ path, rule, symbol, content }: Entry): string {
  return [path, rule, symbol, content].join('\0');
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}

/** Throws UserError if `file` (absolute) cannot be read or is no baseline. */
export async function readBaseline(file: string): Promise<Baseline> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const missing = errorCode(error) === 'ENOENT';
    const reason = missing ? 'it does not exist; --write-baseline makes one' : ioReason(error);
    throw new UserError(`--baseline: cannot read ${file}: ${reason}`, { cause: error });
  }
  const value = parsed(text);
  if (!isRecord(value) || !Array.isArray(value['findings']))
    throw new UserError(`--baseline: ${file} is no baseline; --write-baseline writes it anew`);
  if (value['schemaVersion'] !== SCHEMA_VERSION)
    throw new UserError(`--baseline: ${file} is of another version of pyleak-fix; --write-baseline writes it anew`);
  const entries = value['findings'].map((entry: unknown, index): Entry => {
    if (isRecord(entry)) {
      const { path, rule, symbol, content } = entry;
      if (isText(path) && isText(rule) && isText(symbol) && isText(content)) return { path, rule, symbol, content };
    }
    throw new UserError(`--baseline: finding ${index + 1} of ${file} is not one; --write-baseline writes it anew`);
  });
  return { file, entries };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
