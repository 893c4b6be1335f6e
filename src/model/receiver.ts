/** What the object before the dot is: an instance of a class of this file, a class, or something that cannot be known. */

import { field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, classesOf, classOf, type Method, methodAround } from './class.ts';
import { isMetaclass } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';
import { type Binding, parametersOf } from './scope.ts';

export type Receiver =
  /** `method` is set when it is that method's own `self`; `declared` is false when the method forgot the parameter. */
  | {
      readonly kind: 'instance';
      readonly class: ClassModel;
      readonly method: Method | undefined;
      readonly declared: boolean;
    }
  | { readonly kind: 'class'; readonly class: ClassModel; readonly through: 'name' | 'cls' | 'type' | 'super' }
  /** Some class, but which one is not known: `type(x)`, the `self` of a metaclass. */
  | { readonly kind: 'some-class' }
  | { readonly kind: 'unknown' };

const UNKNOWN: Receiver = { kind: 'unknown' };
const SOME_CLASS: Receiver = { kind: 'some-class' };

/** Classifies the object an attribute is read from or bound on. */
export function receiverOf(file: FileModel, expression: PyNode): Receiver {
  const node = unwrap(expression);
  const known = receivers.get(node);
  if (known !== undefined) return known;
  const receiver = classify(file, node);
  receivers.set(node, receiver);
  return receiver;
}

/** Asked again and again for every attribute of a class. */
const receivers = new WeakMap<PyNode, Receiver>();

function classify(file: FileModel, node: PyNode): Receiver {
  switch (node.kind) {
    case 'identifier':
      return receiverOfName(file, node);
    case 'attribute': {
      const name = field(node, 'attribute');
      const object = field(node, 'object');
      if (object !== undefined && name !== undefined && file.text(name) === '__class__')
        return classOfInstance(file, object);
      const named = classOf(file, node);
      if (named !== undefined) return { kind: 'class', class: named, through: 'name' };
      // `self.Inner` is a class, whichever it is.
      const inner =
        name !== undefined &&
        classesOf(file).some((model) => model.scope.parent?.kind === 'class' && model.name === file.text(name));
      return inner ? SOME_CLASS : UNKNOWN;
    }
    case 'call':
      return receiverOfCall(file, node);
    default:
      return UNKNOWN;
  }
}

function receiverOfCall(file: FileModel, call: PyNode): Receiver {
  const callee = field(call, 'function');
  if (callee === undefined) return UNKNOWN;
  const name = file.qualifiedName(callee);
  if (name === 'builtins.type') {
    const { positional } = file.argumentsOf(call);
    const only = positional.length === 1 ? positional[0] : undefined;
    return only === undefined ? UNKNOWN : classOfInstance(file, only);
  }
  if (name === 'builtins.super') {
    const method = methodAround(file, file.scopeOf(callee));
    return method === undefined ? SOME_CLASS : { kind: 'class', class: method.class, through: 'super' };
  }
  const called = classOf(file, callee);
  return called === undefined ? UNKNOWN : { kind: 'instance', class: called, method: undefined, declared: true };
}

function classOfInstance(file: FileModel, object: PyNode): Receiver {
  const receiver = receiverOf(file, object);
  return receiver.kind === 'instance' ? { kind: 'class', class: receiver.class, through: 'type' } : SOME_CLASS;
}

function receiverOfName(file: FileModel, node: PyNode): Receiver {
  const text = file.text(node);
  const binding = file.resolve(node);
  const method = methodAround(file, file.scopeOf(node));
  if (binding === undefined) {
    if (text === '__class__' && method !== undefined) return { kind: 'class', class: method.class, through: 'name' };
    const starred = classOf(file, node);
    if (starred !== undefined) return { kind: 'class', class: starred, through: 'name' };
    // Articles and half-finished code forget the parameter: what is meant is plain all the same.
    if (text !== 'self' || method === undefined) return UNKNOWN;
    return { kind: 'instance', class: method.class, method, declared: false };
  }
  const named = classOf(file, node);
  if (named !== undefined) return { kind: 'class', class: named, through: 'name' };
  const owner = methodOfFirstParameter(file, binding);
  if (owner !== undefined) return receiverOfFirstParameter(owner, binding);
  if (isOwnerParameter(file, binding)) return SOME_CLASS;
  const site = binding.sites.length === 1 ? binding.sites[0] : undefined;
  // `this = self`: another name for the same instance.
  if (site?.kind === 'assignment' && site.value?.kind === 'identifier' && site.value.start < node.start) {
    const same = receiverOf(file, site.value);
    if (same.kind === 'instance') return same;
  }
  const inferred = inferredClass(file, binding);
  return inferred === undefined ? UNKNOWN : { kind: 'instance', class: inferred, method: undefined, declared: true };
}

/** The parameter of `__get__` and `__set_name__` that receives a class (language reference 3.3.2.2). */
function isOwnerParameter(file: FileModel, binding: Binding): boolean {
  const parameter = binding.sites[0];
  const method = parameter?.kind === 'parameter' ? methodAround(file, binding.scope) : undefined;
  if (method?.scope !== binding.scope) return false;
  const index = parametersOf(method.node).indexOf(parameter?.operation ?? method.node);
  return (method.name === '__get__' && index === 2) || (method.name === '__set_name__' && index === 1);
}

/** The method whose first parameter the binding is. */
export function methodOfFirstParameter(file: FileModel, binding: Binding): Method | undefined {
  if (binding.scope.kind !== 'function' || binding.sites[0]?.kind !== 'parameter') return undefined;
  const method = methodAround(file, binding.scope);
  return method?.scope === binding.scope && method.first === binding ? method : undefined;
}

function receiverOfFirstParameter(method: Method, binding: Binding): Receiver {
  if (method.kind === 'static' && method.name !== '__new__') return UNKNOWN;
  // Bound anew in the method: it may be anything.
  if (binding.sites.length > 1) return method.kind === 'instance' && !isMetaclass(method.class) ? UNKNOWN : SOME_CLASS;
  if (method.kind === 'class' || method.name === '__new__')
    return { kind: 'class', class: method.class, through: 'cls' };
  if (isMetaclass(method.class)) return SOME_CLASS;
  return { kind: 'instance', class: method.class, method, declared: true };
}

/** The class a name's value is an instance of: every binding is a call of that class, or its annotation says so. */
function inferredClass(file: FileModel, binding: Binding): ClassModel | undefined {
  let found: ClassModel | undefined;
  for (const site of binding.sites) {
    let model: ClassModel | undefined;
    if (site.kind === 'assignment' || site.kind === 'walrus') {
      const value = site.value === undefined ? undefined : unwrap(site.value);
      const callee = value?.kind === 'call' ? field(value, 'function') : undefined;
      model = callee === undefined ? undefined : classOf(file, callee);
    } else if (site.kind === 'parameter') {
      const type = field(site.operation, 'type')?.children[0];
      model = type === undefined ? undefined : classOf(file, type);
    } else if (site.kind === 'delete') {
      continue;
    }
    if (model === undefined || (found !== undefined && found !== model)) return undefined;
    found = model;
  }
  return found;
}
