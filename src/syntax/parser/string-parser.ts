/** Strings: their escapes and, in formatted ones, their interpolations (language reference 2.4). */
import { as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { BACKSLASH, CARRIAGE_RETURN, CLOSE_BRACE, LINE_FEED, OPEN_BRACE } from '../units.ts';
import { Lexer } from './lexer.ts';
import { NAME, STRING } from './token-table.ts';

/** Template strings (PEP 750) are built as f-strings are. */
const PREFIX = /^(?:u|[bft]?r?|r[bft])$/;
/** What the grammar takes for an escape; after any other a backslash stands for itself. */
const ESCAPE = /\\(?:u[a-fA-F\d]{4}|U[a-fA-F\d]{8}|x[a-fA-F\d]{2}|\d{1,3}|\r?\n|['"abfrntv\\]|N\{[^}]+\})/y;
/** What ends the plain part of a string. */
const SPECIAL = { '"': /["\\\n]/g, "'": /['\\\n]/g } as const;
const SPECIAL_FORMATTED = { '"': /["\\\n{}]/g, "'": /['\\\n{}]/g } as const;

interface Literal {
  readonly quote: '"' | "'";
  readonly isLong: boolean;
  readonly isRaw: boolean;
  readonly isBytes: boolean;
  readonly isFormatted: boolean;
}

export abstract class StringParser extends Lexer {
  /** Where the next backslash is behind the second of the two places. */
  private backslash = -1;
  private lookedFrom = 0;

  /** One expression, a `yield`, or several with commas. */
  protected abstract expressions(): MutableNode;

  /** The strings that stand one after the other. */
  protected strings(): MutableNode {
    const first = this.string();
    if (!this.is(STRING)) return first;
    const all = [first];
    while (this.is(STRING)) all.push(this.string());
    return listNode('concatenated_string', first.start, this.before, all);
  }

  private string(): MutableNode {
    const { text, start, end: open } = this;
    const prefix = text.slice(start, open).toLowerCase();
    if (!PREFIX.test(prefix)) this.fail();
    const quote = text.charAt(open) === '"' ? '"' : "'";
    const isLong = text.startsWith(quote === '"' ? '"""' : "'''", open);
    const literal: Literal = {
      quote,
      isLong,
      isRaw: prefix.includes('r'),
      isBytes: prefix.includes('b'),
      isFormatted: prefix.includes('f') || prefix.includes('t'),
    };
    const from = open + (isLong ? 3 : 1);
    const plain = literal.isFormatted ? -1 : this.plainEnd(from, literal);
    if (plain >= 0) return this.plainString(start, from, plain, plain + from - open);
    const parts = [leaf('string_start', start, from)];
    const end = this.parts(from, literal, parts);
    const made = listNode('string', start, end, parts);
    this.skipTo(end);
    return made;
  }

  /** Where the closing quotes begin, if no backslash stands before them; else -1. */
  private plainEnd(from: number, { quote, isLong }: Literal): number {
    const { text } = this;
    // What is read for the second time stands before it.
    if (from < this.lookedFrom || from > this.backslash) {
      const found = text.indexOf('\\', from);
      this.backslash = found < 0 ? text.length : found;
      this.lookedFrom = from;
    }
    const end = text.indexOf(isLong ? quote + quote + quote : quote, from);
    if (end < 0 || end >= this.limit || end > this.backslash) return -1;
    if (isLong) return end;
    const line = text.indexOf('\n', from);
    return line >= 0 && line < end ? this.fail() : end;
  }

  private plainString(start: number, from: number, to: number, end: number): MutableNode {
    const [first, last] = [leaf('string_start', start, from), leaf('string_end', to, end)];
    const parts = to > from ? [first, leaf('string_content', from, to), last] : [first, last];
    this.skipTo(end);
    return node('string', start, end, parts);
  }

  /** Adds what stands from `from` to the closing quotes, and gives where those end. */
  private parts(from: number, literal: Literal, parts: MutableNode[]): number {
    const { text } = this;
    const { quote, isLong, isRaw, isFormatted } = literal;
    const special = (isFormatted ? SPECIAL_FORMATTED : SPECIAL)[quote];
    let content = from;
    let inner: MutableNode[] = [];
    // The grammar takes what is nothing but raw escapes for a part of the closing quotes.
    let isEscapesOnly = true;
    const close = (at: number): void => {
      if (at > content) parts.push(listNode('string_content', content, at, inner));
      inner = [];
    };
    for (let at = from; ; ) {
      special.lastIndex = at;
      const found = special.exec(text);
      if (found === null || found.index >= this.limit) return this.fail();
      if (found.index > at) isEscapesOnly = false;
      at = found.index;
      const unit = text.charCodeAt(at);
      if (unit === BACKSLASH) {
        if (isRaw) at = this.rawEscape(at, quote);
        else {
          isEscapesOnly = false;
          const end = this.escape(at, literal.isBytes);
          if (end > at) inner.push(leaf('escape_sequence', at, end));
          at = Math.max(end, at + 1);
        }
      } else if (unit === LINE_FEED) {
        if (!isLong) this.fail();
        isEscapesOnly = false;
        at += 1;
      } else if (unit === OPEN_BRACE || unit === CLOSE_BRACE) {
        isEscapesOnly = false;
        if (text.charCodeAt(at + 1) === unit) {
          inner.push(leaf('escape_interpolation', at, at + 2));
          at += 2;
        } else {
          if (unit === CLOSE_BRACE) this.fail();
          close(at);
          const made = this.interpolation(at, 'interpolation');
          parts.push(made);
          content = at = made.end;
          isEscapesOnly = true;
        }
      } else if (isLong && !text.startsWith(quote + quote, at + 1)) {
        isEscapesOnly = false;
        at += 1;
      } else {
        const end = at + (isLong ? 3 : 1);
        if (isRaw && isEscapesOnly) parts.push(leaf('string_end', content, end));
        else {
          close(at);
          parts.push(leaf('string_end', at, end));
        }
        return end;
      }
    }
  }

  /** Behind a backslash that stands for itself, and what it hides from being looked at. */
  private rawEscape(at: number, quote: string): number {
    const { text } = this;
    const next = text.charAt(at + 1);
    let end = at + 1;
    if (next === quote || next === '\\') end += 1;
    if (text.charCodeAt(end) === CARRIAGE_RETURN) end += 1;
    return text.charCodeAt(end) === LINE_FEED ? end + 1 : end;
  }

  /** Where the escape that starts at the backslash ends; where it starts if it is none. */
  private escape(at: number, isBytes: boolean): number {
    if (isBytes && 'NuU'.includes(this.text.charAt(at + 1) || ' ')) {
      // Of one right behind it the grammar makes no escape.
      if (this.text.charCodeAt(at + 2) === BACKSLASH) this.fail();
      return at;
    }
    ESCAPE.lastIndex = at;
    return ESCAPE.test(this.text) ? ESCAPE.lastIndex : at;
  }

  /** What stands between braces; nothing is read of what follows them. */
  private interpolation(open: number, kind: string): MutableNode {
    const { text } = this;
    const outer = this.enter(open + 1, 1);
    this.next();
    const children = [as('expression', this.expressions())];
    if (this.is('=')) this.next();
    if (this.is('!')) {
      const { start } = this;
      // It is one token, of one letter.
      if (!/[a-z]/.test(text.charAt(start + 1))) this.fail();
      this.next();
      if (!this.is(NAME) || this.end !== start + 2) this.fail();
      children.push(as('type_conversion', leaf('type_conversion', start, start + 2)));
      this.next();
    }
    if (this.is(':')) children.push(as('format_specifier', this.format(this.start)));
    if (!this.is('}')) this.fail();
    const { end } = this;
    // The string goes on in its own way.
    this.enter(end, outer);
    return listNode(kind, open, end, children);
  }

  /** What follows the colon, up to the closing brace, which is looked at then. */
  private format(colon: number): MutableNode {
    const { text } = this;
    const children: MutableNode[] = [];
    for (let at = colon + 1; ; ) {
      const unit = text.charCodeAt(at);
      if (unit === OPEN_BRACE) {
        const made = this.interpolation(at, 'format_expression');
        children.push(made);
        at = made.end;
      } else if (unit === CLOSE_BRACE) {
        this.enter(at, 1);
        this.next();
        return listNode('format_specifier', colon, at, children);
      } else if (at >= this.limit || unit === LINE_FEED) return this.fail();
      else at += 1;
    }
  }
}
