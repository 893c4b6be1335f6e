/** Facts of many files without the same string many times: modules and names are imported all over a project. */
import type { FileFacts } from './facts.ts';

/** Makes facts whose equal strings are one. */
export class SharedFacts {
  private readonly strings = new Map<string, string>();

  /** The same facts, of a file that is called `path`. */
  of(facts: FileFacts, path: string): FileFacts {
    const { classes, imports, aliases, dynamic, changed, filled, handsSelf } = facts;
    return {
      path,
      dynamic,
      classes: classes.map(({ name, bases }) => ({ name: this.one(name), bases: this.all(bases) })),
      imports: imports.map(({ module, names }) => ({ module: this.one(module), names: this.all(names) })),
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

/** Most files have none of most. */
const NONE: readonly never[] = [];
const NOBODY = { to: NONE, as: NONE };

function list<From, To>(from: readonly From[], make: (one: From) => To): readonly To[] {
  return from.length === 0 ? NONE : from.map(make);
}
