/** What is asked about a project while one file is judged: what came of it stays so as long as all this does. */

/** Plain data. Whatever is said of texts is said of all but those at the `paths`. */
export interface Dependencies {
  /** The files whose texts were looked into, or were found by what follows. */
  readonly paths: ReadonlySet<string>;
  /** Words that no other text has. */
  readonly words: ReadonlySet<string>;
  /** By an attribute, names that no other text has it of, nor of some class; as {@link NameSearch.withMember} understands that. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sources of patterns that no other text matches. */
  readonly patterns: ReadonlySet<string>;
}

/** Notes what is asked, and what was found. */
export class Asked implements Dependencies {
  readonly paths = new Set<string>();
  readonly words = new Set<string>();
  readonly members = new Map<string, Set<string>>();
  readonly patterns = new Set<string>();

  about(paths: Iterable<string>): void {
    for (const path of paths) this.paths.add(path);
  }

  withWords(words: Iterable<string>): void {
    for (const word of words) this.words.add(word);
  }

  withMember(names: Iterable<string>, attribute: string): void {
    const known = this.members.get(attribute) ?? new Set();
    this.members.set(attribute, known);
    for (const name of names) known.add(name);
  }
}
