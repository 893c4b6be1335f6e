/** A name bound in a class body, and everything in its file that reads, binds or changes it, through whatever receiver. */

import { descend, field, stringValue } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, classesOf, mangled, manglingClass } from './class.ts';
import { resolutionOrder, subclassesOf } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';
import { type Receiver, receiverOf } from './receiver.ts';
import { type Binding, type BindingSite, lookup } from './scope.ts';

export interface ClassAttribute {
  readonly class: ClassModel;
  readonly name: string;
  readonly binding: Binding;
  readonly site: BindingSite;
  /** The statement in the class body: an `expression_statement`. */
  readonly statement: PyNode;
  readonly value: PyNode;
  readonly annotation: PyNode | undefined;
}

export interface AttributeAccess {
  /** The `<object>.name` expression, or the bare name in the class body, or the call that names it in a string. */
  readonly node: PyNode;
  readonly receiver: Receiver;
}

/** Where an attribute of a class is used in its file. */
export interface AttributeAccesses {
  /** Through an instance of the class or a relative of it. */
  readonly instance: readonly AttributeAccess[];
  /** Through the class or a subclass, by name, `cls`, `type(self)`, `super()`; bare in the class body; by string. */
  readonly classLevel: readonly AttributeAccess[];
  /** Through some class that cannot be known. */
  readonly someClass: readonly AttributeAccess[];
  /** Through an object whose class cannot be known. */
  readonly unknown: readonly AttributeAccess[];
}

/** Every attribute that a statement of the class body binds to a value, in the order of the text. */
export function classAttributes(model: ClassModel): readonly ClassAttribute[] {
  const found: ClassAttribute[] = [];
  for (const binding of model.scope.bindings.values()) {
    for (const site of binding.sites) {
      const statement = site.operation.parent;
      if (site.kind !== 'assignment' || statement === undefined) continue;
      const value = site.value ?? pairedValue(site);
      if (value === undefined) continue;
      found.push({
        class: model,
        name: binding.name,
        binding,
        site,
        statement,
        value,
        annotation: field(site.operation, 'type'),
      });
    }
  }
  return found.sort((a, b) => a.site.node.start - b.site.node.start);
}

/** `a, b = [], {}`: the value at the name's place. */
function pairedValue(site: BindingSite): PyNode | undefined {
  const targets = site.node.parent;
  const right = field(site.operation, 'right');
  if (targets === undefined || right === undefined || targets.field !== 'left') return undefined;
  return right.children.length === targets.children.length
    ? right.children[targets.children.indexOf(site.node)]
    : undefined;
}

/** The classes an instance of which may find the attribute in `model`: itself, its subclasses that do not bind the name anew. */
export function inheritors(model: ClassModel, name: string): readonly ClassModel[] {
  return [model, ...subclassesOf(model)].filter((candidate) => {
    for (const holder of resolutionOrder(candidate).classes) {
      if (holder === model) return true;
      if (holder.scope.bindings.has(name)) return false;
    }
    return false;
  });
}

/** Looks through the whole file for one attribute. */
export function accessesOf(attribute: ClassAttribute): AttributeAccesses {
  const { class: model, name } = attribute;
  const { file } = model;
  const key = mangled(name, model);
  const instance: AttributeAccess[] = [];
  const classLevel: AttributeAccess[] = [];
  const someClass: AttributeAccess[] = [];
  const unknown: AttributeAccess[] = [];
  const heirs = inheritors(model, name);
  const relatives = new Set(heirs.flatMap((heir) => resolutionOrder(heir).classes));
  for (const node of file.attributes(name)) {
    const object = field(node, 'object');
    if (
      object === undefined ||
      (name.startsWith('__') && mangled(name, manglingClass(file, file.scopeAround(object))) !== key)
    )
      continue;
    const receiver = receiverOf(file, object);
    const access = { node, receiver };
    switch (receiver.kind) {
      case 'instance':
        if (relatives.has(receiver.class)) instance.push(access);
        break;
      case 'class':
        if (reaches(receiver, heirs, relatives)) classLevel.push(access);
        break;
      case 'some-class':
        someClass.push(access);
        break;
      default:
        unknown.push(access);
    }
  }
  // `_A__x` is the private name as it is stored.
  if (key !== name) for (const node of file.attributes(key)) someClass.push({ node, receiver: { kind: 'some-class' } });
  for (const node of file.names(name)) {
    if (node === attribute.site.node || file.resolve(node) !== attribute.binding) continue;
    if (attribute.binding.sites.some((site) => site.node === node)) continue;
    classLevel.push({ node, receiver: { kind: 'class', class: model, through: 'name' } });
  }
  for (const access of reflective(file, name)) {
    if (access.receiver.kind === 'class' && reaches(access.receiver, heirs, relatives)) classLevel.push(access);
    else if (access.receiver.kind === 'some-class') someClass.push(access);
  }
  return { instance, classLevel, someClass, unknown };
}

