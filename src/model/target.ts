/** What a target, a pattern or an import statement binds, and which expressions in it are evaluated. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

export interface Target {
  /** The names that are bound. */
  readonly names: readonly PyNode[];
  /** What is evaluated: `a` and `i` of the target `a[i]`, the class of a class pattern. */
  readonly uses: readonly PyNode[];
}

/** What groups targets without being one. */
const GROUPS: ReadonlySet<string> = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'parenthesized_expression',
  'tuple',
  'list',
  'list_splat',
  'expression_list',
]);

/** The target of an assignment, a loop, a `with`, an `except` or a `del`. */
export function targetOf(node: PyNode): Target {
  const names: PyNode[] = [];
  const uses: PyNode[] = [];
  const stack = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'identifier') names.push(next);
    else if (GROUPS.has(next.kind)) stack.push(...next.children.toReversed());
    else uses.push(next);
  }
  return { names, uses };
}

/** A `case` pattern: captures are bound; dotted names, class names and mapping keys are used; `_` is neither. */
export function capturesOf(pattern: PyNode, text: string): Target {
  const names: PyNode[] = [];
  const uses: PyNode[] = [];
  const isWildcard = (node: PyNode): boolean => text.slice(node.start, node.end) === '_';
  const stack = [pattern];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [first] = next.children;
    if (next.kind === 'dotted_name') {
      if (first === undefined || isWildcard(next)) continue;
      (next.children.length === 1 && next.parent?.kind !== 'class_pattern' ? names : uses).push(first);
    } else if (next.kind === 'identifier') {
      if (!isWildcard(next)) names.push(next);
    } else {
      // The first child of `x=pattern` is the keyword.
      stack.push(...(next.kind === 'keyword_pattern' ? next.children.slice(1) : next.children).toReversed());
    }
  }
  return { names, uses };
}

/** The names that an import statement binds, each with the part of the statement that does it; none for a star import. */
export function importedNames(statement: PyNode): readonly { readonly name: PyNode; readonly operation: PyNode }[] {
  return statement.children.flatMap((operation) => {
    if (operation.field !== 'name') return [];
    const name = operation.kind === 'aliased_import' ? field(operation, 'alias') : operation.children[0];
    return name === undefined ? [] : [{ name, operation }];
  });
}

/** True for the target of `except A as target`, which is unbound again at the end of the clause; false for that of a `with`. */
export function isWithinExcept(target: PyNode): boolean {
  const holder = target.parent?.parent;
  return holder?.kind === 'except_clause' || holder?.kind === 'except_group_clause';
}

/** The name that a type parameter or type alias starts with. */
export function firstIdentifier(node: PyNode): PyNode | undefined {
  let current: PyNode | undefined = node;
  while (current !== undefined && current.kind !== 'identifier') current = current.children[0];
  return current;
}
