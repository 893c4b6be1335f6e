/** The rules there are: one folder each in `transforms/`, found by looking. A new rule is a new folder and nothing else. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleMeta } from './core/rule.ts';
import type { Transform } from './plan/transform.ts';

// Sources and bundle are laid out alike; only the ending differs.
const folder = new URL('../transforms/', import.meta.url);
const ending = extname(fileURLToPath(import.meta.url));

/** A rule whose matches only it understands. */
export type AnyTransform = Transform<unknown>;

/** Loads all rules, or those of the given ids, in the order of their names. */
export async function loadRules(ids?: readonly string[]): Promise<readonly AnyTransform[]> {
  return load<AnyTransform>('index', ids);
}

/** What the command line knows of each rule, or of those of the given ids; loads no rule. */
export async function ruleMetas(ids?: readonly string[]): Promise<readonly RuleMeta[]> {
  // Ten modules less to load at every start: the build puts them into one file.
  if (ending !== '.js') return load<RuleMeta>('meta', ids);
  const metas = JSON.parse(readFileSync(new URL('metas.json', folder), 'utf8')) as readonly RuleMeta[];
  return ids === undefined ? metas : metas.filter(({ id }) => ids.includes(id));
}

/** The rules of the given ids, each with its page. */
export async function rulePages(ids: readonly string[]): Promise<readonly (RuleMeta & { readonly page: string })[]> {
  const metas = await ruleMetas(ids);
  return Promise.all(metas.map(async (meta) => ({ ...meta, page: await rulePage(meta.id) })));
}

/** What a module of each rule exports. */
async function load<T>(module: string, ids: readonly string[] | undefined): Promise<readonly T[]> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const wanted = ids === undefined ? names : names.filter((name) => ids.includes(name));
  const urls = wanted.map((name) => new URL(`${name}/${module}${ending}`, folder).href);
  return (await Promise.all(urls.map((url) => import(url) as Promise<{ default: T }>))).map((one) => one.default);
}

/** The rule's own page, as Markdown. */
export function rulePage(id: string): Promise<string> {
  return readFile(new URL(`${id}/README.md`, folder), 'utf8');
}
