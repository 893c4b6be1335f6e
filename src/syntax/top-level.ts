/**
 * Thins a large text before it is parsed: top-level simple statements that no class of the file has to do with are blanked out.
 *
 * Large Python files are nearly always data, and a syntax tree takes a hundred times the memory of its text. What is blanked out
 * becomes spaces, unit for unit, so that every offset means the same place. The price: a syntax error in there goes unseen.
 *
 * A statement stays if it mentions a class of the file, an instance known by name or a reflective builtin; if it uses an
 * attribute by a name that stands in a class statement; or if it binds a name that what stays uses. What stays adds to these names,
 * so the text is gone over until nothing is added.
 */
import { HASHES, hashOf } from '../core/words.ts';
import { StatementScanner, type Word } from './statement-scanner.ts';
import { CARRIAGE_RETURN, LINE_FEED, SPACE } from './units.ts';

/** UTF-16 units: below this the tree is small enough to be made as it is. */
export const THIN_ABOVE = 1 << 20;
/** Names are mostly defined before they are used; a text that is not settled after this many rounds is left whole. */
const MAX_ROUNDS = 8;

/** What a name keeps: a statement that mentions it anywhere, ... */
const MENTIONED = 1;
/** ... that has it as an attribute, ... */
const ATTRIBUTE = 2;
/** ... that binds it, ... */
const BOUND = 4;
/** ... or that has the word in its code, not in a string. */
const WORD = 8;

const COMPOUND = 'class def async if elif else for while try except finally with';
const STATEMENTS = 'import from global nonlocal del exec raise';
const REFLECTIVE =
  'globals locals vars getattr setattr hasattr delattr patch monkeypatch super __all__ __metaclass__ __class__ __dict__ __new__ __init__';
const KEPT_WORDS = `${STATEMENTS} ${REFLECTIVE}`.split(' ');
const FIRST_WORDS: ReadonlySet<string> = new Set(COMPOUND.split(' '));
const DEFINITIONS: ReadonlySet<string> = new Set(['class', 'def', 'async']);

/** The text with what no rule can need blanked out; the text itself where that cannot be told. */
export function thinned(text: string): string {
  return new Thinner(text).run();
}

class Thinner extends StatementScanner {
  private readonly buffer: Buffer;
  private readonly names = new Map<string, number>();
  /** By hash: 0 for words that are surely no names of these. */
  private readonly slots = new Uint8Array(HASHES);
  private grown = false;

  /** Of the statement that is being read. */
  private mentions = false;
  private hasClass = false;
  /** True for one whose own names are not those of the module. */
  private isDefinition = false;
  private bindsIfAssigned = false;
  private collecting = false;
  private afterClass = false;
  private left: string[] = [];

  constructor(text: string) {
    // A byte for each unit where that is enough.
    const wide = /[^\0-\xff]/.test(text);
    const buffer = Buffer.from(text, wide ? 'utf16le' : 'latin1');
    super(text, wide ? new Uint16Array(buffer.buffer, buffer.byteOffset, text.length) : buffer);
    this.buffer = buffer;
    for (const word of KEPT_WORDS) this.add(word, WORD);
    // Looked at, whatever they keep.
    for (const word of ['class', 'print']) this.add(word, 0);
  }

  run(): string {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.grown = false;
      const blanks = this.round();
      if (blanks === undefined) return this.text;
      if (!this.grown) return this.blank(blanks);
    }
    return this.text;
  }

  /** Starts and ends of what can go, by turns; undefined if the text is not what this scanner takes for Python. */
  private round(): readonly number[] | undefined {
    const blanks: number[] = [];
    const { length } = this.units;
    for (let start = 0; start < length; ) {
      this.kept = this.mentions = this.hasClass = false;
      const end = this.read(start, false);
      if (end < 0) return undefined;
      if (this.kept) this.read(start, true);
      else if (blanks.at(-1) === start) blanks[blanks.length - 1] = end;
      else blanks.push(start, end);
      start = end;
    }
    return blanks;
  }

  private read(start: number, collecting: boolean): number {
    this.collecting = collecting;
    this.bindsIfAssigned = this.afterClass = this.isDefinition = false;
    this.left = [];
    return this.statement(start);
  }

  private blank(blanks: readonly number[]): string {
    const { units } = this;
    for (let index = 0; index < blanks.length; index += 2) {
      const end = blanks[index + 1] ?? 0;
      for (let at = blanks[index] ?? end; at < end; at++) {
        const unit = units[at];
        if (unit !== LINE_FEED && unit !== CARRIAGE_RETURN) units[at] = SPACE;
      }
    }
    return this.buffer.toString(units === this.buffer ? 'latin1' : 'utf16le');
  }

  protected binds(): void {
    if (this.bindsIfAssigned) this.kept = true;
    // What the statement makes may be an instance of the class it mentions.
    if (this.collecting && this.mentions && !this.isDefinition) for (const name of this.left) this.add(name, MENTIONED);
    this.left = [];
  }

  protected word({ start, end, hash, afterDot, inString, first }: Word): void {
    if (!first && !this.collecting && hash !== undefined && this.slots[hash] === 0) return;
    const written = this.text.slice(start, end);
    // Identifiers are compared in normal form KC (language reference 2.3).
    const name = hash === undefined ? written.normalize('NFKC') : written;
    const bits = this.names.get(name) ?? 0;
    if ((bits & MENTIONED) !== 0) this.kept = this.mentions = true;
    if (afterDot && (bits & ATTRIBUTE) !== 0) this.kept = this.mentions = true;
    if (!inString && (bits & WORD) !== 0) this.kept = true;
    if (!inString && !afterDot && (bits & BOUND) !== 0) this.bindsIfAssigned = true;
    if (inString) return;
    if (first && FIRST_WORDS.has(name)) this.kept = true;
    // `print(x)` is a call, `print x` a statement of Python 2.
    if (name === 'print' && !/^[ \t]*\(/.test(this.text.slice(end, end + 64))) this.kept = true;
    if (name === 'class') this.hasClass = true;
    if (first && DEFINITIONS.has(name)) this.isDefinition = true;
    if (!this.collecting) return;
    this.add(name, BOUND | (this.hasClass ? ATTRIBUTE : 0) | (this.afterClass ? MENTIONED : 0));
    this.afterClass = name === 'class';
    if (this.mentions && !afterDot) this.left.push(name);
  }

  private add(name: string, bits: number): void {
    const known = this.names.get(name);
    if (known !== undefined && (known | bits) === known) return;
    this.names.set(name, (known ?? 0) | bits);
    this.grown = true;
    this.slots[hashOf(name)] = 1;
  }
}
