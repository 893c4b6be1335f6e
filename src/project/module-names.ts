/** Names of a file that mean nothing but modules, told by its text: what stands behind the dot after one is no class of just anywhere. */
import { isWordUnit, owned } from '../core/words.ts';
import { withoutImports } from './facts.ts';

/** What may stand behind a name that binds it: `x = 1`, `x: int`, `for x in`, `def f(x, y)`, `with a as x`, and everything not thought of. */
const READ_ONLY = /[ \t]*(?:[.([{'"`]|(?!in\b|[ \t])[\w\u0080-\uffff])/y;
const DEFINED = /\b(?:def|class|for|as|global|nonlocal|del|type|case)[ \t]+$/;
/** How far what stands before a name is looked at, in UTF-16 units. */
const LONGEST_KEYWORD = 16;

/**
 * True if nothing in the text can bind the name but import statements. Errs on one side: a comment may look like an assignment, and
 * what binds it where its name is not written is not seen.
 */
export function isBoundByImportsOnly(text: string, name: string): boolean {
  // Names are compared in normal form KC (language reference 2.3).
  const rest = withoutImports(/[^\0-\x7f]/.test(text) ? text.normalize('NFKC') : text);
  for (let at = rest.indexOf(name); at >= 0; at = rest.indexOf(name, at + 1)) {
    const end = at + name.length;
    const isPart = isWordUnit(rest.charCodeAt(at - 1) || 0) || isWordUnit(rest.charCodeAt(end) || 0);
    if (isPart || rest.charAt(at - 1) === '.') continue;
    READ_ONLY.lastIndex = end;
    if (!READ_ONLY.test(rest) || DEFINED.test(rest.slice(Math.max(0, at - LONGEST_KEYWORD), at))) return false;
  }
  return true;
}

/** The dotted name that ends before the dot at `dot`; undefined where something else stands there: `f().x`, `a[0].x`. */
export function dottedName(text: string, dot: number): string | undefined {
  let start = dot;
  while (start > 0 && (isWordUnit(text.charCodeAt(start - 1)) || text.charAt(start - 1) === '.')) start -= 1;
  return /^[.\d]/.test(text.slice(start, start + 1)) || start === dot ? undefined : owned(text.slice(start, dot));
}
