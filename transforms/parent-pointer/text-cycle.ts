/**
 * Whether two objects may be put into each other, going by the text alone: in one function something is stored in an object, and that again
 * in the first, by statements of its own or by functions of the file that do so to what they are given.
 */
import { type Argument, ownerOf, type TextBody, type TextCall } from './text-body.ts';
import { bodiesIn } from './text-flow.ts';

/** One object holds another, as far as the text tells. */
interface Edge {
  readonly from: string;
  readonly to: string;
  /** The call that may have made it so; undefined for a statement. */
  readonly by: TextCall | undefined;
  /** False for whatever the paths lead to. */
  readonly exact: boolean;
}

const CLASS = /^[ \t\f]*class[ \t]+([\w\u0080-\uffff]+)/gm;
/** A constructor that is generated keeps what it is given. */
const GENERATED = /\bdataclass/;
/** Methods that objects of all kinds have: who has the one that is called is told by the object. */
const SPECIAL = /^__\w+__$/;
/** A name that may stand for more is not followed. */
const MOST_VARIANTS = 40;
/** Names with more dots are not followed on. */
const LONGEST_PATH = 8;
/** How much is told of what a function does inside one object. */
const LONGEST_WAY = 2;
const MOST_WAYS = 100;

/** False proves that no function of the text by itself, or with others of it, closes a cycle. */
export function mayCloseCycle(text: string): boolean {
  const bodies = bodiesIn(text);
  return bodies === undefined || new Cycles(text, bodies).some();
}

class Cycles {
  private readonly bodies: readonly TextBody[];
  private readonly byName = new Map<string, TextBody[]>();
  private readonly classes: ReadonlySet<string>;
  private readonly isGenerated: boolean;
  private readonly bound = new Set<string>();
  /**
   * Which of its parameters a function makes hold which, by their places: `0 1`. Where it is one and the same, the ways that lead on from it:
   * `0 0 .first .parent`.
   */
  private readonly effects = new Map<TextBody, Set<string>>();
  private readonly variants = new Map<TextBody, Map<string, readonly string[]>>();
  private tooMany = false;

  constructor(text: string, bodies: readonly TextBody[]) {
    this.bodies = bodies;
    this.classes = new Set([...text.matchAll(CLASS)].map(([, name = '']) => name));
    this.isGenerated = GENERATED.test(text);
    for (const body of bodies) {
      this.effects.set(body, new Set());
      for (const name of [...body.parameters, ...body.aliases.keys()]) this.bound.add(name);
      if (body.name !== undefined) this.byName.set(body.name, [...(this.byName.get(body.name) ?? []), body]);
    }
  }

  some(): boolean {
    for (let grown = true; grown; ) {
      grown = false;
      for (const body of this.bodies) grown = this.learn(body) || grown;
    }
    return this.tooMany || this.bodies.some((body) => this.closes(body)) || this.tooMany;
  }

  /** True if more became known of what the function does to its parameters. */
  private learn(body: TextBody): boolean {
    const effects = this.effects.get(body);
    const { parameters } = body;
    if (effects === undefined || parameters.length < 2) return false;
    const before = effects.size;
    const placeOf = (path: string): number => parameters.indexOf(rootOf(path));
    for (const { from, to, exact } of this.edgesOf(body)) {
      const holders = this.variantsOf(body, from).filter((path) => placeOf(path) >= 0);
      const values = this.variantsOf(body, to).filter((path) => placeOf(path) >= 0);
      for (const holder of holders) {
        for (const value of values) {
          const [place, other] = [placeOf(holder), placeOf(value)];
          const isTold = exact && effects.size < MOST_WAYS && Math.max(depthOf(holder), depthOf(value)) <= LONGEST_WAY;
          const ways = isTold ? [wayOf(holder), wayOf(value)] : undefined;
          effects.add(place !== other ? `${place} ${other}` : `${place} ${other} ${ways?.join(' ') ?? ''}`.trimEnd());
        }
      }
    }
    return effects.size > before;
  }

  private *edgesOf(body: TextBody): Generator<Edge> {
    for (const { holder, value } of body.stores) yield { from: holder, to: value, by: undefined, exact: true };
    for (const call of body.calls) yield* this.edgesBy(call, body);
  }

