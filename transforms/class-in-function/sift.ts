/**
 * A cheap necessary condition: a function that is no test, and does not run once by its name, has a class statement, and does not give that
 * class back.
 */
import { type ClassStatement, outlineOf } from '../../src/syntax/outline.ts';
import { NEWLINE } from '../../src/syntax/token-kinds.ts';
import { tokensOf } from '../../src/syntax/tokens.ts';
import { isQuietName, isTestPath } from './context.ts';

/** A class statement starts its line: it is a compound statement, and none may follow a colon or a semicolon (reference 8). */
const INDENTED_CLASS = /^[ \t\f]+class[ \t\f\\]/m;
const FUNCTION = /def[\s\\]+([\w\u0080-\uffff]+)/y;
const NAME = /class[\s\\]+([\w\u0080-\uffff]+)/y;

/** False proves that the rule finds nothing in the text. */
export function mayMatch(text: string, path: string): boolean {
  if (isTestPath(path) || !INDENTED_CLASS.test(text) || !/\bdef\b/.test(text)) return false;
  const outline = outlineOf(text);
  if (outline === undefined) return true;
  const { functions, classes } = outline;
  return functions.some(({ start, end }) => {
    const local = classes.filter((one) => one.start >= start && one.start < end);
    if (local.length === 0) return false;
    FUNCTION.lastIndex = text.startsWith('async', start) ? text.indexOf('def', start) : start;
    const [, name] = FUNCTION.exec(text) ?? [];
    return (name === undefined || !isQuietName(name)) && local.some((one) => !isReturned(text, one, end));
  });
}

/** True if its own block returns the class: what a function makes is no waste. */
function isReturned(text: string, statement: ClassStatement, end: number): boolean {
  NAME.lastIndex = statement.start;
  const [, name = ''] = NAME.exec(text) ?? [];
  // Most do not, and need no tokens to be told.
  if (!new RegExp(`\\breturn[ \\t]+${name}[ \\t]*(?:#.*)?$`, 'm').test(text.slice(statement.end, end))) return false;
  const tokens = tokensOf(text);
  if (tokens === undefined) return false;
  const indent = indentOf(text, statement.start);
  for (let at = 0; at < tokens.count; at++) {
    const start = tokens.start(at + 1);
    if (tokens.kind(at) !== NEWLINE || start < statement.end) continue;
    const own = indentOf(text, start);
    if (start >= end || own.length < indent.length) return false;
    const isReturn = own === indent && tokens.word(at + 1) === 'return' && tokens.word(at + 2) === name;
    if (isReturn && tokens.kind(at + 3) === NEWLINE) return true;
  }
  return false;
}

/** What stands before it on its line. */
function indentOf(text: string, at: number): string {
  return text.slice(Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1, at);
}
