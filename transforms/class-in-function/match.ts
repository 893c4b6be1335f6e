/** What the rule found: classes of one function that move together, most often a single one. */
import type { ClassModel } from '../../src/model/class.ts';
import type { Binding, Scope } from '../../src/model/scope.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** A class statement that stands in a function. */
export interface LocalClass {
  readonly model: ClassModel;
  /** With its decorators. */
  readonly statement: PyNode;
  /** The block of the function that binds the class's name. */
  readonly holder: Scope;
  readonly binding: Binding;
  /** Every name that means the class, the one in its statement left out. */
  readonly uses: readonly PyNode[];
  /** The statement of the module that all of it stands in. */
  readonly outermost: PyNode;
}

export interface Match {
  /** In the order of the text; classes that use each other, or that leave their function empty together. */
  readonly classes: readonly [LocalClass, ...LocalClass[]];
  /** What the only class reads from the functions around it; none where it can move as it stands. */
  readonly captured: readonly Binding[];
  /** The imports to write above the classes. */
  readonly imports: ReadonlyMap<string, string>;
  /** What each class is called at module level. */
  readonly names: ReadonlyMap<LocalClass, string>;
  /** The statements of every class of the file that moves, in this match or another. */
  readonly moving: ReadonlySet<PyNode>;
}
