/**
 * The tokens of a text, told without parsing (language reference 2): the sifts ask them what stands around a name. Strings are one token
 * each, comments none; what an f-string interpolates is read as code in braces.
 */
import { ASCII, hashOf, IN_WORD, nextHash } from '../core/words.ts';
import { commentEnd, stringEnd } from './logical-lines.ts';
import { fieldEnd, isInterpolated, isPrefix } from './string-prefix.ts';
import {
  AUGMENTED,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  COMPARED,
  DOT,
  EQUALS,
  NEWLINE,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PARENTHESIS,
  SEMICOLON,
  STRING,
  WALRUS,
  WORD,
} from './token-kinds.ts';
import { BACKSLASH, CARRIAGE_RETURN, LINE_FEED, SPACE } from './units.ts';

const SLOTS = 4096;

/** The first and the last token are line ends. Tokens are named by their places. */
export class Tokens {
  readonly text: string;
  count = 0;
  readonly kinds: Uint8Array;
  /** UTF-16 offsets. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The bracket around; of a closing bracket, the one it closes; -1 for none. */
  readonly opens: Int32Array;
  /** Of an opening bracket, the one that closes it. */
  readonly closes: Int32Array;
  /** Of words. */
  private readonly hashes: Uint16Array;
  private around = -1;
  /** By the hash of a word, the first of its slot; then each other one. */
  private readonly firstOf = new Int32Array(SLOTS);
  private nextOf: Int32Array | undefined;

  constructor(text: string) {
    this.text = text;
    // Each is at least one unit long; all but few have two, with the blanks.
    const most = text.length + 3;
    this.kinds = new Uint8Array(most);
    this.starts = new Int32Array(most);
    this.ends = new Int32Array(most);
    this.opens = new Int32Array(most);
    this.closes = new Int32Array(most);
    this.hashes = new Uint16Array(most);
  }

  /** False where the text does not read as Python. */
  read(): boolean {
    this.add(NEWLINE, 0, 0);
    const isPython = this.scan(0, this.text.length) && this.around < 0;
    if (this.kinds[this.count - 1] !== NEWLINE) this.add(NEWLINE, this.text.length, this.text.length);
    return isPython;
  }

  kind(at: number): number {
    return this.kinds[at] ?? NEWLINE;
  }

  start(at: number): number {
    return this.starts[at] ?? 0;
  }

  /** See {@link opens}. */
  open(at: number): number {
    return this.opens[at] ?? -1;
  }

  /** See {@link closes}. */
  close(at: number): number {
    return this.closes[at] ?? at;
  }

  /** The word at a place; empty for what is none. */
  word(at: number): string {
    return this.kinds[at] === WORD ? this.text.slice(this.starts[at], this.ends[at]) : '';
  }

  /** True if that word is at a place. */
  is(at: number, word: string): boolean {
    const start = this.starts[at] ?? 0;
    return this.kinds[at] === WORD && this.ends[at] === start + word.length && this.text.startsWith(word, start);
  }

  /** Calls `found` for each of the words, as often as it stands there, word by word, until that gives true: whether it did. */
  some(words: Iterable<string>, found: (word: string, at: number) => boolean): boolean {
    this.nextOf ??= this.linked();
    for (const word of words) {
      for (let at = this.firstOf[hashOf(word) % SLOTS] ?? -1; at >= 0; at = this.nextOf[at] ?? -1)
        if (this.is(at, word) && found(word, at)) return true;
    }
    return false;
  }

  /** Calls `found` for each of the words, as often as it stands there, word by word. */
  each(words: Iterable<string>, found: (word: string, at: number) => void): void {
    this.some(words, (word, at) => {
      found(word, at);
      return false;
    });
  }

  /** The words of one slot follow each other. */
  private linked(): Int32Array {
    const next = new Int32Array(this.count);
    this.firstOf.fill(-1);
    for (let at = this.count - 1; at >= 0; at--) {
      if (this.kinds[at] !== WORD) continue;
      const slot = (this.hashes[at] ?? 0) % SLOTS;
      next[at] = this.firstOf[slot] ?? -1;
      this.firstOf[slot] = at;
    }
    return next;
  }

  private add(kind: number, start: number, end: number): void {
    const { count } = this;
    this.kinds[count] = kind;
    this.starts[count] = start;
    this.ends[count] = end;
    this.opens[count] = this.around;
    this.count = count + 1;
  }

