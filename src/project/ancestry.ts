/** Which classes those of a file inherit from, as far as class and import statements tell by names. */
import { once, oncePer } from '../core/once.ts';
import type { FileFacts } from './facts.ts';
import type { ImportedNames, Origin } from './imported-names.ts';
import { Postings } from './postings.ts';
import type { ProjectFiles } from './project-files.ts';

/** The classes of a file, and all that they may inherit from. */
export interface Ancestors {
  /** The paths of the files that they stand in. */
  readonly paths: ReadonlySet<string>;
  /** True if a class of that name in the file at the path is among them. */
  has(path: string, name: string): boolean;
}

/** A class by the path of its file and its name. */
interface ClassName {
  readonly path: string;
  readonly name: string;
}

/** More than this inherits from everything that has such names. */
const MOST_CLASSES = 1000;

export class Ancestry {
  private readonly project: ProjectFiles;
  private readonly names: ImportedNames;
  /** By the names of classes, the paths of the files that have them. */
  private readonly homes: () => Postings<string>;

  constructor(project: ProjectFiles, names: ImportedNames) {
    this.project = project;
    this.names = names;
    this.homes = once(() => {
      const homes = new Postings<string>();
      for (const { path, classes } of project.allFacts) for (const { name } of classes) homes.add(name, path);
      return homes;
    });
  }

  /** Of all classes of the file at a path; undefined where they are too many to tell. */
  readonly of = oncePer((start: string): Ancestors | undefined => {
    const found = new Set(this.classesOf(start).map(({ name }) => `${start}\0${name}`));
    for (const key of found) {
      if (found.size > MOST_CLASSES) return undefined;
      const [path = '', name = ''] = key.split('\0');
      for (const one of this.classesOf(path)) {
        if (one.name !== name) continue;
        for (const base of one.bases) for (const meant of this.meant(path, base, one.bases)) found.add(keyOf(meant));
      }
    }
    const paths = new Set([start, ...[...found].map((key) => key.slice(0, key.indexOf('\0')))]);
    return { paths, has: (path, name) => found.has(keyOf({ path, name })) };
  });

  /** The classes that a word among the bases of a class may mean: all of that name, where no statement says which. */
  private meant(path: string, word: string, words: readonly string[]): readonly ClassName[] {
    const known = this.brought(path, word, words);
    if (known.length > 0 || this.isForeign(path, word)) return known;
    return this.homes()
      .get(word)
      .map((home) => ({ path: home, name: word }));
  }

  /** Those that the file has or imports; behind a dot they belong to what the other words mean. */
  private brought(path: string, word: string, words: readonly string[]): readonly ClassName[] {
    const places: Origin[] = [{ path, name: word }, ...this.names.origins(path, word)];
    for (const other of words)
      for (const { path: home } of other === word ? [] : this.names.origins(path, other))
        places.push({ path: home, name: word }, ...this.names.origins(home, word));
    return places.flatMap(({ path: home, name }) =>
      name !== undefined && this.classesOf(home).some((one) => one.name === name) ? [{ path: home, name }] : [],
    );
  }

  /** True if an import statement of the file brings the name from outside the project. */
  private isForeign(path: string, name: string): boolean {
    const { imports = [], aliases = [] } = this.project.facts(path) ?? {};
    const isImported = imports.some(({ module, names }) =>
      (names.length > 0 ? names : module.split('.')).includes(name),
    );
    return (isImported || aliases.some(([, alias]) => alias === name)) && this.names.origins(path, name).length === 0;
  }

  private classesOf(path: string): FileFacts['classes'] {
    return this.project.facts(path)?.classes ?? [];
  }
}

function keyOf({ path, name }: ClassName): string {
  return `${path}\0${name}`;
}
