/**
 * Which file an import means. There is no interpreter to ask, so it is told from where the files lie: a top-level package or module
 * stands in a folder that is no package itself (language reference 5.2, 5.3; PEP 420 for packages without `__init__.py`).
 */
import { basename, dirname, join, relative, sep } from 'node:path';
import { oncePer } from '../core/once.ts';
import type { ModuleName } from '../model/module-name.ts';
import { Postings } from './postings.ts';

const INIT = '__init__.py';
/** Folders that hold packages and are not part of their names. */
const SOURCE_FOLDERS: ReadonlySet<string> = new Set(['src', 'lib', 'python']);

/** A file, and the folder from which it is a module of some name. */
interface Place {
  readonly file: string;
  readonly root: string;
  /** True if that folder is a package itself. */
  readonly inPackage: boolean;
}

export class ModuleIndex {
  /** By the last part of the module's name. */
  private readonly byLastPart = new Postings<string>();
  private readonly packages = new Set<string>();
  private readonly roots: readonly string[];

  /** `files`: absolute paths of every Python file of the project; `roots`: the folders of the projects, absolute. */
  constructor(files: readonly string[], roots: readonly string[]) {
    this.roots = [...roots].sort((a, b) => b.length - a.length);
    for (const file of files) if (basename(file) === INIT) this.packages.add(dirname(file));
    for (const file of files) this.byLastPart.add(lastPart(file), file);
  }

  /** What a file is called when it is imported. */
  readonly nameOf = oncePer((file: string): ModuleName => {
    const isPackage = basename(file) === INIT;
    const root = this.importRoot(file);
    const path = relative(root, isPackage ? dirname(file) : file.replace(/\.py$/, ''));
    return { name: path.split(sep).join('.'), isPackage };
  });

  /** The `__init__.py` of every package that a file lies in. */
  packagesOf(file: string): readonly string[] {
    return this.packagesAround(dirname(file));
  }

  private readonly packagesAround = oncePer((folder: string): readonly string[] =>
    this.packages.has(folder) ? [join(folder, INIT), ...this.packagesAround(dirname(folder))] : [],
  );

  /** True if some module's name ends in the word. */
  isNamed(word: string): boolean {
    return this.byLastPart.get(word).length > 0;
  }

  /** Every file that `import name` in `importer` may run. */
  all(name: string, importer: string): readonly string[] {
    return this.candidates(name, importer).map(({ file }) => file);
  }

  /** The file that `import name` in `importer` runs: absolute; undefined for none of the project's, `ambiguous` if several may be meant. */
  find(name: string, importer: string): string | 'ambiguous' | undefined {
    const candidates = this.candidates(name, importer);
    if (candidates.length < 2) return candidates[0]?.file;
    const nearest = candidates.filter(({ root }) => root === this.importRoot(importer));
    const preferred = nearest.length > 0 ? nearest : candidates.filter(({ root }) => this.isSourceFolder(root));
    return preferred.length === 1 ? preferred[0]?.file : 'ambiguous';
  }

  private candidates(name: string, importer: string): readonly Place[] {
    const places = this.placesOf(name);
    if (places.length === 0) return places;
    const neighbours = dirname(importer);
    // A script, and any module in Python 2, finds its neighbours too.
    return places.filter(({ root, inPackage }) => !inPackage || root === neighbours);
  }

  /** Every file that is the module of that name from some folder. */
  private readonly placesOf = oncePer((name: string): readonly Place[] => {
    const path = name.split('.').join(sep);
    return this.byLastPart.get(name.slice(name.lastIndexOf('.') + 1)).flatMap((file) => {
      const root = rootUnder(file, path);
      return root === undefined ? [] : [{ file, root, inPackage: this.packages.has(root) }];
    });
  });

  /** The folder that would have to be on `sys.path`. */
  private importRoot(file: string): string {
    let folder = dirname(file);
    if (!this.packages.has(folder)) {
      // Perhaps a namespace package: then its name starts at the project's root.
      const root = this.roots.find((candidate) => `${folder}${sep}`.startsWith(`${candidate}${sep}`)) ?? folder;
      const [first = ''] = relative(root, folder).split(sep);
      return SOURCE_FOLDERS.has(first) ? `${root}${sep}${first}` : root;
    }
    while (this.packages.has(folder)) folder = dirname(folder);
    return folder;
  }

  private isSourceFolder(folder: string): boolean {
    return this.roots.some(
      (root) => folder === root || (dirname(folder) === root && SOURCE_FOLDERS.has(basename(folder))),
    );
  }
}

function lastPart(file: string): string {
  return basename(file) === INIT ? basename(dirname(file)) : basename(file, '.py');
}

/** The folder below which the file is the module at `path`; undefined if it is another one. */
function rootUnder(file: string, path: string): string | undefined {
  for (const ending of [`${path}.py`, `${path}${sep}${INIT}`]) {
    const start = file.length - ending.length;
    if (file.endsWith(ending) && file.charAt(start - 1) === sep) return file.slice(0, start - 1);
  }
  return undefined;
}