function reaches(
  receiver: Extract<Receiver, { kind: 'class' }>,
  heirs: readonly ClassModel[],
  relatives: ReadonlySet<ClassModel>,
): boolean {
  if (receiver.through === 'name' || receiver.through === 'super') {
    // `Sub.x` finds it by inheritance; `Base.x` is another attribute.
    return heirs.includes(receiver.class);
  }
  // `cls` and `type(self)` in a base class may be any heir.
  return relatives.has(receiver.class);
}

const REFLECTION: ReadonlySet<string> = new Set(
  ['getattr', 'setattr', 'hasattr', 'delattr'].map((name) => `builtins.${name}`),
);

/** `getattr(C, "x")`, `vars(C)`, `C.__dict__`, `patch.object(C, "x")` and `patch("pkg.C.x")`. */
function reflective(file: FileModel, name: string): readonly AttributeAccess[] {
  const found: AttributeAccess[] = [];
  for (const node of file.calls) {
    const callee = field(node, 'function');
    if (callee === undefined) continue;
    const { positional } = file.argumentsOf(node);
    const [first, second] = positional;
    const qualified = file.qualifiedName(callee) ?? '';
    if (first === undefined) continue;
    if (REFLECTION.has(qualified) || /\bpatch\.object$|^monkeypatch\.(?:set|del)attr$/.test(file.text(callee))) {
      const names = second === undefined ? 'no' : namesAttribute(file, second, name);
      const receiver = receiverOf(file, first);
      if (names === 'yes') found.push({ node, receiver });
      else if (names === 'maybe' && receiver.kind === 'class') found.push({ node, receiver: { kind: 'some-class' } });
    } else if (qualified === 'builtins.vars') {
      found.push({ node, receiver: receiverOf(file, first) });
    } else if (/\bpatch$/.test(file.text(callee))) {
      const target = stringValue(first, file.source.text);
      const [owner, attribute] = target?.split('.').slice(-2) ?? [];
      const model = attribute === name ? classesOf(file).find((candidate) => candidate.name === owner) : undefined;
      if (model !== undefined) found.push({ node, receiver: { kind: 'class', class: model, through: 'name' } });
    }
  }
  for (const node of file.attributes('__dict__')) {
    const object = field(node, 'object');
    if (object !== undefined) found.push({ node, receiver: receiverOf(file, object) });
  }
  return found;
}

/** Whether the expression that names an attribute in a reflective call can be this name: `'do_' + x` never gives `lines`. */
function namesAttribute(file: FileModel, expression: PyNode, name: string): 'yes' | 'no' | 'maybe' {
  const literal = stringValue(expression, file.source.text);
  if (literal !== undefined) return literal === name ? 'yes' : 'no';
  const left = expression.kind === 'binary_operator' ? field(expression, 'left') : undefined;
  const prefix = left === undefined ? undefined : stringValue(left, file.source.text);
  return prefix === undefined || name.startsWith(prefix) ? 'maybe' : 'no';
}

/** The free names of an expression, with what each means where the expression stands now. */
export function freeNames(
  file: FileModel,
  expression: PyNode,
): readonly { node: PyNode; binding: Binding | undefined }[] {
  const found: { node: PyNode; binding: Binding | undefined }[] = [];
  for (const node of descend(expression)) {
    if (node.kind !== 'identifier') continue;
    const scope = file.scopeOf(node);
    if (scope === undefined) continue;
    const binding = lookup(file.text(node), scope);
    // A name the expression binds itself: a comprehension's variable, a lambda's parameter.
    if (
      binding !== undefined &&
      binding.scope.node.start >= expression.start &&
      binding.scope.node.end <= expression.end
    )
      continue;
    found.push({ node, binding });
  }
  return found;
}
