/**
 * A cheap necessary condition: a name of a class or of the module starts as an empty container, and what may mean it is filled.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */
import { isBlankLine, lineEnd, lineStart, nextLine, previousLine } from '../../src/core/lines.ts';
import type { InheritableSubject } from '../../src/plan/transform.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const TYPES = 'defaultdict|OrderedDict|Counter|UserDict|UserList|dict|list|set|deque|ChainMap';
/** What may make an empty container; a constructor under another name may be any call. */
const EMPTY = new RegExp(`\\[\\s*\\]|\\{\\s*\\}|\\b(?:${TYPES})\\s*\\(`);
const RENAMED = new RegExp(`\\b(?:${TYPES})\\s+as\\s`);
/** A plain name, its annotation, and what it is bound to on the same line. */
const BINDING = new RegExp(`^([ \\t\\f]*)(${NAME})[ \\t]*(?::[^=\\n\\r]*)?=(?!=)([^\\n\\r]*)`, 'gm');
/** The value goes on in the next line. */
const OPEN = /(?:^|=)\s*(?:\\|\(|#|$)/;
/** A binding that is no line of its own: behind `;` or `:`, in a tuple or chain, or from an earlier line. */
const ELSEWHERE = new RegExp(
  `(?:[;:,]|=|^\\s*[)\\]}].*)[ \\t]*(${NAME})[ \\t]*(?::[^=\\n\\r]*)?=(?!=)([^\\n\\r]*)`,
  'gm',
);
const FILLS =
  /\.\s*(?:append|appendleft|add|extend|insert|update|setdefault)\b|\]\s*(?:=|[-+|&^*/%@]{1,2}=)|\[[^\]\n]*\]/;
const MEMBER_USE = new RegExp(`\\.[\\s\\\\]*(${NAME})(?![\\w\\u0080-\\uffff]|\\s*\\()`, 'g');

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  if (!/\bdef\b/.test(text) || !FILLS.test(text)) return false;
  const { module, indented } = emptyNames(text);
  // A name of the module is used by itself, once more than it is bound.
  for (const name of module) if (occurs(text, name, 2)) return true;
  if (indented.size === 0) return false;
  if (/\bglobal\b/.test(text)) return true;
  // Functions reach a name of a class through an object; a name under a condition of the module cannot be told from a local one.
  for (const [, name] of text.matchAll(MEMBER_USE)) if (name !== undefined && indented.has(name)) return true;
  for (const name of indented) if (standsInModule(text, name) && occurs(text, name, 2)) return true;
  return false;
}

interface Names {
  /** Bound without indentation. */
  readonly module: ReadonlySet<string>;
  readonly indented: ReadonlySet<string>;
}

function emptyNames(text: string): Names {
  const renamed = RENAMED.test(text);
  const isEmpty = (value: string): boolean => EMPTY.test(value) || OPEN.test(value) || (renamed && value.includes('('));
  const module = new Set<string>();
  const indented = new Set<string>();
  for (const [, indent, name = '', value = ''] of text.matchAll(BINDING)) {
    if (isEmpty(value)) (indent === '' ? module : indented).add(name);
  }
  for (const [, name = '', value = ''] of text.matchAll(ELSEWHERE)) if (isEmpty(value)) indented.add(name);
  return { module, indented };
}

function occurs(text: string, name: string, times: number): boolean {
  let at = -1;
  for (let count = 0; count < times; count++) {
    at = text.indexOf(name, at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** True if some binding of the name may stand under `if`, `try`, `with` or a loop of the module. */
function standsInModule(text: string, name: string): boolean {
  const binding = new RegExp(`^[^\\n\\r]*(?<![\\w.\\u0080-\\uffff])${name}[ \\t]*(?::[^=\\n\\r]*)?=(?!=)`, 'gmu');
  for (const { index } of text.matchAll(binding)) {
    const head = statementAbove(text, index);
    if (head === undefined || !/^(?:async\s+)?(?:def|class)\b/.test(head)) return true;
  }
  return false;
}

/** The last line above that starts a statement of the module. */
function statementAbove(text: string, index: number): string | undefined {
  for (let at = previousLine(text, lineStart(text, index)); at !== undefined; at = previousLine(text, at)) {
    if (/[^\s#)\]}"'@]/.test(text.charAt(at))) return text.slice(at, lineEnd(text, at));
  }
  return undefined;
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
