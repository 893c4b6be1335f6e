/** Finds the configuration file, and reads it where there is one. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { Settings } from './settings.ts';

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** The nearest pyproject.toml from `cwd` upward with its bytes, whether or not it has a table for this tool. */
async function findPyproject(cwd: string): Promise<{ file: string; bytes: Buffer } | undefined> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, 'pyproject.toml');
    try {
      return { file, bytes: await readFile(file) };
    } catch (error) {
      // A folder of that name is not a configuration; anything else that is there and cannot be read is not passed over.
      if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '')) throw unreadable(display(file, cwd), error);
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function display(file: string, cwd: string): string {
  return relative(cwd, file).split(sep).join('/') || file;
}

function unreadable(name: string, error: unknown): UserError {
  const reason =
    codeOf(error) === 'ENOENT' ? 'there is no such file' : error instanceof Error ? error.message : 'unknown';
  return new UserError(`${name}: cannot be read: ${reason}`, { cause: error });
}

/**
 * The settings of `config` (as given on the command line, relative to `cwd`) or, without it, of the nearest pyproject.toml.
 * Throws UserError with file, line and column for what is not TOML, an unknown key or a wrong type.
 */
export async function readConfiguration(config: string | undefined, cwd: string): Promise<Settings> {
  if (config !== undefined) {
    const file = resolve(cwd, config);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw unreadable(`--config ${config}`, error);
    });
    return { ...(await settingsFrom(bytes, config, dirname(file))), file: config };
  }
  const found = await findPyproject(cwd);
  if (found === undefined) return {};
  const name = display(found.file, cwd);
  return { ...(await settingsFrom(found.bytes, name, dirname(found.file))), file: name };
}

/** What reads TOML is loaded where there is some. */
async function settingsFrom(bytes: Buffer, name: string, base: string): Promise<Settings> {
  const { readSettings } = await import('./pyproject.ts');
  return readSettings(bytes, name, base);
}
