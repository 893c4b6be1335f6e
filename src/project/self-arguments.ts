/** Who hands its own `self` to whom, told by the text alone. */
import { isWordUnit, wordStart } from '../core/words.ts';

const NAME = '[\\w\\u0080-\\uffff]+';
/**
 * What is called with `self`, where its result is kept: assigned, or an element or argument. Before `self` other arguments may stand, but no
 * call; that is enough to find most.
 */
const CALLED_WITH_SELF =
  /[=([{,:][ \t]*(?:[\w.]{0,80}\.)?([A-Za-z_]\w{0,80})\((?:[^()\n\r]{0,200}[,=])?\s*self\s*[,)]$/;
const SET_TO_SELF = new RegExp(`\\.(${NAME})\\s*=\\s*self$`);
/** How far before `self` all of that begins, in UTF-16 units. */
const LONGEST = 400;

/** The last names of what is called with `self` as an argument (`to`), and the attributes of others that are set to it (`as`). */
export function handedSelf(text: string): { readonly to: ReadonlySet<string>; readonly as: ReadonlySet<string> } {
  const to = new Set<string>();
  const as = new Set<string>();
  for (let at = text.indexOf('self'); at >= 0; at = text.indexOf('self', at + 4)) {
    const end = at + 4;
    const before = visibleBefore(text, at);
    const sign = text.charAt(before - 1);
    if (sign !== '(' && sign !== ',' && sign !== '=') continue;
    const next = text.charCodeAt(end);
    if (isWordUnit(next) || next === 46 /* . */) continue;
    const start = Math.max(0, at - LONGEST);
    if (sign === '=' && /^[ \t]*(?:[\n\r]|$)/.test(text.slice(end, end + LONGEST))) {
      const attribute = SET_TO_SELF.exec(text.slice(start, end))?.[1];
      if (attribute !== undefined) as.add(attribute);
    }
    const closing = /^\s*[,)]/.exec(text.slice(end, end + LONGEST))?.[0];
    if (closing === undefined || (sign === '(' && isParameter(text, before - 1))) continue;
    const callee = CALLED_WITH_SELF.exec(text.slice(start, end + closing.length))?.[1];
    if (callee !== undefined) to.add(callee);
  }
  return { to, as };
}

/** `def name(self`: most that stand behind a parenthesis. */
function isParameter(text: string, open: number): boolean {
  return text.startsWith('def ', wordStart(text, open) - 4);
}

function visibleBefore(text: string, from: number): number {
  let at = from;
  while (at > 0 && text.charCodeAt(at - 1) <= 32) at -= 1;
  return at;
}