  /** What a call of a function or class of the file may do to what it is called with. */
  private *edgesBy(call: TextCall, body: TextBody): Generator<Edge> {
    const { name, receiver, arguments: given, result } = call;
    if (given.length === 0) return;
    if (this.classes.has(name) || /^(?:cls|__class__|@.*)$/.test(name) || name === body.parameters[0]) {
      for (const called of this.constructorsOf(name)) yield* this.applied(call, called, result);
      if (this.isGenerated) for (const { path } of given) yield { from: result, to: path, by: call, exact: false };
    }
    const root = rootOf(receiver);
    const isClass = this.classes.has(receiver.slice(receiver.lastIndexOf('.') + 1));
    if (SPECIAL.test(name) && !isClass && !this.bound.has(root) && !root.startsWith('@')) return;
    // `Base.attach(self, owner)`
    const self = receiver === '' || isClass ? undefined : receiver;
    for (const called of this.byName.get(name) ?? []) yield* this.applied(call, called, self);
  }

  /** The constructors that calling a class of that name may run. */
  private constructorsOf(className: string): readonly TextBody[] {
    const all = this.byName.get('__init__') ?? [];
    const own = all.filter((body) => body.className === className);
    return own.length > 0 ? own : all;
  }

  private *applied(call: TextCall, called: TextBody, self: string | undefined): Generator<Edge> {
    for (const effect of this.effects.get(called) ?? []) {
      const [from = '', to = '', way = '', back = ''] = effect.split(' ');
      const exact = way !== '';
      for (const one of given(call, called, self, Number(from))) {
        for (const other of given(call, called, self, Number(to)))
          yield { from: one + way.slice(1), to: other + back.slice(1), by: call, exact };
      }
    }
  }

  private closes(body: TextBody): boolean {
    const all = [...this.edgesOf(body)];
    const paths = new Map<string, Set<Edge['by']>>();
    const roots = new Map<string, Set<Edge['by']>>();
    for (const { from, to, by, exact } of all) {
      for (const holder of exact ? this.variantsOf(body, from) : this.rootsOf(body, from))
        for (const value of exact ? this.variantsOf(body, to) : this.rootsOf(body, to))
          note(exact ? paths : roots, `${holder} ${value}`, by);
    }
    return all.some(({ from, to, by, exact }) => {
      // What one call does both ways is seen in what it calls.
      const isOther = (other: Edge['by']): boolean => other === undefined || other !== by || hasTwice(other);
      return this.variantsOf(body, from).some((holder) =>
        this.variantsOf(body, to).some((value) => {
          // `self.first.parent = self`, and what is put into itself.
          if (ownerOf(holder) === value || (holder === value && exact)) return true;
          const back = [paths.get(`${value} ${holder}`), roots.get(`${rootOf(value)} ${rootOf(holder)}`)];
          return back.some((others) => others !== undefined && [...others].some(isOther));
        }),
      );
    });
  }

  /** What a path may stand for, itself among it. */
  private variantsOf(body: TextBody, path: string): readonly string[] {
    const known = this.variants.get(body) ?? new Map<string, readonly string[]>();
    this.variants.set(body, known);
    const found = known.get(path);
    if (found !== undefined) return found;
    const all = new Set([path]);
    for (const one of all) {
      for (let prefix = one; prefix !== ''; prefix = ownerOf(prefix)) {
        for (const other of body.aliases.get(prefix) ?? []) {
          const meant = other + one.slice(prefix.length);
          if (meant.split('.').length <= LONGEST_PATH) all.add(meant);
        }
      }
      if (all.size > MOST_VARIANTS) {
        this.tooMany = true;
        break;
      }
    }
    known.set(path, [...all]);
    return [...all];
  }

  private rootsOf(body: TextBody, path: string): readonly string[] {
    return [...new Set(this.variantsOf(body, path).map(rootOf))];
  }
}

/** What a call gives the parameter at a place; `self` is the first one where it is no argument. */
function given(call: TextCall, { parameters }: TextBody, self: string | undefined, place: number): readonly string[] {
  if (self !== undefined && place === 0) return [self];
  const shifted = self === undefined ? place : place - 1;
  const isMeant = (argument: Argument): boolean =>
    argument.place === undefined || argument.place === shifted || argument.place === parameters[place];
  return call.arguments.filter(isMeant).map(({ path }) => path);
}

function depthOf(path: string): number {
  return path.split('.').length - 1;
}

/** How a path goes on from what it starts at, behind a mark: `=.first`. */
function wayOf(path: string): string {
  const way = path.slice(rootOf(path).length);
  return `=${way}`;
}

/** One object stands in two places of the call. */
function hasTwice({ receiver, arguments: all }: TextCall): boolean {
  const paths = all.map(({ path }) => rootOf(path));
  const places = receiver === '' ? paths : [rootOf(receiver), ...paths];
  return new Set(places).size < places.length;
}

function rootOf(path: string): string {
  const dot = path.indexOf('.');
  return dot < 0 ? path : path.slice(0, dot);
}

function note<T>(index: Map<string, Set<T>>, key: string, value: T): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, new Set([value]));
  else known.add(value);
}
