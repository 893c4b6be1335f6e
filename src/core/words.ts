/** Finds which of many words a text has, in one pass that makes no string for the words nobody asked for. */

/** The first unit beyond it. */
export const ASCII = 128;
/** Hashes of words are below this. */
export const HASHES = 1 << 16;

/** 1 for digits, letters and the underscore; beyond ASCII everything counts as part of a word. */
export const IN_WORD = Uint8Array.from({ length: ASCII }, (_, unit) => Number(/\w/.test(String.fromCharCode(unit))));

/** True for a UTF-16 unit that may stand in a word. */
export function isWordUnit(unit: number): boolean {
  return unit >= ASCII || IN_WORD[unit] === 1;
}

/** Where the word begins that ends at `end`; `end` itself for none. */
export function wordStart(text: string, end: number): number {
  let at = end;
  while (at > 0 && isWordUnit(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** A set of words to look for. A word is a run of letters, digits and underscores; everything beyond ASCII counts as a letter. */
export class Words {
  /** By themselves: what is cut from a text would keep the whole text in memory. */
  private readonly words: ReadonlyMap<string, string>;
  /** 1 where the hash of one of the words falls. */
  private readonly slots = new Uint8Array(HASHES);

  constructor(words: ReadonlySet<string>) {
    this.words = new Map([...words].map((word) => [word, word]));
    for (const word of words) this.slots[hashOf(word)] = 1;
  }

  /** Calls `found` for each of the words in the text, as often as it stands there, with its start in UTF-16 units; in no promised order. */
  each(text: string, found: (word: string, start: number) => void): void {
    if (this.words.size <= FEW) for (const word of this.words.keys()) eachOf(word, text, found);
    else this.eachOfMany(text, found);
  }

  private eachOfMany(text: string, found: (word: string, start: number) => void): void {
    const { slots } = this;
    for (let at = 0; at < text.length; ) {
      const start = at;
      let hash = 0;
      for (; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        if (unit < ASCII && IN_WORD[unit] === 0) break;
        hash = nextHash(hash, unit);
      }
      if (at > start && slots[hash] === 1) {
        const word = this.words.get(text.slice(start, at));
        if (word !== undefined) found(word, start);
      }
      at++;
    }
  }
}

/** So many words are found faster one by one: V8's own search for a string outruns a loop over all units. */
export const FEW = 6;

function eachOf(word: string, text: string, found: (word: string, start: number) => void): void {
  if (word === '') return;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    const isWhole = !isWordUnit(text.charCodeAt(at - 1) || 0) && !isWordUnit(text.charCodeAt(end) || 0);
    if (isWhole) found(word, at);
  }
}

/** The hash of a word. */
export function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = nextHash(hash, word.charCodeAt(at));
  return hash;
}

/** The hash of a word that goes on with one more UTF-16 unit. */
export function nextHash(hash: number, unit: number): number {
  return (hash * 31 + unit) & (HASHES - 1);
}

/** The same string, on its own: what is cut from a text would keep the whole text in memory. */
export function owned(word: string): string {
  return word.length < 13 ? word : Buffer.from(word, 'utf16le').toString('utf16le');
}
