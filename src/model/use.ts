/**
 * What happens to an object at the place an expression yields it: read, changed, bound to a name, handed on.
 *
 * The question is asked of an expression that evaluates to a container (or, with a depth, to something inside it) and is
 * answered by climbing from there through the expressions around it.
 */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type Container, isElementAccess, isMutatingFunction, isMutator, isView } from './container.ts';
import type { FileModel } from './file.ts';

export type Use =
  | { readonly kind: 'read'; readonly node: PyNode }
  /** The object is changed in place; `how` is the method or operation, for a person. */
  | { readonly kind: 'change'; readonly node: PyNode; readonly how: string; readonly depth: number }
  /** The name or attribute that yields the object is bound anew, to `value` where that is known. */
  | { readonly kind: 'bind'; readonly node: PyNode; readonly value: PyNode | undefined }
  | { readonly kind: 'delete'; readonly node: PyNode }
  /** A local name now means the object too. */
  | { readonly kind: 'alias'; readonly node: PyNode; readonly name: PyNode; readonly depth: number }
  /** Returned or yielded by the function around it. */
  | { readonly kind: 'return'; readonly node: PyNode; readonly depth: number }
  /** Passed to a call, at a position or under a keyword. */
  | {
      readonly kind: 'argument';
      readonly node: PyNode;
      readonly call: PyNode;
      readonly position: number | string;
      readonly depth: number;
    };

/** What happens to the object that `expression` yields. `depth` 0 is the container, more is something inside it. */
export function usesOfValue(file: FileModel, expression: PyNode, container: Container, depth = 0): readonly Use[] {
  const uses: Use[] = [];
  climb(file, expression, container, depth, uses);
  return uses;
}

function climb(file: FileModel, start: PyNode, container: Container, startDepth: number, uses: Use[]): void {
  let node = start;
  let depth = startDepth;
  for (;;) {
    const parent = node.parent;
    if (parent === undefined) return;
    switch (parent.kind) {
      case 'parenthesized_expression':
        node = parent;
        continue;
      case 'attribute': {
        const method = methodCall(file, parent);
        if (method === undefined) return;
        if (isMutator(method.name, container, depth)) {
          uses.push({ kind: 'change', node: method.call ?? parent, how: `.${method.name}()`, depth });
          if (!isElementAccess(method.name)) return;
        }
        if (method.call !== undefined && depth === 0 && isView(method.name)) {
          node = method.call;
          continue;
        }
        if (method.call === undefined || !isElementAccess(method.name)) {
          uses.push({ kind: 'read', node: parent });
          return;
        }
        node = method.call;
        depth += 1;
        continue;
      }
      case 'subscript': {
        if (node.field !== 'value') return void uses.push({ kind: 'read', node });
        if (isStored(parent)) {
          if (depth === 0 || container.nested)
            uses.push({ kind: 'change', node: parent, how: storedHow(parent), depth });
          return;
        }
        // A slice is a new container with the same elements.
        if (field(parent, 'subscript')?.kind === 'slice') {
          uses.push({ kind: 'read', node: parent });
          return;
        }
        // Looking up a missing key inserts it (library reference, collections.defaultdict).
        if (depth === 0 && container.type === 'defaultdict')
          uses.push({ kind: 'change', node: parent, how: '[...]', depth });
        node = parent;
        depth += 1;
        continue;
      }
      case 'named_expression': {
        const name = field(parent, 'name');
        if (node.field === 'value' && name !== undefined) uses.push({ kind: 'alias', node: parent, name, depth });
        node = parent;
        continue;
      }
      case 'conditional_expression':
        if (parent.children[1] === node) return void uses.push({ kind: 'read', node });
        node = parent;
        continue;
      case 'boolean_operator':
        node = parent;
        continue;
      case 'augmented_assignment':
        if (node.field === 'left') {
          // `mask = self.masks[k]; mask |= 1` binds the name anew where the element is a number or a string, as it mostly is.
          if (depth === 0 || (container.nested && node.kind !== 'identifier'))
            uses.push({ kind: 'change', node: parent, how: augmentedHow(file, parent), depth });
        } else uses.push({ kind: 'read', node });
        return;
      case 'assignment':
        // `self.x: list` declares and binds nothing.
        if (field(parent, 'right') === undefined) return;
        if (node.field === 'left') uses.push({ kind: 'bind', node: parent, value: lastValue(parent) });
        // Every attribute set from here on is an entry of it.
        else if (depth === 0 && isNamespace(file, field(parent, 'left')))
          uses.push({ kind: 'change', node: parent, how: '__dict__', depth });
        else for (const name of aliasTargets(parent)) uses.push({ kind: 'alias', node: parent, name, depth });
        if (node.field !== 'left') uses.push({ kind: 'read', node });
        return;
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'as_pattern_target':
        return void uses.push({ kind: 'bind', node, value: pairedValue(node) });
      case 'for_statement':
      case 'for_in_clause':
        if (node.field === 'left') uses.push({ kind: 'bind', node, value: undefined });
        else elements(parent, container, depth, uses);
        return;
      case 'delete_statement':
        return void uses.push({ kind: 'delete', node });
      case 'expression_list':
        if (parent.parent?.kind === 'delete_statement') uses.push({ kind: 'delete', node });
        else aliasInUnpacking(node, parent, depth, uses);
        return;
      case 'tuple':
      case 'list':
        aliasInUnpacking(node, parent, depth, uses);
        return;
      case 'return_statement':
      case 'yield':
        return void uses.push({ kind: 'return', node, depth });
      case 'argument_list':
      case 'keyword_argument':
        argument(file, node, parent, container, depth, uses);
        return;
      default:
        return void uses.push({ kind: 'read', node });
    }
  }
}

