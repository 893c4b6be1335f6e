/** How instances come to be: which `__init__` really runs, what runs before it, and who makes instances without it. */
import { ancestor, descend, field, isStringStatement, statements, stringValue } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { byStart, callsOf, methodCalls } from './calls.ts';
import { bindsInBody, type ClassModel, classOf, isKnownBase, type Method } from './class.ts';
import { relatives, resolutionOrder, subclassesOf } from './class-hierarchy.ts';
import { constructorOf, generatedBy } from './class-kind.ts';
import type { FileModel, Spot } from './file.ts';
import { receiverOf } from './receiver.ts';

/** A place and what was found there. */
export interface Obstacle extends Spot {
  /** For a person. */
  readonly detail: string;
}

const PLAIN_METACLASS = /^(?:abc\.ABCMeta|builtins\.type)$/;

const KNOWN_DECORATORS =
  /^(?:functools\.total_ordering|(?:typing|typing_extensions)\.(?:final|runtime_checkable)|dataclasses\.dataclass|attrs?\.\w+|six\.python_2_unicode_compatible)$/;

/** True for a decorator that leaves the class as it is, or whose ways are known. */
export function isKnownDecorator(file: FileModel, decorator: PyNode): boolean {
  const callee = decorator.kind === 'call' ? (field(decorator, 'function') ?? decorator) : decorator;
  return KNOWN_DECORATORS.test(file.qualifiedName(callee) ?? '');
}

/** The base, metaclass, decorator or unpacked base list of the class or an ancestor that keeps its behaviour from being known. */
export function unknownAncestor(model: ClassModel): Spot | undefined {
  const order = resolutionOrder(model);
  for (const holder of order.classes) {
    const { file } = holder;
    const base = holder.bases.find((candidate) => !isKnownBase(candidate));
    if (base !== undefined) return { file, node: base.node };
    const metaclass = holder.keywords.get('metaclass');
    if (metaclass !== undefined && !PLAIN_METACLASS.test(file.qualifiedName(metaclass) ?? ''))
      return { file, node: metaclass };
    if (holder.spread) return { file, node: holder.node };
    const decorator = holder === model ? undefined : holder.decorators.find((one) => !isKnownDecorator(file, one));
    if (decorator !== undefined) return { file, node: decorator };
    // Python 2 names the metaclass in the body.
    const site = holder.scope.bindings.get('__metaclass__')?.sites[0];
    if (site !== undefined) return { file, node: site.node };
  }
  return order.complete ? undefined : { file: model.file, node: model.node };
}

/**
 * Whether constructing `heir` runs method `name` of its ancestor `model` before `attribute` can be used: the first method on the
 * way that does not pass the call on in time, or undefined when all do.
 */
export function brokenChain(heir: ClassModel, model: ClassModel, name: string): Obstacle | undefined {
  const order = resolutionOrder(heir).classes;
  for (const holder of order.slice(0, order.indexOf(model))) {
    const { file } = holder;
    const generated = constructorOf(holder);
    if (generated.kind === 'generated' && name === '__init__') {
      return {
        file,
        node: holder.node,
        detail: `the \`__init__\` that ${generated.by} writes for \`${holder.name}\` does not call \`super().__init__()\``,
      };
    }
    for (const hook of new Set([name, '__init__'])) {
      if (!bindsInBody(holder, hook)) continue;
      const method = holder.methods.filter((candidate) => candidate.name === hook).at(-1);
      const owner = `\`${holder.name}.${hook}\``;
      if (method === undefined || !method.certain || method.decorators.length > 0) {
        return { file, node: method?.node ?? holder.node, detail: `${owner} is not a plain method` };
      }
      const body = statements(field(method.node, 'body'));
      const passedOn = body.findIndex((statement) => passesOn(holder, model, method, statement));
      if (passedOn < 0)
        return { file, node: method.node, detail: `${owner} does not call \`super().${hook}()\` on every path` };
      const early = body.slice(0, passedOn).find((statement) => !isHarmless(holder, method, statement));
      if (early !== undefined) {
        return { file, node: early, detail: `${owner} may use it, or leave, before it calls \`super().${hook}()\`` };
      }
    }
  }
  return undefined;
}

