/**
 * Which names of a text may mean an instance that a registry keeps: a cheap necessary condition for {@link file://./instance.ts}, told by
 * tokens.
 */
import { definitionsIn, type FunctionStatement } from '../../src/syntax/definitions.ts';
import {
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  NEWLINE,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  SEMICOLON,
  WALRUS,
  WORD,
} from '../../src/syntax/token-kinds.ts';
import { calleeOf, namesBoundBy } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';

const DESCRIPTOR = /^__(?:get|set|delete)__$/;
/** What makes an instance, beside a class by its name and what a method calls its first parameter. */
const MAKERS = ['cls', '__class__', '__new__', 'type'];

/** Every name that may mean an instance somewhere in the text. */
export function instanceNames(tokens: Tokens): ReadonlySet<string> {
  const { functions, classes } = definitionsIn(tokens);
  const own = new Set(['self']);
  const names = new Set<string>();
  for (const { name, parameters, in: around, isStatic } of functions) {
    if (around === 'class' && !isStatic && parameters[0] !== undefined) own.add(parameters[0]);
    if (DESCRIPTOR.test(name)) for (const parameter of parameters) names.add(parameter);
  }
  const makers = new Set([...MAKERS, ...classes, ...own]);
  while (addRenamed(tokens, own));
  addPassed(tokens, own, functions, names);
  addBuilt(tokens, makers, names);
  for (const name of own) names.add(name);
  return names;
}

function binds(tokens: Tokens, at: number): boolean {
  return tokens.kind(at) === EQUALS || tokens.kind(at) === WALRUS;
}

/** Adds the names that get one of the names, `this = self`: true if there were any. */
function addRenamed(tokens: Tokens, names: Set<string>): boolean {
  const { size } = names;
  tokens.some(new Set(names), (_, at) => {
    const next = tokens.kind(at + 1);
    if (tokens.kind(at - 1) === EQUALS && (next === NEWLINE || next === SEMICOLON))
      for (const name of namesBoundBy(tokens, at - 1)) names.add(name);
    return false;
  });
  return names.size > size;
}

/** Adds the parameters of functions of the module that are called with one of `own`. */
function addPassed(
  tokens: Tokens,
  own: ReadonlySet<string>,
  functions: readonly FunctionStatement[],
  names: Set<string>,
): void {
  const known = new Map(
    functions.filter((one) => one.in === 'module').map(({ name, parameters }) => [name, parameters]),
  );
  tokens.some(own, (_, at) => {
    const open = tokens.open(at);
    const next = tokens.kind(at + 1);
    if ((next !== COMMA && next !== CLOSE_PARENTHESIS) || tokens.kind(open - 2) === DOT) return false;
    const parameters = known.get(calleeOf(tokens, open) ?? '');
    if (parameters === undefined) return false;
    const place = placeOf(tokens, open, at);
    // A `/` among the parameters may count or not.
    for (const [index, parameter] of parameters.entries())
      if (place === undefined || place === index || place === index + 1) names.add(parameter);
    return false;
  });
}

/** Which argument of a call it is; undefined behind one that may stand for several. */
function placeOf(tokens: Tokens, open: number, argument: number): number | undefined {
  let place = 0;
  for (let at = open + 1; at < argument; at++) {
    if (tokens.open(at) !== open) continue;
    if (tokens.kind(at) === 42 /* * */) return undefined;
    if (tokens.kind(at) === COMMA) place += 1;
  }
  return place;
}

/** Adds the names for what a class gives when it is called, of those that leave the function too. */
function addBuilt(tokens: Tokens, makers: ReadonlySet<string>, names: Set<string>): void {
  const built = new Set<string>();
  for (let at = 0; at < tokens.count; at++)
    if (binds(tokens, at) && isMade(tokens, at + 1, makers))
      for (const name of namesBoundBy(tokens, at)) built.add(name);
  tokens.some(built, (name, at) => {
    if (leaves(tokens, at)) names.add(name);
    return false;
  });
}

/** Returned, yielded, or kept by another object: what stands before it in its statement tells. */
function leaves(tokens: Tokens, name: number): boolean {
  for (let at = name - 1; tokens.kind(at) !== NEWLINE && tokens.kind(at) !== SEMICOLON; at--) {
    if (tokens.is(at, 'return') || tokens.is(at, 'yield')) return true;
    if (tokens.kind(at) === EQUALS && tokens.kind(at - 1) === WORD && tokens.kind(at - 2) === DOT) return true;
    // `self.first: First = first`
    if (tokens.kind(at) === COLON && tokens.kind(at - 1) === WORD && tokens.kind(at - 2) === DOT) return true;
  }
  return false;
}

/** True if the expression at a token calls one of the names, by itself or as a last name. */
function isMade(tokens: Tokens, from: number, makers: ReadonlySet<string>): boolean {
  let at = from;
  while (tokens.kind(at) === OPEN_PARENTHESIS) at += 1;
  for (;;) {
    while (tokens.kind(at) === CLOSE_PARENTHESIS) at += 1;
    switch (tokens.kind(at)) {
      case WORD:
        if (tokens.kind(at + 1) === WORD) return false;
        at += 1;
        break;
      case DOT:
        at += 1;
        break;
      case OPEN_PARENTHESIS: {
        let callee = at - 1;
        while (tokens.kind(callee) === CLOSE_PARENTHESIS) callee -= 1;
        if (makers.has(tokens.word(callee))) return true;
        at = tokens.close(at) + 1;
        break;
      }
      case OPEN_BRACKET:
        at = tokens.close(at) + 1;
        break;
      default:
        return false;
    }
  }
}
