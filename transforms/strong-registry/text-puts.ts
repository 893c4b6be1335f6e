/** Whether a text puts any of some names into anything: a cheap necessary condition for an entry ({@link file://./entry.ts}), told by tokens. */

import {
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  SEMICOLON,
} from '../../src/syntax/token-kinds.ts';
import { isTrailer, statementStart } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';

/** Methods that put in what they are called with. */
export const METHODS = /^(?:append|appendleft|add|insert|setdefault|extend|update)$/;
const ENDS: ReadonlySet<number> = new Set([COMMA, COLON, CLOSE_PARENTHESIS, CLOSE_BRACKET, 125, NEWLINE, SEMICOLON]);

/** False proves that none of the names is put into anything, by itself or in a tuple. */
export function putsOneOf(tokens: Tokens, names: ReadonlySet<string>): boolean {
  return tokens.some(names, (_, at) => isPut(tokens, at, at));
}

/** Whether what stands from `first` to `last` is put somewhere. */
function isPut(tokens: Tokens, first: number, last: number): boolean {
  if (!ENDS.has(tokens.kind(last + 1))) return false;
  const around = tokens.open(first);
  switch (tokens.kind(first - 1)) {
    case OPEN_PARENTHESIS:
    case OPEN_BRACKET:
    case OPEN_BRACE:
    case COMMA:
    case COLON:
      return around >= 0 && isPutIn(tokens, around, tokens.kind(first - 1) === COLON);
    case EQUALS:
      return around < 0 && isStoredBy(tokens, first - 1);
    default:
      return false;
  }
}

/** `afterColon`: a value of a dictionary, or of a slice, which is none. */
function isPutIn(tokens: Tokens, open: number, afterColon: boolean): boolean {
  const isCalled = isTrailer(tokens, open);
  if (tokens.kind(open) === OPEN_PARENTHESIS) {
    if (!isCalled) return isPut(tokens, open, tokens.close(open));
    return !afterColon && tokens.kind(open - 2) === DOT && METHODS.test(tokens.word(open - 1));
  }
  // `live[self]`
  if (isCalled) return !afterColon;
  // `live.extend([self])`: a display by itself is an object of its own.
  let outer = open - 1;
  while (tokens.kind(outer) === OPEN_PARENTHESIS && !isTrailer(tokens, outer)) outer -= 1;
  return tokens.kind(outer) === OPEN_PARENTHESIS && METHODS.test(tokens.word(outer - 1));
}

/** True if the statement of the `=` stores in an element too. */
function isStoredBy(tokens: Tokens, equals: number): boolean {
  for (let at = statementStart(tokens, equals); at <= equals; at++) {
    const kind = tokens.kind(at);
    if ((kind === EQUALS || kind === COLON) && tokens.kind(at - 1) === CLOSE_BRACKET && tokens.open(at) < 0)
      return true;
  }
  return false;
}
