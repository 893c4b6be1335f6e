/** What `--show-settings` prints: a table that may stand in pyproject.toml as it is, with where each value comes from. */
import type { Options } from '../core/options.ts';
import { safeJson } from '../core/safe-json.ts';
import { visible } from '../core/visible.ts';
import type { Settings } from './settings.ts';

/** A value as TOML. JSON's strings, numbers, booleans and arrays are TOML's too. */
function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return safeJson(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${safeJson(key)} = ${toml(inner)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** The settings of a run, each behind the key that it has in the file. A value that is not set is left out. Ends with a line end. */
export function settingsText(options: Options, commandLine: Settings, file: Settings): string {
  const from = (...keys: readonly (keyof Settings)[]): string => {
    if (keys.some((key) => commandLine[key] !== undefined)) return 'command line';
    if (keys.some((key) => file[key] !== undefined)) return file.file ?? 'configuration';
    return 'default';
  };
  const patterns = new Map<string, readonly string[]>();
  for (const { pattern, rules } of options.perFileIgnores)
    patterns.set(pattern, [...(patterns.get(pattern) ?? []), ...rules]);
  const settings: readonly (readonly [key: string, value: unknown, origin: string])[] = [
    ['select', options.rules, from('select', 'ignore')],
    ['strategy', Object.fromEntries(options.strategies), from('strategy')],
    ['declarative-bases', options.declarativeBases, from('declarativeBases')],
    ['exclude', options.exclude.map(({ pattern }) => pattern), from('exclude')],
    ['force-exclude', options.forceExclude, from('forceExclude')],
    ['per-file-ignores', Object.fromEntries(patterns), from('perFileIgnores')],
    ['unsafe', options.unsafe, from('unsafe')],
    ['max-changes', options.maxChanges, from('maxChanges')],
    ['allow-dirty', options.allowDirty, from('allowDirty')],
    ['baseline', options.baseline, from('baseline')],
    ['report-unused-ignores', options.reportUnusedIgnores, from('reportUnusedIgnores')],
    ['format', options.format, from('format')],
    ['jobs', options.jobs, from('jobs')],
    ['no-cache', !options.cache, from('cache')],
    ['exit-zero', options.exitZero, from('exitZero')],
    ['quiet', options.quiet, from('quiet')],
    ['no-color', !options.color, from('color')],
  ];
  const lines = settings
    .filter(([, value]) => value !== undefined)
    .map(([key, value, origin]) => `${key} = ${toml(value)}  # ${visible(origin)}`);
  const head = [
    `# mode: ${options.mode}; paths: ${visible(options.paths.join(' '))}`,
    `# configuration: ${visible(file.file ?? 'none (no pyproject.toml from here upward)')}`,
    '[tool.pyleak-fix]',
  ];
  return `${[...head, ...lines].join('\n')}\n`;
}
