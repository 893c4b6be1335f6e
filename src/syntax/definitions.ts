/** The functions and classes of a text, by its tokens. */

import { COMMA, NEWLINE, OPEN_BRACKET, OPEN_PARENTHESIS, WORD } from './token-kinds.ts';
import type { Tokens } from './tokens.ts';
import { FORM_FEED, SPACE, TAB } from './units.ts';

/** A `def` statement. */
export interface FunctionStatement {
  readonly name: string;
  /** In their order; a `/` is none. */
  readonly parameters: readonly string[];
  /** Whose body it stands in; under whatever conditions. */
  readonly in: 'module' | 'class' | 'function';
  /** True for one that a decorator makes static. */
  readonly isStatic: boolean;
  /** True for one that a decorator makes a class method. */
  readonly ofClass: boolean;
}

/** In the order of the text; of classes the names. */
export interface Definitions {
  readonly functions: readonly FunctionStatement[];
  readonly classes: readonly string[];
}

let last: { readonly tokens: Tokens; readonly definitions: Definitions } | undefined;

export function definitionsIn(tokens: Tokens): Definitions {
  // Several rules ask about one text.
  if (last?.tokens !== tokens) last = { tokens, definitions: readDefinitions(tokens) };
  return last.definitions;
}

function readDefinitions(tokens: Tokens): Definitions {
  const functions: FunctionStatement[] = [];
  const classes: string[] = [];
  const blocks: { readonly indent: number; readonly kind: 'class' | 'function' }[] = [];
  let isStatic = false;
  let ofClass = false;
  for (let at = 1; at < tokens.count; at++) {
    if (tokens.kind(at - 1) !== NEWLINE) continue;
    const indent = indentOf(tokens, at);
    for (let top = blocks.at(-1); top !== undefined && indent <= top.indent; top = blocks.at(-1)) blocks.pop();
    const start = tokens.is(at, 'async') ? at + 1 : at;
    if (tokens.is(start, 'class')) {
      classes.push(tokens.word(start + 1));
      blocks.push({ indent, kind: 'class' });
    } else if (tokens.is(start, 'def')) {
      // Behind type parameters.
      const open = tokens.kind(start + 2) === OPEN_BRACKET ? tokens.close(start + 2) + 1 : start + 2;
      const around = blocks.at(-1)?.kind ?? 'module';
      functions.push({
        name: tokens.word(start + 1),
        parameters: parametersIn(tokens, open),
        in: around,
        isStatic: isStatic && !tokens.is(start + 1, '__new__'),
        ofClass,
      });
      blocks.push({ indent, kind: 'function' });
    }
    const isDecorator = tokens.kind(at) === 64; /* @ */
    isStatic = isDecorator && (isStatic || tokens.is(at + 1, 'staticmethod'));
    ofClass = isDecorator && (ofClass || tokens.is(at + 1, 'classmethod'));
  }
  return { functions, classes };
}

/** In columns (language reference 2.1.8). */
function indentOf(tokens: Tokens, at: number): number {
  const { text } = tokens;
  const end = tokens.start(at);
  let start = end;
  for (let unit = text.charCodeAt(start - 1); start > 0; unit = text.charCodeAt(--start - 1))
    if (unit !== SPACE && unit !== TAB && unit !== FORM_FEED) break;
  let indent = 0;
  for (let place = start; place < end; place++) {
    const unit = text.charCodeAt(place);
    indent = unit === SPACE ? indent + 1 : unit === TAB ? (indent | 7) + 1 : 0;
  }
  return indent;
}

function parametersIn(tokens: Tokens, open: number): readonly string[] {
  const names: string[] = [];
  if (tokens.kind(open) !== OPEN_PARENTHESIS) return names;
  for (let at = open + 1; at < tokens.close(open); at++) {
    if (tokens.kind(at) !== WORD || tokens.open(at) !== open) continue;
    const before = tokens.kind(at - 1);
    if (before === COMMA || before === OPEN_PARENTHESIS || before === 42 /* * */) names.push(tokens.word(at));
  }
  return names;
}

/** The names of the functions whose bodies a token may stand in, the inner ones first. */
export function functionsAround(tokens: Tokens, inside: number): readonly string[] {
  const names: string[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let at = inside; at > 0 && least > 0; at--) {
    if (tokens.kind(at - 1) !== NEWLINE) continue;
    const indent = indentOf(tokens, at);
    if (indent >= least) continue;
    least = indent;
    const start = tokens.is(at, 'async') ? at + 1 : at;
    if (tokens.is(start, 'def')) names.push(tokens.word(start + 1));
  }
  return names;
}
