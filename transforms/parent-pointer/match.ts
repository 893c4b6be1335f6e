/** What the rule finds: pointers back, and which of them are one change. */
import type { ClassModel } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { TypeQuery } from '../../src/model/object-type.ts';
import type { Pair } from './pair.ts';

export interface Pointer {
  readonly attribute: string;
  /** What shows it; never empty. */
  readonly pairs: readonly Pair[];
}

/** The pointers of one class. */
export interface Group {
  /** The class that gets the change: the one that declares the pointers. */
  readonly holder: ClassModel;
  /** What the pointers lead to, as far as it is known. */
  readonly owners: ReadonlySet<ClassModel>;
  readonly pointers: readonly Pointer[];
  /** Other classes with a pointer of the same cycle. */
  readonly beside: readonly ClassModel[];
  /** The files that were looked at. */
  readonly files: readonly FileModel[];
  /** Why there may be more uses than were seen; undefined if these are all. */
  readonly incomplete: string | undefined;
  readonly types: TypeQuery;
}

/** What is accepted or rejected together: pointers of one class, or of several. */
export interface Cycle {
  /** The first is of the file under review. */
  readonly groups: readonly [Group, ...Group[]];
}
