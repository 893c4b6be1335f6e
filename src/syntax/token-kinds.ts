/** What a token is ({@link file://./tokens.ts}); an operator or bracket that is not listed is the code of its first character. */

export const WORD = 1;
export const STRING = 2;
/** `+=` and its like. */
export const AUGMENTED = 3;
/** `==`, `!=`, `<=`, `>=`. */
export const COMPARED = 4;
/** `:=`. */
export const WALRUS = 5;
export const NUMBER = 6;
/** The end of a logical line, and of the text. */
export const NEWLINE = 10;
export const OPEN_PARENTHESIS = 40;
export const CLOSE_PARENTHESIS = 41;
export const COMMA = 44;
export const DOT = 46;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const OPEN_BRACKET = 91;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
