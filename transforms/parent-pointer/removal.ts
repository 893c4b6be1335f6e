/** An object that is taken out of a structure of its own kind may die while one below it is kept. */
import { methodAround } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { calledAgain, type Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { assignedValue, isDeleted } from '../../src/model/use.ts';
import { field, stringValue, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isOfOneKind } from './held-surely.ts';
import type { Group } from './match.ts';

/** The place where one is, or may be, taken out; undefined where owner and child are of different kinds, or nothing is ever taken out. */
export function removal(group: Group): Obstacle | undefined {
  if (!isOfOneKind(group)) return undefined;
  const holds = new Map<string, boolean>();
  for (const { hold, by } of group.pointers.flatMap(({ pairs }) => pairs))
    if (hold !== undefined) holds.set(hold, holds.get(hold) === true || by === 'container');
  for (const file of group.files) {
    for (const [hold, isContainer] of holds) {
      const taken = file
        .attributes(hold)
        .find((node) => isReplaced(file, node) || (isContainer && !keepsAll(file, node)));
      const node = taken ?? file.calls.find((call) => isFetched(file, call, hold));
      if (node !== undefined) return { file, node, detail: takes(file, taken?.parent ?? node) };
    }
    for (const model of relatives(group.holder)) {
      const again = calledAgain(file, model, '__init__');
      // `Base.__init__(self)` in a constructor is no second time.
      if (again !== undefined && methodAround(file, file.scopeAround(again.node))?.name !== '__init__')
        return { ...again, detail: takes(file, again.node) };
    }
  }
  return undefined;
}

function takes(file: FileModel, node: PyNode): string {
  return `\`${file.text(node).slice(0, 40)}\` may take out one that has others below it`;
}

/** What a constructor starts with takes the place of nothing. */
function isReplaced(file: FileModel, node: PyNode): boolean {
  if (isDeleted(node)) return true;
  const assigned = assignedValue(node);
  if (assigned === undefined) return false;
  const isFresh = assigned.value !== undefined && /^(?:none|list|dictionary|set|call)$/.test(assigned.value.kind);
  return !(isFresh && methodAround(file, file.scopeAround(field(node, 'object') ?? node))?.name === '__init__');
}

/** `getattr(node, "children")`, or with a name that only running the program tells. */
function isFetched(file: FileModel, call: PyNode, name: string): boolean {
  const callee = field(call, 'function');
  if (callee === undefined || !/^builtins\.(?:get|set|del)attr$/.test(file.qualifiedName(callee) ?? '')) return false;
  const [, named] = file.argumentsOf(call).positional;
  const text = named === undefined ? undefined : stringValue(named, file.source.text);
  return text === undefined || text === name;
}

const KEEPING_METHODS =
  /^(?:append|appendleft|add|insert|extend|setdefault|index|count|sort|reverse|copy|get|keys|values|items|__len__|__iter__|__contains__)$/;
/** Builtins that look through a container and hand on no more than what lies in it. */
const READERS =
  /^builtins\.(?:len|list|tuple|set|frozenset|dict|sorted|reversed|enumerate|iter|any|all|sum|max|min|zip|map|filter|bool|str|repr|print|isinstance)$/;
/** Where a value is looked at and goes no further. */
const LOOKS =
  /^(?:for_statement|for_in_clause|comparison_operator|not_operator|if_statement|elif_clause|while_statement|if_clause|assert_statement|expression_statement|interpolation|binary_operator|list_splat)$/;

/** True if what is done with a container takes nothing out, and gives it to nobody who might. */
function keepsAll(file: FileModel, container: PyNode): boolean {
  let node = container;
  while (node.parent !== undefined && /^(?:parenthesized_expression|boolean_operator)$/.test(node.parent.kind))
    node = node.parent;
  const { parent } = node;
  if (parent === undefined || node.field === 'left')
    return parent?.kind !== 'augmented_assignment' || isAddition(parent);
  if (parent.kind === 'attribute') {
    const method = field(parent, 'attribute');
    return method !== undefined && KEEPING_METHODS.test(file.text(method));
  }
  if (parent.kind === 'subscript') return node.field === 'value' && isRead(parent);
  if (parent.kind === 'argument_list') {
    const callee = parent.parent === undefined ? undefined : field(parent.parent, 'function');
    return callee !== undefined && READERS.test(file.qualifiedName(callee) ?? '');
  }
  // `if c` of `a if c else b` only asks.
  if (parent.kind === 'conditional_expression') return unwrap(parent.children[1] ?? parent) === unwrap(node);
  return LOOKS.test(parent.kind) || parent.kind === 'augmented_assignment';
}

function isAddition({ children }: PyNode): boolean {
  return children.some(({ kind, field: role }) => role === 'operator' && /^(?:\+=|\|=)$/.test(kind));
}

/** False for what is bound or deleted. */
function isRead(subscript: PyNode): boolean {
  const { parent } = subscript;
  const isTarget = subscript.field === 'left' || /pattern/.test(parent?.kind ?? '');
  return !isTarget && !isDeleted(subscript);
}
