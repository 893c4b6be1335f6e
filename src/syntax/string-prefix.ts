/** What the letters before a string's quote say, and where its replacement fields end. */
import { OPEN_BRACE } from './token-kinds.ts';

/** Where the replacement field that opens at `open` closes, or -1. */
export function fieldEnd(text: string, open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === OPEN_BRACE) depth += 1;
    if (unit === 125 && --depth === 0) return at;
  }
  return -1;
}

/** True for the letters that may stand before a quote (language reference 2.4.1, and PEP 750). */
export function isPrefix(text: string, start: number, end: number): boolean {
  return end - start <= 2 && /^[rbuft]+$/i.test(text.slice(start, end));
}

export function isInterpolated(text: string, start: number, end: number): boolean {
  return /[ft]/i.test(text.slice(start, end));
}
