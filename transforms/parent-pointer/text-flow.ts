/**
 * What the text of each function says of which object is put where, read line by line and without parsing: dotted names, what is stored in
 * attributes, what is called with what. It knows no scopes and no types, so it errs on one side only: what flows is there, and more.
 */
import { commentEnd, eachLogicalLine, stringEnd } from '../../src/syntax/logical-lines.ts';
import { CLOSES, dropRebound, emptyBody, isWord, OPENS, type TextBody, wordAt } from './text-body.ts';
import { LineReader } from './text-line.ts';

const DEFINITION =
  /(?:class[ \t\f\\]+([\w\u0080-\uffff]+)|(?:async[ \t\f\\]+)?def[ \t\f\\]+([\w\u0080-\uffff]+))(?![\w\u0080-\uffff])/y;

/** Undefined for a text that does not read as Python. */
export function bodiesIn(text: string): readonly TextBody[] | undefined {
  const module = emptyBody(undefined, undefined, []);
  const bodies = [module];
  const blocks: { readonly indent: number; readonly body: TextBody; readonly className?: string }[] = [];
  const reader = new LineReader(text, module);
  let readable = true;
  const isPython = eachLogicalLine(text, (start, end, indent) => {
    for (let top = blocks.at(-1); top !== undefined && indent <= top.indent; top = blocks.at(-1)) blocks.pop();
    const around = blocks.at(-1);
    const body = around?.body ?? module;
    DEFINITION.lastIndex = start;
    const [, className, name] = DEFINITION.exec(text) ?? [];
    if (className !== undefined) {
      blocks.push({ indent, body, className });
    } else if (name !== undefined) {
      const head = headOf(text, DEFINITION.lastIndex, end);
      const own = emptyBody(name, around?.className, head.parameters);
      bodies.push(own);
      blocks.push({ indent, body: own });
      readable &&= reader.read(own, head.end, end);
    } else if (around?.className === undefined) {
      readable &&= reader.read(body, start, end);
    }
  });
  for (const body of bodies) dropRebound(body);
  return isPython && readable ? bodies : undefined;
}

/** The parameters of a function, and where its first line goes on behind them. */
function headOf(text: string, start: number, end: number): { readonly parameters: readonly string[]; end: number } {
  const parameters: string[] = [];
  let depth = 0;
  let expected = false;
  let at = start;
  while (at < end) {
    const char = text.charAt(at);
    if (char === '"' || char === "'") at = stringEnd(text, at);
    else if (char === '#') at = commentEnd(text, at);
    else if (isWord(text.charCodeAt(at))) {
      const word = wordAt(text, at);
      if (expected && depth === 1) parameters.push(word);
      expected = false;
      at += word.length;
    } else {
      if (OPENS.includes(char)) depth += 1;
      if (CLOSES.includes(char)) depth -= 1;
      if (char === ':' && depth === 0) return { parameters, end: at + 1 };
      if (!/[\s\\*]/.test(char)) expected = char === ',' || (char === '(' && depth === 1);
      at += 1;
    }
  }
  return { parameters, end };
}
