/** Methods that give back numbers and texts only: from those no way leads to an object. */
import { classesOf, isGenerator, type Method } from '../../src/model/class.ts';
import { findMethod } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { nodesIn } from '../../src/model/written-value.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

const FLAT_BUILTINS =
  /^builtins\.(?:len|str|repr|int|float|bool|isinstance|hasattr|id|hash|any|all|format|round|abs|sum)$/;
const FLAT_KINDS = /^(?:string|concatenated_string|integer|float|true|false|none|comparison_operator|not_operator)$/;

/** True if calling the method that `callee` names gives a number or a text, going by every class of the file that has it. */
export function givesFlat(file: FileModel, callee: PyNode): boolean {
  return (
    methodsNamed(file, callee).some(() => true) &&
    methodsNamed(file, callee).every((method) => isFlatMethod(method, new Set()))
  );
}

function methodsNamed(file: FileModel, callee: PyNode): readonly Method[] {
  const name = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (name === undefined || object === undefined) return [];
  const receiver = receiverOf(file, object);
  const text = file.identifier(name);
  if (receiver.kind === 'instance') {
    const { method } = findMethod(receiver.class, text);
    return method === undefined ? [] : [method];
  }
  return classesOf(file).flatMap((model) => model.methods.filter((method) => method.name === text));
}

function isFlatMethod(method: Method, active: Set<Method>): boolean {
  if (active.has(method)) return true;
  if (isGenerator(method) || method.decorators.length > 0) return false;
  active.add(method);
  const { file } = method.class;
  const returned = [...nodesIn(method.node)].filter(({ kind }) => kind === 'return_statement');
  return returned.every(({ children: [value] }) => value === undefined || isFlat(file, value, active));
}

function isFlat(file: FileModel, expression: PyNode, active: Set<Method>): boolean {
  const node = unwrap(expression);
  if (FLAT_KINDS.test(node.kind)) return true;
  if (node.kind === 'binary_operator') {
    const sides = node.children.filter((child) => child.field !== 'operator');
    // A text with anything is a text, or an error.
    return (
      sides.some(({ kind }) => kind === 'string' || kind === 'concatenated_string') ||
      sides.every((side) => isFlat(file, side, active))
    );
  }
  if (node.kind === 'conditional_expression')
    return [node.children[0], node.children[2]].every((side) => side !== undefined && isFlat(file, side, active));
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  if (callee === undefined) return false;
  if (FLAT_BUILTINS.test(file.qualifiedName(callee) ?? '')) return true;
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (object !== undefined && /^(?:string|concatenated_string)$/.test(unwrap(object).kind)) return true;
  const methods = methodsNamed(file, callee);
  return methods.length > 0 && methods.every((method) => isFlatMethod(method, active));
}
