/** Whether an element of a container may be a target, and whether what stands before a token may be more than a part of it: told by tokens. */
import {
  AUGMENTED,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  EQUALS,
  NEWLINE,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  SEMICOLON,
  WORD,
} from '../../src/syntax/token-kinds.ts';
import { isTrailer, statementEnd, statementStart } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';

/** In front of an element that is stored in: `del x[k]`, `for x[k] in`, `with c as x[k]`. */
const STORES = /^(?:del|for|as)$/;
const ENDS: ReadonlySet<number> = new Set([COMMA, COLON, CLOSE_PARENTHESIS, CLOSE_BRACKET, NEWLINE, SEMICOLON]);

/** False if what follows makes it part of a larger expression that is none of its names. */
export function mayGoOn(tokens: Tokens, next: number): boolean {
  const kind = tokens.kind(next);
  if (kind === WORD) return !/^(?:in|is|not)$/.test(tokens.word(next));
  return ENDS.has(kind) || kind === 125;
}

/** True if what ends before the token `next`, an element, may be a target. */
export function isStored(tokens: Tokens, object: number, next: number): boolean {
  const kind = tokens.kind(next);
  if (kind === EQUALS || kind === AUGMENTED) return true;
  const before = tokens.kind(object - 1);
  if (before === WORD && STORES.test(tokens.word(object - 1))) return true;
  const around = tokens.open(object);
  if (around >= 0 && isTrailer(tokens, around)) return tokens.word(next) === 'in' && before === COMMA;
  // `a[1], b[2] = 1, 2`, `a[1]: int = 1`
  if (ENDS.has(kind) && isAssigned(tokens, next)) return true;
  // `del a, b[1]`, `for a, b[1] in c`
  return (
    (before === COMMA || before === OPEN_PARENTHESIS || before === OPEN_BRACKET) && mayListTargets(tokens, object, next)
  );
}

/** True if the statement may store in several places. */
function mayListTargets(tokens: Tokens, object: number, next: number): boolean {
  for (let at = statementStart(tokens, object); at < object; at++) if (STORES.test(tokens.word(at))) return true;
  return isAssigned(tokens, next);
}

function isAssigned(tokens: Tokens, from: number): boolean {
  const end = statementEnd(tokens, from);
  for (let at = from; at < end; at++) if (tokens.kind(at) === EQUALS) return true;
  return false;
}
