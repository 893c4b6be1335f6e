/** Whether a class, or what may be one, is given an attribute: told by tokens. */
import {
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  EQUALS,
  NUMBER,
  OPEN_PARENTHESIS,
  STRING,
} from '../../src/syntax/token-kinds.ts';
import { calleeOf, isTrailer, statementEnd, statementStart } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';

/** What may be stored. */
export interface Stored {
  /** True for a value that is no object of an instance. */
  readonly isConstant: boolean;
}

const MAY_BE_STORED: Stored = { isConstant: false };
/** What a target may stand before: in a list of targets, in brackets, with an annotation. */
const BEHIND_TARGET: ReadonlySet<number> = new Set([EQUALS, COLON, COMMA, CLOSE_PARENTHESIS, CLOSE_BRACKET]);
/** Words that are values (language reference 2.3.1). */
const CONSTANT = /^(?:None|True|False)$/;

/** The last token of the name, or of the call, that begins at `first`, and of the parentheses around it. */
export function holderEnd(tokens: Tokens, first: number): number {
  let end = first;
  if (tokens.word(first) === 'type' && tokens.kind(first + 1) === OPEN_PARENTHESIS) end = tokens.close(first + 1);
  while (tokens.kind(end + 1) === CLOSE_PARENTHESIS && !isTrailer(tokens, tokens.open(end + 1))) end += 1;
  return end;
}

/** What the attribute whose name is at `name` may be given; undefined if it is no target of an assignment. */
export function storedAt(tokens: Tokens, name: number): Stored | undefined {
  if (!BEHIND_TARGET.has(tokens.kind(name + 1)) || /^__\w+__$/.test(tokens.word(name))) return undefined;
  const end = statementEnd(tokens, name);
  let sign = -1;
  for (let at = name + 1; at < end; at++) if (tokens.kind(at) === EQUALS && tokens.open(at) < 0) sign = at;
  if (sign < 0) return undefined;
  const isAlone = tokens.open(name) < 0 && !listsTargets(tokens, name);
  const isOne = sign + 2 === end && isConstant(tokens, sign + 1);
  return { isConstant: isAlone && isOne };
}

/** True if the statement may store the parts of its value. */
function listsTargets(tokens: Tokens, name: number): boolean {
  if (tokens.kind(name + 1) === COMMA) return true;
  for (let at = statementStart(tokens, name); at < name; at++)
    if (tokens.kind(at) === COMMA && tokens.open(at) < 0) return true;
  return false;
}

function isConstant(tokens: Tokens, at: number): boolean {
  const kind = tokens.kind(at);
  return kind === STRING || kind === NUMBER || CONSTANT.test(tokens.word(at));
}

/** What ends at `end` is the first argument of a `setattr` that has a second one. */
export function isStoredByCall(tokens: Tokens, end: number): Stored | undefined {
  const open = tokens.open(end + 1);
  if (tokens.kind(end + 1) !== COMMA || calleeOf(tokens, open) !== 'setattr') return undefined;
  for (let at = open + 1; at <= end; at++) if (tokens.kind(at) === COMMA && tokens.open(at) === open) return undefined;
  return MAY_BE_STORED;
}
