/**
 * What of a class statement is evaluated when it runs: decorators, bases, the body, and in the body's functions the decorators,
 * defaults and annotations (language reference 8.7, 8.8). Everything else waits for a call.
 */
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** Those nodes, parents before children, in the order of the text. */
export function* evaluatedEarly(statement: PyNode): Generator<PyNode, void, undefined> {
  const stack = [statement];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    const body = node.kind === 'function_definition' || node.kind === 'lambda' ? field(node, 'body') : undefined;
    stack.push(...node.children.filter((child) => child !== body).reverse());
  }
}

const ANNOTATIONS: ReadonlySet<string> = new Set(['type', 'type_parameter', 'generic_type', 'union_type']);

/** True inside an annotation of the class statement. */
export function isInAnnotation(node: PyNode, statement: PyNode): boolean {
  for (let current: PyNode | undefined = node; current !== undefined && current !== statement; current = current.parent)
    if (ANNOTATIONS.has(current.kind) || current.field === 'type' || current.field === 'return_type') return true;
  return false;
}
