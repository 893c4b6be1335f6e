/** What can become of a value, and what has to be known to tell. */
import type { FileModel } from '../../src/model/file.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** What becomes of the value of an expression. */
export type Fate =
  | { readonly kind: 'done' }
  /** It is given one more name. */
  | { readonly kind: 'named'; readonly names: readonly PyNode[] }
  /** It is kept by what the expression means. */
  | { readonly kind: 'kept'; readonly by: PyNode }
  | { readonly kind: 'returned'; readonly node: PyNode; readonly whole: boolean }
  | { readonly kind: 'lost'; readonly node: PyNode; readonly why: string };

/** An argument of a function of the file, which is looked into; what the function gives back is followed too. */
export interface Passed {
  readonly argument: PyNode;
  readonly position: number;
  readonly definition: PyNode;
}

export const DONE: Fate = { kind: 'done' };

export interface EscapeOptions {
  /** True if who calls the function holds what it was given: then what it returns is theirs to hold. */
  readonly mayReturn: boolean;
  /** True for the name of a method of the classes in question. */
  readonly isMethod: (name: string) => boolean;
  /** True for an attribute that all objects of one of the classes share. */
  readonly isShared: (name: string) => boolean;
  /** True for a callee that is known to keep nothing but in the structure itself. */
  readonly isOwn: (callee: PyNode) => boolean;
}

/** The name that a chain of attributes, elements and calls starts at. */
export function rootOf(node: PyNode): PyNode | undefined {
  let current: PyNode | undefined = unwrap(node);
  while (current !== undefined && current.kind !== 'identifier')
    current = field(current, 'object') ?? field(current, 'value') ?? field(current, 'function');
  return current;
}

/** The attributes on the way to an expression. */
export function membersOf(file: FileModel, expression: PyNode): readonly string[] {
  return [...descend(expression)].flatMap((node) => {
    const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
    return name === undefined ? [] : [file.identifier(name)];
  });
}
