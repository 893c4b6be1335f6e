/** A cheap necessary condition: a class statement that does not start at the margin, in a text that has functions and is no test. */
import { isTestPath } from './context.ts';

/** A class statement starts its line: it is a compound statement, and none may follow a colon or a semicolon (reference 8). */
const INDENTED_CLASS = /^[ \t\f]+class[ \t\f\\]/m;

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string, path: string): boolean {
  return !isTestPath(path) && INDENTED_CLASS.test(text) && /\bdef\b/.test(text);
}
