/** The rules there are: one folder each in `transforms/`, found by looking. A new rule is a new folder and nothing else. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleMeta } from './core/rule.ts';
import type { Transform } from './plan/transform.ts';

// Sources and bundle are laid out alike; only the ending differs.
const folder = new URL('../transforms/', import.meta.url);
const index = `index${extname(fileURLToPath(import.meta.url))}`;

/** A rule whose matches only it understands. */
export type AnyTransform = Transform<unknown>;

/** Loads all rules, or those of the given ids, in the order of their names. */
export async function loadRules(ids?: readonly string[]): Promise<readonly AnyTransform[]> {
  const names = readdirSync(folder).sort();
  const wanted = ids === undefined ? names : names.filter((name) => ids.includes(name));
  const modules = await Promise.all(wanted.map((name) => import(new URL(`${name}/${index}`, folder).href)));
  return modules.map((module: { default: AnyTransform }) => module.default);
}

/** What the command line knows of each rule. */
export async function ruleMetas(): Promise<readonly RuleMeta[]> {
  return (await loadRules()).map((rule) => rule.meta);
}

/** The rules of the given ids, each with its page. */
export async function rulePages(ids: readonly string[]): Promise<readonly (RuleMeta & { readonly page: string })[]> {
  const rules = await loadRules(ids);
  return Promise.all(rules.map(async ({ meta }) => ({ ...meta, page: await rulePage(meta.id) })));
}

/** The rule's own page, as Markdown. */
export function rulePage(id: string): Promise<string> {
  return readFile(new URL(`${id}/README.md`, folder), 'utf8');
}
