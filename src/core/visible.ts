/**
 * Text from a user's files made safe to print: a name, a message or a line of source may hold escape sequences that move the cursor,
 * and characters that show code in another order than it has (CVE-2021-42574) or cannot be seen at all.
 */

/** Control and format characters (bidirectional overrides are such), line separators, and halves of surrogate pairs. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The character, one code point, as Python escapes it in a string: `\x1b`, `\u202e`, `\U000e0041`. */
export function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** One line of text with what would act on the terminal, or hide in it, escaped. Line ends and tabs too. */
export function visible(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same for several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}
