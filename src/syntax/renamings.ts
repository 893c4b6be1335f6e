/** What a text gives another name by `as`, told without parsing: names that are imported under another one are among them. */

const NAME = '[\\w\\u0080-\\uffff]+';
const BEFORE = new RegExp(`(${NAME})[\\s\\\\]+$`);
const AFTER = new RegExp(`as[\\s\\\\]+(${NAME})`, 'y');
/** Tried at the start alone: without the `^` it would be tried at every place of a text. */
const NOTHING = /^(?!)/;
/** How long a name may be with what parts it from the `as`, in UTF-16 units. */
const LONGEST = 300;

let last:
  | { readonly text: string; readonly renamings: readonly (readonly [name: string, alias: string])[] }
  | undefined;

/** Each with the word before the `as`. */
export function renamings(text: string): readonly (readonly [name: string, alias: string])[] {
  // Several rules ask about one text.
  if (last?.text === text) return last.renamings;
  const found: (readonly [string, string])[] = [];
  for (let at = text.indexOf('as'); at >= 0; at = text.indexOf('as', at + 2)) {
    if (!isGap(text.charCodeAt(at - 1)) || !isGap(text.charCodeAt(at + 2))) continue;
    AFTER.lastIndex = at;
    const alias = AFTER.exec(text)?.[1];
    const name = alias === undefined ? undefined : BEFORE.exec(text.slice(Math.max(0, at - LONGEST), at))?.[1];
    if (name !== undefined && alias !== undefined) found.push([name, alias]);
  }
  last = { text, renamings: found };
  return found;
}

/** Matches where one of the names stands that the text gives to what `pattern` matches. */
export function aliasesIn(text: string, pattern: RegExp): RegExp {
  const aliases = renamings(text).flatMap(([name, alias]) => (pattern.test(name) ? [alias] : []));
  return aliases.length === 0
    ? NOTHING
    : new RegExp(`(?<![\\w\\u0080-\\uffff])(?:${aliases.join('|')})(?![\\w\\u0080-\\uffff])`);
}

function isGap(unit: number): boolean {
  return unit <= 32 || unit === 92 /* \ */ || unit === 160;
}