  private scan(from: number, to: number): boolean {
    const { text } = this;
    for (let at = from; at < to; ) {
      const unit = text.charCodeAt(at);
      if (unit >= ASCII || IN_WORD[unit] === 1) {
        const end = this.endOfWord(at);
        const next = text.charCodeAt(end);
        if ((next === 34 || next === 39) && isPrefix(text, at, end))
          at = this.string(end, isInterpolated(text, at, end));
        else {
          this.add(unit >= 48 && unit <= 57 ? NUMBER : WORD, at, end);
          at = end;
        }
      } else if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
        if (this.around < 0 && this.kinds[this.count - 1] !== NEWLINE) this.add(NEWLINE, at, at);
        at += 1;
      } else if (unit <= SPACE) at += 1;
      else if (unit === 34 || unit === 39) at = this.string(at, false);
      else if (unit === 35 /* # */) at = commentEnd(text, at);
      else if (unit === BACKSLASH) at += text.startsWith('\r\n', at + 1) ? 3 : 2;
      else at = this.sign(unit, at);
      if (at < 0) return false;
    }
    return true;
  }

  private endOfWord(start: number): number {
    const { text } = this;
    let hash = 0;
    let at = start;
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < ASCII && IN_WORD[unit] === 0) break;
      hash = nextHash(hash, unit);
    }
    this.hashes[this.count] = hash;
    return at;
  }

  /** Where the operator or bracket ends, or -1. */
  private sign(unit: number, at: number): number {
    const { text } = this;
    switch (unit) {
      case OPEN_PARENTHESIS:
      case OPEN_BRACKET:
      case OPEN_BRACE:
        this.add(unit, at, at + 1);
        this.around = this.count - 1;
        return at + 1;
      case CLOSE_PARENTHESIS:
      case CLOSE_BRACKET:
      case 125: {
        // }
        const open = this.around;
        if (open < 0) return -1;
        this.add(unit, at, at + 1);
        this.closes[open] = this.count - 1;
        this.around = this.opens[open] ?? -1;
        return at + 1;
      }
      case COMMA:
      case DOT:
      case SEMICOLON:
        this.add(unit, at, at + 1);
        return at + 1;
    }
    const next = text.charCodeAt(at + 1);
    if (next === EQUALS) {
      const compares = unit === EQUALS || unit === 33 /* ! */ || unit === 60 /* < */ || unit === 62; /* > */
      this.add(compares ? COMPARED : unit === COLON ? WALRUS : AUGMENTED, at, at + 2);
      return at + 2;
    }
    // `**`, `//`, `<<`, `>>`, `->`, `<>`
    const isTwo = (next === unit && unit !== COLON && unit !== EQUALS) || next === 62; /* > */
    if (isTwo && text.charCodeAt(at + 2) === EQUALS) {
      this.add(AUGMENTED, at, at + 3);
      return at + 3;
    }
    this.add(unit, at, isTwo ? at + 2 : at + 1);
    return isTwo ? at + 2 : at + 1;
  }

  /** Behind the string whose quote is at `quote`, or -1. */
  private string(quote: number, interpolates: boolean): number {
    const end = stringEnd(this.text, quote);
    if (end < 0) return end;
    this.add(STRING, quote, end);
    if (!interpolates) return end;
    for (let at = quote; at < end; at++) {
      if (this.text.charCodeAt(at) !== OPEN_BRACE) continue;
      if (this.text.charCodeAt(at + 1) === OPEN_BRACE) {
        at += 1;
        continue;
      }
      const close = fieldEnd(this.text, at, end);
      if (close < 0) return -1;
      this.add(OPEN_BRACE, at, at + 1);
      const open = this.count - 1;
      this.around = open;
      if (!this.scan(at + 1, close) || this.around !== open) return -1;
      this.sign(125, close);
      at = close;
    }
    return end;
  }
}

let last: { readonly text: string; readonly tokens: Tokens | undefined } | undefined;

/** Undefined for a text that does not read as Python, of which nothing is known. */
export function tokensOf(text: string): Tokens | undefined {
  // Several rules ask about one text.
  if (last?.text === text) return last.tokens;
  const tokens = new Tokens(text);
  last = { text, tokens: tokens.read() ? tokens : undefined };
  return last.tokens;
}
