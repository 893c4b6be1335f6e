/** JSON that may be printed: what a terminal would act on, or what would show text in another order, is written as an escape. */

/** What JSON allows inside a string and a terminal would act on; surrogates JSON.stringify escapes itself. */
const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** As JSON.stringify, `indent` included; any parser gives the value back. */
export function safeJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
