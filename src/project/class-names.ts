/** What classes are called all over a project: under which names they are imported, and who may inherit from them. Told by words alone. */
import type { FileFacts } from './facts.ts';
import { Postings } from './postings.ts';

/** More names than this mean that a class is called like everything else. */
const MAX_ALIASES = 50;

export class ClassNames {
  /** The paths of the files with a class statement that has the word among its bases. */
  private readonly byBase = new Postings<string>();
  /** The names of the classes that have the word among their bases. */
  private readonly heirs = new Postings<string>();
  private readonly aliasesOf = new Postings<string>();
  private readonly all: ReadonlySet<string>;

  constructor(facts: readonly FileFacts[]) {
    for (const { path, classes, aliases } of facts) {
      for (const { name, bases } of classes) {
        for (const base of bases) {
          this.byBase.add(base, path);
          this.heirs.add(base, name);
        }
      }
      for (const [name, alias] of aliases) this.aliasesOf.add(name, alias);
    }
    const defined = new Set(facts.flatMap(({ classes }) => classes.map(({ name }) => name)));
    this.all = new Set([...defined].flatMap((name) => this.aliases(name)));
  }

  /** True if some file has a class of that name, or imports one under it. */
  has(name: string): boolean {
    return this.all.has(name);
  }

  /** Every name under which what is called `name` may be imported somewhere, itself first. */
  aliases(name: string): readonly string[] {
    const names = new Set([name]);
    for (const known of names) {
      if (names.size > MAX_ALIASES) break;
      for (const alias of this.aliasesOf.get(known)) names.add(alias);
    }
    return [...names];
  }

  /** The names, those they are imported under, and those of everything that may inherit from them. */
  families(classNames: Iterable<string>): ReadonlySet<string> {
    const names = new Set<string>();
    const queue = [...classNames];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (names.has(name)) continue;
      names.add(name);
      queue.push(...this.aliases(name), ...this.heirs.get(name));
    }
    return names;
  }

  /** The paths of the files with a class statement that has one of the words among its bases. */
  deriving(names: readonly string[]): ReadonlySet<string> {
    return new Set(names.flatMap((name) => this.byBase.get(name)));
  }
}
