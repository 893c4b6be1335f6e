/** Which attributes in a text may be those of an instance of a class of the text, told without parsing. */
import { once, oncePer } from '../../src/core/once.ts';
import { definitionsIn } from '../../src/syntax/definitions.ts';
import { outlineOf } from '../../src/syntax/outline.ts';
import { renamings } from '../../src/syntax/renamings.ts';
import {
  CLOSE_PARENTHESIS,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  NEWLINE,
  OPEN_PARENTHESIS,
  SEMICOLON,
  WALRUS,
  WORD,
} from '../../src/syntax/token-kinds.ts';
import { calleeOf, chainStart } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';

const NAME = '[\\w\\u0080-\\uffff]+';
const WORDS = new RegExp(NAME, 'g');
const CLASS = new RegExp(`\\bclass[\\s\\\\]+(${NAME})`, 'g');
/** Another name for a class: `Base = Other`, `import Base as Other`. */
const ALIAS = new RegExp(
  `(?:^|[;:\\n\\r])[ \\t]*(${NAME})[ \\t]*=[ \\t]*(?:${NAME}\\.)*(${NAME})[ \\t]*(?=[\\n\\r;#]|$)`,
  'g',
);
/** Where `self` may be more than a method's own: annotated, or bound anew. */
const OTHER_SELF = /\bself[\s\\]*(?::|=(?!=))/;

/** Methods whose first parameter is a class without a decorator (language reference 3.3.1, 3.3.3.1 and 3.3.5). */
const GIVEN_CLASS = /^__(?:new|init_subclass|class_getitem)__$/;
/** What stands before a name that is annotated: a parameter, or a statement. */
const BEFORE_ANNOTATED: ReadonlySet<number> = new Set([NEWLINE, SEMICOLON, COLON, OPEN_PARENTHESIS, COMMA, 42 /* * */]);

export class InstanceUses {
  private readonly tokens: Tokens;
  private readonly isAlone: boolean;
  private readonly selves: () => ReadonlySet<string>;
  private readonly classes: () => ReadonlySet<string>;
  private readonly isSelfPlain: () => boolean;
  private readonly families: () => Families;

  /** `isAlone`: only classes of the text count. */
  constructor(tokens: Tokens, isAlone = true) {
    const { text } = tokens;
    this.tokens = tokens;
    this.isAlone = isAlone;
    this.selves = once(() => selvesIn(tokens));
    this.classes = once(() => new Set([...text.matchAll(CLASS)].map(([, name = '']) => name)));
    this.isSelfPlain = once(() => !OTHER_SELF.test(text));
    this.families = once(() => new Families(text));
  }

  /** The first token of the object of which the token `name` is an attribute; undefined for none, and for what is no instance the model knows. */
  objectOf(name: number): number | undefined {
    const { tokens } = this;
    if (tokens.kind(name - 1) !== DOT) return undefined;
    const last = name - 2;
    // Of dotted names none but the first is known.
    if (tokens.kind(last) === WORD)
      return tokens.kind(last - 1) !== DOT && this.mayBeInstance(tokens.word(last)) ? last : undefined;
    if (tokens.kind(last) !== CLOSE_PARENTHESIS) return undefined;
    const open = tokens.open(last);
    const callee = calleeOf(tokens, open);
    // `(self).lines`
    if (callee === undefined) return open;
    return !this.isAlone || this.classes().has(callee) ? chainStart(tokens, open - 1) : undefined;
  }

  /** True for the first parameter of a method, and for a name that is assigned or annotated somewhere: no other is of a known class. */
  private readonly mayBeInstance = oncePer((name: string): boolean => {
    const { tokens } = this;
    const isBound = (_: string, at: number): boolean => {
      const [before, next] = [tokens.kind(at - 1), tokens.kind(at + 1)];
      if (next === COLON) return BEFORE_ANNOTATED.has(before);
      return next === WALRUS || (next === EQUALS && before !== DOT && tokens.open(at) < 0);
    };
    return this.selves().has(name) || tokens.some([name], isBound);
  });

  /** False if the object cannot be of a class that has to do with one of the class bodies around `bound`, UTF-16 offsets. */
  mayInherit(object: number, bound: readonly number[]): boolean {
    if (this.tokens.word(object) !== 'self' || !this.isSelfPlain()) return true;
    return this.families().areRelated(this.tokens.start(object), bound);
  }
}

/** What methods call their instance. */
function selvesIn(tokens: Tokens): ReadonlySet<string> {
  // Half-finished code forgets the parameter.
  const found = new Set(['self']);
  for (const { name, parameters, in: around, ofClass } of definitionsIn(tokens).functions) {
    const [first] = parameters;
    if (around === 'class' && !ofClass && first !== undefined && !GIVEN_CLASS.test(name)) found.add(first);
  }
  return found;
}

/** Classes of a text that may inherit from each other, by all words of their statements. */
class Families {
  private readonly parents = new Map<string, string>();
  private readonly classes: readonly { readonly start: number; readonly end: number; readonly name: string }[];

  constructor(text: string) {
    const headers = (outlineOf(text)?.classes ?? []).map(({ start, header, end }) => {
      const [, name = '', ...bases] = text.slice(start, header).match(WORDS) ?? [];
      return { start, end, name, bases };
    });
    this.classes = headers;
    const assigned = [...text.matchAll(ALIAS)].map(([, one = '', other = '']) => [one, other] as const);
    const aliases = [...assigned, ...renamings(text)];
    // What two classes inherit from another file relates them in nothing that is bound here.
    const known = new Set([...headers.map(({ name }) => name), ...aliases.flat()]);
    for (const [one, other] of aliases) this.join(one, other);
    for (const { name, bases } of headers) for (const base of bases) if (known.has(base)) this.join(name, base);
  }

  areRelated(place: number, others: readonly number[]): boolean {
    const roots = new Set(others.flatMap((other) => this.rootsAround(other)));
    return this.rootsAround(place).some((root) => roots.has(root));
  }

  private rootsAround(place: number): readonly string[] {
    return this.classes.filter(({ start, end }) => start <= place && place < end).map(({ name }) => this.root(name));
  }

  private join(one: string, other: string): void {
    const [from, to] = [this.root(one), this.root(other)];
    if (from !== to) this.parents.set(from, to);
  }

  private root(name: string): string {
    let root = name;
    for (let next = this.parents.get(root); next !== undefined; next = this.parents.get(root)) root = next;
    return root;
  }
}
