/**
 * Cuts Python text into its top-level statements: it knows strings, comments, brackets and joined lines, and no grammar.
 *
 * It reads code units from memory that is no string and makes no string for what nobody asks for: 50 MB take a second.
 */

import { ASCII, IN_WORD, nextHash } from '../core/words.ts';
import {
  BACKSLASH,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  COLON,
  DOT,
  EQUALS,
  FORM_FEED,
  LINE_FEED,
  OPEN_BRACE,
  SPACE,
  TAB,
} from './units.ts';

/** Python 2 literals, which tell how the rest of the file is to be read: `0777`, `10L`. */
const PYTHON_2_NUMBER = /^0\d*[1-9]\d*$|[lL]$/;

/** A word of the text: two offsets, and what it is there. */
export interface Word {
  start: number;
  end: number;
  /** See {@link hashOf}; undefined if the word has characters beyond ASCII. */
  hash: number | undefined;
  afterDot: boolean;
  inString: boolean;
  /** True for the first of the statement. */
  first: boolean;
}

/** Reads one statement after the other; a subclass says which of them are kept. */
export abstract class StatementScanner {
  protected readonly text: string;
  protected readonly units: Uint8Array | Uint16Array;
  /** True once something in the statement that is being read has to stay. */
  protected kept = false;

  constructor(text: string, units: Uint8Array | Uint16Array) {
    this.text = text;
    this.units = units;
  }

  /** Called for every word but numbers; `word` is one object that changes from call to call. */
  protected abstract word(word: Word): void;

  /** Called at a `=` or `:` that may bind what stands left of it. */
  protected abstract binds(): void;

  private readonly current: Word = { start: 0, end: 0, hash: 0, afterDot: false, inString: false, first: false };

  /** Reads one top-level statement with the blank lines and comments around it. Where the next begins, or -1. */
  protected statement(start: number): number {
    const { units } = this;
    let depth = 0;
    let begun = false;
    let lineStart = start;
    let fresh = true;
    let indented = false;
    let afterDot = false;
    for (let at = start; at < units.length; ) {
      const unit = units[at] ?? 0;
      if (unit === SPACE || unit === TAB || unit === FORM_FEED) {
        if (fresh) indented = unit !== FORM_FEED;
        at++;
        continue;
      }
      if (unit === LINE_FEED || unit === CARRIAGE_RETURN) {
        at++;
        if (depth > 0) continue;
        fresh = true;
        indented = false;
        lineStart = at;
        continue;
      }
      if (unit === 35 /* # */) {
        at = this.comment(at);
        continue;
      }
      const first = !begun;
      if (fresh) {
        if (begun && !indented) return lineStart;
        if (indented) this.kept = true;
        fresh = false;
        begun = true;
      }
      if (unit >= ASCII || IN_WORD[unit] === 1) {
        const end = this.endOfWord(at, afterDot, false, first);
        afterDot = false;
        at = isQuote(units[end]) ? this.string(end, at) : end;
        if (at < 0) return -1;
        continue;
      }
      afterDot = unit === DOT;
      switch (unit) {
        case 34: // "
        case 39: // '
          // The text may open with its docstring.
          if (start === 0 && first) this.kept = true;
          at = this.string(at, at);
          if (at < 0) return -1;
          continue;
        case 40: // (
        case 91: // [
        case OPEN_BRACE:
          depth++;
          break;
        case 41: // )
        case 93: // ]
        case CLOSE_BRACE:
          if (--depth < 0) return -1;
          break;
        case BACKSLASH:
          at = this.continuation(at);
          if (at < 0) return -1;
          continue;
        case COLON:
          if (depth === 0 || units[at + 1] === EQUALS) this.binds();
          break;
        case EQUALS:
          if (units[at + 1] === EQUALS) at++;
          else if (depth === 0) this.binds();
          break;
        case 64: // @
          if (first) this.kept = true;
          break;
        case 96: // `
          this.kept = true;
          break;
        case 60: // <
          if (units[at + 1] === 62) this.kept = true;
          break;
      }
      at++;
    }
    return depth === 0 ? units.length : -1;
  }

  /** The end of the word at `start`. */
  private endOfWord(start: number, afterDot: boolean, inString: boolean, first: boolean): number {
    const { units } = this;
    let hash = 0;
    let ascii = true;
    let at = start;
    for (; at < units.length; at++) {
      const unit = units[at] ?? 0;
      if (unit >= ASCII) ascii = false;
      else if (IN_WORD[unit] === 0) break;
      hash = nextHash(hash, unit);
    }
    if (isDigit(units[start] ?? 0)) {
      if (!inString && !afterDot && PYTHON_2_NUMBER.test(this.text.slice(start, Math.min(at, start + 64))))
        this.kept = true;
      return at;
    }
    const { current } = this;
    current.start = start;
    current.end = at;
    current.hash = ascii ? hash : undefined;
    current.afterDot = afterDot;
    current.inString = inString;
    current.first = first;
    this.word(current);
    return at;
  }

  /** The line end after the comment. One that speaks to this tool (`pyl`) stays. */
  private comment(start: number): number {
    const { units } = this;
    let at = start;
    for (; at < units.length; at++) {
      const unit = units[at];
      if (unit === LINE_FEED || unit === CARRIAGE_RETURN) break;
      if (unit === 112 && units[at + 1] === 121 && units[at + 2] === 108) this.kept = true;
    }
    return at;
  }

  /** Where the next line begins after a backslash, or -1. */
  private continuation(backslash: number): number {
    const next = this.units[backslash + 1];
    if (next === CARRIAGE_RETURN && this.units[backslash + 2] === LINE_FEED) return backslash + 3;
    return next === LINE_FEED || next === CARRIAGE_RETURN ? backslash + 2 : -1;
  }

  /** The end of the string whose quote is at `open` and whose prefix at `start`, or -1. */
  private string(open: number, start: number): number {
    const { units } = this;
    const quote = units[open] ?? 0;
    const prefix = open - start > 2 ? '' : this.text.slice(start, open).toLowerCase();
    if (prefix === 'ur') this.kept = true;
    const formatted = /[ft]/.test(prefix);
    const long = units[open + 1] === quote && units[open + 2] === quote;
    if (!long && units[open + 1] === quote) return open + 2;
    let braces = 0;
    let afterDot = false;
    for (let at = open + (long ? 3 : 1); at < units.length; ) {
      const unit = units[at] ?? 0;
      if (unit === quote && (!long || (units[at + 1] === quote && units[at + 2] === quote))) {
        // A quote inside an expression (PEP 701): what is string and what is not would have to be parsed.
        return braces > 0 ? -1 : at + (long ? 3 : 1);
      }
      if (unit >= ASCII || IN_WORD[unit] === 1) {
        at = this.endOfWord(at, afterDot, !(formatted && braces > 0), false);
        afterDot = false;
        continue;
      }
      afterDot = unit === DOT;
      if (unit === BACKSLASH) {
        at += units[at + 1] === CARRIAGE_RETURN && units[at + 2] === LINE_FEED ? 3 : 2;
        continue;
      }
      if ((unit === LINE_FEED || unit === CARRIAGE_RETURN) && !long) return -1;
      if (formatted && unit === OPEN_BRACE) {
        if (braces === 0 && units[at + 1] === OPEN_BRACE) at++;
        else braces++;
      } else if (formatted && unit === CLOSE_BRACE && braces > 0) braces--;
      at++;
    }
    return -1;
  }
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isQuote(unit: number | undefined): boolean {
  return unit === 34 || unit === 39;
}
