/**
 * How a text is laid out, told without parsing: the logical lines that may bind a name of a class or of the module, which are those
 * directly in a class body or at module level, under whatever conditions and loops; and the bodies of the functions between them
 * (language reference 2.1, 4.1).
 *
 * It knows strings, comments, brackets, joined lines and indentation, and no grammar.
 */

import type { Range } from '../core/range.ts';
import { eachLogicalLine } from './logical-lines.ts';
import { CARRIAGE_RETURN, LINE_FEED } from './units.ts';

export interface NamespaceLine {
  /** UTF-16 offsets: of the first character that is no indentation, and of the line's end. */
  readonly start: number;
  readonly end: number;
  /** True in a class body; the class statement itself is both, since its body may stand on its line. */
  readonly inClass: boolean;
  readonly inModule: boolean;
}

/** The body of a function of the module or of a class: all its lines, with the functions and classes in there. UTF-16 offsets. */
export interface FunctionBody {
  /** Behind the end of the line with the colon. */
  readonly start: number;
  /** Of the first statement, its indentation left out. */
  readonly first: number;
  /** Behind the last statement: what follows on its line is a semicolon, a comment or nothing. */
  readonly end: number;
  /** Where the next logical line's own line begins, or the text ends: comments up to there may belong to the body. */
  readonly next: number;
}

/** A class statement, wherever it stands. UTF-16 offsets. */
export interface ClassStatement {
  /** Of the word `class`. */
  readonly start: number;
  /** Behind the line with the colon. */
  readonly header: number;
  /** Behind the last line of its body. */
  readonly end: number;
}

export interface Outline {
  /** In their order, without docstrings. */
  readonly lines: readonly NamespaceLine[];
  /** In their order; one that stands on the line of its function is none. */
  readonly bodies: readonly FunctionBody[];
  /** The functions of the module and of classes in no function, with their headers, in their order. UTF-16 offsets. */
  readonly functions: readonly Range[];
  /** Those that end first come first. */
  readonly classes: readonly ClassStatement[];
}

const DEFINITION = /(class|def|async[ \t\f\\]+def)(?![\w\u0080-\uffff])/y;

let last: { readonly text: string; readonly outline: Outline | undefined } | undefined;

/** Undefined for a text that does not read as Python, of which nothing is known. */
export function outlineOf(text: string): Outline | undefined {
  // Several rules ask about one text.
  if (last?.text !== text) last = { text, outline: outline(text) };
  return last.outline;
}

/** See {@link Outline.lines}. */
export function namespaceLines(text: string): readonly NamespaceLine[] | undefined {
  return outlineOf(text)?.lines;
}

/** Identifiers may have letters beyond ASCII, which `\\w` leaves out. */
const NAME = '[\\w\\u0080-\\uffff]+';
const WORD = new RegExp(NAME, 'g');
/** `name: annotation`. */
const DECLARED = new RegExp(`^\\s*(${NAME})\\s*:`);
/** A name at the end, which may be that of an attribute. */
const LAST = new RegExp(`(\\.?)\\s*(${NAME})[\\s()\\[\\]:]*$`);
/** A line end that is none (language reference 2.1.6). */
const JOINED = /\\(?:\r\n|\r|\n)/g;

export interface Bound {
  /** Keyword arguments are among them, and any word where targets are listed, since that is not told from other uses of commas. */
  readonly names: readonly string[];
  /** What follows the first `=`. */
  readonly value: string;
}

/** What a line may bind by `=`; undefined for nothing. */
export function boundIn(text: string, { start, end }: NamespaceLine): Bound | undefined {
  const line = withoutStrings(text.slice(start, end)).replace(JOINED, ' ');
  const names: string[] = [];
  let first = -1;
  let from = 0;
  for (let at = line.indexOf('='); at >= 0; at = line.indexOf('=', at + 1)) {
    if (line.charAt(at + 1) === '=') {
      at += 1;
      continue;
    }
    names.push(...targetsIn(line.slice(from, at), from === 0));
    from = at + 1;
    if (first < 0) first = from;
  }
  return first < 0 ? undefined : { names, value: line.slice(first) };
}

