/** A path on the command line that does not exist, and what was probably meant. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { UserError } from '../core/errors.ts';
import { errorCode } from './io-error.ts';

/** Throws a {@link UserError} that names the path, and the nearest existing spelling where one is near. A broken link does exist. */
export function requireExisting(cwd: string, path: string): void {
  try {
    if (path !== '') {
      lstatSync(resolve(cwd, path));
      return;
    }
  } catch (error) {
    // Whatever else is wrong with it is reported when it is read.
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') return;
  }
  const near = path === '' ? undefined : nearestSpelling(cwd, path);
  throw new UserError(`no such file or folder: ${path}${near === undefined ? '' : ` (did you mean ${near}?)`}`);
}

/** The path with its first missing part replaced by the sibling that is spelt most like it. */
function nearestSpelling(cwd: string, path: string): string | undefined {
  const wanted = resolve(cwd, path);
  let missing = wanted;
  while (!existsSync(dirname(missing))) missing = dirname(missing);
  const name = basename(missing);
  const sibling = closest(name, siblings(missing));
  if (sibling === undefined || distance(name, sibling) > Math.max(2, name.length / 3)) return undefined;

  const there = join(dirname(missing), sibling);
  const whole = join(there, relative(missing, wanted));
  const found = existsSync(whole) ? whole : there;
  return isAbsolute(path) ? found : relative(cwd, found).replaceAll(sep, '/');
}

function siblings(path: string): readonly string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}
