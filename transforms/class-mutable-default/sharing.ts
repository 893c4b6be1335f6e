/** What it means that a container is shared on purpose, and what may tell. */

import type { AttributeAccesses } from '../../src/model/attribute-accesses.ts';
import type { ClassModel } from '../../src/model/class.ts';
import type { ClassAttribute } from '../../src/model/class-attribute.ts';
import type { Container } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { SharedChange } from '../../src/model/shared-state.ts';

export interface Purpose {
  readonly kind: 'registry' | 'memo' | 'borg' | 'monitor' | 'declared';
  /** True if the code shows it, false if only a name or comment says so. */
  readonly shown: boolean;
  /** Completes "it looks shared on purpose: ...". */
  readonly reason: string;
}

/** Finds one kind of purpose, or undefined. */
export type Classify = (context: Context) => Purpose | undefined;

export interface Context {
  /** Of the class. */
  readonly file: FileModel;
  readonly attribute: ClassAttribute;
  readonly container: Container;
  readonly accesses: AttributeAccesses;
  readonly changes: readonly SharedChange[];
  readonly family: readonly ClassModel[];
}
