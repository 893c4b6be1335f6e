/** Reads a logical line as text: the dotted names in it, what is assigned to what, and what is called with what. */
import { commentEnd, stringEnd } from '../../src/syntax/logical-lines.ts';
import { CLOSES, isWord, OPENS, ownerOf, type TextBody, wordAt } from './text-body.ts';

/** What is read inside a bracket, or of a statement where there is none. */
class Frame {
  readonly kind: 'statement' | 'call' | 'subscript' | 'group';
  /** What stands before the bracket. */
  readonly path: string;
  values: string[] = [];
  /** Of each value; see {@link Argument.place}. */
  readonly places: (number | string | undefined)[] = [];
  place: number | string | undefined = 0;
  commas = 0;
  readonly targets: string[] = [];
  /** The values that are elements of what they are called. */
  elements: Set<string> | undefined = undefined;
  augmented = false;
  /** The names of a `for`; `looped` behind its `in`. */
  loop: string[] | undefined = undefined;
  looped = false;
  /** The name that `:=` binds. */
  named: string | undefined = undefined;

  constructor(kind: Frame['kind'], path = '') {
    this.kind = kind;
    this.path = path;
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and as assert async await break continue del elif else except finally for from global if import in is lambda nonlocal not or ' +
    'pass raise return try while with yield None True False'
  ).split(' '),
);
/** An operand of which nothing is known. */
const UNKNOWN = '?';
const ADDERS: ReadonlySet<string> = new Set(['append', 'appendleft', 'add', 'insert', 'setdefault', 'push', 'extend']);
/** What gives back what it is called with or on, or an element of it. */
const GIVES_BACK: ReadonlySet<string> = new Set(
  (
    'list tuple set frozenset sorted reversed iter enumerate ' +
    'values items copy itervalues iteritems get pop popleft setdefault __getitem__'
  ).split(' '),
);

/** How the names of what calls give begin. */
const RESULT = '@';
/** Numbers what calls give. */
let results = 0;

export class LineReader {
  private readonly text: string;
  private body: TextBody;
  private readonly frames: Frame[] = [];
  private path: string | undefined;
  private joined = false;
  /** True where the path ends in brackets. */
  private isElement = false;

  constructor(text: string, body: TextBody) {
    this.text = text;
    this.body = body;
  }

