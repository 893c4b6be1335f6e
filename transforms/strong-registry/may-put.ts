/**
 * Whether the text around a name may put an instance into what the name means: a cheap necessary condition for an entry, which is a
 * name or a tuple with names ({@link file://./entry.ts}).
 */

const NAME = '[\\w\\u0080-\\uffff]+';
const GAP = '(?:[\\s\\\\]|#[^\\n\\r]*)*';
/** A conditional expression goes on, and no statement begins. */
const IF = 'if\\b[^:]{0,400}\\belse\\b';
/** `if` goes on with a conditional expression; what `insert` puts in is its second argument. */
const ANYTHING = new RegExp(`${GAP}(?:${IF}|\\.${GAP}(?:insert|setdefault)\\b)`, 'y');
/** A method that puts in its argument: a name, a tuple, a display; `add = live.append` takes the method itself. */
const PUTS = new RegExp(
  `${GAP}\\.${GAP}(?:append|appendleft|add|extend|update)\\b${GAP}(?!\\()|` +
    `${GAP}\\.${GAP}(?:append|appendleft|add|extend|update)${GAP}\\(${GAP}(?:[([{]|${NAME}${GAP}[,)])`,
  'y',
);
/** An element. */
const BY_KEY = new RegExp(`${GAP}(?:\\[|\\.${GAP}get${GAP}\\()`, 'y');
/** What may follow an element that something is put into or stored as: not every `,` or `:` belongs to a target. */
const ON_ELEMENT = new RegExp(
  `${GAP}(?:\\.|\\[|${IF}|[,:)\\]][^\\n\\r]*=(?!=)|in\\b|(?:[-+*/|&^%@]|//|\\*\\*|<<|>>)=|=(?!=))`,
  'y',
);
/** In front of one: what is assigned gets another name, and so may one side of a conditional expression. */
const RENAMES = /(?:(?<![=!<>])=|\belse|\bas|\bfor)[\s\\]*$/;
/** In front of one: a parenthesis that only groups. */
const GROUPS =
  /(?:^|[^\w\u0080-\uffff)\]][\s\\]*|\b(?:return|yield|in|and|or|not|else|if|assert|del)[\s\\]*)\([\s\\]*$/;
/** How far what stands around is looked at, in UTF-16 units. */
const AROUND = 20;
const LONGEST_KEY = 400;
const INSERTS = /\b(?:defaultdict|Counter)\b/;
const KEY = /^[\s(]*[\w\u0080-\uffff]+[\s)]*$|,/;

/** The name stands from `start` to `end`, in UTF-16 units. */
export function mayPutInstance(text: string, start: number, end: number): boolean {
  if (matches(ANYTHING, text, end) || matches(PUTS, text, end)) return true;
  let at = start;
  // `registry.LIVE`, `self.live`: what stands in front of all of it.
  while (/[\w\u0080-\uffff.]/.test(text.charAt(at - 1))) at -= 1;
  const before = text.slice(Math.max(0, at - AROUND), at);
  // `type(self).live`, `C().live`, `getattr(C, "live").append(x)`
  if (text.charAt(at) === '.' || /["']/.test(text.charAt(start - 1)) || GROUPS.test(before)) return true;
  if (RENAMES.test(before)) return mayPutUnder(text, before);
  return matches(BY_KEY, text, end) && mayPutByKey(text, BY_KEY.lastIndex);
}

/** Something may be put into what another name means from here on: the one that `before` ends with, or one that is not known. */
function mayPutUnder(text: string, before: string): boolean {
  const name = ALIAS.exec(before)?.[1];
  if (name === undefined) return true;
  const alias = `(?<![.\\w\\u0080-\\uffff])${name}(?![\\w\\u0080-\\uffff])`;
  const isFilled = `${alias}${GAP}(?:\\[|\\.${GAP}(?:append|appendleft|add|extend|insert|update|setdefault|get)\\b|${IF})`;
  const isRenamed = `(?:(?<![=!<>])=|\\belse)[\\s\\\\]*${alias}|[^\\w\\u0080-\\uffff)\\]][\\s\\\\]*\\([\\s\\\\]*${alias}[\\s\\\\]*\\)`;
  return new RegExp(`${isFilled}|${isRenamed}`).test(text);
}

/** A name that nothing but an `=` follows. */
const ALIAS = new RegExp(`(?<![.,(\\w\\u0080-\\uffff]\\s*)\\b(${NAME})\\s*:?=\\s*$`);

/** The key stands from `start` on. */
function mayPutByKey(text: string, start: number): boolean {
  let depth = 1;
  for (let at = start; at < start + LONGEST_KEY; at++) {
    const unit = text.charAt(at);
    if (unit === '#' || unit === '"' || unit === "'") return true;
    if (unit === '[' || unit === '(' || unit === '{') depth += 1;
    else if (unit === ']' || unit === ')' || unit === '}') depth -= 1;
    if (depth > 0) continue;
    // Looking up a missing key inserts it there.
    const isInserted = INSERTS.test(text) && KEY.test(text.slice(start, at));
    return isInserted || matches(ON_ELEMENT, text, at + 1);
  }
  return true;
}

function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