/** `<object>.__dict__`, as a target. */
function isNamespace(file: FileModel, target: PyNode | undefined): boolean {
  const name = target?.kind === 'attribute' ? field(target, 'attribute') : undefined;
  return name !== undefined && file.text(name) === '__dict__';
}

/** `for element in self.x`: the loop's name means something inside the container; of `items()` the second name does. */
function elements(loop: PyNode, container: Container, depth: number, uses: Use[]): void {
  const left = field(loop, 'left');
  const right = field(loop, 'right');
  if (right !== undefined) uses.push({ kind: 'read', node: right });
  if (!container.nested || left === undefined) return;
  const name = left.kind === 'pattern_list' ? left.children[1] : left;
  if (name?.kind === 'identifier') uses.push({ kind: 'alias', node: loop, name, depth: depth + 1 });
}

/** The method named by an attribute expression and its call, if it is called there. */
function methodCall(file: FileModel, attribute: PyNode): { name: string; call: PyNode | undefined } | undefined {
  const name = field(attribute, 'attribute');
  if (name === undefined) return undefined;
  const parent = attribute.parent;
  const called = parent?.kind === 'call' && attribute.field === 'function';
  return { name: file.text(name), call: called ? parent : undefined };
}

function argument(
  file: FileModel,
  node: PyNode,
  parent: PyNode,
  container: Container,
  depth: number,
  uses: Use[],
): void {
  const list = parent.kind === 'keyword_argument' ? parent.parent : parent;
  const call = list?.parent;
  if (list === undefined || call?.kind !== 'call') return void uses.push({ kind: 'read', node });
  const keyword = parent.kind === 'keyword_argument' ? field(parent, 'name') : undefined;
  const before = list.children.slice(0, list.children.indexOf(keyword === undefined ? node : parent));
  const position = keyword === undefined ? before.length : file.text(keyword);
  const callee = field(call, 'function');
  const name = callee === undefined ? undefined : file.qualifiedName(callee);
  if (typeof position === 'number' && name !== undefined && isMutatingFunction(name, position, container)) {
    return void uses.push({ kind: 'change', node: call, how: `${name}()`, depth });
  }
  uses.push({ kind: 'argument', node, call, position, depth });
}

/** True if the expression is where something is stored or deleted, not read. */
export function isStored(expression: PyNode): boolean {
  let node = expression;
  let parent = node.parent;
  while (parent !== undefined) {
    switch (parent.kind) {
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'list_splat_pattern':
      case 'parenthesized_expression':
        node = parent;
        parent = node.parent;
        continue;
      case 'expression_list':
      case 'tuple':
        return parent.parent?.kind === 'delete_statement' || parent.parent?.kind === 'as_pattern_target';
      case 'assignment':
      case 'augmented_assignment':
      case 'for_statement':
      case 'for_in_clause':
        return node.field === 'left';
      case 'as_pattern_target':
      case 'delete_statement':
        return true;
      default:
        return false;
    }
  }
  return false;
}

