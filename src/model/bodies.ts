/** Reads those bodies of functions that a question may be about: those that have a word. */
import type { Range } from '../core/range.ts';
import type { DeferredBlock } from '../syntax/tree.ts';

/** The bodies of one file that were not read with the rest. */
export class Bodies {
  private readonly text: string;
  /** In the order of the text. */
  private readonly blocks: readonly DeferredBlock[];
  private unread: number;
  private readonly asked = new Set<string>();

  /** `text` is that of the file. */
  constructor(blocks: readonly DeferredBlock[], text: string) {
    this.text = text;
    this.blocks = blocks;
    this.unread = blocks.length;
    // A name that normal form KC makes another (language reference 2.3) would not be found.
    if (blocks.length > 0 && /[^\0-\x7f]/.test(text))
      this.readWhere(({ start, end }) => hasOtherNames(text.slice(start, end)));
  }

  readAll(): void {
    if (this.unread > 0) for (const block of this.blocks) block.load();
    this.unread = 0;
  }

  /** Reads every body whose text place passes the test. */
  readWhere(test: (body: Range) => boolean): void {
    if (this.unread === 0) return;
    for (const block of this.blocks) if (!block.isRead && test(block.body)) block.load();
  }

  /** Reads every body in which the word stands, be it in a string or a comment. */
  readWith(word: string): void {
    if (this.unread === 0 || this.asked.has(word)) return;
    this.asked.add(word);
    const { text, blocks } = this;
    let at = text.indexOf(word);
    for (const block of blocks) {
      if (at < 0) return;
      const { start, end } = block.body;
      if (at < start) at = nextWord(text, word, start);
      if (at < 0 || at >= end) continue;
      if (!isWord(text, at, word.length)) at = nextWord(text, word, at + 1);
      if (at >= 0 && at < end) block.load();
    }
  }
}

/** With the letter in front, which an accent behind it may change. */
const BEYOND_ASCII = /[\0-\x7f]?[^\0-\x7f]+/g;
const IN_NAMES = /[^\P{ID_Continue}\0-\x7f]/u;

function hasOtherNames(body: string): boolean {
  return body.match(BEYOND_ASCII)?.some((run) => IN_NAMES.test(run) && run.normalize('NFKC') !== run) === true;
}

function nextWord(text: string, word: string, from: number): number {
  let at = text.indexOf(word, from);
  while (at >= 0 && !isWord(text, at, word.length)) at = text.indexOf(word, at + 1);
  return at;
}

const IN_WORD = /[\w\u0080-\uffff]/;

function isWord(text: string, at: number, length: number): boolean {
  return !IN_WORD.test(text.charAt(at - 1)) && !IN_WORD.test(text.charAt(at + length));
}
