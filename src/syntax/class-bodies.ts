/** Class statements of the module and the lines of their bodies as text, where nobody has to know more; a string may look like code. */
import { isWordUnit } from '../core/words.ts';

const NAME = '[\\w\\u0080-\\uffff]+';
/** The first line of a class statement of the module. */
const CLASS = new RegExp(`^class[ \\t]+(${NAME})[^\\n]*`, 'gm');
/** The last line of a header that goes over several. */
const HEADER_END = /\)[ \t]*:/;
/** The most lines of one header: behind them the brackets of a string were counted. */
const LONGEST_HEADER = 100;
const NO_STATEMENT = /^[ \t\f]*(?:#|$)/;
/** A blank line, a comment, or what a multi-line string or bracket has there: none ends a block. */
const GOES_BY = /^\s*(?:$|[#)\]}"'])/;

/** Each class statement with the lines directly in its body that may bind a name, without their indentation. */
export function* classBodies(text: string): Iterable<{ readonly className: string; readonly lines: Iterable<string> }> {
  if (!text.includes('class')) return;
  const plain = text.replaceAll('\r', '\n');
  for (const { 0: head, 1: className = '', index } of plain.matchAll(CLASS)) {
    const first = firstStatement(plain, index + head.length + 1, isOpen(head));
    const [indent = ''] = /^[ \t]*/.exec(plain.slice(first, first + LONGEST_INDENT)) ?? [];
    if (indent !== '') yield { className, lines: bindingLines(plain, first, indent) };
  }
}

const LONGEST_INDENT = 200;

/** Where the line of the first statement begins behind the first line of a class statement, of which more lines follow if it is open. */
function firstStatement(text: string, start: number, open: boolean): number {
  let isHeader = open;
  for (let at = start, lines = 0; at < text.length; lines += 1) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    if (isHeader && lines < LONGEST_HEADER) isHeader = !HEADER_END.test(line);
    else if (!NO_STATEMENT.test(line)) return at;
    at = end + 1;
  }
  return text.length;
}

/** True if a bracket is open at the end of the line. */
function isOpen(line: string): boolean {
  const code = line.replace(/#.*/, '');
  return code.split(/[([{]/).length > code.split(/[)\]}]/).length;
}

/** The lines of the module that may bind a name. */
export function moduleLines(text: string): Iterable<string> {
  return bindingLines(text.replaceAll('\r', '\n'), 0, '');
}

function* bindingLines(text: string, start: number, indent: string): Iterable<string> {
  for (let at = start; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const first = at + indent.length;
    if (indent !== '' && !text.startsWith(indent, at)) {
      if (!GOES_BY.test(text.slice(at, end))) return;
    } else if (first < end && isWordUnit(text.charCodeAt(first))) {
      const line = text.slice(first, end);
      if (line.includes('=')) yield line;
    }
    at = end + 1;
  }
}