/** `super().__init__(...)` or `Model.__init__(self, ...)` as a statement of its own, on the same instance. */
function passesOn(holder: ClassModel, model: ClassModel, method: Method, statement: PyNode): boolean {
  const { file } = holder;
  const call = statement.kind === 'expression_statement' ? statement.children[0] : undefined;
  const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  const name = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  if (call === undefined || object === undefined || name === undefined || file.text(name) !== method.name) return false;
  const receiver = receiverOf(file, object);
  if (receiver.kind !== 'class') return false;
  const isSelf = (node: PyNode | undefined): boolean =>
    node?.kind === 'identifier' && file.resolve(node) === method.first;
  const list = field(call, 'arguments');
  // What is passed on is evaluated first: nothing in it may use the instance.
  const passed = (list?.children ?? []).slice(receiver.through === 'super' ? 0 : 1);
  if (passed.some((argument) => [...descend(argument)].some(isSelf))) return false;
  if (receiver.through === 'super') {
    const [named, instance] = file.argumentsOf(object).positional;
    return named === undefined || (classOf(file, named) === holder && isSelf(instance));
  }
  return resolutionOrder(receiver.class).classes.includes(model) && isSelf(file.argumentsOf(call).positional[0]);
}

/** A statement that can neither use the instance (but to set a plain attribute) nor leave: a docstring, or a plain assignment. */
function isHarmless(holder: ClassModel, method: Method, statement: PyNode): boolean {
  const { file } = holder;
  if (isStringStatement(statement)) return true;
  const assignment = statement.kind === 'expression_statement' ? statement.children[0] : undefined;
  const target = assignment?.kind === 'assignment' ? field(assignment, 'left') : undefined;
  if (assignment === undefined || target === undefined) return false;
  for (const node of descend(assignment)) {
    if (node.kind === 'await' || node.kind === 'yield') return false;
    if (node.kind !== 'identifier') continue;
    if (file.text(node) === 'super' && file.resolve(node) === undefined) return false;
    if (method.first === undefined || file.resolve(node) !== method.first) continue;
    const name = node.parent === target && target.kind === 'attribute' ? field(target, 'attribute') : undefined;
    if (name === undefined) return false;
    // A property or a descriptor of that name would run code.
    for (const relative of relatives(holder)) if (relative.scope.bindings.has(file.text(name))) return false;
  }
  return true;
}

const COPY_HOOKS: ReadonlySet<string> = new Set(
  ['copy', 'deepcopy', 'getnewargs', 'getnewargs_ex', 'getstate', 'reduce', 'reduce_ex', 'replace', 'setstate'].map(
    (name) => `__${name}__`,
  ),
);

/** Calls that copy, restore or build objects of which nothing says that they are not of this class. */
const COPIERS =
  /^(?:copy|pickle|cPickle|_pickle|copyreg|copy_reg|shelve|dill|cloudpickle|joblib|dataclasses\.replace|attrs?\.evolve|jsonpickle)(?:\.|$)/;

/** Where the file copies, restores or makes an object of unknown class without a call of its class. */
export function mayBeCopied(file: FileModel, attribute: string): PyNode | undefined {
  const made = methodCalls(file, '__new__').find((call) => {
    const argument = file.argumentsOf(call).positional[0];
    return argument !== undefined && receiverOf(file, argument).kind === 'unknown';
  });
  const copied = callsOf(file, COPIERS).find((call) => {
    const argument = file.argumentsOf(call).positional[0];
    // `copy.copy(self.x)` copies the container.
    const name = argument?.kind === 'attribute' ? field(argument, 'attribute') : undefined;
    return name === undefined || file.text(name) !== attribute;
  });
  return [made, copied].filter((call) => call !== undefined).sort(byStart)[0];
}

/** The method with which the class or a relative of it makes instances in its own way. */
export function constructionHook(model: ClassModel): Obstacle | undefined {
  for (const member of relatives(model)) {
    const hook = member.methods.find((method) => method.name === '__new__' || COPY_HOOKS.has(method.name));
    if (hook === undefined) continue;
    const detail = `\`${member.name}.${hook.name}\` makes instances in its own way`;
    return { file: member.file, node: hook.node, detail };
  }
  return undefined;
}

/** Where the file makes an instance of the class or a relative of it, or turns an object into one, without a call of the class. */
export function madeWithoutCall(file: FileModel, model: ClassModel): Obstacle | undefined {
  const family = relatives(model);
  for (const call of [...methodCalls(file, '__new__'), ...callsOf(file, COPIES)].sort(byStart)) {
    const made = copiedOrNew(file, call);
    if (made !== undefined && family.has(made)) {
      return { file, node: call, detail: `\`${file.text(call)}\` makes an instance without calling the class` };
    }
  }
  for (const node of file.attributes('__class__')) {
    if (node.field === 'left' && node.parent?.kind === 'assignment') {
      return { file, node, detail: 'an instance is given another class here, and no `__init__` runs' };
    }
  }
  return undefined;
}

const COPIES = /^copy\.(?:copy|deepcopy|replace)$/;