  /** Reads a logical line of a body. False where that cannot be done. */
  read(body: TextBody, start: number, end: number): boolean {
    const { text, frames } = this;
    this.body = body;
    frames.length = 0;
    frames.push(new Frame('statement'));
    for (let at = start; at < end; ) {
      const char = text.charAt(at);
      if (isWord(text.charCodeAt(at))) {
        const word = wordAt(text, at);
        at += word.length;
        if (/^\d/.test(word)) this.operand(UNKNOWN);
        else if (/["']/.test(text.charAt(at)) && /^[rbuft]{1,3}$/i.test(word)) at = this.string(at, /[ft]/i.test(word));
        else this.word(word);
      } else if (char === '"' || char === "'") at = this.string(at, false);
      else if (char === '#') at = commentEnd(text, at);
      else at += this.sign(char, text.slice(at, at + 3));
      if (at < 0 || frames.length === 0) return false;
    }
    this.endStatement();
    return frames.length === 1;
  }

  private get top(): Frame {
    return this.frames.at(-1) ?? new Frame('statement');
  }

  /** How many characters it takes. */
  private sign(char: string, next: string): number {
    if (char === ' ' || /[\s\\]/.test(char)) return 1;
    if (char === '.') {
      this.joined = this.path !== undefined;
      return 1;
    }
    if (OPENS.includes(char)) this.open(char);
    else if (CLOSES.includes(char)) this.close(char);
    else if (/^(?:[=!<>]=|->)/.test(next)) this.flush();
    else if (/^(?:[-+*/%@&|^]|\/\/|\*\*|<<|>>)=/.test(next)) this.equals(true);
    else if (char === '=') this.equals(false);
    else if (next.startsWith(':=')) this.walrus();
    else {
      this.flush();
      if (char === ':') this.top.loop = undefined;
      if (char === ',') this.comma();
      // What follows may stand anywhere.
      if (char === '*') this.top.commas = Number.NaN;
      if (char === ';' && this.frames.length === 1) this.endStatement();
    }
    return /^(?:[=!<>]=|->|:=|[-+*/%@&|^]=)/.test(next) ? 2 : /^(?:\/\/|\*\*|<<|>>)=/.test(next) ? 3 : 1;
  }

  /** Where the string ends. What an f-string interpolates is read too. */
  private string(at: number, interpolates: boolean): number {
    const end = stringEnd(this.text, at);
    if (end < 0) return end;
    const inner = interpolates ? this.text.slice(at, end) : '';
    if (inner.includes('(')) {
      for (const [, expression = ''] of inner.matchAll(/\{([^{}]+)\}/g))
        new LineReader(expression, this.body).read(this.body, 0, expression.length);
    }
    this.operand(UNKNOWN);
    return end;
  }

  private operand(path: string): void {
    this.flush();
    this.path = path;
  }

  private word(word: string): void {
    if (this.joined) {
      this.path += `.${word}`;
      this.joined = false;
      this.isElement = false;
      return;
    }
    this.flush();
    const { top } = this;
    if (word === 'for') {
      top.loop = [];
      top.looped = false;
    } else if (word === 'in') top.looped = top.loop !== undefined;
    else if (KEYWORDS.has(word)) top.loop = undefined;
    else this.path = word;
  }

  /** An operand is complete. */
  private flush(): void {
    const { path, top, isElement } = this;
    this.path = undefined;
    this.joined = false;
    this.isElement = false;
    if (path === undefined || path.startsWith(UNKNOWN)) return;
    if (isElement) top.elements = (top.elements ?? new Set()).add(path);
    this.value(top, path);
  }

  private value(top: Frame, path: string): void {
    if (top.loop !== undefined && !top.looped) {
      top.loop.push(path);
    } else if (top.loop !== undefined) {
      for (const name of top.loop) {
        this.alias(name, path);
        if (top.kind === 'statement') this.bind(name);
      }
      top.loop = undefined;
    } else {
      if (top.named !== undefined) {
        this.alias(top.named, path);
        this.bind(top.named);
      }
      top.named = undefined;
      top.values.push(path);
      top.places.push(top.place);
    }
  }

  private alias(name: string, path: string): void {
    if (name === path) return;
    const known = this.body.aliases.get(name);
    if (known === undefined) this.body.aliases.set(name, new Set([path]));
    else known.add(path);
  }

  private bind(name: string): void {
    this.body.bindings.set(name, (this.body.bindings.get(name) ?? 0) + 1);
  }

  private equals(augmented: boolean): void {
    this.flush();
    const { top } = this;
    if (top.kind === 'call') {
      top.place = top.values.pop();
      top.places.pop();
    }
    if (top.kind !== 'statement') return;
    top.targets.push(...top.values);
    top.values = [];
    top.augmented ||= augmented;
  }

  private comma(): void {
    const { top } = this;
    top.commas += 1;
    top.place = Number.isNaN(top.commas) ? undefined : top.commas;
  }

  private walrus(): void {
    this.flush();
    this.top.named = this.top.values.pop();
  }

  private open(char: string): void {
    const { path } = this;
    const kind = path === undefined || char === '{' ? 'group' : char === '(' ? 'call' : 'subscript';
    if (kind === 'group') this.flush();
    this.path = undefined;
    this.joined = false;
    this.frames.push(new Frame(kind, path));
  }

  private close(char: string): void {
    this.flush();
    const closed = this.frames.pop();
    if (closed === undefined) return;
    const [only, ...more] = closed.values;
    if (closed.kind === 'call') this.path = this.call(closed);
    else if (closed.kind === 'subscript') {
      this.path = closed.path;
      this.isElement = true;
    } else if (char === ')' && only !== undefined && more.length === 0) this.path = only;
    else {
      for (const value of closed.values) this.value(this.top, value);
      this.path = UNKNOWN;
    }
  }

  private call({ path, values, places }: Frame): string {
    const { calls, stores, parameters } = this.body;
    const result = `${RESULT}${results++}`;
    const receiver = ownerOf(path);
    const name = path.slice(receiver === '' ? 0 : receiver.length + 1);
    calls.push({
      name,
      receiver,
      arguments: values.map((value, index) => ({ path: value, place: places[index] })),
      result,
    });
    if (ADDERS.has(name))
      for (const container of this.meant(receiver))
        if (ownerOf(container) !== '') for (const value of values) stores.push({ holder: ownerOf(container), value });
    const [first, ...others] = values;
    if (path === 'setattr' && first !== undefined) for (const value of others) stores.push({ holder: first, value });
    if (path === 'super') return parameters[0] ?? result;
    if (GIVES_BACK.has(name)) for (const given of receiver === '' ? values : [receiver]) this.alias(result, given);
    return result;
  }

  /** What a path that may be the result of calls stands for: `x.rows` of `x.rows.setdefault(k, [])`. */
  private meant(path: string): readonly string[] {
    const found = new Set([path]);
    for (const one of found)
      if (one.startsWith(RESULT)) for (const other of this.body.aliases.get(one) ?? []) found.add(other);
    return [...found];
  }

  private endStatement(): void {
    this.flush();
    if (this.frames.length !== 1) return;
    const { targets, values, elements, augmented } = this.top;
    for (const target of targets) {
      const holder = ownerOf(target);
      if (holder === '' && elements?.has(target) === true) continue;
      if (holder === '') this.bind(target);
      for (const value of values) {
        if (holder !== '') this.body.stores.push({ holder, value });
        if (!augmented) this.alias(target, value);
      }
    }
    this.frames[0] = new Frame('statement');
  }
}
