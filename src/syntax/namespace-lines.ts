/**
 * The logical lines that may bind a name of a class or of the module, told without parsing: what stands directly in a class body or
 * at module level, under whatever conditions and loops, but not in functions (language reference 2.1, 4.1).
 *
 * It knows strings, comments, brackets, joined lines and indentation, and no grammar.
 */

import { eachLogicalLine } from './logical-lines.ts';

export interface NamespaceLine {
  /** UTF-16 offsets: of the first character that is no indentation, and of the line's end. */
  readonly start: number;
  readonly end: number;
  /** True in a class body; the class statement itself is both, since its body may stand on its line. */
  readonly inClass: boolean;
  readonly inModule: boolean;
}

const DEFINITION = /(class|def|async[ \t\f\\]+def)(?![\w\u0080-\uffff])/y;

let last: { readonly text: string; readonly lines: readonly NamespaceLine[] | undefined } | undefined;

/** The lines in their order, without docstrings; undefined for a text that does not read as Python, of which nothing is known. */
export function namespaceLines(text: string): readonly NamespaceLine[] | undefined {
  // Several rules ask about one text.
  if (last?.text !== text) last = { text, lines: linesOf(text) };
  return last.lines;
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
  const line = text.slice(start, end).replace(JOINED, ' ');
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

function targetsIn(left: string, isFirst: boolean): readonly string[] {
  const declared = isFirst && !left.includes(';') ? DECLARED.exec(left)?.[1] : undefined;
  if (declared !== undefined && !KEYWORDS.test(declared)) return [declared];
  if (/[,:;#"']/.test(left)) return left.match(WORD) ?? [];
  const last = LAST.exec(left.slice(-LONGEST_TARGET));
  return last?.[2] === undefined || last[1] === '.' ? [] : [last[2]];
}

/** How far what stands left of a `=` is looked at for its last name, in UTF-16 units. */
const LONGEST_TARGET = 1000;
/** What a colon may follow and does not declare. */
const KEYWORDS = /^(?:else|try|finally)$/;

interface Block {
  readonly indent: number;
  readonly isClass: boolean;
}

function linesOf(text: string): readonly NamespaceLine[] | undefined {
  const lines: NamespaceLine[] = [];
  const blocks: Block[] = [];
  const isPython = eachLogicalLine(text, (start, end, indent) => {
    for (let top = blocks.at(-1); top !== undefined && indent <= top.indent; top = blocks.at(-1)) blocks.pop();
    const around = blocks.at(-1);
    DEFINITION.lastIndex = start;
    const definition = DEFINITION.exec(text)?.[1];
    const inModule = around === undefined;
    if (definition === undefined) {
      if ((inModule || around.isClass) && !isDocstring(text, start, end))
        lines.push({ start, end, inClass: !inModule, inModule });
      return;
    }
    const isClass = definition === 'class';
    if (isClass) lines.push({ start, end, inClass: true, inModule });
    blocks.push({ indent, isClass });
  });
  return isPython ? lines : undefined;
}

/** True for a line that is nothing but a string. */
function isDocstring(text: string, start: number, end: number): boolean {
  const line = text.slice(start, end);
  return /^[A-Za-z]{0,2}["']/.test(line) && /["']\s*$/.test(line) && !line.includes(';');
}
