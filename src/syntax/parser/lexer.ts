/**
 * The tokens of Python (language reference 2), one at a time, as the grammar's own lexer cuts them: line ends, indentation and comments
 * stand where its external scanner puts them.
 */
import { leaf, type PyNode } from '../node.ts';

/** Thrown where the text is none that this parser takes: the grammar has to be asked. */
export class NotTaken extends Error {}

/** One for all, without a stack: it is no error but an answer. */
const NOT_TAKEN = new NotTaken('not taken');

/** What is told of it by its token alone. All other tokens are their own text: keywords and operators. */
export const NAME = 'name';
export const INTEGER = 'integer';
export const FLOAT = 'float';
/** Of which only the start is known, which is that of its prefix. */
export const STRING = 'string';
export const NEWLINE = 'newline';
export const INDENT = 'indent';
export const DEDENT = 'dedent';
export const END = 'end';

/** By first unit, in the order given. */
function byFirstUnit(words: string): readonly (readonly string[])[] {
  const table = Array.from({ length: 128 }, (): string[] => []);
  for (const word of words.split(' ')) table[word.charCodeAt(0)]?.push(word);
  return table;
}

const KEYWORDS = byFirstUnit(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield',
);
const LONGEST_KEYWORD = 8;
/** Longer ones first. */
const OPERATORS = byFirstUnit(
  '**= //= >>= <<= ... != == <= >= -> := += -= *= /= %= @= &= |= ^= ** // << >> ( ) [ ] { } , : . ; @ = + - * / % & | ^ ~ < > !',
);

const WORD = 1;
const DIGIT = 2;
const OPENS = 3;
const CLOSES = 4;
const BLANK = 5;
const QUOTE = 6;
const OPERATOR = 7;
/** What a unit below 128 begins; 0 for nothing. */
const BEGINS = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) if (OPERATORS[unit]?.length) BEGINS[unit] = OPERATOR;
for (const [kind, units] of [
  [WORD, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'],
  [DIGIT, '0123456789'],
  [OPENS, '([{'],
  [CLOSES, ')]}'],
  [BLANK, ' \t\f\r'],
  [QUOTE, `"'`],
] as const)
  for (const unit of units) BEGINS[unit.charCodeAt(0)] = kind;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const TAB = 9;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const DOT = 46;
const BACKSLASH = 92;

const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)/y;
/** What makes a number that is neither hexadecimal, octal nor binary a `float` to the grammar. */
const FRACTION = /^(?!0[xX])[\d_]*[.eE]/;
/** `0777` of Python 2. */
const OLD_OCTAL = /^0\d*[1-9]\d*$/;
const IDENTIFIER = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;

/** A comment between two logical lines. */
interface Between {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
}

export abstract class Lexer {
  protected readonly text: string;
  /** Where the text is taken to end. */
  protected limit: number;
  /** In the order of the text. */
  readonly comments: PyNode[] = [];

  /** The token that is looked at: what it is, and where. */
  protected token = END;
  protected start = 0;
  protected end = 0;
  /** Where the token before it ended. */
  protected before = 0;

  /** Where to go on reading. */
  private at = 0;
  /** How many brackets are open; in them line ends are blanks. */
  private depth = 0;
  /** Where the last token or comment ended. */
  private last = 0;
  private readonly indents: number[] = [0];
  /** True if what comes next begins a logical line. */
  private fresh = true;
  /** What follows the line end, once it was looked at: comments, and how far the next line is indented. */
  private between: Between[] = [];
  private nextIndent = -1;

  constructor(text: string, limit: number) {
    this.text = text;
    this.limit = limit;
  }

  protected fail(): never {
    throw NOT_TAKEN;
  }

  /** To be called first where what is read does not begin the text: `at` is in a line of its own. */
  protected begin(at: number): void {
    const { text } = this;
    let indent = 0;
    for (let from = text.lastIndexOf('\n', at - 1) + 1; from < at; from++)
      indent = indentation(text.charCodeAt(from), indent);
    this.at = this.last = at;
    this.fresh = false;
    this.indents.push(indent);
  }

  /** Goes on at `at`, behind what stands there, in the brackets that are open. */
  protected skipTo(at: number): void {
    this.at = this.end = this.last = at;
    this.next();
  }

  /** Goes on at `at`, inside the brackets that were open or not, and gives how many are. */
  protected enter(at: number, depth: number): number {
    const before = this.depth;
    this.at = this.end = this.last = at;
    this.depth = depth;
    return before;
  }

  /** What has to be known to come back to the token that is looked at. */
  protected mark(): readonly number[] {
    const { at, start, end, before, depth, last } = this;
    return [at, start, end, before, depth, last, this.comments.length];
  }

  protected reset(mark: readonly number[], token: string): void {
    const [at = 0, start = 0, end = 0, before = 0, depth = 0, last = 0, comments = 0] = mark;
    Object.assign(this, { at, start, end, before, depth, last, token, fresh: false });
    this.comments.length = comments;
  }

  /** True if this token is looked at. */
  protected is(token: string): boolean {
    return this.token === token;
  }

  protected expect(token: string): void {
    if (this.token !== token) this.fail();
    this.next();
  }

  protected next(): void {
    this.before = this.end;
    if (this.fresh && this.depth === 0) this.line();
    else this.rest();
  }

