/**
 * A cheap necessary condition: a name of a class or of the module starts as an empty container, and what may mean it is filled.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */

import { isBlankLine, lineEnd, nextLine } from '../../src/core/lines.ts';
import { once } from '../../src/core/once.ts';
import { Words } from '../../src/core/words.ts';
import type { InheritableSubject } from '../../src/plan/transform.ts';
import { boundIn, namespaceLines, outlineOf } from '../../src/syntax/outline.ts';
import { mayPutInstance } from './may-put.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const TYPES = 'defaultdict|OrderedDict|Counter|UserDict|UserList|dict|list|set|deque|ChainMap';
/** What may make an empty container; a constructor under another name may be any call. */
const EMPTY = new RegExp(`\\[\\s*(?:#[^\\n\\r]*\\s*)*\\]|\\{\\s*(?:#[^\\n\\r]*\\s*)*\\}|\\b(?:${TYPES})\\s*\\(`);
const RENAMED = new RegExp(`\\b(?:${TYPES})\\s+as\\s`);
const GLOBAL = new RegExp(`(?:^|[;:])[ \\t\\f]*global[ \\t]+((?:${NAME}|[ \\t,]|\\\\\\r?\\n)+)`, 'gm');
/** How far behind the name an empty container may begin, in UTF-16 units. */
const VALUE = 200;
const WORD = new RegExp(NAME, 'g');
/** By these a name of a class is reached under no name. */
const NAMESPACES = /\b(?:vars|__dict__)\b/;

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  if (!/\bdef\b/.test(text)) return false;
  const names = emptyNames(text);
  const functions = outlineOf(text)?.functions;
  if (names === 'unknown' || functions === undefined) return true;
  if (names.class.size > 0 && NAMESPACES.test(text)) return true;
  if (names.class.size === 0 && names.module.size === 0) return false;
  let found = false;
  let index = 0;
  new Words(new Set([...names.module, ...names.class])).each(text, (name, start) => {
    if (found) return;
    while ((functions[index]?.end ?? Number.POSITIVE_INFINITY) <= start) index += 1;
    // Only what functions put in counts. They reach a name of a class through an object.
    if (start < (functions[index]?.start ?? Number.POSITIVE_INFINITY)) return;
    if (!names.module.has(name) && !/[.\s\\"']/.test(text.charAt(start - 1))) return;
    found = mayPutInstance(text, start, start + name.length);
  });
  return found;
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
  const renamed = once(() => RENAMED.test(text));
  const names: Record<keyof Names, Set<string>> = { module: new Set(), class: new Set() };
  for (const line of lines) {
    const bound = boundIn(text, line);
    if (bound === undefined) continue;
    if (!EMPTY.test(bound.value) && !(bound.value.includes('(') && renamed())) continue;
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
const CLASS_BODY = new RegExp(
  `^class[ \\t]+(${NAME})[^\\n]*(?:\\n[ \\t]*(?:#[^\\n]*)?|\\n[^\\n]*\\)[ \\t]*:[^\\n]*)*\\n(?=([ \\t]+)\\S)`,
  'gm',
);

/** The registries that a text may declare for others to fill; not all of them where a string looks like code. */
export function* inheritable(text: string): Iterable<InheritableSubject> {
  if (!EMPTY.test(text)) return;
  for (const attribute of members(text, 0, '')) yield { attribute, importable: true };
  for (const match of text.replaceAll('\r', '\n').matchAll(CLASS_BODY)) {
    const [head, className = '', indent = ''] = match;
    for (const attribute of members(text, match.index + head.length, indent))
      yield { className, attribute, importable: true };
  }
}

/** The names that lines directly in a block bind to empty containers. */
function* members(text: string, start: number, indent: string): Iterable<string> {
  for (let at = start; at < text.length; at = nextLine(text, at)) {
    const line = text.slice(at, lineEnd(text, at));
    if (!line.startsWith(indent)) {
      if (isBlankLine(text, at) || /^\s*(?:$|[#)\]}"'])/.test(line)) continue;
      return;
    }
    const name = MEMBER.exec(line.slice(indent.length))?.[1];
    if (name !== undefined && !name.startsWith('__')) yield name;
  }
}
