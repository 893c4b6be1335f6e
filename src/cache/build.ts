/** Which build of the program this is: what one has found out another must not take for its own. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from '../core/once.ts';

/** The folders of the program's files. Bundled, this module lies in `src`; else in a folder of it. */
const here = dirname(fileURLToPath(import.meta.url));
const source = here.endsWith('cache') ? dirname(here) : here;

/** Changes when a file of the program does; hexadecimal. */
export const buildId = once((): string => {
  const hash = createHash('sha256');
  for (const folder of [source, join(dirname(source), 'transforms')]) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${name} ${size} ${mtimeMs}\0`);
    }
  }
  return hash.digest('hex');
});
