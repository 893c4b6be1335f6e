/** Facts of many files without the same string many times: modules and names are imported all over a project. */
import type { FileFacts } from './facts.ts';

type Import = FileFacts['imports'][number];

/** Makes facts whose equal strings and import statements are one. */
export class SharedFacts {
  private readonly strings = new Map<string, string>();
  /** By module: what is imported from it, in as many ways as it is. */
  private readonly imports = new Map<string, Import[]>();

  /** The same facts, of a file that is called `path`. */
  of(facts: FileFacts, path: string): FileFacts {
    const { classes, imports, aliases, dynamic, changed, filled, handsSelf } = facts;
    return {
      path,
      dynamic,
      classes: list(classes, ({ name, bases }) => ({ name: this.one(name), bases: this.all(bases) })),
      imports: list(imports, (one) => this.statement(one)),
      aliases: list(aliases, ([name, alias]) => [this.one(name), this.one(alias)] as const),
      changed: this.all(changed),
      filled: list(filled, ({ owner, name }) => ({
        owner: owner === undefined ? undefined : this.one(owner),
        name: this.one(name),
      })),
      handsSelf:
        handsSelf.to.length + handsSelf.as.length === 0
          ? NOBODY
          : { to: this.all(handsSelf.to), as: this.all(handsSelf.as) },
    };
  }

  private statement({ module, names }: Import): Import {
    const known = this.imports.get(module);
    const same = known?.find(
      (one) => one.names.length === names.length && one.names.every((name, at) => name === names[at]),
    );
    if (same !== undefined) return same;
    const statement = { module: this.one(module), names: this.all(names) };
    if (known === undefined) this.imports.set(statement.module, [statement]);
    else if (known.length < MOST_WAYS) known.push(statement);
    return statement;
  }

  private all(strings: readonly string[]): readonly string[] {
    return list(strings, (string) => this.one(string));
  }

  private one(string: string): string {
    const known = this.strings.get(string);
    if (known !== undefined) return known;
    this.strings.set(string, string);
    return string;
  }
}

/** How many ways to import from one module are told apart: to look through very many would take long. */
const MOST_WAYS = 50;
/** Most files have none of most. */
const NONE: readonly never[] = [];
const NOBODY = { to: NONE, as: NONE };

function list<From, To>(from: readonly From[], make: (one: From) => To): readonly To[] {
  return from.length === 0 ? NONE : from.map(make);
}
