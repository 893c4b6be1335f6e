/** Whether a text may put an instance into a container: a cheap necessary condition for an entry ({@link file://./entry.ts}), told by tokens. */

import {
  AUGMENTED,
  CLOSE_PARENTHESIS,
  COLON,
  DOT,
  EQUALS,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  WALRUS,
  WORD,
} from '../../src/syntax/token-kinds.ts';
import { chainStart, isTrailer, namesBoundBy, statementEnd, statementStart } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';
import { METHODS } from './text-puts.ts';

/** What may be put in is called by one of these names. */
export type Names = Pick<ReadonlySet<string>, 'has'>;
export const ANY_NAME: Names = { has: () => true };

/** A container under so many names is taken for one that may be filled. */
const MOST_NAMES = 50;

/** Follows a container from its names to where something is put in. */
export class MayPut {
  private readonly tokens: Tokens;
  private readonly instances: Names;
  private readonly inserts: boolean;
  private readonly renamed = new Set<string>();

  /** `inserts`: looking up a missing key may insert it. */
  constructor(tokens: Tokens, instances: Names, inserts = true) {
    this.tokens = tokens;
    this.instances = instances;
    this.inserts = inserts;
  }

  /** The token `name` means the container, or the attribute that it is. */
  at(name: number): boolean {
    return this.follow(chainStart(this.tokens, name), name);
  }

  /** What the call of the token `callee` gives means the container. */
  ofCall(callee: number): boolean {
    return this.follow(chainStart(this.tokens, callee), this.tokens.close(callee + 1));
  }

  private follow(from: number, to: number): boolean {
    const { tokens } = this;
    let [first, last] = [from, to];
    for (;;) {
      const next = tokens.kind(last + 1);
      if (next === DOT) {
        const open = last + 3;
        const method = tokens.word(last + 2);
        if (tokens.kind(open) !== OPEN_PARENTHESIS) return false;
        if (METHODS.test(method) && this.hasInstance(open, tokens.close(open))) return true;
        if (method !== 'get' && method !== 'setdefault') return false;
        last = tokens.close(open);
      } else if (next === OPEN_BRACKET) {
        const isByInstance = this.hasInstance(last + 1, tokens.close(last + 1));
        if (isByInstance && this.inserts) return true;
        last = tokens.close(last + 1);
        const behind = tokens.kind(last + 1);
        if (behind === EQUALS || behind === COLON)
          return isByInstance || this.hasInstance(last, statementEnd(tokens, last));
        if (behind === AUGMENTED) return false;
      } else {
        const around = tokens.open(first);
        const isConditional = tokens.word(last + 1) === 'if' || tokens.word(first - 1) === 'else';
        const isGrouped = around >= 0 && tokens.kind(around) === OPEN_PARENTHESIS && !isTrailer(tokens, around);
        const isWhole = tokens.kind(first - 1) === OPEN_PARENTHESIS && next === CLOSE_PARENTHESIS;
        if (!isGrouped || (!isConditional && !isWhole && tokens.kind(first - 1) !== WALRUS))
          return this.isFilledAs(this.namesFrom(first, isConditional));
        if (tokens.kind(first - 1) === WALRUS && this.isFilledAs(namesBoundBy(tokens, first - 1))) return true;
        [first, last] = [around, tokens.close(around)];
      }
    }
  }

  /** The names that get what stands at `first`. */
  private namesFrom(first: number, isConditional: boolean): readonly string[] {
    const { tokens } = this;
    const before = tokens.kind(first - 1);
    if (before === EQUALS || before === WALRUS) return namesBoundBy(tokens, first - 1);
    if (!isConditional) return [];
    const names: string[] = [];
    for (let at = statementStart(tokens, first); at < first; at++)
      if (tokens.kind(at) === EQUALS || tokens.kind(at) === WALRUS) names.push(...namesBoundBy(tokens, at));
    return names;
  }

  private isFilledAs(names: readonly string[]): boolean {
    const { tokens, renamed } = this;
    const fresh = names.filter((name) => !renamed.has(name));
    for (const name of fresh) renamed.add(name);
    if (renamed.size > MOST_NAMES) return true;
    return fresh.length > 0 && tokens.some(new Set(fresh), (_, at) => tokens.kind(at - 1) !== DOT && this.at(at));
  }

  /** True if one of the names of instances stands between two tokens. */
  private hasInstance(from: number, to: number): boolean {
    for (let at = from + 1; at < to; at++)
      if (this.tokens.kind(at) === WORD && this.instances.has(this.tokens.word(at))) return true;
    return false;
  }
}