function storedHow(subscript: PyNode): string {
  const parent = subscript.parent;
  if (parent?.kind === 'delete_statement' || parent?.parent?.kind === 'delete_statement') return 'del [...]';
  return parent?.kind === 'augmented_assignment' ? '[...] augmented' : '[...] =';
}

function augmentedHow(file: FileModel, node: PyNode): string {
  const operator = field(node, 'operator');
  return operator === undefined ? 'augmented' : file.text(operator);
}

/** The value of `a = b = value`. */
function lastValue(assignment: PyNode): PyNode | undefined {
  let value = field(assignment, 'right');
  while (value?.kind === 'assignment') value = field(value, 'right');
  return value;
}

/** The plain names among the targets of `a = b = <right>`, seen from the right-hand side. */
function aliasTargets(assignment: PyNode): readonly PyNode[] {
  const names: PyNode[] = [];
  let current: PyNode | undefined = assignment;
  while (current?.kind === 'assignment') {
    const left = field(current, 'left');
    if (left?.kind === 'identifier') names.push(left);
    current = current.parent;
  }
  return names;
}

/** `a, b = self.x, self.y`: the name at the same place of the target. */
function aliasInUnpacking(node: PyNode, display: PyNode, depth: number, uses: Use[]): void {
  const assignment = display.parent;
  if (assignment?.kind === 'return_statement') return void uses.push({ kind: 'return', node, depth });
  const left = assignment?.kind === 'assignment' && display.field === 'right' ? field(assignment, 'left') : undefined;
  const name =
    left?.children.length === display.children.length ? left.children[display.children.indexOf(node)] : undefined;
  if (name?.kind === 'identifier' && assignment !== undefined)
    uses.push({ kind: 'alias', node: assignment, name, depth });
  else uses.push({ kind: 'read', node });
}

/** `a, self.x = 1, []`: the value at the same place. */
function pairedValue(target: PyNode): PyNode | undefined {
  const list = target.parent;
  const assignment = list?.parent;
  const right = assignment?.kind === 'assignment' ? field(assignment, 'right') : undefined;
  if (list === undefined || right === undefined || right.children.length !== list.children.length) return undefined;
  if (right.kind !== 'expression_list' && right.kind !== 'tuple' && right.kind !== 'list') return undefined;
  return right.children[list.children.indexOf(target)];
}

const DELETED_TOGETHER: ReadonlySet<string> = new Set(['expression_list', 'tuple', 'parenthesized_expression']);

/** True if the expression is what a `del` statement deletes. */
export function isDeleted(expression: PyNode): boolean {
  let outer = expression.parent;
  while (outer !== undefined && DELETED_TOGETHER.has(outer.kind)) outer = outer.parent;
  return outer?.kind === 'delete_statement';
}

const PATTERNS: ReadonlySet<string> = new Set(['pattern_list', 'tuple_pattern', 'list_pattern']);
const SEQUENCES: ReadonlySet<string> = new Set(['expression_list', 'tuple', 'list']);

/** What an assignment statement gives the expression, as far as that can be told; undefined where it is no target of one. */
export function assignedValue(target: PyNode): { readonly value: PyNode | undefined } | undefined {
  let outer = target;
  while (outer.parent !== undefined && PATTERNS.has(outer.parent.kind)) outer = outer.parent;
  const assignment = outer.parent;
  // `self.x: list` declares and binds nothing.
  if (assignment?.kind !== 'assignment' || outer.field !== 'left' || field(assignment, 'right') === undefined)
    return undefined;
  const value = lastValue(assignment);
  // `(self.x) = []`
  const grouped = outer === target.parent && outer.kind === 'tuple_pattern' && outer.children.length === 1;
  if (outer === target || (grouped && value !== undefined && !SEQUENCES.has(value.kind))) return { value };
  return { value: outer === target.parent ? pairedValue(target) : undefined };
}
