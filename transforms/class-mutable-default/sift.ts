/**
 * A cheap necessary condition: what a class body binds to what may be a new container has to be changed, or handed on, as an attribute of
 * what may be an instance.
 *
 * It looks at lines, not at Python, so it errs on one side only: what it cannot read line by line may match.
 */

import type { InheritableSubject } from '../../src/plan/transform.ts';
import { namespaceBodies } from '../../src/syntax/namespace-bodies.ts';
import { boundIn, namespaceLines } from '../../src/syntax/outline.ts';
import { aliasesIn } from '../../src/syntax/renamings.ts';
import { tokensOf } from '../../src/syntax/tokens.ts';
import { InstanceUses } from './instance-uses.ts';
import { type Kind, MayChange } from './may-change.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const CONSTRUCTOR =
  /\b(?:list|dict|set|bytearray|sorted|array|deque|defaultdict|OrderedDict|Counter|ChainMap|UserDict|UserList|\w*Queue|fromkeys)\b/;
/** What holds nothing that could change: literals, and constructors that are given no elements; strings are `""` here. */
const FLAT =
  /^\s*(?:\w+\s*=\s*)*(?:[[{](?:[\s\d,:.+\-"()]|[brufBRUF]{1,2}(?=")|None|True|False)*[\]}]|(?:\w+\.)?(?:list|dict|set|bytearray|deque|OrderedDict|Counter|UserDict|UserList)\(\s*\))\s*(?:#[^\n\r]*)?$/;

/** The names of the attributes that the rule may find, or false for none, or true where nothing is known. */
export function mayMatch(text: string): boolean | ReadonlySet<string> {
  if (!/\bclass\b/.test(text)) return false;
  const names = boundNames(text);
  if (names === 'unknown') return true;
  if (names.size === 0) return false;
  const tokens = tokensOf(text);
  if (tokens === undefined) return true;
  const uses = new InstanceUses(tokens);
  const changes = new MayChange(tokens);
  const found = new Set<string>();
  tokens.each(new Set(names.keys()), (name, at) => {
    const bound = found.has(name) ? undefined : names.get(name);
    const object = bound === undefined ? undefined : uses.objectOf(at);
    if (bound === undefined || object === undefined) return;
    if (uses.mayInherit(object, bound.at) && changes.at(object, at, bound)) found.add(name);
  });
  return found.size > 0 && found;
}

/** See {@link Transform.mayChange}. */
export function mayChange(text: string, attribute: string, home: string): boolean {
  const names = boundNames(home);
  const tokens = tokensOf(text);
  const bound = names === 'unknown' ? undefined : names.get(attribute);
  if (bound === undefined || tokens === undefined) return true;
  const uses = new InstanceUses(tokens, false);
  const changes = new MayChange(tokens, false);
  return tokens.some([attribute], (_, at) => {
    const object = uses.objectOf(at);
    return object !== undefined && changes.at(object, at, bound);
  });
}

/** A line of a class body that binds a name to what may be a new container. */
const MEMBER = new RegExp(`^(${NAME})[ \\t]*(?::[^=\\n]*)?=[ \\t]*(?:[[{]|${CONSTRUCTOR.source})`);

/** The attributes that a class of the module binds to what may be a new container. */
export function* inheritable(text: string): Iterable<InheritableSubject> {
  if (!/\bclass\b/.test(text)) return;
  for (const { className, lines } of namespaceBodies(text)) {
    if (className === undefined) continue;
    for (const line of lines) {
      const attribute = MEMBER.exec(line)?.[1];
      if (attribute !== undefined && !attribute.startsWith('__')) yield { className, attribute, importable: true };
    }
  }
}

interface Bound extends Kind {
  /** Where class bodies bind it, in UTF-16 units. */
  readonly at: readonly number[];
}

/** Every name that a class body may bind to a container. */
function boundNames(text: string): ReadonlyMap<string, Bound> | 'unknown' {
  const lines = namespaceLines(text);
  if (lines === undefined) return 'unknown';
  const aliases = aliasesIn(text, CONSTRUCTOR);
  const names = new Map<string, Bound>();
  for (const line of lines) {
    if (!line.inClass) continue;
    const bound = boundIn(text, line);
    if (bound === undefined) continue;
    const { value } = bound;
    if (!/[[{]/.test(value) && !CONSTRUCTOR.test(value) && !aliases.test(value)) continue;
    for (const name of bound.names) {
      // Names that the language gives a meaning are never matched.
      if (/^__\w+__$/.test(name)) continue;
      const known = names.get(name);
      const flat = FLAT.test(value) && known?.flat !== false;
      const inserts = value.includes('defaultdict') || aliases.test(value) || known?.inserts === true;
      const takes = value.includes('Queue') || aliases.test(value) || known?.takes === true;
      names.set(name, { flat, inserts, takes, at: [...(known?.at ?? []), line.start] });
    }
  }
  return names;
}
