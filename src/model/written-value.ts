/** What stands in an expression or a function as it is written: the values it may be, the elements it has, the nodes of its own block. */
import { descend, field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

/** The expressions one of which a value is: of `a or b`, `a if c else b`. */
export function alternativesOf(value: PyNode): readonly PyNode[] {
  const node = unwrap(value);
  if (node.kind === 'boolean_operator')
    return node.children.filter(({ field: role }) => role !== 'operator').flatMap(alternativesOf);
  if (node.kind !== 'conditional_expression') return [node];
  return [node.children[0], node.children[2]].flatMap((one) => (one === undefined ? [] : alternativesOf(one)));
}

/** The elements that a display or comprehension has, where they are written there. */
export function elementsOf(value: PyNode): readonly PyNode[] {
  switch (value.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return value.children;
    case 'list_comprehension':
    case 'set_comprehension': {
      const element = field(value, 'body');
      return element === undefined ? [] : [element];
    }
    case 'dictionary':
      return value.children.flatMap((pair) => field(pair, 'value') ?? []);
    default:
      return [];
  }
}

/** The nodes of a body in the order of the text, without those of functions and classes defined in it. */
export function* ownNodes(body: PyNode): Generator<PyNode> {
  const stack: PyNode[] = [...(body.kind === 'module' ? body : (field(body, 'body') ?? body)).children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (/^(?:function_definition|class_definition|lambda)$/.test(node.kind)) continue;
    yield node;
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) stack.push(child);
    }
  }
}

/** Every node in a function's own block. */
export function nodesIn(body: PyNode): Iterable<PyNode> {
  return body.kind === 'module' || body.kind === 'function_definition' ? ownNodes(body) : descend(body);
}
