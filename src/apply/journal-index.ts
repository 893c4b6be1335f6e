/** The index of a run as JSON, and back: read with care, since what it names is overwritten by undo. */
import { UserError } from '../core/errors.ts';

/** One file of a run. */
export interface RunFile {
  /** Where it really lies: relative to the root, with forward slashes; absolute outside it. */
  readonly path: string;
  /** The name of its original in the run's folder. */
  readonly original: string;
  /** The name of the temporary file beside it, which a killed process may have left. */
  readonly temporary: string;
  /** Permission bits. */
  readonly mode: number;
  readonly sha256Before: string;
  readonly sha256After: string;
}

export interface RunIndex {
  readonly complete: boolean;
  /** True while what was written is tried out: a run that is killed then is put back, even if it had written everything. */
  readonly trial: boolean;
  readonly files: readonly RunFile[];
}

const SCHEMA_VERSION = 1;

export function serializeIndex({ complete, trial, files }: RunIndex): string {
  const index = { schemaVersion: SCHEMA_VERSION, complete, ...(trial ? { trial } : {}), files };
  return `${JSON.stringify(index, null, 1)}\n`;
}

/** Throws a UserError that names `path` if the text is not an index of this version. */
export function parseIndex(text: string, path: string): RunIndex {
  const { schemaVersion, complete, trial = false, files } = asRecord(parseJson(text));
  if (
    schemaVersion !== SCHEMA_VERSION ||
    typeof complete !== 'boolean' ||
    typeof trial !== 'boolean' ||
    !Array.isArray(files) ||
    !files.every(isRunFile)
  ) {
    throw new UserError(
      `${path} is not the record of a run of this version of pyleak-fix; move its folder away to go on`,
    );
  }
  return { complete, trial, files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isRunFile(value: unknown): value is RunFile {
  const { path, original, temporary, mode, sha256Before, sha256After } = asRecord(value);
  return (
    matches(path, /./s) &&
    matches(original, /^[0-9]+$/) &&
    matches(temporary, /^\.pyleak-fix-[0-9a-f]+-[0-9]+\.tmp$/) &&
    Number.isInteger(mode) &&
    matches(sha256Before, /^[0-9a-f]{64}$/) &&
    matches(sha256After, /^[0-9a-f]{64}$/)
  );
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}
