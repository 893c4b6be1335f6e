/** What is done with a registry at each place that yields it, in the words that decide whether a weak container bears it. */
import type { FileModel } from '../../src/model/file.ts';
import type { Scope } from '../../src/model/scope.ts';
import { isStored } from '../../src/model/use.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

interface Done {
  readonly file: FileModel;
  /** The operation, for a person. */
  readonly node: PyNode;
  /** How many containers deep: 0 is the registry, 1 what an entry of it is. */
  readonly depth: number;
}

export type Operation = Done &
  (
    | { readonly kind: 'call'; readonly method: string; readonly name: PyNode; readonly call: PyNode }
    /** `identity`: compared by `is`, or evaluated for nothing. `test`: whether it is empty. */
    | { readonly kind: 'contains' | 'test' | 'identity' | 'operator' | 'handed' }
    /** `add = _live.append`: the method itself is taken. */
    | { readonly kind: 'method'; readonly method: string }
    | { readonly kind: 'load' | 'store' | 'drop' | 'augment'; readonly subscript: PyNode }
    /** All elements are looked at; `by` is the statement, or the qualified name of the function. */
    | { readonly kind: 'all'; readonly by: string }
    | { readonly kind: 'passed'; readonly to: string | undefined }
    | { readonly kind: 'bind'; readonly value: PyNode | undefined }
  );

/** Everything that is done with what the expression yields, also under local names. */
export function operationsOn(file: FileModel, expression: PyNode): readonly Operation[] {
  const found: Operation[] = [];
  follow(file, expression, 0, found, new Set());
  return found;
}

function follow(file: FileModel, start: PyNode, startDepth: number, found: Operation[], seen: Set<PyNode>): void {
  let node = start;
  let depth = startDepth;
  if (seen.has(start)) return;
  seen.add(start);
  for (;;) {
    const { parent } = node;
    if (parent === undefined) return;
    const done = { file, node: parent, depth };
    switch (parent.kind) {
      case 'parenthesized_expression':
        node = parent;
        continue;
      case 'attribute': {
        const name = field(parent, 'attribute');
        if (node.field !== 'object' || name === undefined) return;
        const method = file.text(name);
        const call = parent.parent?.kind === 'call' && parent.field === 'function' ? parent.parent : undefined;
        if (call === undefined) return void found.push({ ...done, kind: 'method', method });
        found.push({ ...done, node: call, kind: 'call', method, name, call });
        if (!/^(?:setdefault|get)$/.test(method) || depth > 0) return;
        node = call;
        depth += 1;
        continue;
      }
      case 'subscript': {
        if (node.field !== 'value') return void found.push({ ...done, kind: 'handed' });
        if (isStored(parent)) return void found.push({ ...done, kind: storing(parent), subscript: parent });
        found.push({ ...done, kind: 'load', subscript: parent });
        if (depth > 0) return;
        node = parent;
        depth += 1;
        continue;
      }
      case 'named_expression':
      case 'assignment':
        if (parent.kind === 'assignment' && node.field === 'left')
          return void found.push({ ...done, kind: 'bind', value: field(parent, 'right') });
        return local(file, parent, done, found, seen);
      case 'conditional_expression':
        if (parent.children[1] === node) return void found.push({ ...done, kind: 'test' });
        node = parent;
        continue;
      default:
        return void found.push(plain(file, node, parent, done));
    }
  }
}

function storing(subscript: PyNode): 'store' | 'drop' | 'augment' {
  const { parent } = subscript;
  if (parent?.kind === 'augmented_assignment') return 'augment';
  return parent?.kind === 'delete_statement' || parent?.parent?.kind === 'delete_statement' ? 'drop' : 'store';
}

/** `live = self._live`: everything that is done with the local name. A name that others can see is another matter. */
function local(file: FileModel, parent: PyNode, done: Done, found: Operation[], seen: Set<PyNode>): void {
  const target = field(parent, parent.kind === 'assignment' ? 'left' : 'name');
  const binding = target?.kind === 'identifier' ? file.resolve(target) : undefined;
  if (binding?.scope.kind !== 'function' || binding.sites.length > 1 || parent.parent?.kind === 'assignment')
    return void found.push({ ...done, kind: 'handed' });
  for (const use of file.usesOf(binding)) if (use !== target) follow(file, use, done.depth, found, seen);
}

function plain(file: FileModel, node: PyNode, parent: PyNode, done: Done): Operation {
  switch (parent.kind) {
    case 'for_statement':
    case 'for_in_clause':
      return node.field === 'left'
        ? { ...done, kind: 'bind', value: undefined }
        : { ...done, node, kind: 'all', by: 'for' };
    case 'list_splat':
    case 'dictionary_splat':
      return { ...done, kind: 'all', by: '*' };
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
    case 'boolean_operator':
    case 'not_operator':
    case 'assert_statement':
      return { ...done, node, kind: 'test' };
    case 'comparison_operator':
      return { ...done, kind: compared(file, node, parent) };
    case 'augmented_assignment':
      return { ...done, kind: 'operator' };
    case 'argument_list': {
      const callee = parent.parent?.kind === 'call' ? field(parent.parent, 'function') : undefined;
      const to = callee === undefined ? undefined : file.qualifiedName(callee);
      const place = { ...done, node: parent.parent ?? parent };
      if (to !== undefined && TAKES_ALL.test(to)) return { ...place, kind: 'all', by: to };
      return { ...place, kind: 'passed', to };
    }
    case 'binary_operator':
    case 'unary_operator':
      return { ...done, kind: 'operator' };
    case 'expression_statement':
      return { ...done, kind: 'identity' };
    case 'pattern_list':
      return { ...done, kind: 'bind', value: undefined };
    default:
      return { ...done, kind: 'handed' };
  }
}

/** Functions that look at every element of what they are given and keep none of the container's own ways. */
export const TAKES_ALL =
  /^builtins\.(?:list|tuple|set|frozenset|sorted|sum|any|all|min|max|enumerate|zip|map|filter|iter)$|^itertools\.\w+$/;

function compared(file: FileModel, node: PyNode, parent: PyNode): 'contains' | 'identity' | 'operator' {
  const operator = parent.children[1];
  const text = operator === undefined ? '' : file.text(operator);
  if (/^(?:not\s+)?in$/.test(text) && parent.children[2] === node) return 'contains';
  return /^is\b/.test(text) ? 'identity' : 'operator';
}

/** The function whose body the node stands in; undefined for code of a module or class. */
export function functionAround(file: FileModel, node: PyNode): Scope | undefined {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    const scope = file.scopes.ofNode.get(above);
    if (scope?.kind === 'function') return scope;
    if (scope?.kind === 'class' || scope?.kind === 'module') return undefined;
  }
  return undefined;
}
