/** Class statements of the module and the lines of their bodies as text, where nobody has to know more; a string may look like code. */
import { isWordUnit } from '../core/words.ts';

const NAME = '[\\w\\u0080-\\uffff]+';
/** A class statement of the module, and what its body's lines are indented by. */
const CLASS_BODY = new RegExp(
  `^class[ \\t]+(${NAME})[^\\n]*(?:\\n[ \\t]*(?:#[^\\n]*)?|\\n[^\\n]*\\)[ \\t]*:[^\\n]*)*\\n(?=([ \\t]+)\\S)`,
  'gm',
);
/** A blank line, a comment, or what a multi-line string or bracket has there: none ends a block. */
const GOES_BY = /^\s*(?:$|[#)\]}"'])/;

/** Each class statement with the lines directly in its body that may bind a name, without their indentation. */
export function* classBodies(text: string): Iterable<{ readonly className: string; readonly lines: Iterable<string> }> {
  if (!text.includes('class')) return;
  const plain = text.replaceAll('\r', '\n');
  for (const { 0: head, 1: className = '', 2: indent = '', index } of plain.matchAll(CLASS_BODY))
    yield { className, lines: bindingLines(plain, index + head.length, indent) };
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
