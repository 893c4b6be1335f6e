/** A text search for names, over every file of the project at once. It says where a name may be used; what it means there is another question. */

import { Words } from '../core/words.ts';
import { dottedName } from './module-names.ts';
import { Postings } from './postings.ts';

/** What a name stands behind that is no dotted name. */
export const SOMETHING = '';

/** A file of the project as text. `path` as in {@link SourceFile.path}. */
export interface ProjectText {
  readonly path: string;
  readonly text: string;
}

/** Collects which texts have which of the names, one text after the other. */
export class NameSearch {
  private readonly names: ReadonlySet<string>;
  private readonly attributes: ReadonlySet<string>;
  private readonly owners: ReadonlySet<string>;
  private readonly words: Words;
  private readonly byWord = new Map<string, Set<string>>();
  /** By `Name.attribute`; of some class, `.attribute`. */
  private readonly byMember = new Map<string, Set<string>>();
  /** By a word that is a string. */
  private readonly inStrings = new Map<string, Set<string>>();
  /** By what is a member of something: the paths, and by those what it is a member of, see {@link dottedName}. */
  private readonly asMembers = new Map<string, Postings<string>>();

  /** `names`: of classes; `attributes`: of the `owners`, which are names of classes too, or of a class that is not named. */
  constructor(names: ReadonlySet<string>, attributes: ReadonlySet<string>, owners: ReadonlySet<string>) {
    this.owners = owners;
    this.names = names;
    this.attributes = attributes;
    this.words = new Words(new Set([...names, ...attributes]));
  }

  add({ path, text }: ProjectText): void {
    this.words.each(text, (word, start) => {
      const before = text.charAt(start - 1);
      if (this.names.has(word)) {
        note(this.byWord, word, path);
        // `module.Name`, `getattr(module, "Name")`
        if (before === '.') this.ofWhat(word, path, dottedName(text, start - 1) ?? SOMETHING);
        else if (isQuoted(text, start, word.length)) {
          if (FETCHED.test(text.slice(Math.max(0, start - LONGEST_OWNER), start))) this.ofWhat(word, path, SOMETHING);
          else note(this.inStrings, word, path);
        }
      }
      if (before === '.' && this.attributes.has(word)) this.member(word, text, start - 1, path);
    });
  }

  private ofWhat(name: string, path: string, holder: string): void {
    const paths = this.asMembers.get(name) ?? new Postings<string>();
    this.asMembers.set(name, paths);
    if (!paths.get(path).includes(holder)) paths.add(path, holder);
  }

  private member(attribute: string, text: string, dot: number, path: string): void {
    const before = text.slice(Math.max(0, dot - LONGEST_OWNER), dot).trimEnd();
    const owner = /([\w\u0080-\uffff]+)(?:\(\))?$/.exec(before)?.[1];
    if (owner !== undefined && this.owners.has(owner)) note(this.byMember, `${owner}.${attribute}`, path);
    else if (SOME_CLASS.test(before)) note(this.byMember, `.${attribute}`, path);
  }

  /** The paths of the texts that have the name. */
  withName(name: string): ReadonlySet<string> {
    return this.byWord.get(name) ?? NONE;
  }

  /** The paths of the texts that have the name behind a dot, or fetch it, with the dotted names that it stands behind, or {@link SOMETHING}. */
  asMember(name: string): Iterable<readonly [path: string, holders: readonly string[]]> {
    return this.asMembers.get(name) ?? [];
  }

  /** The paths of the texts that have the name as a string, of which they may make an attribute of a module that they have at hand. */
  asString(name: string): ReadonlySet<string> {
    return this.inStrings.get(name) ?? NONE;
  }

  /** The paths of the texts that read the attribute from one of the names, also in a string, or from some class: `cls.x`, `type(o).x`. */
  withMember(names: readonly string[], attribute: string): readonly string[] {
    return ['', ...names].flatMap((name) => [...(this.byMember.get(`${name}.${attribute}`) ?? [])]);
  }
}

const QUOTE = /["']/;
/** The string may be what `getattr` is called with. */
const FETCHED = /\bgetattr\b/;

/** True for a string that is the word, or begins with it and a dot. */
function isQuoted(text: string, start: number, length: number): boolean {
  const after = text.charAt(start + length);
  return QUOTE.test(text.charAt(start - 1)) && (QUOTE.test(after) || after === '.');
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
