/** The words, numbers and operators of Python (language reference 2.3 to 2.6), each told from where it begins. */

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

export const WORD = 1;
export const DIGIT = 2;
export const OPENS = 3;
export const CLOSES = 4;
export const BLANK = 5;
export const QUOTE = 6;
export const OPERATOR = 7;
/** What a unit below 128 begins; 0 for nothing. */
export const BEGINS = new Uint8Array(128);
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

const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)/y;
/** What makes a number that is neither hexadecimal, octal nor binary a `float` to the grammar. */
const FRACTION = /^(?!0[xX])[\d_]*[.eE]/;
/** `0777` of Python 2. */
const OLD_OCTAL = /^0\d*[1-9]\d*$/;
const IDENTIFIER = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;

/** The keyword of that length that stands there; undefined for none. */
export function keywordAt(text: string, start: number, length: number): string | undefined {
  if (length > LONGEST_KEYWORD) return undefined;
  for (const keyword of KEYWORDS[text.charCodeAt(start)] ?? [])
    if (keyword.length === length && text.startsWith(keyword, start)) return keyword;
  return undefined;
}

/** The longest operator or bracket that stands there; undefined for none. */
export function operatorAt(text: string, at: number): string | undefined {
  for (const operator of OPERATORS[text.charCodeAt(at)] ?? [])
    if (operator.length === 1 || text.startsWith(operator, at)) return operator;
  return undefined;
}

/** Where the number ends that begins there; -1 if it is none, or one of Python 2: `10L`, `0777`. */
export function numberEnd(text: string, start: number): number {
  NUMBER.lastIndex = start;
  if (!NUMBER.test(text)) return -1;
  const end = NUMBER.lastIndex;
  const after = text.charCodeAt(end);
  const goesOn = after >= 128 || BEGINS[after] === WORD || BEGINS[after] === DIGIT;
  return goesOn || OLD_OCTAL.test(text.slice(start, end)) ? -1 : end;
}

/** What the grammar calls a number. */
export function kindOfNumber(written: string): typeof INTEGER | typeof FLOAT {
  return FRACTION.test(written) ? FLOAT : INTEGER;
}

/** Where the name ends that begins there, with letters beyond ASCII; -1 for none. */
export function nameEnd(text: string, start: number): number {
  IDENTIFIER.lastIndex = start;
  return IDENTIFIER.test(text) ? IDENTIFIER.lastIndex : -1;
}
