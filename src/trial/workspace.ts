/**
 * Copies of the projects that a command is run on, so that nothing it does reaches them. The copies lie at the same place in every run:
 * a path that the program prints is the same before and after.
 */
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { copyTree, exists, isLeftOut, type Root, removeTree } from './copy.ts';

export class Workspace {
  /** Absolute, links resolved; outside of every project. */
  readonly folder: string;
  /** The inner of two nested ones first. */
  readonly roots: readonly Root[];

  /** `origins` are the folders to copy, absolute and links resolved. Nothing is copied yet. */
  constructor(origins: readonly string[]) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), 'pyleak-fix-')));
    this.roots = outermost(origins)
      .map((origin, index) => ({ origin, copy: join(this.folder, 'copy', String(index), basename(origin) || 'root') }))
      .sort((a, b) => b.origin.length - a.origin.length);
  }

  /** Copies everything anew. Throws a UserError for what is too large to be a project. */
  fill(): void {
    removeTree(join(this.folder, 'copy'));
    for (const root of this.roots.toReversed()) {
      mkdirSync(root.copy, { recursive: true });
      copyTree(root);
    }
  }

  /** Where the copy of a file or folder is, or would be; undefined for what lies in none of the roots. */
  placeOf(path: string): string | undefined {
    const root = this.roots.find(({ origin }) => isWithin(path, origin));
    return root && root.copy + path.slice(root.origin.length);
  }

  /** The copy of a path where there is one, else the path itself. */
  copyOf(path: string): string {
    const place = this.placeOf(path);
    return place !== undefined && exists(place) ? place : path;
  }

  /**
   * A command as it has to read inside the copies: what names a file of the project by its full path names the copy, and a program
   * that was not copied, such as that of a virtual environment, is the original. `cwd` is where the user gave it, absolute.
   */
  translate(words: readonly string[], cwd: string): readonly string[] {
    return words.map((word, index) => {
      if (isAbsolute(word)) return this.copyOf(word);
      const isPath = index === 0 && word.includes(sep);
      const original = resolve(cwd, word);
      return isPath && this.copyOf(original) === original ? original : word;
    });
  }

  /** A list of folders such as PATH. */
  translateList(list: string | undefined): string | undefined {
    return list
      ?.split(delimiter)
      .map((folder) => (isAbsolute(folder) ? this.copyOf(folder) : folder))
      .join(delimiter);
  }

  /** Leaves nothing behind. */
  remove(): void {
    removeTree(this.folder);
  }
}

/** Those that the copy of none of the others has. */
function outermost(origins: readonly string[]): readonly string[] {
  const different = [...new Set(origins)];
  return different.filter((origin) => {
    const around = different.filter((other) => other !== origin && isWithin(origin, other));
    return !around.some((other) => isCopiedWith(other, origin));
  });
}

/** True if copying `outer` copies `inner` too. */
function isCopiedWith(outer: string, inner: string): boolean {
  const steps = inner.slice(outer.length).split(sep).filter(Boolean);
  return steps.every((_, index) => !isLeftOut(join(outer, ...steps.slice(0, index + 1))));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
