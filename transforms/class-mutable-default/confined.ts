/** Whether a container stays with the code that uses it: read, changed and gone through, but given to nobody who could keep it. */
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { isStored } from '../../src/model/use.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** Functions that go through an argument and keep nothing of it but its elements. */
const CONSUMERS: ReadonlySet<string> = new Set(
  'all any bool bytearray bytes dict frozenset hash id isinstance len list max min print repr set sorted str sum tuple'
    .split(' ')
    .map((name) => `builtins.${name}`),
);
/** Those whose result goes through it when it is gone through itself. */
const LAZY: ReadonlySet<string> = new Set(
  ['enumerate', 'filter', 'iter', 'map', 'reversed', 'zip'].map((name) => `builtins.${name}`),
);
/** Methods that give what looks into the container. */
const VIEWS: ReadonlySet<string> = new Set(['items', 'keys', 'values', 'iteritems', 'iterkeys', 'itervalues']);
/** Expressions and statements that look at a value and let go of it. */
const LOOKS: ReadonlySet<string> = new Set([
  ...['comparison_operator', 'not_operator', 'binary_operator', 'unary_operator', 'augmented_assignment'],
  ...['list_splat', 'dictionary_splat', 'interpolation', 'delete_statement', 'expression_statement'],
  ...['assert_statement', 'print_statement', 'if_statement', 'elif_clause', 'while_statement', 'if_clause'],
]);

/** True if what the expression yields cannot be kept beyond its statement. */
export function isOnlyRead(file: FileModel, expression: PyNode): boolean {
  if (isStored(expression)) return isBoundAfresh(file, expression);
  for (let node = expression; ; ) {
    const { parent } = node;
    if (parent === undefined) return false;
    switch (parent.kind) {
      case 'parenthesized_expression':
      case 'boolean_operator':
        node = parent;
        continue;
      case 'conditional_expression':
        if (parent.children[1] === node) return true;
        node = parent;
        continue;
      case 'subscript':
        return node.field === 'value';
      case 'for_statement':
      case 'for_in_clause':
        return node.field === 'right';
      case 'attribute': {
        const name = field(parent, 'attribute');
        const call = parent.field === 'function' ? parent.parent : undefined;
        if (call?.kind !== 'call' || name === undefined) return false;
        if (!VIEWS.has(file.text(name))) return true;
        node = call;
        continue;
      }
      case 'argument_list': {
        const call = parent.parent;
        if (runsAtOnce(file, node)) return true;
        if (call?.kind !== 'call' || !LAZY.has(calledName(file, call) ?? '')) return false;
        node = call;
        continue;
      }
      default:
        return LOOKS.has(parent.kind);
    }
  }
}

/** True for a target that gets what nobody else has: `self.x = []`, but not `y = self.x = []` or `self.x = y`. */
function isBoundAfresh(file: FileModel, target: PyNode): boolean {
  const { parent } = target;
  if (parent?.kind === 'augmented_assignment') return true;
  if (parent?.kind !== 'assignment' || parent.parent?.kind === 'assignment') return false;
  const value = field(parent, 'right');
  return value === undefined || freshContainer(file, value) !== undefined;
}

/** True for an argument that is gone through before the call returns. */
export function runsAtOnce(file: FileModel, argument: PyNode): boolean {
  const { parent } = argument;
  // A generator expression may be all the argument list there is.
  const call = parent?.kind === 'argument_list' ? parent.parent : parent;
  if (call?.kind !== 'call' || argument.field === 'function') return false;
  const callee = field(call, 'function');
  const name = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  const joins = name !== undefined && file.text(name) === 'join' && object?.kind === 'string';
  return joins || CONSUMERS.has(calledName(file, call) ?? '');
}

function calledName(file: FileModel, call: PyNode): string | undefined {
  const callee = field(call, 'function');
  return callee === undefined ? undefined : file.qualifiedName(callee);
}
