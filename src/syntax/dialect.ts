/**
 * Python as the grammar reads it. The grammar is behind the language in places; there the text is put, unit for unit, into words
 * that it knows and that give the same tree. A match inside a string or comment does no harm: only places are taken from the
 * tree, never text, and what is put in can neither end a string or line nor begin one.
 */

/** The text in the grammar's dialect; every offset means the same place in both. */
export function dialect(text: string): string {
  return typeParameterDefaults(typeCalls(exceptLists(templateStrings(lineEnds(text)))));
}

/** The text with line feeds for lone carriage returns, which end a line in Python. */
export function lineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r(?!\n)/g, '\n') : text;
}

/** Template strings (PEP 750) are built as f-strings are. */
function templateStrings(text: string): string {
  if (!/\b[tT][rR]?["']|\b[rR][tT]["']/.test(text)) return text;
  return text.replace(/(?<![\w"'])(?:[tT]([rR]?)(?=["'])|([rR])[tT](?=["']))/g, (_, raw, before) =>
    before === undefined ? `f${raw}` : `${before}f`,
  );
}

const EXCEPT_LIST =
  /^([ \t\f]*except(?:[ \t]*\*[ \t]*[\w.]+|[ \t]+[\w.]+[ \t]*,[ \t]*[\w.]+))((?:[ \t]*,[ \t]*[\w.]+)+)(?=[ \t]*:)/gm;

/** `except A, B, C:` (PEP 758). Of two names without a star the grammar makes Python 2's `except A, e:`, which is looked at later. */
function exceptLists(text: string): string {
  return text.replace(EXCEPT_LIST, (clause) => clause.replaceAll(',', '|'));
}

/** `type(x).y = z` is not a `type` statement, whose name starts neither with a parenthesis nor with a bracket. */
function typeCalls(text: string): string {
  return text.replace(/\btype(?=[ \t]*[([])/g, 'typ_');
}

const TYPE_PARAMETERS = /\b(?:def|class|type)[ \t]+\w+[ \t]*\[[^\]=]*=/g;

/** `class C[T = int]` (PEP 696): the defaults are blanked out. They are types, and name no attribute that a rule looks for. */
function typeParameterDefaults(text: string): string {
  let out = '';
  let copied = 0;
  for (const match of text.matchAll(TYPE_PARAMETERS)) {
    const open = match.index + match[0].indexOf('[');
    const blanked = open < copied ? undefined : withoutDefaults(text, open);
    if (blanked === undefined) continue;
    out += text.slice(copied, open) + blanked;
    copied = open + blanked.length;
  }
  return copied === 0 ? text : out + text.slice(copied);
}

/** The bracket that starts at `open` with blanks for its defaults; undefined if it holds a quote, so that no string loses its end. */
function withoutDefaults(text: string, open: number): string | undefined {
  let out = '';
  let depth = 0;
  let inDefault = false;
  for (let at = open; at < text.length; at++) {
    const unit = text.charAt(at);
    if (unit === '"' || unit === "'" || unit === '#') return undefined;
    if ('[({'.includes(unit)) depth++;
    if ('])}'.includes(unit)) depth--;
    if (depth === 1 && unit === '=') inDefault = true;
    if (depth === 0 || (depth === 1 && unit === ',')) inDefault = false;
    out += inDefault && unit !== '\n' && unit !== '\r' ? ' ' : unit;
    if (depth === 0) return out;
  }
  return undefined;
}