  /** What begins a line: its indentation, if that changes, else its first token. */
  private line(): void {
    if (this.nextIndent < 0) this.lookAhead();
    const { between, nextIndent, last } = this;
    const current = this.indents[this.indents.length - 1] ?? 0;
    if (nextIndent < current) {
      // A comment that is indented like the block belongs to it.
      let taken = 0;
      while ((between[taken]?.indent ?? -1) >= current) this.note(between[taken++]);
      between.splice(0, taken);
      this.indents.pop();
      if (nextIndent > (this.indents[this.indents.length - 1] ?? 0)) this.fail();
      this.found(DEDENT, this.last, this.last);
      return;
    }
    for (const comment of between) this.note(comment);
    this.between = [];
    if (nextIndent > current) {
      this.indents.push(nextIndent);
      this.found(INDENT, last, last);
      return;
    }
    this.nextIndent = -1;
    this.fresh = false;
    if (this.at >= this.limit) this.found(END, this.limit, this.limit);
    else this.rest();
  }

  /** Looks at what is in front of the next logical line; `at` is its first token then. */
  private lookAhead(): void {
    const { text, limit } = this;
    let { at } = this;
    let indent = 0;
    for (; at < limit; ) {
      const unit = text.charCodeAt(at);
      if (unit === HASH) {
        const start = at;
        at = this.commentEnd(at);
        this.between.push({ start, end: at, indent });
      } else if (unit < 128 && (BEGINS[unit] === BLANK || unit === LINE_FEED)) {
        indent = indentation(unit, indent);
        at += 1;
      } else break;
    }
    this.at = at;
    this.nextIndent = at < limit ? indent : 0;
  }

  private note(comment: { start: number; end: number } | undefined): void {
    if (comment === undefined) return;
    const { start, end } = comment;
    this.last = end;
    // Python ends a comment at the whole line end.
    this.comments.push(leaf('comment', start, this.text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end));
  }

  private commentEnd(start: number): number {
    const end = this.text.indexOf('\n', start);
    return end < 0 || end > this.limit ? this.limit : end;
  }

  /** The next token of a line. */
  private rest(): void {
    const { text, limit } = this;
    for (;;) {
      const { at } = this;
      if (at >= limit) {
        if (this.depth > 0) this.fail();
        this.fresh = true;
        this.found(NEWLINE, this.last, this.last);
        return;
      }
      const unit = text.charCodeAt(at);
      const kind = unit < 128 ? BEGINS[unit] : WORD;
      switch (kind) {
        case BLANK:
          this.at += 1;
          continue;
        case WORD:
          this.word(at, unit);
          return;
        case OPENS:
          this.depth += 1;
          this.operator(at, unit);
          return;
        case CLOSES:
          this.depth -= 1;
          if (this.depth < 0) this.fail();
          this.operator(at, unit);
          return;
        case QUOTE:
          this.found(STRING, at, at);
          return;
        case DIGIT:
          this.number(at);
          return;
        case OPERATOR:
          if (unit === DOT && BEGINS[text.charCodeAt(at + 1)] === DIGIT) this.number(at);
          else this.operator(at, unit);
          return;
      }
      if (unit === LINE_FEED) {
        this.at += 1;
        if (this.depth > 0) continue;
        this.fresh = true;
        this.found(NEWLINE, this.last, this.last);
        return;
      }
      if (unit === HASH) {
        const end = this.commentEnd(at);
        this.note({ start: at, end });
        this.at = end;
      } else if (unit === BACKSLASH) this.join(at);
      else this.fail();
    }
  }

  /** Two lines joined by a backslash. */
  private join(at: number): void {
    const { text } = this;
    const end = text.charCodeAt(at + 1) === CARRIAGE_RETURN ? at + 2 : at + 1;
    if (text.charCodeAt(end) !== LINE_FEED || end >= this.limit) this.fail();
    this.at = end + 1;
  }

  private word(start: number, first: number): void {
    const { text } = this;
    let at = start;
    let unit = first;
    for (; unit < 128 && (BEGINS[unit] === WORD || BEGINS[unit] === DIGIT); unit = text.charCodeAt(++at));
    if (unit >= 128) {
      IDENTIFIER.lastIndex = start;
      if (!IDENTIFIER.test(text)) this.fail();
      this.found(NAME, start, IDENTIFIER.lastIndex);
      return;
    }
    const length = at - start;
    if ((unit === DOUBLE_QUOTE || unit === SINGLE_QUOTE) && length <= 2) {
      this.found(STRING, start, at);
      return;
    }
    if (length <= LONGEST_KEYWORD)
      for (const keyword of KEYWORDS[first] ?? [])
        if (keyword.length === length && text.startsWith(keyword, start)) {
          this.found(keyword, start, at);
          return;
        }
    this.found(NAME, start, at);
  }

  private number(start: number): void {
    const { text } = this;
    NUMBER.lastIndex = start;
    if (!NUMBER.test(text)) this.fail();
    const end = NUMBER.lastIndex;
    const after = text.charCodeAt(end);
    // `10L` of Python 2, and what is no number.
    if (after >= 128 || BEGINS[after] === WORD || BEGINS[after] === DIGIT) this.fail();
    const written = text.slice(start, end);
    if (OLD_OCTAL.test(written)) this.fail();
    this.found(FRACTION.test(written) ? FLOAT : INTEGER, start, end);
  }

  private operator(at: number, unit: number): void {
    for (const operator of OPERATORS[unit] ?? [])
      if (operator.length === 1 || this.text.startsWith(operator, at)) {
        this.found(operator, at, at + operator.length);
        return;
      }
    this.fail();
  }

  private found(token: string, start: number, end: number): void {
    this.token = token;
    this.start = start;
    this.end = end;
    if (end <= start) return;
    this.at = end;
    this.last = end;
  }
}

/** How far a line is indented behind one more blank, as the grammar counts it. */
function indentation(unit: number, before: number): number {
  if (unit === SPACE) return before + 1;
  return unit === TAB ? before + 8 : 0;
}
