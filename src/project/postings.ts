/** An index from words to values, for very many words of which most have one: that costs no list. */
export class Postings<Value extends string | number> {
  private readonly index = new Map<string, Value | Value[]>();

  /** A value that comes for a word again at once is noted once. */
  add(word: string, value: Value): void {
    const known = this.index.get(word);
    if (known === undefined) this.index.set(word, value);
    else if (typeof known !== 'object') {
      if (known !== value) this.index.set(word, [known, value]);
    } else if (known.at(-1) !== value) known.push(value);
  }

  *[Symbol.iterator](): Iterator<readonly [word: string, values: readonly Value[]]> {
    for (const word of this.index.keys()) yield [word, this.get(word)];
  }

  /** In the order in which they came. */
  get(word: string): readonly Value[] {
    const known = this.index.get(word);
    if (known === undefined) return [];
    return typeof known === 'object' ? known : [known];
  }
}
