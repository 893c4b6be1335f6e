/**
 * A cheap necessary condition: a name of a class or of the module starts as an empty container, and what may mean it is filled.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */
import { isBlankLine, lineEnd, nextLine } from '../../src/core/lines.ts';
import type { InheritableSubject } from '../../src/plan/transform.ts';
import { boundIn, namespaceLines } from '../../src/syntax/outline.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const TYPES = 'defaultdict|OrderedDict|Counter|UserDict|UserList|dict|list|set|deque|ChainMap';
/** What may make an empty container; a constructor under another name may be any call. */
const EMPTY = new RegExp(`\\[\\s*(?:#[^\\n\\r]*\\s*)*\\]|\\{\\s*(?:#[^\\n\\r]*\\s*)*\\}|\\b(?:${TYPES})\\s*\\(`);
const RENAMED = new RegExp(`\\b(?:${TYPES})\\s+as\\s`);
const GLOBAL = /\bglobal\b([^\n\r;]*)/g;
const WORD = new RegExp(NAME, 'g');
const FILLS =
  /\.\s*(?:append|appendleft|add|extend|insert|update|setdefault)\b|\]\s*(?:=|[-+|&^*/%@]{1,2}=)|\[[^\]\n]*\]/;
const MEMBER_USE = new RegExp(`\\.[\\s\\\\]*(${NAME})(?![\\w\\u0080-\\uffff]|\\s*\\()`, 'g');

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  if (!/\bdef\b/.test(text) || !FILLS.test(text)) return false;
  const names = emptyNames(text);
  if (names === 'unknown') return true;
  // A name of the module is used by itself, once more than it is bound.
  for (const name of names.module) if (occurs(text, name, 2)) return true;
  if (names.class.size === 0) return false;
  // Functions reach a name of a class through an object.
  for (const [, name] of text.matchAll(MEMBER_USE)) if (name !== undefined && names.class.has(name)) return true;
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
  const renamed = RENAMED.test(text);
  const names: Record<keyof Names, Set<string>> = { module: new Set(), class: new Set() };
  for (const line of lines) {
    const bound = boundIn(text, line);
    if (bound === undefined || !(EMPTY.test(bound.value) || (renamed && bound.value.includes('(')))) continue;
    for (const name of bound.names) {
      if (line.inModule) names.module.add(name);
      if (line.inClass) names.class.add(name);
    }
  }
  // What a function binds for the module may stand anywhere.
  for (const [, list = ''] of text.matchAll(GLOBAL)) for (const [name] of list.matchAll(WORD)) names.module.add(name);
  return names;
}

function occurs(text: string, name: string, times: number): boolean {
  let at = -1;
  for (let count = 0; count < times; count++) {
    at = text.indexOf(name, at + 1);
    if (at < 0) return false;
  }
  return true;
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
