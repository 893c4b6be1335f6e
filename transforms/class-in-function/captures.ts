/** The names that a class statement takes from the functions around it. */
import type { FileModel } from '../../src/model/file.ts';
import { type Binding, lookup, type Scope } from '../../src/model/scope.ts';
import { descend, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** One name in a class statement, and the binding of a function around that it means. */
export interface Capture {
  readonly node: PyNode;
  readonly binding: Binding;
}

/** Every name in the statement that a block between it and the module binds. */
export function capturesIn(file: FileModel, statement: PyNode): readonly Capture[] {
  const found: Capture[] = [];
  for (const node of descend(statement)) {
    const scope = node.kind === 'identifier' ? file.scopeOf(node) : undefined;
    const binding = scope === undefined ? undefined : lookup(file.text(node), scope);
    if (binding !== undefined && isAround(binding.scope, statement)) found.push({ node, binding });
  }
  return found;
}

function isAround(scope: Scope, statement: PyNode): boolean {
  return scope.kind !== 'module' && !within(scope.node, statement);
}

/**
 * True if the statement is bound to where it stands in a way that no name shows: `nonlocal` of a function around, `super()` or
 * `__class__` of a class around, a private name of a class around, `await` or `yield` in the header.
 */
export function isTied(file: FileModel, statement: PyNode, own: Scope): boolean {
  for (const node of descend(statement)) {
    const scope = file.scopes.ofNode.get(node);
    if (scope !== undefined && declaresOutward(scope, statement)) return true;
    if (node.kind === 'await' || node.kind === 'yield') {
      if (!isInFunction(node, statement)) return true;
    } else if (node.kind === 'identifier') {
      const name = file.text(node);
      if (
        (name === '__class__' || name === 'super') &&
        file.scopeOf(node) !== undefined &&
        !isInFunction(node, statement)
      )
        return true;
      // What stands in the header is mangled by the class around (reference 6.2.1).
      const isPrivate = name.startsWith('__') && !name.endsWith('__');
      if (isPrivate && !within(node, own.node)) return true;
      if (isPrivate && own.node.children.some((part) => part.field !== 'body' && within(node, part))) return true;
    }
  }
  return false;
}

function declaresOutward(scope: Scope, statement: PyNode): boolean {
  return [...scope.nonlocals].some((name) => {
    const binding = lookup(name, scope);
    return binding === undefined || isAround(binding.scope, statement);
  });
}

function isInFunction(node: PyNode, statement: PyNode): boolean {
  for (let current = node.parent; current !== undefined && current !== statement; current = current.parent)
    if (current.kind === 'function_definition' || current.kind === 'lambda') return true;
  return false;
}
