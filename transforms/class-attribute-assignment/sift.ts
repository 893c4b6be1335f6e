/**
 * A cheap necessary condition: in a function of a class, an attribute of `__class__`, of `type(...)` or of what may be that class by its
 * name is a target, or `setattr` is called on one of them.
 *
 * It looks at tokens, not at Python, so it errs on one side only.
 */

import type { Range } from '../../src/core/range.ts';
import { type ClassStatement, type Outline, outlineOf } from '../../src/syntax/outline.ts';
import { renamings } from '../../src/syntax/renamings.ts';
import { DOT, WORD } from '../../src/syntax/token-kinds.ts';
import { type Tokens, tokensOf } from '../../src/syntax/tokens.ts';
import { holderEnd, isStoredByCall, type Stored, storedAt } from './text-store.ts';

/** Identifiers may have letters beyond ASCII, which `\w` leaves out. */
const LETTER = '\\w\\u0080-\\uffff';
const NAME = `[${LETTER}]+`;
/** What may part tokens, but for comments. */
const GAP = '[\\s\\\\]*';
const MEMBER = new RegExp(`\\.${GAP}${NAME}${GAP}[=:,)\\]#]`, 'g');
const IN_NAME = new RegExp(`[${LETTER}]`);
/** What stands before the dot: the last name, and the parentheses that close behind it. */
const HOLDER = new RegExp(`(\\btype${GAP}\\(${GAP}\\(*${GAP})?(${NAME})(?:${GAP}\\))*${GAP}$`);
/** Nothing but parentheses on the line: before them a comment may stand. */
const BEGINS = /(?:^|[\n\r])[ \t\f)]*$/;
const LONGEST_HOLDER = 200;
/** What the look at {@link HOLDER}s leaves to the tokens. */
const OTHERWISE = /\bsetattr\b|\btype\s*\([\s(]*#/;
/** Only an import brings them under another name. */
const RENAMED = /^(?:type|setattr)$/;
/** The last parts of dotted names. */
const LAST = new RegExp(`${NAME}(?!${GAP}[.${LETTER}])`, 'g');
const NAMED = new RegExp(`class${GAP}(${NAME})`);
/** Another name for a class: `Base = Other`, `import Base as Other`. */
const ALIAS = new RegExp(
  `(?:^|[;:\\n\\r])[ \\t]*(${NAME})[ \\t]*=[ \\t]*(?:${NAME}\\.)*(${NAME})[ \\t]*(?=[\\n\\r;#]|$)`,
  'g',
);

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string): boolean {
  if (!/\bclass\b/.test(text) || !/\bdef\b/.test(text)) return false;
  const stores = storesOnClass(text);
  return stores === 'unknown' || stores.some(({ isConstant }) => !isConstant);
}

/** Tells of a part of the text, such as the body of a function, whether a method may put something on its class there. */
export function assignsOnClass(text: string): (part: Range) => boolean {
  const stores = storesOnClass(text);
  return ({ start, end }) => stores === 'unknown' || stores.some(({ at }) => at >= start && at < end);
}

/** A place where a class may be given an attribute. */
interface Store extends Stored {
  /** Where the last name of the class stands, in UTF-16 units. */
  readonly at: number;
}

function storesOnClass(text: string): readonly Store[] | 'unknown' {
  if (/builtin/.test(text) && renamings(text).some(([name]) => RENAMED.test(name))) return 'unknown';
  const outline = outlineOf(text);
  if (outline === undefined) return 'unknown';
  const bases = basesByName(text, outline);
  const named = new Set(['__class__', ...bases.keys(), ...[...bases.values()].flat()]);
  // Most texts need no tokens to be told.
  if (!mayStore(text, named)) return [];
  const tokens = tokensOf(text);
  return tokens === undefined ? 'unknown' : storesAt(tokens, named, new Families(text, outline, bases));
}

/** True if an attribute of one of the names stands where a target may, or `setattr` is there. */
function mayStore(text: string, named: ReadonlySet<string>): boolean {
  if (OTHERWISE.test(text)) return true;
  for (const { index } of text.matchAll(MEMBER)) {
    let start = index;
    while (start > 0 && IN_NAME.test(text.charAt(start - 1))) start -= 1;
    if (start < index) {
      if (named.has(text.slice(start, index))) return true;
      continue;
    }
    const before = text.slice(Math.max(0, index - LONGEST_HOLDER), index);
    const [, type, name = ''] = HOLDER.exec(before) ?? [];
    if (type !== undefined || named.has(name) || BEGINS.test(before)) return true;
  }
  return false;
}

function storesAt(tokens: Tokens, named: ReadonlySet<string>, families: Families): readonly Store[] {
  const stores: Store[] = [];
  tokens.each(new Set([...named, 'type']), (word, first) => {
    const end = holderEnd(tokens, first);
    const isMember = tokens.kind(end + 1) === DOT && tokens.kind(end + 2) === WORD;
    const stored = isMember ? storedAt(tokens, end + 2) : isStoredByCall(tokens, end);
    const at = tokens.start(first);
    if (stored !== undefined && families.have(word === 'type' ? '__class__' : word, at)) stores.push({ ...stored, at });
  });
  return stores;
}

/** Which classes stand around a place, and what they may inherit from: only that is a method's own class to change. */
class Families {
  private readonly text: string;
  private readonly outline: Outline;
  private readonly bases: ReadonlyMap<string, readonly string[]>;
  private readonly names = new Map<ClassStatement, ReadonlySet<string>>();

  constructor(text: string, outline: Outline, bases: ReadonlyMap<string, readonly string[]>) {
    this.text = text;
    this.outline = outline;
    this.bases = withAliases(text, bases);
  }

  /** True if at that place, in UTF-16 units, a method may mean its class or one that this inherits from by the name. */
  have(name: string, at: number): boolean {
    const isAround = ({ start, end }: Range): boolean => at >= start && at < end;
    if (!this.outline.functions.some(isAround)) return false;
    return this.outline.classes.some(
      (statement) => isAround(statement) && (name === '__class__' || this.of(statement).has(name)),
    );
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

/** By the name of a class of the file, the last words of what its statement names as bases. */
function basesByName(text: string, { classes }: Outline): ReadonlyMap<string, readonly string[]> {
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
