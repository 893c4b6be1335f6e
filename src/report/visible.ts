/**
 * Text from a user's files made safe to print: a name or a message may hold escape sequences that move the cursor, and
 * bidirectional controls that show code in another order than it has (CVE-2021-42574).
 */

/** C0, DEL, C1, the line separators, the bidirectional controls, and surrogates without their other half. */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

function escaped(character: string): string {
  const unit = character.charCodeAt(0);
  const hex = unit.toString(16);
  return unit <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** One line of text: what would act on the terminal is written as Python escapes it, `\x1b`. Line ends and tabs too. */
export function visible(text: string): string {
  return text.replace(unsafe, escaped);
}

/** The same for several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(unsafe, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}
