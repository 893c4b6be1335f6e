/** What one file has and another changes, told by names alone: attributes of a base class, and names that are imported. */
import type { FileFacts } from './facts.ts';

/** An attribute by its name, and the class that has it; without one, a name of the module. */
export interface Inheritable {
  readonly className?: string | undefined;
  readonly attribute: string;
}

export interface InheritedChange extends Inheritable {
  /** Of the file that has it. */
  readonly path: string;
  /** Of the file that changes the attribute. */
  readonly changedIn: string;
}

/**
 * What is worth a closer look: a file changes an attribute, and has a class that by the names of bases inherits from one that has the
 * attribute in another file, or puts something into what it imports. `inheritable`: what each file has, by path.
 */
export function* inheritedChanges(
  facts: readonly FileFacts[],
  inheritable: ReadonlyMap<string, readonly Inheritable[]>,
): Generator<InheritedChange> {
  const byAttribute = new Map<string, (Inheritable & { readonly path: string })[]>();
  for (const [path, offers] of inheritable) {
    for (const { className, attribute } of offers) {
      const known = byAttribute.get(attribute);
      if (known === undefined) byAttribute.set(attribute, [{ path, className, attribute }]);
      else known.push({ path, className, attribute });
    }
  }
  if (byAttribute.size === 0) return;
  const basesOf = namesOfBases(facts);
  for (const { path, classes, changed, filled } of facts) {
    for (const offer of filled.flatMap((name) => byAttribute.get(name) ?? [])) {
      if (offer.path !== path) yield { ...offer, changedIn: path };
    }
    const offers = changed.flatMap((attribute) => byAttribute.get(attribute) ?? []);
    const elsewhere = offers.filter((offer) => offer.path !== path);
    if (elsewhere.length === 0) continue;
    const ancestors = ancestorsOf(
      classes.map(({ name }) => name),
      basesOf,
    );
    for (const offer of elsewhere) {
      if (offer.className !== undefined && ancestors.has(offer.className)) yield { ...offer, changedIn: path };
    }
  }
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
    for (const { name, bases: words } of classes) add(name, words);
    // What is called an alias inherits what the name does.
    for (const [name, alias] of aliases) add(alias, [name]);
  }
  return bases;
}

function ancestorsOf(names: readonly string[], basesOf: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
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
