/** Where the class itself goes: what is made of it with its instances is another matter. */
import type { ClassModel } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { isStored } from '../../src/model/use.ts';
import { descend, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/**
 * `stays`: called, tested for, raised, caught, derived from, annotated with, or read from. `returned`: the class is what the function
 * makes. `escapes`: stored, passed on, changed, or anything that is not known.
 */
export type Destiny = 'stays' | 'returned' | 'escapes';

const STAYS: ReadonlySet<string> = new Set([
  ...['type', 'generic_type', 'union_type', 'type_parameter', 'member_type', 'raise_statement', 'except_clause'],
  ...['except_group_clause', 'class_pattern', 'dotted_name', 'expression_statement'],
]);
/** Functions that only look at a class, by the positions where they do. */
const LOOKS: ReadonlyMap<string, number> = new Map([
  ['builtins.isinstance', 1],
  ['builtins.issubclass', 1],
  ['builtins.super', 0],
  ['typing.cast', 0],
]);

/** What becomes of the class where a name for it stands. */
export function destinyOf(file: FileModel, use: PyNode): Destiny {
  let node = use;
  for (;;) {
    const parent = node.parent;
    if (parent === undefined) return 'stays';
    if (STAYS.has(parent.kind)) return 'stays';
    switch (parent.kind) {
      case 'attribute':
        return isHarmlessRead(file, parent) ? 'stays' : 'escapes';
      case 'call':
        if (node.field === 'function') return 'stays';
        return 'escapes';
      case 'argument_list':
        return argumentStays(file, node, parent) ? 'stays' : 'escapes';
      case 'subscript':
        if (node.field !== 'value') return 'escapes';
        node = parent;
        continue;
      case 'as_pattern':
        return parent.parent?.kind === 'except_clause' || parent.parent?.kind === 'except_group_clause'
          ? 'stays'
          : 'escapes';
      case 'return_statement':
      case 'yield':
        return 'returned';
      case 'parenthesized_expression':
      case 'tuple':
      case 'expression_list':
      case 'conditional_expression':
        node = parent;
        continue;
      default:
        return 'escapes';
    }
  }
}

/** `Cell.width`, `Cell.parse(text)`: what leads from the class to all of it does not count. */
function isHarmlessRead(file: FileModel, attribute: PyNode): boolean {
  const name = field(attribute, 'attribute');
  if (name === undefined) return false;
  // `Cell.show.label = ...` as well: what is set on a function of the class stays there.
  for (let node = attribute; node.kind === 'attribute' && node.parent !== undefined; node = node.parent)
    if (isStored(node)) return false;
  return !/^(?:__\w+__|mro|register)$/.test(file.text(name));
}

function argumentStays(file: FileModel, node: PyNode, list: PyNode): boolean {
  const holder = list.parent;
  if (holder?.kind === 'class_definition') return node.kind !== 'keyword_argument';
  const callee = holder?.kind === 'call' ? field(holder, 'function') : undefined;
  const position = callee === undefined ? undefined : LOOKS.get(file.qualifiedName(callee) ?? '');
  return position !== undefined && list.children[position] === node;
}

/** True if code of the class keeps something on the class: `cls.seen = ...`, `type(self).count += 1`. */
export function storesOnClass({ file, methods }: ClassModel, statement: PyNode): boolean {
  const parameters = methods.flatMap(({ kind, name, first }) =>
    first !== undefined && (kind === 'class' || name === '__new__') ? [first] : [],
  );
  const isClass = (object: PyNode): boolean => {
    const binding = object.kind === 'identifier' ? file.resolve(object) : undefined;
    return meansClass(file, object) || (binding !== undefined && parameters.includes(binding));
  };
  for (const node of descend(statement)) {
    if (node.kind === 'call' && isSetattr(file, node, isClass)) return true;
    if (node.kind !== 'attribute' || !isStored(node)) continue;
    const object = field(node, 'object');
    if (object !== undefined && isClass(object)) return true;
  }
  return false;
}

/** `cls`, `type(x)`, `x.__class__`: some class, as it is written by custom. */
export function meansClass(file: FileModel, expression: PyNode): boolean {
  const text = file.text(expression).replace(/\s/g, '');
  return /^(?:cls|klass)$|^type\([^,]*\)$|\.__class__$/.test(text);
}

function isSetattr(file: FileModel, call: PyNode, isClass: (object: PyNode) => boolean): boolean {
  const callee = field(call, 'function');
  const object = file.argumentsOf(call).positional[0];
  if (callee === undefined || object === undefined) return false;
  return /^builtins\.(?:setattr|delattr)$/.test(file.qualifiedName(callee) ?? '') && isClass(object);
}
