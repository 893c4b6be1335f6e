/**
 * What scopes and bindings are (language reference 4.2, "Naming and binding"), and which binding a name means.
 *
 * That is answered only when the whole file is known, because Python decides it for a whole block: a name that is bound
 * anywhere in a function is local in all of it.
 */
import type { PyNode } from '../syntax/tree.ts';
import { nameIn, nameSeenFrom } from './name.ts';

/** `annotation`: the value of a type alias, the bound of a type parameter; evaluated when asked for (reference 4.2.3). */
export type ScopeKind = 'module' | 'class' | 'function' | 'lambda' | 'comprehension' | 'type-parameters' | 'annotation';

export type BindingKind =
  | 'assignment'
  | 'annotation'
  | 'augmented'
  | 'parameter'
  | 'import'
  | 'class'
  | 'function'
  | 'for'
  | 'with'
  | 'except'
  | 'walrus'
  | 'pattern'
  | 'delete'
  | 'type-parameter'
  | 'type-alias';

/** One place that binds (or deletes) a name. */
export interface BindingSite {
  readonly kind: BindingKind;
  /** The name's own node; for a star import's names there is none, see {@link Scope.starImports}. */
  readonly node: PyNode;
  /** The whole operation: assignment, definition, import statement, ... */
  readonly operation: PyNode;
  /** The expression whose value the name gets, where it gets exactly that. */
  readonly value: PyNode | undefined;
}

export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly sites: BindingSite[];
}

export interface Scope {
  readonly kind: ScopeKind;
  /** The definition, lambda, comprehension or module; the list of type parameters; the expression of an annotation scope. */
  readonly node: PyNode;
  readonly parent: Scope | undefined;
  readonly children: Scope[];
  readonly bindings: Map<string, Binding>;
  /** Names declared `global` / `nonlocal` in this block. */
  readonly globals: ReadonlySet<string>;
  readonly nonlocals: ReadonlySet<string>;
  /** Adds such a name. */
  declare(name: string, as: 'globals' | 'nonlocals'): void;
  /** `from m import *` in this block: it may bind any name. */
  readonly starImports: PyNode[];
  /** True for a function whose body nobody has read yet: asking what is in the block reads it. */
  readonly isUnread: boolean;
  /** What private names (`__x`) written in this block are prefixed with; empty outside of classes. */
  readonly privatePrefix: string;
}

/** Every scope of a file and where each name is looked up. */
export interface ScopeTree {
  readonly module: Scope;
  /** The scope of each definition, lambda, comprehension and of the module. What stands in a body that was not read yet is no key. */
  readonly ofNode: ReadonlyMap<PyNode, Scope>;
  /** The scope in which each identifier that is read (or bound) is looked up. */
  readonly ofName: ReadonlyMap<PyNode, Scope>;
}

/** The binding that `name` means when it is used in `scope`, or undefined: a builtin, a star import's name, or none at all. */
export function lookup(name: string, scope: Scope): Binding | undefined {
  const written = nameIn(scope, name);
  // A class block is no enclosing scope for the functions in it; its names are seen from itself and its annotation scopes.
  let seesClass = true;
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    if (current.kind !== 'class' || seesClass) {
      const here = nameSeenFrom(scope, current, written);
      if (current.globals.has(here)) {
        const module = moduleOf(current);
        return module.bindings.get(nameSeenFrom(scope, module, written));
      }
      const binding = current.nonlocals.has(here) ? undefined : current.bindings.get(here);
      if (binding !== undefined) return binding;
    }
    seesClass &&= current.kind === 'type-parameters' || current.kind === 'annotation';
  }
  return undefined;
}

/** True if a star import may have bound a name that no visible block binds. */
export function mayBeStarImported(scope: Scope): boolean {
  let current: Scope | undefined = scope;
  while (current !== undefined) {
    if (current.starImports.length > 0) return true;
    current = current.parent;
  }
  return false;
}

export function moduleOf(scope: Scope): Scope {
  let current = scope;
  while (current.parent !== undefined) current = current.parent;
  return current;
}
