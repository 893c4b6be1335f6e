/**
 * Whether the tokens around `<object>.name` may change the container that it yields, or hand it on to where it may be changed: a cheap
 * necessary condition for what the model follows ({@link file://../../src/model/use.ts}).
 */
import { functionsAround } from '../../src/syntax/definitions.ts';
import {
  AUGMENTED,
  COMMA,
  DOT,
  EQUALS,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  WALRUS,
  WORD,
} from '../../src/syntax/token-kinds.ts';
import { chainStart, isTrailer, isWhole, loopedNames, returns, unpackedNames } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';
import { Callees, MUTATOR } from './text-callees.ts';
import { isStored, mayGoOn } from './text-target.ts';

/** What may be known of the containers that a name is bound to. */
export interface Kind {
  /** True if none holds anything that could change. */
  readonly flat: boolean;
  /** True if looking up a missing key may insert it. */
  readonly inserts: boolean;
  /** True if `get` may take something out, as it does of a queue. */
  readonly takes: boolean;
}

/** In front of what a function gives back; `from` is that of `yield from`. */
const RETURNS = /^(?:return|yield|from)$/;
/** In front of what may be what all of it is. */
const JOINS = /^(?:and|or|else)$/;
/** A container under more names is taken for one that may be changed. */
const MOST_NAMES = 60;
/** What is asked of one name: what it may be bound to, and under which other names and behind which functions it was looked for. */
interface Question extends Kind {
  readonly seen: Set<string>;
}

export class MayChange {
  private readonly tokens: Tokens;
  private readonly isAlone: boolean;
  private readonly callees: Callees;

  /** `isAlone`: whether functions of other files change what they are given, or what functions of the text give them, is not asked. */
  constructor(tokens: Tokens, isAlone = true) {
    this.tokens = tokens;
    this.isAlone = isAlone;
    this.callees = new Callees(tokens, isAlone);
  }

  /** The object before the dot begins with the token `object`; `name` is that of the name. */
  at(object: number, name: number, { flat, ...kind }: Kind): boolean {
    return this.follow(object, name, false, {
      ...kind,
      flat: flat && !this.callees.changeElements(),
      seen: new Set(),
    });
  }

  /** What stands between two tokens means the container, or an element. */
  private follow(first: number, last: number, isElement: boolean, question: Question): boolean {
    const { tokens } = this;
    let inside = isElement;
    for (let at = last + 1; ; ) {
      const kind = tokens.kind(at);
      if (kind === DOT) {
        const method = tokens.word(at + 1);
        if (MUTATOR.test(method)) return !inside || !question.flat;
        if (!/^(?:get|values|items|__getitem__)$/.test(method)) return false;
        if (method === 'get' && question.takes) return true;
        if (tokens.kind(at + 2) !== OPEN_PARENTHESIS) return method === 'get';
        inside ||= method === 'get' || method === '__getitem__';
        at = tokens.close(at + 2) + 1;
      } else if (kind === OPEN_BRACKET) {
        at = tokens.close(at) + 1;
        if ((question.inserts && !inside) || isStored(tokens, first, at)) return true;
        inside = true;
      } else if (kind === AUGMENTED) return !inside || !question.flat;
      else return !(inside && question.flat) && mayGoOn(tokens, at) && this.isHandedOn(first, inside, question);
    }
  }

  /** True if what begins at `first` may be changed under a name that it gets, or where it is returned or passed to. */
  private isHandedOn(first: number, isElement: boolean, question: Question): boolean {
    const { tokens } = this;
    const around = tokens.open(first);
    const isCalled = around >= 0 && isTrailer(tokens, around);
    switch (tokens.kind(first - 1)) {
      case WORD: {
        const word = tokens.word(first - 1);
        if (word === 'in') return !question.flat && this.isChangedAs(loopedNames(tokens, first - 1), true, question);
        if (RETURNS.test(word)) return this.isChangedBehind(first, isElement, question);
        if (!JOINS.test(word)) return false;
        break;
      }
      case EQUALS:
        if (around >= 0) break;
        return this.isChangedAs(unpackedNames(tokens, first), isElement, question);
      case WALRUS:
        return true;
      case OPEN_PARENTHESIS:
        // `(self.lines).append(1)`
        if (!isCalled && isWhole(tokens, around)) return this.follow(around, tokens.close(around), isElement, question);
        break;
      case COMMA:
      case OPEN_BRACKET:
        break;
      default:
        return false;
    }
    if (isCalled) {
      const parameters = this.callees.follow(around);
      return typeof parameters === 'boolean' ? parameters : this.isChangedAs(parameters, isElement, question);
    }
    const outer = around < 0 ? first : around;
    // A display in a call is an object of its own.
    if (tokens.open(outer) >= 0) return tokens.kind(outer) === OPEN_PARENTHESIS || tokens.kind(first - 1) === WORD;
    return (
      this.isChangedAs(unpackedNames(tokens, outer), isElement, question) ||
      (returns(tokens, outer) && this.isChangedBehind(outer, isElement, question))
    );
  }

  private isChangedAs(names: readonly string[], isElement: boolean, question: Question): boolean {
    const { tokens } = this;
    // Every attribute that is set from then on is an entry.
    const fresh = names.includes('__dict__') ? undefined : this.unseen(names, isElement, question);
    if (fresh === undefined) return true;
    return tokens.some(fresh, (_, at) => tokens.kind(at - 1) !== DOT && this.follow(at, at, isElement, question));
  }

  /** `self.all().append(1)` where a method around `at`, or a property, returns the container. */
  private isChangedBehind(at: number, isElement: boolean, question: Question): boolean {
    const { tokens } = this;
    if (!this.isAlone) return true;
    const fresh = this.unseen(
      functionsAround(tokens, at).map((name) => `.${name}`),
      isElement,
      question,
    );
    if (fresh === undefined) return true;
    const names = new Set([...fresh].map((name) => name.slice(1)));
    return tokens.some(names, (_, name) => {
      if (tokens.kind(name - 1) !== DOT) return false;
      const last = tokens.kind(name + 1) === OPEN_PARENTHESIS ? tokens.close(name + 1) : name;
      return this.follow(chainStart(tokens, name), last, isElement, question);
    });
  }

  /** Those that were not looked for; undefined if there are too many. */
  private unseen(names: readonly string[], isElement: boolean, { seen }: Question): ReadonlySet<string> | undefined {
    const fresh = names.filter((name) => !seen.has(`${isElement} ${name}`));
    for (const name of fresh) seen.add(`${isElement} ${name}`);
    return seen.size > MOST_NAMES ? undefined : new Set(fresh);
  }
}
