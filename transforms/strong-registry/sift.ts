/**
 * A cheap necessary condition: a name of a class or of the module starts as an empty container, and what may mean it is filled.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */

import type { Range } from '../../src/core/range.ts';
import type { InheritableSubject } from '../../src/plan/transform.ts';
import { namespaceBodies } from '../../src/syntax/namespace-bodies.ts';
import { boundIn, namespaceLines, outlineOf } from '../../src/syntax/outline.ts';
import { aliasesIn, renamings } from '../../src/syntax/renamings.ts';
import { DOT, OPEN_PARENTHESIS } from '../../src/syntax/token-kinds.ts';
import { tokensOf } from '../../src/syntax/tokens.ts';
import { ANY_NAME, MayPut } from './may-put.ts';
import { instanceNames } from './text-instances.ts';
import { putsOneOf } from './text-puts.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const TYPES = 'defaultdict|OrderedDict|Counter|UserDict|UserList|dict|list|set|deque|ChainMap';
/** What may make an empty container; a constructor under another name may be any call. */
const EMPTY = new RegExp(`\\[\\s*(?:#[^\\n\\r]*\\s*)*\\]|\\{\\s*(?:#[^\\n\\r]*\\s*)*\\}|\\b(?:${TYPES})\\s*\\(`);
const TYPE = new RegExp(`^(?:${TYPES})$`);
const GLOBAL = new RegExp(`\\bglobal[ \\t]+((?:${NAME}|[ \\t,]|\\\\\\r?\\n)+)`, 'g');
/** How far behind the name an empty container may begin, in UTF-16 units. */
const VALUE = 200;
const WORD = new RegExp(NAME, 'g');
/** By these a name of a class is reached under no name, or by one in a string. */
const REFLECTION: ReadonlySet<string> = new Set(
  'vars __dict__ getattr setattr hasattr delattr patch object'.split(' '),
);

/** The names that the rule may find, or false for none, or true where nothing is known. */
export function mayMatch(text: string): boolean | ReadonlySet<string> {
  if (!/\bdef\b/.test(text)) return false;
  const names = emptyNames(text);
  if (names === 'unknown') return true;
  if (names.class.size === 0 && names.module.size === 0) return false;
  const functions = outlineOf(text)?.functions;
  const tokens = tokensOf(text);
  if (tokens === undefined || functions === undefined) return true;
  const instances = instanceNames(tokens);
  if (!putsOneOf(tokens, instances)) return false;
  if (names.class.size > 0 && renamings(text).some(([name]) => REFLECTION.has(name))) return true;
  const found = new Set<string>();
  const all = new Set([...names.module, ...names.class]);
  tokens.each(new Set([...all, ...(names.class.size > 0 ? REFLECTION : [])]), (name, at) => {
    const start = tokens.start(at);
    // Only what functions put in counts. They reach a name of a class through an object.
    if (found.has(name) || !isInOneOf(functions, start)) return;
    const mayPut = new MayPut(tokens, instances);
    // Which name that is would have to be evaluated.
    if (REFLECTION.has(name) && tokens.kind(at + 1) === OPEN_PARENTHESIS && mayPut.ofCall(at))
      for (const any of names.class) found.add(any);
    if (!names.module.has(name) && tokens.kind(at - 1) !== DOT) return;
    if (!mayPut.at(at)) return;
    if (REFLECTION.has(name)) for (const any of names.class) found.add(any);
    if (all.has(name)) found.add(name);
  });
  return found.size > 0 && found;
}

/** See {@link Transform.mayChange}. What is put in may come from anywhere. */
export function mayChange(text: string, attribute: string, home: string): boolean {
  const tokens = tokensOf(text);
  if (tokens === undefined) return true;
  const inserts = home.includes('defaultdict');
  return tokens.some(
    [attribute],
    (_, at) => tokens.kind(at - 1) === DOT && new MayPut(tokens, ANY_NAME, inserts).at(at),
  );
}

/** The ranges stand in their order. */
function isInOneOf(ranges: readonly Range[], place: number): boolean {
  let from = 0;
  let to = ranges.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ranges[middle]?.end ?? 0) <= place) from = middle + 1;
    else to = middle;
  }
  return (ranges[from]?.start ?? Number.POSITIVE_INFINITY) <= place;
}

/** True if somewhere an `=` follows the name on its line, and behind that what may be an empty container. */
function isBoundToEmpty(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [, value] = /^[^\n\r]*?=(?!=)([\s\S]*)/.exec(text.slice(at, at + VALUE)) ?? [];
    if (value !== undefined && (EMPTY.test(value) || value.length >= VALUE / 2)) return true;
  }
  return false;
}

interface Names {
  readonly module: ReadonlySet<string>;
  readonly class: ReadonlySet<string>;
}

/** The names that the module or a class may bind to an empty container. */
function emptyNames(text: string): Names | 'unknown' {
  const lines = namespaceLines(text);
  if (lines === undefined) return 'unknown';
  const aliases = aliasesIn(text, TYPE);
  const names: Record<keyof Names, Set<string>> = { module: new Set(), class: new Set() };
  for (const line of lines) {
    const bound = boundIn(text, line);
    if (bound === undefined) continue;
    if (!EMPTY.test(bound.value) && !aliases.test(bound.value)) continue;
    for (const name of bound.names) {
      // Names that the language gives a meaning hold nothing.
      if (/^__\w+__$/.test(name)) continue;
      if (line.inModule) names.module.add(name);
      if (line.inClass) names.class.add(name);
    }
  }
  // What a function binds for the module may stand anywhere.
  for (const [, list = ''] of text.matchAll(GLOBAL))
    for (const [name] of list.matchAll(WORD))
      if (!names.module.has(name) && isBoundToEmpty(text, name)) names.module.add(name);
  return names;
}

/** A line that binds a name to an empty container. */
const MEMBER = new RegExp(
  `^(${NAME})[ \\t]*(?::[^=\\n]*)?=[ \\t]*(?:\\[\\s*\\]|\\{\\s*\\}|(?:list|dict|set)\\(\\s*\\)|[\\w.]*(?:defaultdict|OrderedDict|Counter)\\()`,
);
/** The registries that a text may declare for others to fill. */
export function* inheritable(text: string): Iterable<InheritableSubject> {
  if (!EMPTY.test(text)) return;
  for (const { className, lines } of namespaceBodies(text))
    for (const attribute of members(lines)) yield { className, attribute, importable: true };
}

/** The names that the lines bind to empty containers. */
function* members(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) {
    const name = MEMBER.exec(line)?.[1];
    if (name !== undefined && !name.startsWith('__')) yield name;
  }
}
