/**
 * A cheap necessary condition: a name that some block binds to what may be a new container has to be used as an attribute.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */

import { lineEnd, nextLine } from '../../src/core/lines.ts';
import type { InheritableSubject } from '../../src/plan/transform.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const CONSTRUCTOR =
  /\b(?:list|dict|set|bytearray|sorted|array|deque|defaultdict|OrderedDict|Counter|ChainMap|UserDict|UserList|\w*Queue|fromkeys)\b/;
/** A constructor under another name: then any call may be one. */
const RENAMED = new RegExp(`${CONSTRUCTOR.source}\\s+as\\s`);
/** A line with an assignment that is indented or follows other code: what is left of its first `=`, and what is right. */
const BINDING = /^([ \t\f]+[^\n\r=]*|[^\n\r=]*:[^\n\r=]*)=(?!=)([^\n\r]*)/gm;
/** The value goes on in the next line, also that of an assignment further right. */
const OPEN = /(?:^|=)\s*(?:\\|\(|#|$)/;
/** The target or its annotation began on an earlier line. */
const CONTINUED = /^\s*[)\]}]/;
const ATTRIBUTE = new RegExp(`\\.[\\s\\\\]*(${NAME})(?![\\w\\u0080-\\uffff]|\\s*\\()`, 'g');

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  if (!/\bclass\b/.test(text)) return false;
  const names = boundNames(text);
  if (names === 'unknown') return true;
  if (names.size === 0) return false;
  for (const [, name] of text.matchAll(ATTRIBUTE)) if (name !== undefined && names.has(name)) return true;
  return false;
}

/** A class statement of the module, and what its body's lines are indented by. */
const CLASS_BODY = new RegExp(
  `^class[ \\t]+(${NAME})[^\\n]*(?:\\n[ \\t]*(?:#[^\\n]*)?|\\n[^\\n]*\\)[ \\t]*:[^\\n]*)*\\n(?=([ \\t]+)\\S)`,
  'gm',
);
/** A line of a class body that binds a name to what may be a new container. */
const MEMBER = new RegExp(`^(${NAME})[ \\t]*(?::[^=\\n]*)?=[ \\t]*(?:[[{]|${CONSTRUCTOR.source})`);

/** The attributes that a class body of the text binds to what may be a new container; not all of them where a string looks like code. */
export function* inheritable(text: string): Iterable<InheritableSubject> {
  if (!/\bclass\b/.test(text)) return;
  for (const match of text.replaceAll('\r', '\n').matchAll(CLASS_BODY)) {
    const [head, className = '', indent = ''] = match;
    for (const line of bodyLines(text, match.index + head.length, indent)) {
      const attribute = MEMBER.exec(line)?.[1];
      if (attribute !== undefined && !attribute.startsWith('__')) yield { className, attribute, importable: true };
    }
  }
}

/** The lines that stand directly in a block, without their indentation. */
function* bodyLines(text: string, start: number, indent: string): Iterable<string> {
  for (let at = start; at < text.length; at = nextLine(text, at)) {
    const end = lineEnd(text, at);
    if (!text.startsWith(indent, at)) {
      // A blank line, a comment, or what a multi-line string or bracket has there goes by; anything else ends the block.
      if (/^\s*(?:$|[#)\]}"'])/.test(text.slice(at, end))) continue;
      return;
    }
    if (!/\s/.test(text.charAt(at + indent.length))) yield text.slice(at + indent.length, end);
  }
}

/** Every name that may be bound to a container; keyword arguments among them, since lines do not tell. */
function boundNames(text: string): ReadonlySet<string> | 'unknown' {
  const renamed = RENAMED.test(text);
  const names = new Set<string>();
  for (const [, left = '', right = ''] of text.matchAll(BINDING)) {
    const container =
      /[[{]/.test(right) || CONSTRUCTOR.test(right) || OPEN.test(right) || (renamed && right.includes('('));
    if (!container) continue;
    if (CONTINUED.test(left)) return 'unknown';
    // Further targets, and what follows a semicolon, stand right of the first `=`.
    for (const name of targets(left)) names.add(name);
    for (const [, name] of right.matchAll(LATER)) if (name !== undefined) names.add(name);
  }
  return names;
}

/** The names that what stands left of a `=` may bind. An attribute is none: a class body binds bare names only. */
function targets(left: string): readonly string[] {
  const declared = DECLARED.exec(left)?.[1];
  if (declared !== undefined) return [declared];
  if (left.includes(',')) return left.match(NAMES) ?? [];
  const last = LAST.exec(left);
  return last?.[2] === undefined || last[1] === '.' ? [] : [last[2]];
}

/** `name` or `name: annotation`. */
const DECLARED = new RegExp(`^\\s*(${NAME})\\s*(?::.*)?$`);
const LAST = new RegExp(`(\\.?)(${NAME})[\\s()\\[\\]]*$`);
const NAMES = new RegExp(NAME, 'g');
const LATER = new RegExp(`(${NAME})[ \\t]*(?::[^=\\n\\r]*)?=(?!=)`, 'g');
