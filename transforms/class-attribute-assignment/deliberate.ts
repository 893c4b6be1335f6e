/** What is plainly meant to live on the class, or is let go of again: there is nothing to report then. */

import type { AttributeAccesses } from '../../src/model/attribute-accesses.ts';
import { type ClassModel, classOf, isInMethod, methodAround } from '../../src/model/class.ts';
import { findMethod, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { isDeclarative, isField, setUpHooks } from '../../src/model/class-kind.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { BindingSite } from '../../src/model/scope.ts';
import { assignedValue, isDeleted } from '../../src/model/use.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Assignment } from './assignment.ts';
import type { Group } from './group.ts';
import { choosesByState, guardedCall, guardOf } from './guard.ts';
import { kindOf } from './value.ts';

/** True for attributes and classes that the rule has nothing to say about, whatever is assigned. */
export function isOutOfScope({ subject, members, assignments }: Group): boolean {
  const { class: owner, name } = subject;
  if (/^__\w+__$/.test(name)) return true;
  const classes = new Set([...members, ...assignments.map(({ on }) => on.method.class)]);
  if ([...classes].some((model) => isDeclarative(model) || isTestCase(model))) return true;
  const order = resolutionOrder(owner).classes;
  return order.some((holder) =>
    holder.scope.bindings
      .get(name)
      ?.sites.some(
        (site) =>
          site.kind === 'function' ||
          site.kind === 'class' ||
          isField(holder, field(site.operation, 'type')) ||
          isFunction(holder.file, site),
      ),
  );
}

/** `x = property(...)`, `x = other_method`, `x = lambda self: ...` in the class body. */
function isFunction(file: FileModel, site: BindingSite): boolean {
  const value = site.value === undefined ? undefined : unwrap(site.value);
  if (value?.kind === 'lambda') return true;
  if (value?.kind === 'identifier') return file.resolve(value)?.sites.some(({ kind }) => kind === 'function') === true;
  const callee = value?.kind === 'call' ? field(value, 'function') : undefined;
  return callee !== undefined && /(?:property|method)$/.test(file.text(callee));
}

/** Every test gets an instance of its own: what one leaves for the next has to be on the class. */
function isTestCase(model: ClassModel): boolean {
  if (setUpHooks(model).includes('setUp')) return true;
  const { file } = model;
  return model.methods.some(
    ({ name, decorators }) =>
      (/^Test/.test(model.name) && /^(?:test|setup|setUp)/.test(name)) ||
      decorators.some((decorator) => /\bfixture\b/.test(file.text(decorator))),
  );
}

/** True if what is assigned shows that the class is the place for it. */
export function isMeantForClass({ subject: { name }, members, assignments }: Group): boolean {
  const methods = [...members].flatMap((member) => member.methods);
  return assignments.some(({ file, node, on, value }) => {
    // A pointer to the current instance is replaced by the next.
    if (value !== undefined && kindOf(file, value) === 'self') return true;
    if (value !== undefined && (isDescriptor(file, value) || choosesByState(file, unwrap(value), name, on.method)))
      return true;
    return guardOf(file, node, name, on.method) !== undefined || guardedCall(on.method, name, methods) !== undefined;
  });
}

/** An instance of a class with `__get__` does its work on the class only (language reference 3.3.2.2). */
function isDescriptor(file: FileModel, value: PyNode): boolean {
  const node = unwrap(value);
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  const model = callee === undefined ? undefined : classOf(file, callee);
  return model !== undefined && ['__get__', '__set__'].some((name) => findMethod(model, name).method !== undefined);
}

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__init__', '__new__', '__post_init__', '__attrs_post_init__']);

/** True if code of the class, or a function beside it, puts the attribute back or deletes it through the class. */
export function isReleased(
  { subject, members }: Group,
  accesses: AttributeAccesses,
  objects: readonly Assignment[],
): boolean {
  const initial = defaultText(subject.class, subject.name);
  return accesses.classLevel.some(({ file, node }) => {
    const method = methodAround(file, file.scopeAround(node));
    const inside = method === undefined ? file === subject.class.file && isInFunction(node) : members.has(method.class);
    if (!inside || !resets(file, node, subject.name, initial)) return false;
    // What a constructor does first prepares; it releases nothing.
    const earlier = objects.filter((one) => method !== undefined && isInMethod(one, method));
    if (earlier.length === 0) return method === undefined || !CONSTRUCTORS.has(method.name);
    return earlier.some((one) => one.node.start < node.start);
  });
}

function isInFunction(node: PyNode): boolean {
  for (let outer = node.parent; outer !== undefined; outer = outer.parent)
    if (outer.kind === 'function_definition') return true;
  return false;
}

/** The value that the class body binds, as it is written. */
function defaultText(model: ClassModel, name: string): string | undefined {
  for (const holder of resolutionOrder(model).classes) {
    const site = holder.scope.bindings.get(name)?.sites.find(({ value }) => value !== undefined);
    if (site?.value !== undefined) return holder.file.text(site.value);
  }
  return undefined;
}

/** `del C.x`, `C.x = None`, `C.x = before`, `setattr(C, "x", None)`. */
function resets(file: FileModel, node: PyNode, name: string, initial: string | undefined): boolean {
  if (node.kind === 'call') {
    const callee = field(node, 'function');
    const called = callee === undefined ? '' : file.text(callee);
    if (called === 'delattr') return true;
    const value = file.argumentsOf(node).positional[2];
    return called === 'setattr' && value !== undefined && isEmptied(file, value, name, initial);
  }
  const assigned = assignedValue(node);
  if (assigned === undefined) return isDeleted(node);
  return assigned.value !== undefined && isEmptied(file, assigned.value, name, initial);
}

const EMPTY: ReadonlySet<string> = new Set(['none', 'false', 'true', 'integer', 'float', 'string', 'ellipsis']);

function isEmptied(file: FileModel, value: PyNode, name: string, initial: string | undefined): boolean {
  const node = unwrap(value);
  return EMPTY.has(node.kind) || file.text(node) === initial || wasSaved(file, node, name);
}

/** A local name or an attribute that was given the attribute's value before. */
function wasSaved(file: FileModel, node: PyNode, name: string): boolean {
  const reads = (value: PyNode | undefined): boolean =>
    value !== undefined &&
    [...descend(value)].some((part) => {
      const member = part.kind === 'attribute' ? field(part, 'attribute') : undefined;
      return member !== undefined && file.text(member) === name;
    });
  if (node.kind === 'identifier') return file.resolve(node)?.sites.some((site) => reads(site.value)) === true;
  const member = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
  return (
    member !== undefined &&
    file.text(member) !== name &&
    file.attributes(file.text(member)).some((other) => reads(assignedValue(other)?.value))
  );
}
