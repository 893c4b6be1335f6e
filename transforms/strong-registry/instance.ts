/** Which expressions yield an instance that the registry should not keep: `self`, the object a descriptor serves, an object just built. */
import { type ClassModel, classOf, methodAround } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { type Binding, parametersOf } from '../../src/model/scope.ts';
import { field, unwrap, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { functionAround } from './operation.ts';

export interface Instance {
  readonly origin: 'self' | 'served' | 'built';
  /** The class it is an instance of, or of a subclass; undefined where it can be any. */
  readonly class: ClassModel | undefined;
  /** The class of the descriptor that serves it. */
  readonly descriptor?: ClassModel;
}

/** The instance that an expression yields; undefined for everything else and where it cannot be known. */
export function instanceAt(file: FileModel, expression: PyNode): Instance | undefined {
  const node = unwrap(expression);
  if (node.kind !== 'identifier') return undefined;
  const receiver = receiverOf(file, node);
  if (receiver.kind === 'instance' && receiver.method !== undefined) return { origin: 'self', class: receiver.class };
  const binding = file.resolve(node);
  if (binding === undefined || binding.scope.kind !== 'function') return undefined;
  return served(file, binding) ?? selfOfFunction(file, binding) ?? passedSelf(file, binding) ?? built(file, binding);
}

const DESCRIPTOR_METHODS: ReadonlySet<string> = new Set(['__get__', '__set__', '__delete__']);

function served(file: FileModel, binding: Binding): Instance | undefined {
  const method = methodAround(file, binding.scope);
  if (method?.scope !== binding.scope || !DESCRIPTOR_METHODS.has(method.name)) return undefined;
  return binding.sites.length === 1 && binding.sites[0]?.operation === parametersOf(method.node)[1]
    ? { origin: 'served', class: undefined, descriptor: method.class }
    : undefined;
}

/** The `self` of a function that becomes a method: `cls.__init__ = __init__` in a decorator of classes. */
function selfOfFunction(file: FileModel, binding: Binding): Instance | undefined {
  const { scope, name, sites } = binding;
  const isFirst = sites.length === 1 && sites[0]?.operation === parametersOf(scope.node)[0];
  if (name !== 'self' || !isFirst || methodAround(file, scope)?.scope === scope) return undefined;
  return { origin: 'self', class: undefined };
}

/** The parameter of a function of the module that methods hand their `self` to. */
function passedSelf(file: FileModel, binding: Binding): Instance | undefined {
  const { scope, sites } = binding;
  if (scope.parent?.kind !== 'module' || sites.length > 1) return undefined;
  const index = parametersOf(scope.node).indexOf(sites[0]?.operation ?? scope.node);
  const name = field(scope.node, 'name');
  if (index < 0 || name === undefined) return undefined;
  const own = file.resolve(name);
  for (const call of file.callsNear(file.text(name))) {
    const callee = field(call, 'function');
    if (callee?.kind !== 'identifier' || file.text(callee) !== file.text(name) || file.resolve(callee) !== own)
      continue;
    const argument = file.argumentsOf(call).positional[index];
    const receiver = argument === undefined ? undefined : receiverOf(file, argument);
    if (receiver?.kind === 'instance' && receiver.method !== undefined)
      return { origin: 'self', class: receiver.class };
  }
  return undefined;
}

/** A local name for a new instance that leaves the function too, so that more than the registry has it. */
function built(file: FileModel, binding: Binding): Instance | undefined {
  const made = binding.sites.map(({ value }) => (value === undefined ? undefined : madeBy(file, unwrap(value))));
  const [first] = made;
  if (first === undefined || made.some((one) => one !== first)) return undefined;
  return file.usesOf(binding).some((use) => leaves(use)) ? { origin: 'built', class: first } : undefined;
}

/** `Probe(host)`, `cls(host)`, `super().__new__(cls)`, `object.__new__(cls)`. */
function madeBy(file: FileModel, value: PyNode): ClassModel | undefined {
  const callee = value.kind === 'call' ? field(value, 'function') : undefined;
  if (callee === undefined) return undefined;
  const named = classOf(file, callee);
  if (named !== undefined) return named;
  const text = file.text(callee);
  const type = text.endsWith('.__new__') ? file.argumentsOf(value).positional[0] : callee;
  const receiver = type === undefined ? undefined : receiverOf(file, type);
  return receiver?.kind === 'class' && receiver.through !== 'super' ? receiver.class : undefined;
}

/** Returned, yielded, or kept by another object. */
function leaves(use: PyNode): boolean {
  for (let node = use; node.parent !== undefined; node = node.parent) {
    const { kind } = node.parent;
    if (kind === 'return_statement' || kind === 'yield') return true;
    if (kind === 'assignment') return node.field === 'right' && field(node.parent, 'left')?.kind === 'attribute';
    if (!/^(?:tuple|expression_list|parenthesized_expression|conditional_expression)$/.test(kind)) return false;
  }
  return false;
}

/** True if the function looks like one that decorates: what it makes stands for what it was given, and both live as long as the module. */
export function isDecorator(file: FileModel, node: PyNode): boolean {
  const scope = functionAround(file, node);
  const parameter =
    scope === undefined ? undefined : parametersOf(scope.node).find(({ kind }) => kind === 'identifier');
  const name = scope === undefined ? undefined : field(scope.node, 'name');
  // A method's first parameter is another matter.
  if (name === undefined || scope === undefined || methodAround(file, scope)?.scope === scope) return false;
  const own = file.resolve(name);
  const applied = file.names(file.text(name)).some((use) => {
    const holder = use.parent?.kind === 'call' && use.field === 'function' ? use.parent : use;
    return holder.parent?.kind === 'decorator' && file.resolve(use) === own && !within(use, scope.node);
  });
  return (
    applied ||
    (parameter !== undefined && /^(?:f|fn|func|function|callable|cls|klass|view)$/.test(file.text(parameter)))
  );
}
