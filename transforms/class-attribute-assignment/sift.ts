/**
 * A cheap necessary condition: an attribute of `__class__`, of `type(...)` or of a class that the file names in a class statement
 * stands where a target may, or `setattr` is called on one of them.
 *
 * It looks at text, not at Python, so it errs on one side only.
 */

import type { Range } from '../../src/core/range.ts';
import { type ClassStatement, outlineOf } from '../../src/syntax/outline.ts';
import { renamings } from '../../src/syntax/renamings.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const LETTER = '\\w\\u0080-\\uffff';
const NAME = `[${LETTER}]+`;
/** What may part tokens, but for comments. */
const GAP = '[\\s\\\\]*';
const MEMBER = new RegExp(`\\.${GAP}(${NAME})${GAP}(?=[=:,)\\]#])`, 'g');
/** Behind a target an `=` follows: on its line, or behind the bracket that it stands in. A comparison is no target. */
const ASSIGNED = /=(?!=)|[:,)\]#](?:[^\n\r=]*=(?!=)|[^=]*?[)\]][\s\\]*=(?!=))/y;
/** The end of what stands before the dot: its last name, and the parentheses that close behind it. */
const HOLDER = new RegExp(`(\\btype${GAP}\\(${GAP}\\(*${GAP})?(${NAME})((?:${GAP}\\))*)${GAP}$`);
const IN_NAME = new RegExp(`[${LETTER}]`);
const LONGEST_HOLDER = 200;
/** The first argument, up to the comma behind it. */
const SETATTR = new RegExp(`\\bsetattr${GAP}\\(([^,]*),`, 'g');
/** Only an import brings them under another name. */
const RENAMED = /^(?:type|setattr)$/;
/** A comment where it would hide from these patterns what belongs together. */
const PARTED = new RegExp(
  `#[^\\n\\r]*[\\n\\r]\\s*\\.${GAP}${NAME}${GAP}[=:,)\\]#]|\\btype\\s*\\([\\s(]*#|\\bsetattr\\s*\\([^,#]*#`,
);
/** The last parts of dotted names. */
const LAST = new RegExp(`${NAME}(?!${GAP}[.${LETTER}])`, 'g');
const WORD = new RegExp(NAME, 'g');
const NAMED = new RegExp(`class${GAP}(${NAME})`);
/** Another name for a class: `Base = Other`, `import Base as Other`. */
const ALIAS = new RegExp(
  `(?:^|[;:\\n\\r])[ \\t]*(${NAME})[ \\t]*=[ \\t]*(?:${NAME}\\.)*(${NAME})[ \\t]*(?=[\\n\\r;#]|$)`,
  'g',
);

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  if (!/\bclass\b/.test(text) || !/\bdef\b/.test(text)) return false;
  return assignsOnClass(text)({ start: 0, end: text.length });
}

/** Tells of a part of the text, such as the body of a function, whether a method may put something on its class there. */
export function assignsOnClass(text: string): (part: Range) => boolean {
  const bases =
    /builtin/.test(text) && renamings(text).some(([name]) => RENAMED.test(name)) ? 'unknown' : basesByName(text);
  if (bases === 'unknown') return () => true;
  const named = new Set(['__class__', ...bases.keys(), ...[...bases.values()].flat()]);
  let families: Families | undefined;
  const isOwn = (name: string, at: number): boolean => {
    if (!named.has(name)) return false;
    families ??= new Families(text, bases);
    return families.have(name, at);
  };
  return ({ start, end }) => mayAssign(text.slice(start, end), (name, at) => isOwn(name, start + at));
}

/** Which classes stand around a place, and what they may inherit from: only that is a method's own class to change. */
class Families {
  private readonly text: string;
  private readonly bases: ReadonlyMap<string, readonly string[]>;
  private readonly classes: readonly ClassStatement[] | undefined;
  private readonly names = new Map<ClassStatement, ReadonlySet<string>>();

  constructor(text: string, bases: ReadonlyMap<string, readonly string[]>) {
    this.text = text;
    this.bases = withAliases(text, bases);
    this.classes = outlineOf(text)?.classes;
  }

  /** True if at that place, in UTF-16 units, the name may mean the class around or one that it inherits from. */
  have(name: string, at: number): boolean {
    if (this.classes === undefined) return true;
    return this.classes.some((statement) => {
      if (at < statement.start || at >= statement.end) return false;
      return name === '__class__' || this.of(statement).has(name);
    });
  }

  private of(statement: ClassStatement): ReadonlySet<string> {
    const known = this.names.get(statement);
    if (known !== undefined) return known;
    const [, own] = NAMED.exec(this.text.slice(statement.start, statement.header)) ?? [];
    const names = new Set(own === undefined ? [] : [own]);
    for (const name of names) for (const base of this.bases.get(name) ?? []) names.add(base);
    this.names.set(statement, names);
    return names;
  }
}

/** `isClass` is asked of a name and of the place where it stands in the text. */
function mayAssign(text: string, isClass: IsClass): boolean {
  if (PARTED.test(text)) return true;
  for (const { 0: member, 1: name = '', index } of text.matchAll(MEMBER)) {
    if (/^__\w+__$/.test(name) || !endsInClass(text, index, isClass)) continue;
    ASSIGNED.lastIndex = index + member.length;
    if (ASSIGNED.test(text)) return true;
  }
  for (const { 1: first = '', index } of text.matchAll(SETATTR)) {
    if (first.match(WORD)?.some((word) => isClass(word === 'type' ? '__class__' : word, index)) === true) return true;
  }
  return false;
}

type IsClass = (name: string, at: number) => boolean;

/** True if what stands before `end` may be a class: a name of one, or a call of `type`. */
function endsInClass(text: string, end: number, isClass: IsClass): boolean {
  let start = end;
  while (start > 0 && IN_NAME.test(text.charAt(start - 1))) start -= 1;
  if (start < end) return isClass(text.slice(start, end), end);
  const [, type, name = '', closed] = HOLDER.exec(text.slice(Math.max(0, end - LONGEST_HOLDER), end)) ?? [];
  return isClass(type !== undefined && closed !== '' ? '__class__' : name, end);
}

/** By the name of a class of the file, the last words of what its statement names as bases. */
function basesByName(text: string): ReadonlyMap<string, readonly string[]> | 'unknown' {
  const classes = outlineOf(text)?.classes;
  if (classes === undefined) return 'unknown';
  const bases = new Map<string, readonly string[]>();
  for (const { start, header } of classes) {
    const [head = '', name = ''] = NAMED.exec(text.slice(start, header)) ?? [];
    const words = text.slice(start + head.length, header).match(LAST) ?? [];
    bases.set(name, [...(bases.get(name) ?? []), ...words]);
  }
  return bases;
}

/** The same with other names of classes, and what they are names of. */
function withAliases(
  text: string,
  bases: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const all = new Map(bases);
  const add = (name: string, other: string): void => void all.set(name, [...(all.get(name) ?? []), other]);
  for (const [, name = '', other = ''] of text.matchAll(ALIAS)) add(name, other);
  for (const [name, alias] of renamings(text)) add(alias, name);
  return all;
}
