/** Binding and testing an attribute of `self` by its name in a string: through `__dict__`, `vars()` and `setattr`. */
import { field, stringValue, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel } from './file.ts';
import { receiverOf } from './receiver.ts';

/** `setattr(self, 'x', v)`, `object.__setattr__(self, 'x', v)`, `self.__dict__.update(x=v)`. */
export function bindsByCall(file: FileModel, call: PyNode, attribute: string): boolean {
  const callee = field(call, 'function');
  if (callee === undefined) return false;
  const { positional, keywords } = file.argumentsOf(call);
  if (/^builtins\.(?:setattr|object\.__setattr__)$/.test(file.qualifiedName(callee) ?? '')) {
    const [object, name] = positional;
    return object !== undefined && name !== undefined && isSelf(file, object) && names(file, name, attribute);
  }
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  const method = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  if (object === undefined || method === undefined || file.text(method) !== 'update') return false;
  return isNamespace(file, object) && keywords.has(attribute);
}

/** `self.__dict__['x'] = v`, seen from the subscript. */
export function bindsEntry(file: FileModel, node: PyNode, attribute: string): boolean {
  if (node.kind !== 'subscript' || node.field !== 'left' || node.parent?.kind !== 'assignment') return false;
  const value = field(node, 'value');
  const key = field(node, 'subscript');
  return value !== undefined && key !== undefined && isNamespace(file, value) && names(file, key, attribute);
}

/** `'x' not in self.__dict__`, `'x' not in vars(self)`. */
export function testsAbsence(file: FileModel, test: PyNode, attribute: string): boolean {
  const [left, operator, right] = test.children;
  if (left === undefined || right === undefined || operator === undefined) return false;
  const absent = file.text(operator).replace(/\s+/g, ' ') === 'not in';
  return absent && names(file, left, attribute) && isNamespace(file, right);
}

/** `self.__dict__`, `vars(self)`: the instance's attributes as a dictionary. */
function isNamespace(file: FileModel, expression: PyNode): boolean {
  const node = unwrap(expression);
  if (node.kind === 'attribute') {
    const name = field(node, 'attribute');
    const object = field(node, 'object');
    return name !== undefined && object !== undefined && file.text(name) === '__dict__' && isSelf(file, object);
  }
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  const object = file.argumentsOf(node).positional[0];
  return (
    callee !== undefined &&
    object !== undefined &&
    file.qualifiedName(callee) === 'builtins.vars' &&
    isSelf(file, object)
  );
}

function isSelf(file: FileModel, expression: PyNode): boolean {
  const receiver = receiverOf(file, expression);
  return receiver.kind === 'instance' && receiver.method !== undefined;
}

function names(file: FileModel, expression: PyNode, attribute: string): boolean {
  return stringValue(expression, file.source.text) === attribute;
}
