/** How a file stands in a review, for a change that has a part in it: its own turn may have been, or be still to come. */
import type { FileError } from './core/errors.ts';
import { pathsChanged } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { type FileState, NOT_WRITABLE } from './file-review.ts';
import type { Accepted } from './render.ts';

export interface Standing {
  /** As it was read, or as a person edited it. */
  readonly base: SourceFile;
  readonly isEdited: boolean;
  /** Changes of whatever finding that are to be made in `base`. */
  readonly accepted: readonly Accepted[];
  /** Why nothing in the file may be changed. */
  readonly obstacle: string | undefined;
}

/** Why a file may not be written now, such as its permissions or a change since it was read; undefined if it may. */
export type Recheck = (source: SourceFile) => Promise<FileError | undefined>;

/** What keeps files from being changed, as of the last time that each was looked at. */
export class Obstacles {
  /** By path. */
  readonly known = new Map<string, FileError>();
  private readonly recheck: Recheck;

  constructor(recheck: Recheck) {
    this.recheck = recheck;
  }

  async check(source: SourceFile): Promise<FileError | undefined> {
    const error = await this.recheck(source);
    if (error === undefined) this.known.delete(source.path);
    else this.known.set(source.path, error);
    return error;
  }
}

/** `state` is that of the file, if its turn has come; `spread` are the accepted changes over several files, from whatever file. */
export function standingOf(
  source: SourceFile,
  state: FileState | undefined,
  spread: readonly Accepted[],
  { known }: Obstacles,
): Standing {
  const { path } = source;
  const base = state?.base ?? source;
  const own = state?.accepted ?? [];
  const fromElsewhere = spread.filter(
    ({ finding, fix }) =>
      finding.path !== path && pathsChanged(fix).includes(path) && state?.taken.includes(fix) !== true,
  );
  return {
    base,
    isEdited: base !== source,
    accepted: fromElsewhere.length === 0 ? own : [...own, ...fromElsewhere],
    obstacle: source.writable ? known.get(path)?.message : NOT_WRITABLE,
  };
}
