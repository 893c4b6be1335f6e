/** What one file has and another changes, told by names alone: attributes of a base class, and names that are imported. */
import type { FileFacts } from './facts.ts';
import type { HandedSelf } from './handed-self.ts';
import type { ImportedNames, Origin } from './imported-names.ts';

/** An attribute by its name, and the class that has it; without one, a name of the module. */
export interface Inheritable {
  readonly className?: string | undefined;
  readonly attribute: string;
  /** What counts is an object that gets `self`, as the attribute or, where it may be `given` that, by a call of its class; not a change. */
  readonly linked?: 'given' | 'set';
}

export interface InheritedChange extends Inheritable {
  /** Of the file that has it. */
  readonly path: string;
  /** Of the file that changes the attribute. */
  readonly changedIn: string;
  /** True if a class of that file inherits the attribute, as far as the names of bases tell, and the file changes one of its name. */
  readonly byName: boolean;
}

/** An {@link Inheritable} and the file that has it. */
interface Offer extends Inheritable {
  readonly path: string;
}

/**
 * What is worth a closer look: a file changes an attribute, and has a class that by the names of bases inherits from one that has the
 * attribute in another file, or puts something into what it imports. `inheritable`: what each file has, by path.
 */
export function* inheritedChanges(
  facts: readonly FileFacts[],
  inheritable: ReadonlyMap<string, readonly Inheritable[]>,
  names: ImportedNames,
  handed: HandedSelf,
): Generator<InheritedChange> {
  yield* links(inheritable, handed);
  const byAttribute = new Map<string, Offer[]>();
  for (const [path, offers] of inheritable) {
    for (const { className, attribute, linked } of offers) {
      if (linked !== undefined) continue;
      const known = byAttribute.get(attribute);
      if (known === undefined) byAttribute.set(attribute, [{ path, className, attribute }]);
      else known.push({ path, className, attribute });
    }
  }
  if (byAttribute.size === 0) return;
  const byClass = new Map([...byAttribute].map(([attribute, offers]) => [attribute, offersByClass(offers)]));
  const offersOf = (attribute: string, path: string): readonly Offer[] =>
    (byAttribute.get(attribute) ?? []).filter((offer) => offer.path !== path);
  const basesOf = namesOfBases(facts);
  const byPath = new Map(facts.map((one) => [one.path, one]));
  for (const { path, classes, changed, filled } of facts) {
    for (const { owner, name } of filled) {
      if (owner === undefined) {
        for (const origin of names.origins(path, name)) yield* offered(offersOf(origin.name ?? '', path), origin, path);
        continue;
      }
      const offers = offersOf(name, path);
      if (offers.length === 0) continue;
      for (const origin of names.origins(path, owner)) {
        if (origin.name === undefined) {
          const places = [{ path: origin.path, name }, ...names.origins(origin.path, name)];
          for (const place of places) yield* offered(offersOf(place.name ?? '', path), place, path);
        } else {
          const isClass = byPath.get(origin.path)?.classes.some((one) => one.name === origin.name) === true;
          // What is no class may be an instance of any.
          const owners = isClass ? ancestorsOf([origin.name], basesOf).add(origin.name) : undefined;
          for (const offer of offers) {
            if (offer.className !== undefined && owners?.has(offer.className) !== false)
              yield { ...offer, changedIn: path, byName: false };
          }
        }
      }
    }
    const attributes = changed.filter((attribute) => byClass.has(attribute));
    if (attributes.length === 0) continue;
    const ancestors = ancestorsOf(
      classes.map(({ name }) => name),
      basesOf,
    );
    // An attribute may be offered by very many classes, of which a file inherits from a few.
    for (const attribute of attributes) {
      for (const ancestor of ancestors)
        for (const offer of byClass.get(attribute)?.get(ancestor) ?? [])
          if (offer.path !== path) yield { ...offer, changedIn: path, byName: true };
    }
  }
}

/** Another file calls the class with its own `self`, or sets the attribute to it. */
function* links(
  inheritable: ReadonlyMap<string, readonly Inheritable[]>,
  handed: HandedSelf,
): Generator<InheritedChange> {
  for (const [path, offers] of inheritable) {
    for (const { className, attribute, linked } of offers) {
      if (linked === undefined || className === undefined) continue;
      for (const changedIn of handed.paths(className, attribute, linked === 'given'))
        if (changedIn !== path) yield { path, className, attribute, changedIn, byName: false };
    }
  }
}

function offersByClass(offers: readonly Offer[]): ReadonlyMap<string, readonly Offer[]> {
  const index = new Map<string, Offer[]>();
  for (const offer of offers) {
    if (offer.className === undefined) continue;
    const known = index.get(offer.className);
    if (known === undefined) index.set(offer.className, [offer]);
    else known.push(offer);
  }
  return index;
}

/** Those of the offers that are the name of a module that the origin says. */
function* offered(offers: readonly Offer[], { path }: Origin, changedIn: string): Generator<InheritedChange> {
  for (const offer of offers)
    if (offer.className === undefined && offer.path === path) yield { ...offer, changedIn, byName: false };
}

/** By the name of a class, or an alias, the words among its bases. */
function namesOfBases(facts: readonly FileFacts[]): ReadonlyMap<string, ReadonlySet<string>> {
  const bases = new Map<string, Set<string>>();
  const add = (name: string, words: readonly string[]): void => {
    const known = bases.get(name) ?? new Set<string>();
    for (const word of words) known.add(word);
    bases.set(name, known);
  };
  for (const { classes, aliases } of facts) {
    for (const { name, bases: words } of classes) if (words.length > 0) add(name, words);
    // What is called an alias inherits what the name does.
    for (const [name, alias] of aliases) add(alias, [name]);
  }
  return bases;
}

function ancestorsOf(names: readonly string[], basesOf: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const base of basesOf.get(name) ?? []) {
      if (found.has(base)) continue;
      found.add(base);
      queue.push(base);
    }
  }
  return found;
}
