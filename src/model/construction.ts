/** How instances come to be: which `__init__` really runs, what runs before it, and who makes instances without it. */
import { descend, field, statements } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { bindsInBody, type ClassModel, isKnownBase, type Method } from './class.ts';
import { relatives, resolutionOrder } from './class-hierarchy.ts';
import { constructorOf } from './class-kind.ts';
import type { FileModel } from './file.ts';
import { receiverOf } from './receiver.ts';

/** A place and what was found there. */
export interface Obstacle {
  readonly node: PyNode;
  /** For a person. */
  readonly detail: string;
}

const PLAIN_METACLASS = /^(?:abc\.ABCMeta|builtins\.type)$/;

/** The base, metaclass or unpacked base list of the class or an ancestor that keeps its behaviour from being known. */
export function unknownAncestor(model: ClassModel): PyNode | undefined {
  const order = resolutionOrder(model);
  for (const holder of order.classes) {
    const base = holder.bases.find((candidate) => !isKnownBase(candidate));
    if (base !== undefined) return base.node;
    const metaclass = holder.keywords.get('metaclass');
    if (metaclass !== undefined && !PLAIN_METACLASS.test(holder.file.qualifiedName(metaclass) ?? '')) return metaclass;
    if (holder.spread) return holder.node;
    // Python 2 names the metaclass in the body.
    const site = holder.scope.bindings.get('__metaclass__')?.sites[0];
    if (site !== undefined) return site.node;
  }
  return order.complete ? undefined : model.node;
}

/**
 * Whether constructing `heir` runs method `name` of its ancestor `model` before `attribute` can be used: the first method on the
 * way that does not pass the call on in time, or undefined when all do.
 */
export function brokenChain(
  heir: ClassModel,
  model: ClassModel,
  attribute: string,
  name: string,
): Obstacle | undefined {
  const order = resolutionOrder(heir).classes;
  for (const holder of order.slice(0, order.indexOf(model))) {
    for (const hook of new Set([name, '__init__'])) {
      if (!bindsInBody(holder, hook)) continue;
      const method = holder.methods.filter((candidate) => candidate.name === hook).at(-1);
      const owner = `\`${holder.name}.${hook}\``;
      if (method === undefined || !method.certain)
        return { node: holder.node, detail: `${owner} is not a plain method` };
      const body = statements(field(method.node, 'body'));
      const passedOn = body.findIndex((statement) => passesOn(holder, model, statement, hook));
      if (passedOn < 0)
        return { node: method.node, detail: `${owner} does not call \`super().${hook}()\` on every path` };
      const early = body.slice(0, passedOn).find((statement) => mayUse(method, statement, attribute));
      if (early !== undefined)
        return { node: early, detail: `${owner} may use it before it calls \`super().${hook}()\`` };
    }
  }
  return undefined;
}

/** `super().__init__(...)` or `Model.__init__(self, ...)` as a statement of its own. */
function passesOn(holder: ClassModel, model: ClassModel, statement: PyNode, name: string): boolean {
  const only = statement.kind === 'expression_statement' ? statement.children[0] : undefined;
  const call = only?.kind === 'assignment' ? field(only, 'right') : only;
  const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  const method = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  if (object === undefined || method === undefined || holder.file.text(method) !== name) return false;
  const receiver = receiverOf(holder.file, object);
  if (receiver.kind !== 'class') return false;
  return receiver.through === 'super' || resolutionOrder(receiver.class).classes.includes(model);
}

/** True if the statement uses the attribute of the instance, or anything of it that may. */
function mayUse(method: Method, statement: PyNode, attribute: string): boolean {
  const { file } = method.class;
  for (const node of descend(statement)) {
    if (node.kind === 'identifier' && file.text(node) === 'super' && file.resolve(node) === undefined) return true;
    if (node.kind !== 'identifier' || method.first === undefined || file.resolve(node) !== method.first) continue;
    const parent = node.parent;
    const name = parent?.kind === 'attribute' ? field(parent, 'attribute') : undefined;
    if (name === undefined || parent?.field === 'function' || file.text(name) === attribute) return true;
  }
  return false;
}

const COPY_HOOKS: ReadonlySet<string> = new Set(
  ['copy', 'deepcopy', 'getnewargs', 'getnewargs_ex', 'getstate', 'reduce', 'reduce_ex', 'replace', 'setstate'].map(
    (name) => `__${name}__`,
  ),
);

/** Where instances of the class or a relative of it are made, or become such, without a call of the class. */
export function madeWithoutCall(model: ClassModel): Obstacle | undefined {
  const { file } = model;
  const family = relatives(model);
  for (const member of family) {
    const hook = member.methods.find((method) => method.name === '__new__' || COPY_HOOKS.has(method.name));
    if (hook !== undefined)
      return { node: hook.node, detail: `\`${member.name}.${hook.name}\` makes instances in its own way` };
  }
  for (const call of file.calls) {
    const made = copiedOrNew(file, call);
    if (made !== undefined && family.has(made)) {
      return { node: call, detail: `\`${file.text(call)}\` makes an instance without calling the class` };
    }
  }
  for (const node of file.attributes('__class__')) {
    if (node.field === 'left' && node.parent?.kind === 'assignment') {
      return { node, detail: 'an instance is given another class here, and no `__init__` runs' };
    }
  }
  return undefined;
}

/** `C.__new__(C)`, `object.__new__(C)`; `copy.copy(instance)`, `copy.deepcopy(instance)`, `copy.replace(instance)`. */
function copiedOrNew(file: FileModel, call: PyNode): ClassModel | undefined {
  const callee = field(call, 'function');
  const first = file.argumentsOf(call).positional[0];
  if (callee === undefined || first === undefined) return undefined;
  const receiver = receiverOf(file, first);
  if (callee.kind === 'attribute' && file.text(callee).endsWith('.__new__')) {
    return receiver.kind === 'class' ? receiver.class : undefined;
  }
  const copies = /^copy\.(?:copy|deepcopy|replace)$/.test(file.qualifiedName(callee) ?? '');
  return copies && receiver.kind === 'instance' ? receiver.class : undefined;
}

/** Where `__init__` is called again on an instance of the class or a relative: it would reset what the instance holds. */
export function calledAgain(model: ClassModel, name: string): PyNode | undefined {
  const { file } = model;
  const family = relatives(model);
  return file.attributes(name).find((node) => {
    const object = field(node, 'object');
    const receiver = object === undefined ? undefined : receiverOf(file, object);
    return receiver?.kind === 'instance' && family.has(receiver.class);
  });
}

/** Why an instance of the class cannot be given a new attribute; undefined where it can, or may. */
export function attributesFixed(model: ClassModel, name: string): string | undefined {
  const generated = constructorOf(model);
  if (generated.kind === 'generated' && generated.fixed)
    return `instances of this ${generated.by} class cannot get new attributes`;
  const order = resolutionOrder(model);
  if (!order.complete || !order.classes.every((holder) => holder.scope.bindings.has('__slots__'))) return undefined;
  const open = order.classes.some((holder) => {
    const value = holder.scope.bindings.get('__slots__')?.sites[0]?.value;
    return (
      value === undefined || /__dict__/.test(holder.file.text(value)) || holder.file.text(value).includes(`'${name}'`)
    );
  });
  return open ? undefined : '`__slots__` leaves no room for an instance attribute';
}
