/**
 * A cheap necessary condition: a name that a class body binds to what may be a new container has to be used as an attribute.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */

import { lineEnd, nextLine } from '../../src/core/lines.ts';
import { once } from '../../src/core/once.ts';
import type { InheritableSubject } from '../../src/plan/transform.ts';
import { boundIn, namespaceLines } from '../../src/syntax/outline.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const CONSTRUCTOR =
  /\b(?:list|dict|set|bytearray|sorted|array|deque|defaultdict|OrderedDict|Counter|ChainMap|UserDict|UserList|\w*Queue|fromkeys)\b/;
/** A constructor under another name: then any call may be one. */
const RENAMED = new RegExp(`${CONSTRUCTOR.source}\\s+as\\s`);
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

/** Every name that a class body may bind to a container. */
function boundNames(text: string): ReadonlySet<string> | 'unknown' {
  const lines = namespaceLines(text);
  if (lines === undefined) return 'unknown';
  const renamed = once(() => RENAMED.test(text));
  const names = new Set<string>();
  for (const line of lines) {
    if (!line.inClass) continue;
    const bound = boundIn(text, line);
    if (bound === undefined) continue;
    const { value } = bound;
    if (/[[{]/.test(value) || CONSTRUCTOR.test(value) || (value.includes('(') && renamed()))
      for (const name of bound.names) names.add(name);
  }
  return names;
}
