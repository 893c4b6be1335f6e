/** A folder for each test, for the tests of what is written and put back. */
import { lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { type Rendered, render } from '../../src/apply/render.ts';
import type { SourceFile } from '../../src/core/source-file.ts';
import { encode } from '../../src/source/decode.ts';

/** Absolute, links resolved; another one in every test. */

export let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'apply-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

export const at = (name: string) => join(root, name);
export const content = (name: string) => readFileSync(at(name), 'utf8');
export const put = (name: string, text: string) => writeFileSync(at(name), text);
export const modeOf = (name: string) => lstatSync(at(name)).mode & 0o7777;

/** The file as it is, with all of its text replaced. */
export function rewritten(name: string, text: string, differing: Partial<SourceFile> = {}): Rendered {
  const bytes = readFileSync(at(name));
  const source: SourceFile = {
    path: name,
    realPath: realpathSync(at(name)),
    bytes,
    text: bytes.toString(),
    encoding: 'utf-8',
    bom: false,
    writable: true,
    ...differing,
  };
  const result = render(source, [{ path: name, range: { start: 0, end: source.text.length }, text }], encode);
  if ('kind' in result) throw new Error(result.message);
  return result;
}
