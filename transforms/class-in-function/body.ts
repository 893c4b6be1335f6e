/** What running the class body does besides making the class. */

import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { field, isStringStatement } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { evaluatedEarly, isInAnnotation } from './early.ts';
import { isPlainClassDecorator, isPlainMethodDecorator, isPureCall } from './known.ts';
import type { LocalClass } from './match.ts';

/** Statements that a declaration consists of. `if` is looked into. */
const DECLARES: ReadonlySet<string> = new Set([
  ...['assignment', 'pass_statement', 'function_definition', 'class_definition', 'decorated_definition'],
  ...['if_statement', 'type_alias_statement', 'ellipsis', 'identifier'],
]);

/** The first thing in the statement that does more than declare: then building the class may be what the function is for. */
export function effectOf(file: FileModel, { statement, model }: LocalClass): PyNode | undefined {
  for (const node of evaluatedEarly(statement)) {
    if (node.kind === 'decorator') {
      if (!isKnownDecorator(file, node)) return node;
    } else if (node.kind === 'call') {
      if (node.parent?.kind !== 'decorator' && !isPureCall(file, node) && freshContainer(file, node) === undefined)
        return node;
    } else if (node.kind === 'await' || node.kind === 'yield') return node;
    else if (node.parent?.kind === 'block' && !isDeclaration(node) && isBlockOfClass(node.parent, model.node))
      return node;
  }
  return undefined;
}

function isKnownDecorator(file: FileModel, decorator: PyNode): boolean {
  const [expression] = decorator.children;
  const holder = decorator.parent === undefined ? undefined : field(decorator.parent, 'definition');
  if (expression === undefined) return false;
  return holder?.kind === 'class_definition'
    ? isPlainClassDecorator(file, expression)
    : isPlainMethodDecorator(file, expression);
}

function isDeclaration(statement: PyNode): boolean {
  if (isStringStatement(statement)) return true;
  const inner = statement.kind === 'expression_statement' ? statement.children[0] : statement;
  return inner !== undefined && DECLARES.has(inner.kind);
}

/** True for the block of the class, of a class in it, and of `if` in those. */
function isBlockOfClass(block: PyNode, outermost: PyNode): boolean {
  for (let node = block.parent; node !== undefined; node = node.parent) {
    if (node.kind === 'function_definition') return false;
    if (node === outermost) return true;
  }
  return false;
}

/** Attributes that the machinery of the class reads once. */
const READ_ONCE = /^(?:__\w+__|_fields_|_anonymous_|_pack_)$/;
const DISPLAYS: ReadonlySet<string> = new Set([
  ...[
    'list',
    'dictionary',
    'set',
    'list_comprehension',
    'set_comprehension',
    'dictionary_comprehension',
    'generator_expression',
  ],
]);

/** The containers that each call builds anew with the class, and that every call would share once it moved. */
export function containersIn(file: FileModel, { statement }: LocalClass): readonly PyNode[] {
  return [...evaluatedEarly(statement)].filter((node) => {
    const isContainer = DISPLAYS.has(node.kind) || (node.kind === 'call' && freshContainer(file, node) !== undefined);
    if (!isContainer || isInAnnotation(node, statement)) return false;
    // What a call takes apart, and a list of types: `tuple([1, 2])`, `Callable[[int], str]`.
    if (
      /^(?:call|argument_list|subscript|list|tuple|dictionary|pair|set)$/.test(node.parent?.kind ?? '') &&
      !isTopOfValue(node)
    )
      return false;
    return !READ_ONCE.test(targetOf(file, node));
  });
}

function isTopOfValue(node: PyNode): boolean {
  return node.parent?.kind === 'tuple';
}

/** The name that the class body binds to the value. */
export function targetOf(file: FileModel, value: PyNode): string {
  const assignment = value.parent?.kind === 'assignment' ? value.parent : value.parent?.parent;
  const left = assignment?.kind === 'assignment' ? field(assignment, 'left') : undefined;
  return left === undefined ? '' : file.text(left);
}
