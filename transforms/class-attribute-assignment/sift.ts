/**
 * A cheap necessary condition: an attribute of `__class__`, of `type(...)` or of a class that the file names in a class statement
 * stands where a target may, or `setattr` is called on one of them.
 *
 * It looks at text, not at Python, so it errs on one side only.
 */

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
const RENAMED = /\b(?:type|setattr)\s+as\s/;
/** A comment where it would hide from these patterns what belongs together. */
const PARTED = /#[^\n\r]*[\n\r]\s*\.|\btype\s*\([\s(]*#|\bsetattr\s*\([^,#]*#/;
const CLASS = new RegExp(`\\bclass\\s+(${NAME})${GAP}(?:\\[[^\\]]*\\]${GAP})?(\\(?)`, 'g');
/** The last parts of dotted names. */
const LAST = new RegExp(`${NAME}(?!${GAP}[.${LETTER}])`, 'g');
const WORD = new RegExp(NAME, 'g');
/** Longer lists of bases are cut, and their words not known. */
const LONGEST_BASES = 2000;

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  return /\bclass\b/.test(text) && /\bdef\b/.test(text) && assignsOnClass(text)(text);
}

/** Tells of a part of the text, such as the body of a function, whether a method may put something on its class there. */
export function assignsOnClass(text: string): (part: string) => boolean {
  const names = RENAMED.test(text) || PARTED.test(text) ? 'unknown' : classNames(text);
  if (names === 'unknown') return () => true;
  const isClass = (word: string): boolean => word === '__class__' || names.has(word);
  return (part) => mayAssign(part, isClass);
}

function mayAssign(text: string, isClass: (word: string) => boolean): boolean {
  for (const { 0: member, 1: name = '', index } of text.matchAll(MEMBER)) {
    if (/^__\w+__$/.test(name) || !endsInClass(text, index, isClass)) continue;
    ASSIGNED.lastIndex = index + member.length;
    if (ASSIGNED.test(text)) return true;
  }
  for (const [, first = ''] of text.matchAll(SETATTR)) {
    if (first.match(WORD)?.some((word) => word === 'type' || isClass(word)) === true) return true;
  }
  return false;
}

/** True if what stands before `end` may be a class: a name of one, or a call of `type`. */
function endsInClass(text: string, end: number, isClass: (word: string) => boolean): boolean {
  let start = end;
  while (start > 0 && IN_NAME.test(text.charAt(start - 1))) start -= 1;
  if (start < end) return isClass(text.slice(start, end));
  const [, type, name = '', closed] = HOLDER.exec(text.slice(Math.max(0, end - LONGEST_HOLDER), end)) ?? [];
  return isClass(name) || (type !== undefined && closed !== '');
}

/** The words in class statements: the names of classes, and the last parts of those of their bases. */
function classNames(text: string): ReadonlySet<string> | 'unknown' {
  const names = new Set<string>();
  for (const { 0: head, 1: name = '', 2: open, index } of text.matchAll(CLASS)) {
    names.add(name);
    if (open === '') continue;
    const start = index + head.length;
    const end = text.slice(start, start + LONGEST_BASES).search(/\)\s*(?:#[^\n\r]*\s*)?:/);
    if (end < 0) return 'unknown';
    for (const word of text.slice(start, start + end).match(LAST) ?? []) names.add(word);
  }
  return names;
}
