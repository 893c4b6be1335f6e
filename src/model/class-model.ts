/** What a class is to the rest: its place, its bases, its methods (language reference 3.3.3, 8.8). */
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel } from './file.ts';
import type { Binding, Scope } from './scope.ts';

/** One base of a class statement, in the order written. */
export interface Base {
  readonly node: PyNode;
  /** What names the class: `Base` of `Base[int]` (PEP 560). */
  readonly named: PyNode;
  /** The class of the project that the base means; undefined for all others, and where it cannot be known. */
  readonly class: ClassModel | undefined;
  /** See {@link FileModel.qualifiedName}. */
  readonly qualifiedName: string | undefined;
  /** The last name as written: `Base` of `models.Base[int]`. */
  readonly simpleName: string;
}

export type MethodKind = 'instance' | 'class' | 'static';

/** A function whose definition stands in a class body (also under `if` or `try` there). */
export interface Method {
  readonly name: string;
  readonly class: ClassModel;
  /** The `function_definition`. */
  readonly node: PyNode;
  readonly scope: Scope;
  readonly kind: MethodKind;
  /** True if reading the attribute calls it. */
  readonly property: boolean;
  readonly decorators: readonly PyNode[];
  /** The first parameter: the instance, or the class in a class method; undefined when there is none by position. */
  readonly first: Binding | undefined;
  /** False under `if` or `try`, and when the name is bound again in the class body. */
  readonly certain: boolean;
}

export interface ClassModel {
  readonly file: FileModel;
  readonly node: PyNode;
  readonly name: string;
  /** As `__qualname__` (PEP 3155): `Outer.Inner`, `function.<locals>.Inner`. */
  readonly qualifiedName: string;
  readonly scope: Scope;
  /** The binding of the class's own name, in the block that holds the statement. */
  readonly binding: Binding | undefined;
  readonly bases: readonly Base[];
  /** Keywords of the class statement, `metaclass` among them. */
  readonly keywords: ReadonlyMap<string, PyNode>;
  /** True if bases or keywords are unpacked (`*bases`). */
  readonly spread: boolean;
  readonly decorators: readonly PyNode[];
  readonly methods: readonly Method[];
}
