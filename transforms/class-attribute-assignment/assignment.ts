/** What methods of an instance put on the class: `self.__class__.x = v`, `type(self).x = v`, `C.x = v`, `setattr(type(self), "x", v)`. */

import { type ClassModel, classesOf, type Method, methodAround } from '../../src/model/class.ts';
import { isMetaclass, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { ALONE, type FileModel, type Spot } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { assignedValue } from '../../src/model/use.ts';
import { field, stringValue, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { assignsOnClass } from './sift.ts';

/** An expression in a method of an instance that means the instance's class, or one that it inherits from. */
export type OwnClass =
  /** `self.__class__`, `type(self)`: the class of the instance itself. `instance` is the expression in it. */
  | { readonly through: 'type'; readonly method: Method; readonly instance: PyNode }
  /** `C`. Undefined where the file alone does not tell, of a base that another file defines. */
  | { readonly through: 'name'; readonly method: Method; readonly class: ClassModel | undefined };

export interface Assignment {
  readonly file: FileModel;
  readonly name: string;
  /** The `C.x` expression, or the call of `setattr`. */
  readonly node: PyNode;
  /** What stands where the class goes. */
  readonly holder: PyNode;
  readonly on: OwnClass;
  /** Undefined where it cannot be told: `self.__class__.a, self.__class__.b = pair`. */
  readonly value: PyNode | undefined;
}

/** Every one of the file, in the order of the text. */
export function assignmentsIn(file: FileModel): readonly Assignment[] {
  const found: Assignment[] = [];
  for (const node of file.nodesWhere(assignsOnClass(file.source.text))) {
    const assignment = node.kind === 'attribute' ? byTarget(file, node) : byCall(file, node);
    if (assignment !== undefined) found.push(assignment);
  }
  return found;
}

function byTarget(file: FileModel, node: PyNode): Assignment | undefined {
  const target = assignedValue(node);
  const holder = field(node, 'object');
  const name = field(node, 'attribute');
  if (target === undefined || holder === undefined || name === undefined) return undefined;
  const on = ownClass(file, holder);
  return on === undefined ? undefined : { file, name: file.text(name), node, holder, on, value: target.value };
}

function byCall(file: FileModel, node: PyNode): Assignment | undefined {
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  if (callee === undefined || file.qualifiedName(callee) !== 'builtins.setattr') return undefined;
  const [holder, named, value] = file.argumentsOf(node).positional;
  const name = named === undefined ? undefined : stringValue(named, file.source.text);
  const on = holder === undefined ? undefined : ownClass(file, holder);
  if (holder === undefined || name === undefined || on === undefined) return undefined;
  return { file, name, node, holder, on, value };
}

/** What the expression means where a method of an instance evaluates it. */
export function ownClass(file: FileModel, expression: PyNode): OwnClass | undefined {
  const instance = instanceIn(file, unwrap(expression));
  if (instance !== undefined) {
    const receiver = receiverOf(file, instance);
    if (receiver.kind !== 'instance' || receiver.method === undefined || !isOfInstances(receiver.method))
      return undefined;
    return { through: 'type', method: receiver.method, instance };
  }
  const method = methodAround(file, file.scopeAround(expression));
  if (method === undefined || !isOfInstances(method)) return undefined;
  const receiver = receiverOf(file, expression);
  if (receiver.kind === 'class' && receiver.through === 'name') {
    const inherited = isNamedInStatements(file, expression) && inMro(method.class, receiver.class);
    return inherited ? { through: 'name', method, class: receiver.class } : undefined;
  }
  // What another file defines is known only once there is a project.
  const base = file.surroundings === ALONE && method.class.bases.some(({ node }) => sameText(file, node, expression));
  return base ? { through: 'name', method, class: undefined } : undefined;
}

/** `X` of `X.__class__` and `type(X)`. */
function instanceIn(file: FileModel, node: PyNode): PyNode | undefined {
  if (node.kind === 'attribute') {
    const name = field(node, 'attribute');
    return name !== undefined && file.text(name) === '__class__' ? field(node, 'object') : undefined;
  }
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  if (callee?.kind !== 'identifier' || file.qualifiedName(callee) !== 'builtins.type') return undefined;
  const { positional } = file.argumentsOf(node);
  return positional.length === 1 ? positional[0] : undefined;
}

function inMro(model: ClassModel, other: ClassModel): boolean {
  return resolutionOrder(model).classes.includes(other);
}

/** True if the last part of the name is that of a class statement of the file, or of a base there; or it is the cell `__class__`. */
function isNamedInStatements(file: FileModel, expression: PyNode): boolean {
  const node = unwrap(expression);
  const last = node.kind === 'attribute' ? field(node, 'attribute') : node;
  const name = last === undefined ? '' : file.text(last);
  if (name === '__class__') return true;
  return classesOf(file).some((model) => model.name === name || model.bases.some((base) => base.simpleName === name));
}

function sameText(file: FileModel, a: PyNode, b: PyNode): boolean {
  return file.text(a) === file.text(b);
}

/** The method of an instance in which something stands; undefined elsewhere. */
export function methodOfInstance({ file, node }: Spot): Method | undefined {
  const method = methodAround(file, file.scopeAround(node));
  return method !== undefined && isOfInstances(method) ? method : undefined;
}

/** Called by tools with the class, or before there are instances. */
const OF_THE_CLASS: ReadonlySet<string> = new Set([
  ...['__new__', '__init_subclass__', '__class_getitem__', '__set_name__', '__prepare__'],
  ...['setUpClass', 'tearDownClass', 'setup_class', 'teardown_class', 'setUpTestData', 'setUpModule'],
]);

/** True for a method that runs for one instance; false for what is about the class, whatever its decorator or first parameter says so. */
export function isOfInstances(method: Method): boolean {
  if (method.kind !== 'instance' || OF_THE_CLASS.has(method.name) || isMetaclass(method.class)) return false;
  if (/^(?:cls|klass|mcs|mcls|metacls|class_)$/.test(method.first?.name ?? '')) return false;
  return !method.decorators.some((decorator) => /class/i.test(method.class.file.text(decorator)));
}