/** `C.__new__(C)`, `object.__new__(C)`; `copy.copy(instance)`, `copy.deepcopy(instance)`, `copy.replace(instance)`. */
function copiedOrNew(file: FileModel, call: PyNode): ClassModel | undefined {
  const callee = field(call, 'function');
  const first = file.argumentsOf(call).positional[0];
  if (callee === undefined || first === undefined) return undefined;
  const receiver = receiverOf(file, first);
  if (callee.kind === 'attribute' && file.text(callee).endsWith('.__new__')) {
    return receiver.kind === 'class' ? receiver.class : undefined;
  }
  const copies = COPIES.test(file.qualifiedName(callee) ?? '');
  return copies && receiver.kind === 'instance' ? receiver.class : undefined;
}

/** Where the file calls `__init__` again on an instance that may be of this class, or puts another one in its place. */
export function calledAgain(file: FileModel, model: ClassModel, name: string): Obstacle | undefined {
  const family = relatives(model);
  for (const node of file.attributes(name)) {
    const object = field(node, 'object');
    const receiver = object === undefined ? undefined : receiverOf(file, object);
    if (receiver?.kind === 'class' && family.has(receiver.class) && node.field === 'left') {
      return { file, node, detail: `\`${file.text(node)}\` is replaced here` };
    }
    if (
      receiver?.kind === 'class' &&
      receiver.through === 'name' &&
      family.has(receiver.class) &&
      node.field !== 'function'
    )
      return { file, node, detail: `\`${file.text(node)}\` is taken as a value here, and may be changed` };
    const instance = receiver?.kind === 'instance' ? family.has(receiver.class) : receiver?.kind === 'unknown';
    if (instance && file.qualifiedName(node) === undefined) {
      return { file, node, detail: `\`${name}\` is called again here, and would empty it` };
    }
  }
  for (const { call, object } of named(file).get(name) ?? []) {
    const receiver = receiverOf(file, object);
    if (receiver.kind === 'some-class' || (receiver.kind === 'class' && family.has(receiver.class)))
      return { file, node: call, detail: `\`${name}\` is replaced here` };
  }
  return undefined;
}

interface Naming {
  readonly call: PyNode;
  readonly object: PyNode;
}

const namings = new WeakMap<FileModel, ReadonlyMap<string, readonly Naming[]>>();

/** The calls of a file with a string as their second argument, by that string: `setattr(C, "x", v)`, `patch.object(C, "x")`. */
function named(file: FileModel): ReadonlyMap<string, readonly Naming[]> {
  const known = namings.get(file);
  if (known !== undefined) return known;
  const index = new Map<string, Naming[]>();
  for (const call of file.calls) {
    const [object, second] = file.argumentsOf(call).positional;
    const name = second === undefined ? undefined : stringValue(second, file.source.text);
    if (object === undefined || name === undefined) continue;
    const calls = index.get(name);
    if (calls === undefined) index.set(name, [{ call, object }]);
    else calls.push({ call, object });
  }
  namings.set(file, index);
  return index;
}

const FUNCTION: ReadonlySet<string> = new Set(['function_definition', 'lambda']);

/** Why an `__init__` written into the class would not be the one that runs, or why the attribute could not be set. `files` may say so. */
export function inTheWay(
  model: ClassModel,
  attribute: string,
  name: string,
  files: readonly FileModel[],
): string | undefined {
  for (const file of files) {
    const replaced = calledAgain(file, model, name)?.node;
    if (replaced?.field === 'left' && ancestor(replaced, FUNCTION) === undefined && !bindsInBody(model, name)) {
      return `\`${file.text(replaced)}\` is bound outside the class`;
    }
  }
  for (const holder of resolutionOrder(model).classes.slice(1)) {
    const methods = holder.methods.filter((method) => method.name === attribute);
    const settable = methods.some((method) =>
      method.decorators.some((decorator) => holder.file.text(decorator).endsWith('.setter')),
    );
    if (methods.length > 0 && !settable)
      return `it takes the place of \`${holder.name}.${attribute}\`, which cannot be set`;
  }
  return undefined;
}

/** A finalizer that may use an instance whose `__init__` did not get far. */
export function finalizer(model: ClassModel): Method | undefined {
  for (const member of relatives(model)) {
    const method = member.methods.find((candidate) => candidate.name === '__del__');
    if (method !== undefined) return method;
  }
  return undefined;
}

/** Why an instance of the class cannot be given a new attribute; undefined where it can, or may. */
export function attributesFixed(model: ClassModel, name: string): string | undefined {
  const generated = generatedBy(model);
  if (generated?.fixed === true) return `instances of this ${generated.by} class cannot get new attributes`;
  const frozen = subclassesOf(model).find((heir) => generatedBy(heir)?.fixed === true);
  if (frozen !== undefined) return `instances of its subclass \`${frozen.name}\` cannot get new attributes`;
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
