/** A text search for names, over every file of the project at once. It says where a name may be used; what it means there is another question. */

/** A file of the project as text. `path` as in {@link SourceFile.path}. */
export interface ProjectText {
  readonly path: string;
  readonly text: string;
}

/** Collects which texts have which of the names, one text after the other. */
export class NameSearch {
  private readonly names: ReadonlySet<string>;
  private readonly words: RegExp | undefined;
  private readonly members: RegExp | undefined;
  private readonly byWord = new Map<string, Set<string>>();
  /** By `Name.attribute`; of some class, `.attribute`; as a member of something, or in a string, `Name.`. */
  private readonly byMember = new Map<string, Set<string>>();

  /** `names`: of classes; `attributes`: of these, or of a class that is not named. */
  constructor(names: ReadonlySet<string>, attributes: ReadonlySet<string>) {
    this.names = names;
    this.words = anyOf(names, '\\b(?:', ')\\b');
    this.members = anyOf(attributes, '\\.(?:', ')\\b');
  }

  add({ path, text }: ProjectText): void {
    if (this.words !== undefined) {
      for (const { 0: word, index } of text.matchAll(this.words)) {
        note(this.byWord, word, path);
        // `module.Name`, `getattr(module, "Name")`
        if (index > 0 && /[."']/.test(text.charAt(index - 1))) note(this.byMember, `${word}.`, path);
      }
    }
    if (this.members === undefined) return;
    for (const { 0: member, index } of text.matchAll(this.members)) {
      const attribute = member.replace(/^\./, '');
      const before = text.slice(Math.max(0, index - LONGEST_OWNER), index).trimEnd();
      const owner = /([\w\u0080-\uffff]+)(?:\(\))?$/.exec(before)?.[1];
      if (owner !== undefined && this.names.has(owner)) note(this.byMember, `${owner}.${attribute}`, path);
      else if (SOME_CLASS.test(before)) note(this.byMember, `.${attribute}`, path);
    }
  }

  /** The paths of the texts that have the name. */
  withName(name: string): ReadonlySet<string> {
    return this.byWord.get(name) ?? NONE;
  }

  /** The paths of the texts that have the name behind a dot or a quote. */
  asMember(name: string): ReadonlySet<string> {
    return this.byMember.get(`${name}.`) ?? NONE;
  }

  /** The paths of the texts that read the attribute from one of the names, also in a string, or from some class: `cls.x`, `type(o).x`. */
  withMember(names: readonly string[], attribute: string): readonly string[] {
    return ['', ...names].flatMap((name) => [...(this.byMember.get(`${name}.${attribute}`) ?? [])]);
  }
}

/** How far what stands before a dot is looked at, in UTF-16 units. */
const LONGEST_OWNER = 200;
const SOME_CLASS = /(?:\b(?:cls|klass|mcs|mcls)|\btype\([^()]*\)|__class__)$/;
const NONE: ReadonlySet<string> = new Set();

function note(index: Map<string, Set<string>>, name: string, path: string): void {
  const paths = index.get(name);
  if (paths === undefined) index.set(name, new Set([path]));
  else paths.add(path);
}

function anyOf(names: Iterable<string>, before: string, after: string): RegExp | undefined {
  const unique = [...new Set(names)];
  // Identifiers hold nothing that means something in a pattern. Those beyond ASCII have no boundaries that `\b` would see.
  const ascii = unique.filter((name) => !/[^\0-\x7f]/.test(name)).join('|');
  const patterns = [ascii === '' ? '' : before + ascii + after, ...unique.filter((name) => /[^\0-\x7f]/.test(name))];
  const pattern = patterns.filter((one) => one !== '').join('|');
  return pattern === '' ? undefined : new RegExp(pattern, 'g');
}
