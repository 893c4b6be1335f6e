/** What stands around a token: whose call it is an argument of, which statement it is in. */
import {
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  NEWLINE,
  OPEN_PARENTHESIS,
  SEMICOLON,
  STRING,
  WALRUS,
  WORD,
} from './token-kinds.ts';
import type { Tokens } from './tokens.ts';

const KEYWORDS =
  /^(?:and|as|assert|async|await|del|elif|else|except|for|from|if|in|is|lambda|not|or|raise|return|while|with|yield)$/;

/** True for a keyword that an expression may follow. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.test(word);
}

/** True for a bracket that calls or looks up what stands before it; false for one that groups or displays. */
export function isTrailer(tokens: Tokens, open: number): boolean {
  const before = tokens.kind(open - 1);
  if (before === WORD) return !isKeyword(tokens.word(open - 1));
  return before === CLOSE_PARENTHESIS || before === CLOSE_BRACKET || (before === STRING && tokens.kind(open) !== 123);
}

/** The last name of what the parenthesis calls; empty where it calls no name, undefined where it calls nothing. */
export function calleeOf(tokens: Tokens, open: number): string | undefined {
  if (open < 0 || tokens.kind(open) !== OPEN_PARENTHESIS || !isTrailer(tokens, open)) return undefined;
  return tokens.word(open - 1);
}

/** True for a bracket that groups one expression, or holds one element. */
export function isWhole(tokens: Tokens, open: number): boolean {
  for (let at = open + 1; at < tokens.close(open); at++)
    if (tokens.kind(at) === COMMA && tokens.open(at) === open) return false;
  return true;
}

/** The first token of an expression whose last name is at `at`: of `a.b`, `f(x).b`, `a[0].b`. */
export function chainStart(tokens: Tokens, at: number): number {
  let start = at;
  while (tokens.kind(start - 1) === DOT) {
    start -= 2;
    for (
      let kind = tokens.kind(start);
      kind === CLOSE_PARENTHESIS || kind === CLOSE_BRACKET;
      kind = tokens.kind(start)
    ) {
      start = tokens.open(start);
      if (isTrailer(tokens, start)) start -= 1;
      else return start;
    }
  }
  return start;
}

/** The first token of the simple statement around, or of the lines of a compound one. */
export function statementStart(tokens: Tokens, at: number): number {
  let start = at;
  for (let kind = tokens.kind(start - 1); kind !== NEWLINE && kind !== SEMICOLON; kind = tokens.kind(start - 1))
    start -= 1;
  return start;
}

/** The line end or semicolon behind the statement around. */
export function statementEnd(tokens: Tokens, at: number): number {
  let end = at;
  for (let kind = tokens.kind(end); kind !== NEWLINE && kind !== SEMICOLON; kind = tokens.kind(end)) end += 1;
  return end;
}

/** The plain names that `=` or `:=` at `sign` binds, with those of the other `=` of its statement. */
export function namesBoundBy(tokens: Tokens, sign: number): readonly string[] {
  const nameAt = (at: number): readonly string[] =>
    tokens.kind(at) === WORD && tokens.kind(at - 1) !== DOT ? [tokens.word(at)] : [];
  if (tokens.kind(sign) === WALRUS) return nameAt(sign - 1);
  // A keyword argument, or a parameter's default.
  if (tokens.open(sign) >= 0) return [];
  const start = statementStart(tokens, sign);
  const names: string[] = [];
  for (let at = start; at <= sign; at++) {
    if (tokens.open(at) >= 0) continue;
    if (tokens.kind(at) === EQUALS || (tokens.kind(at) === COLON && at === start + 1)) names.push(...nameAt(at - 1));
    // `if hot: name: T = value`
    else if (tokens.kind(at) === COLON) names.push(...nameAt(at - 1), ...nameAt(at + 1));
  }
  return names;
}

/** The names that the `for` before an `in` binds; none for an `in` that compares. */
export function loopedNames(tokens: Tokens, word: number): readonly string[] {
  const around = tokens.open(word);
  const names: string[] = [];
  for (let at = word - 1; at > around && tokens.kind(at) !== NEWLINE && tokens.kind(at) !== SEMICOLON; at--) {
    if (tokens.word(at) === 'for' && tokens.open(at) === around) return names;
    if (tokens.kind(at) === WORD) names.push(tokens.word(at));
  }
  return [];
}

/** Every word left of the last `=` of the statement, those of attributes too, and every name that a `for` of it binds: targets are among them. */
export function unpackedNames(tokens: Tokens, inside: number): readonly string[] {
  const names: string[] = [];
  let known = 0;
  for (let at = statementStart(tokens, inside); at < inside; at++) {
    if (tokens.kind(at) === WORD) names.push(tokens.word(at));
    if ((tokens.kind(at) === EQUALS && tokens.open(at) < 0) || tokens.word(at) === 'in') known = names.length;
  }
  return names.slice(0, known);
}

/** True if the statement, up to a token of it, returns or yields. */
export function returns(tokens: Tokens, inside: number): boolean {
  for (let at = statementStart(tokens, inside); at < inside; at++)
    if (/^(?:return|yield)$/.test(tokens.word(at))) return true;
  return false;
}