const STRING_OR_COMMENT =
  /("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*\1|"(?:\\[\s\S]|[^"\\\n\r])*"|'(?:\\[\s\S]|[^'\\\n\r])*'|#[^\n\r]*/g;

/** What stands in a string is no code. */
function withoutStrings(line: string): string {
  return /["']/.test(line) ? line.replace(STRING_OR_COMMENT, '""') : line;
}

function targetsIn(left: string, isFirst: boolean): readonly string[] {
  const declared = isFirst && !left.includes(';') ? DECLARED.exec(left)?.[1] : undefined;
  if (declared !== undefined && !KEYWORDS.test(declared)) return [declared];
  if (/[,:;#"']/.test(left)) return left.match(WORD)?.filter((word) => !RESERVED.test(word)) ?? [];
  const last = LAST.exec(left.slice(-LONGEST_TARGET));
  return last?.[2] === undefined || last[1] === '.' ? [] : [last[2]];
}

/** How far what stands left of a `=` is looked at for its last name, in UTF-16 units. */
const LONGEST_TARGET = 1000;
/** Words that are no names (language reference 2.3.1), and numbers. */
const RESERVED =
  /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|\d.*)$/;
/** What a colon may follow and does not declare. */
const KEYWORDS = /^(?:else|try|finally)$/;

interface Block {
  readonly indent: number;
  readonly isClass: boolean;
  readonly start: number;
  readonly header: number;
  end: number;
}

/** A function whose lines are being read. */
interface OpenFunction {
  readonly indent: number;
  readonly header: number;
  readonly start: number;
  first: number;
  end: number;
}

function outline(text: string): Outline | undefined {
  const lines: NamespaceLine[] = [];
  const bodies: FunctionBody[] = [];
  const functions: Range[] = [];
  const classes: ClassStatement[] = [];
  const blocks: Block[] = [];
  let open: OpenFunction | undefined;
  const close = (next: number): void => {
    if (open === undefined) return;
    const { header, start, first, end } = open;
    functions.push({ start: header, end });
    if (first >= 0) bodies.push({ start, first, end, next });
    open = undefined;
  };
  const leave = (indent: number): void => {
    for (let top = blocks.at(-1); top !== undefined && indent <= top.indent; top = blocks.at(-1)) {
      if (top.isClass) classes.push(top);
      blocks.pop();
      const around = blocks.at(-1);
      if (around !== undefined) around.end = top.end;
    }
  };
  const isPython = eachLogicalLine(text, (start, at, indent, lineStart, codeEnd) => {
    if (open !== undefined && indent > open.indent) {
      if (open.first < 0) open.first = start;
      open.end = codeEnd;
    } else close(lineStart);
    leave(indent);
    const around = blocks.at(-1);
    if (around !== undefined) around.end = at;
    DEFINITION.lastIndex = start;
    const definition = DEFINITION.exec(text)?.[1];
    const inModule = around === undefined;
    if (definition === undefined) {
      if ((inModule || around.isClass) && !isDocstring(text, start, at))
        lines.push({ start, end: at, inClass: !inModule, inModule });
      return;
    }
    const isClass = definition === 'class';
    if (isClass) lines.push({ start, end: at, inClass: true, inModule });
    else open ??= { indent, header: start, start: afterLineEnd(text, at), first: -1, end: at };
    blocks.push({ indent, isClass, start, header: at, end: at });
  });
  if (!isPython) return undefined;
  close(text.length);
  leave(0);
  return { lines, bodies, functions, classes };
}

function afterLineEnd(text: string, at: number): number {
  return text.charCodeAt(at) === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
}

/** True for a line that is nothing but a string. */
function isDocstring(text: string, start: number, end: number): boolean {
  const line = text.slice(start, end);
  return /^[A-Za-z]{0,2}["']/.test(line) && /["']\s*$/.test(line) && !line.includes(';');
}
