/**
 * The tokens of Python (language reference 2), one at a time, as the grammar's own lexer cuts them: line ends, indentation and comments
 * stand where its external scanner puts them.
 */
import { leaf, type PyNode } from '../node.ts';
import { BACKSLASH, CARRIAGE_RETURN, DOT, DOUBLE_QUOTE, HASH, LINE_FEED, SINGLE_QUOTE, SPACE, TAB } from '../units.ts';
import {
  BEGINS,
  BLANK,
  CLOSES,
  DEDENT,
  DIGIT,
  END,
  INDENT,
  keywordAt,
  kindOfNumber,
  NAME,
  NEWLINE,
  nameEnd,
  numberEnd,
  OPENS,
  OPERATOR,
  operatorAt,
  QUOTE,
  STRING,
  WORD,
} from './token-table.ts';

/** Thrown where the text is none that this parser takes: the grammar has to be asked. */
export class NotTaken extends Error {}

/** One for all, without a stack: it is no error but an answer. */
const NOT_TAKEN = new NotTaken('not taken');

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
          this.operator(at);
          return;
        case CLOSES:
          this.depth -= 1;
          if (this.depth < 0) this.fail();
          this.operator(at);
          return;
        case QUOTE:
          this.found(STRING, at, at);
          return;
        case DIGIT:
          this.number(at);
          return;
        case OPERATOR:
          if (unit === DOT && BEGINS[text.charCodeAt(at + 1)] === DIGIT) this.number(at);
          else this.operator(at);
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
      const end = nameEnd(text, start);
      if (end < 0) this.fail();
      this.found(NAME, start, end);
    } else if ((unit === DOUBLE_QUOTE || unit === SINGLE_QUOTE) && at - start <= 2) this.found(STRING, start, at);
    else this.found(keywordAt(text, start, at - start) ?? NAME, start, at);
  }

  private number(start: number): void {
    const end = numberEnd(this.text, start);
    if (end < 0) this.fail();
    this.found(kindOfNumber(this.text.slice(start, end)), start, end);
  }

  private operator(at: number): void {
    const operator = operatorAt(this.text, at) ?? this.fail();
    this.found(operator, at, at + operator.length);
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
