/** The function of the project that a call runs, as far as the code tells. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, classesOf, classOf, type Method } from './class.ts';
import { findMethod, resolutionOrder } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';
import { receiverOf } from './receiver.ts';

export interface Called {
  readonly node: PyNode;
  readonly method: Method | undefined;
  /** Set where a class is called: its constructor runs on a new object. */
  readonly class?: ClassModel;
  /** True where the instance is passed as the first argument: `Base.__init__(self)`. */
  readonly unbound: boolean;
}

/** What calling `callee` runs; undefined where that is not known. A method of an unknown object is the only one of that name in the file. */
export function calledFunction(file: FileModel, callee: PyNode): Called | undefined {
  const made = classOf(file, callee) ?? classOfOwn(file, callee);
  if (made !== undefined) {
    const { method } = findMethod(made, '__init__');
    return method === undefined ? undefined : { node: method.node, method, class: made, unbound: false };
  }
  if (callee.kind === 'identifier') {
    const binding = file.resolve(callee);
    const [site] = binding?.sites ?? [];
    const isFunction = binding?.sites.length === 1 && site?.kind === 'function';
    return isFunction ? { node: site.operation, method: undefined, unbound: false } : undefined;
  }
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  const name = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  if (object === undefined || name === undefined) return undefined;
  const receiver = receiverOf(file, object);
  const text = file.identifier(name);
  if (receiver.kind === 'instance') return asMethod(findMethod(receiver.class, text).method, false);
  if (receiver.kind === 'class' && receiver.through === 'super')
    return asMethod(inherited(receiver.class, text), false);
  if (receiver.kind === 'class' && receiver.through === 'name')
    return asMethod(findMethod(receiver.class, text).method, true);
  return asMethod(onlyMethod(file, text), false);
}

function asMethod(method: Method | undefined, unbound: boolean): Called | undefined {
  return method?.kind === 'instance' ? { node: method.node, method, unbound } : undefined;
}

/** `cls(...)`, `type(self)(...)`, `self.__class__(...)`: the class itself, or a subclass of it. */
export function classOfOwn(file: FileModel, callee: PyNode): ClassModel | undefined {
  const receiver = receiverOf(file, callee);
  return receiver.kind === 'class' && receiver.through !== 'super' ? receiver.class : undefined;
}

function inherited(model: ClassModel, name: string): Method | undefined {
  for (const holder of resolutionOrder(model).classes.slice(1)) {
    const method = holder.methods.filter((one) => one.name === name).at(-1);
    if (method !== undefined) return method;
  }
  return undefined;
}

/** Names of methods that objects of all kinds have: who is called cannot be told from them. */
const COMMON =
  /^(?:append|appendleft|insert|remove|pop|get|set|update|extend|index|count|close|open|read|write|run|start|stop|copy|clear|reset|keys|values|items|format|join|split|send|put|push|__\w+__)$/;

/** The method of that name where one class of the file has it, and nothing else of that name is called. */
function onlyMethod(file: FileModel, name: string): Method | undefined {
  if (COMMON.test(name)) return undefined;
  const methods = classesOf(file).flatMap((model) => model.methods.filter((method) => method.name === name));
  return methods.length === 1 ? methods[0] : undefined;
}
