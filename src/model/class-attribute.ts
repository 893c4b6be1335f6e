/** An attribute of a class, and everything in the project that reads, binds or changes it, through whatever receiver. */

import { descend, field, stringValue } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { callsOf } from './calls.ts';
import { type ClassModel, classAt, isImportable, mangled, manglingClass } from './class.ts';
import { relatives, resolutionOrder, subclassesOf, unknownSubclasses } from './class-hierarchy.ts';
import { concerns, usesUnseen } from './class-use.ts';
import type { FileModel, FilesFound } from './file.ts';
import { type Receiver, receiverOf } from './receiver.ts';
import { spelledOut } from './reflection.ts';
import { type Binding, type BindingSite, lookup } from './scope.ts';

/** An attribute by its name, on the class whose body may bind it. */
export interface NamedAttribute {
  readonly class: ClassModel;
  readonly name: string;
  /** The name's binding in the class body. */
  readonly binding: Binding | undefined;
}

/** An attribute that a statement of the class body binds to a value. */
export interface ClassAttribute extends NamedAttribute {
  readonly binding: Binding;
  readonly site: BindingSite;
  /** The statement in the class body: an `expression_statement`. */
  readonly statement: PyNode;
  readonly value: PyNode;
  readonly annotation: PyNode | undefined;
}

export interface AttributeAccess {
  readonly file: FileModel;
  /** The `<object>.name` expression, or the bare name in the class body, or the call that names it in a string. */
  readonly node: PyNode;
  readonly receiver: Receiver;
}

/** Where an attribute of a class is used in the project: its own file first, then the others by their paths. */
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

/**
 * The files that may use the attribute: its own, those of the classes related to its class, and those that name one of these
 * or read the attribute from a class that they need not name.
 */
export function filesAround({ class: model, name }: NamedAttribute): FilesFound {
  const cached = around.get(model)?.get(name);
  if (cached !== undefined) return cached;
  const { file } = model;
  const known = [model, ...subclassesOf(model)].filter(isImportable);
  // One that has a class of the same name and nothing to do with this one is not kept.
  const matters = (other: FileModel): boolean =>
    concerns(other, model) ||
    spelledOut(other, model, name) !== undefined ||
    known.some((member) => usesUnseen(other, member).length > 0) ||
    other.attributes(name).some((node) => mayReach(other, field(node, 'object'), known));
  const targets = known.map((member) => ({ file: member.file, names: file.surroundings.aliases(member.name) }));
  const { files, incomplete } = file.surroundings.mentioning(targets, name, file, matters);
  const family = [...relatives(model)].map((member) => member.file);
  const found = {
    files: [...new Set([file, ...[...family, ...files].sort(byPath)])],
    incomplete: unknownSubclasses(model) ?? incomplete ?? unseenUse(files, known),
  };
  around.set(model, (around.get(model) ?? new Map<string, FilesFound>()).set(name, found));
  return found;
}

/** Why something may be done to one of the classes that was not seen; undefined if all uses are known. */
function unseenUse(files: readonly FileModel[], classes: readonly ClassModel[]): string | undefined {
  for (const file of files) {
    for (const member of classes) {
      const [use] = usesUnseen(file, member);
      if (use === undefined) continue;
      return `\`${file.text(use).slice(0, 40)}\` in ${file.source.path} may mean \`${member.name}\``;
    }
  }
  return undefined;
}

const around = new WeakMap<ClassModel, Map<string, FilesFound>>();

function byPath(a: FileModel, b: FileModel): number {
  return a.source.path < b.source.path ? -1 : Number(a.source.path > b.source.path);
}

/** Looks through the project for one attribute. */
export function accessesOf(attribute: NamedAttribute): AttributeAccesses {
  const { class: model, name, binding } = attribute;
  const key = mangled(name, model);
  const accesses = { instance: [], classLevel: [], someClass: [], unknown: [] } as Record<
    keyof AttributeAccesses,
    AttributeAccess[]
  >;
  const heirs = inheritors(model, name);
  const related = new Set(heirs.flatMap((heir) => resolutionOrder(heir).classes));
  for (const file of filesAround(attribute).files) {
    for (const node of file.attributes(name)) {
      const object = field(node, 'object');
      if (
        object === undefined ||
        (name.startsWith('__') && mangled(name, manglingClass(file, file.scopeAround(object))) !== key)
      )
        continue;
      const receiver = receiverOf(file, object);
      const access = { file, node, receiver };
      switch (receiver.kind) {
        case 'instance':
          if (related.has(receiver.class)) accesses.instance.push(access);
          break;
        case 'class':
          if (reaches(receiver, heirs, related)) accesses.classLevel.push(access);
          break;
        case 'some-class':
          accesses.someClass.push(access);
          break;
        default:
          (mayBeNamed(file, object, heirs) ? accesses.someClass : accesses.unknown).push(access);
      }
    }
    // `_A__x` is the private name as it is stored.
    if (key !== name)
      for (const node of file.attributes(key))
        accesses.someClass.push({ file, node, receiver: { kind: 'some-class' } });
    if (file === model.file && binding !== undefined) {
      for (const node of file.names(name)) {
        if (file.resolve(node) !== binding || binding.sites.some((site) => site.node === node)) continue;
        accesses.classLevel.push({ file, node, receiver: { kind: 'class', class: model, through: 'name' } });
      }
    }
    const reflections = concerns(file, model) ? reflective(file, name) : [];
    for (const access of [...reflections, ...patches(file, name, heirs)]) {
      if (access.receiver.kind === 'class' && reaches(access.receiver, heirs, related))
        accesses.classLevel.push(access);
      else if (access.receiver.kind === 'some-class') accesses.someClass.push(access);
    }
  }
  return accesses;
}

function mayReach(file: FileModel, object: PyNode | undefined, heirs: readonly ClassModel[]): boolean {
  if (object === undefined) return false;
  return receiverOf(file, object).kind === 'some-class' || mayBeNamed(file, object, heirs);
}

/**
 * True for a name of the class that nothing in the file binds, and for an attribute of that name of who knows what: a star import, a
 * module that is found only when the program runs.
 */
function mayBeNamed(file: FileModel, object: PyNode, heirs: readonly ClassModel[]): boolean {
  const isHeir = (name: string): boolean => heirs.some((heir) => heir.name === name);
  if (object.kind === 'identifier') return file.resolve(object) === undefined && isHeir(file.text(object));
  const name = object.kind === 'attribute' ? field(object, 'attribute') : undefined;
  return name !== undefined && isHeir(file.text(name)) && file.qualifiedName(object) === undefined;
}

function reaches(
  receiver: Extract<Receiver, { kind: 'class' }>,
  heirs: readonly ClassModel[],
  related: ReadonlySet<ClassModel>,
): boolean {
  if (receiver.through === 'name' || receiver.through === 'super') {
    // `Sub.x` finds it by inheritance; `Base.x` is another attribute.
    return heirs.includes(receiver.class);
  }
  // `cls` and `type(self)` in a base class may be any heir.
  return related.has(receiver.class);
}

const REFLECTION: ReadonlySet<string> = new Set(
  ['getattr', 'setattr', 'hasattr', 'delattr'].map((name) => `builtins.${name}`),
);

/** `patch("pkg.C.x")`, also in a file that has nothing else to do with the class. */
function patches(file: FileModel, name: string, heirs: readonly ClassModel[]): readonly AttributeAccess[] {
  return reflectiveCalls(file).patches.flatMap((node): readonly AttributeAccess[] => {
    const [target] = file.argumentsOf(node).positional;
    const model =
      target === undefined ? undefined : patchedClass(file, stringValue(target, file.source.text), name, heirs);
    return model === undefined ? [] : [{ file, node, receiver: { kind: 'class', class: model, through: 'name' } }];
  });
}

/** `getattr(C, "x")`, `vars(C)`, `C.__dict__` and `patch.object(C, "x")`. */
function reflective(file: FileModel, name: string): readonly AttributeAccess[] {
  const found: AttributeAccess[] = [];
  for (const { node, object, named } of reflectiveCalls(file).byName) {
    const names = named === undefined ? 'no' : namesAttribute(file, named, name);
    if (names === 'no') continue;
    const receiver = receiverOf(file, object);
    if (names === 'yes') found.push({ file, node, receiver });
    else if (receiver.kind === 'class') found.push({ file, node, receiver: { kind: 'some-class' } });
  }
  for (const node of callsOf(file, 'builtins.vars')) {
    const [object] = file.argumentsOf(node).positional;
    if (object !== undefined) found.push({ file, node, receiver: receiverOf(file, object) });
  }
  for (const node of file.attributes('__dict__')) {
    const object = field(node, 'object');
    if (object !== undefined) found.push({ file, node, receiver: receiverOf(file, object) });
  }
  return found;
}

interface ReflectiveCalls {
  /** Calls of what is called `patch`. */
  readonly patches: readonly PyNode[];
  /** Calls that take an object and an expression for the name of an attribute. */
  readonly byName: readonly { readonly node: PyNode; readonly object: PyNode; readonly named: PyNode | undefined }[];
}

const reflectiveIn = new WeakMap<FileModel, ReflectiveCalls>();

/** The calls of a file that may reach an attribute of whatever class by a string. */
function reflectiveCalls(file: FileModel): ReflectiveCalls {
  const known = reflectiveIn.get(file);
  if (known !== undefined) return known;
  const found = { patches: [] as PyNode[], byName: [] as ReflectiveCalls['byName'][number][] };
  for (const node of file.callsNear('getattr', 'setattr', 'hasattr', 'delattr', 'patch')) {
    const callee = field(node, 'function');
    if (callee === undefined) continue;
    const text = file.text(callee);
    if (/\bpatch$/.test(text)) found.patches.push(node);
    const isByName =
      REFLECTION.has(file.qualifiedName(callee) ?? '') || /\bpatch\.object$|^monkeypatch\.(?:set|del)attr$/.test(text);
    const [object, named] = isByName ? file.argumentsOf(node).positional : [];
    if (object !== undefined) found.byName.push({ node, object, named });
  }
  reflectiveIn.set(file, found);
  return found;
}

/** `patch("shop.cart.Basket.lines")`: the class whose attribute is replaced, by its path or, where that leads nowhere, by its name. */
function patchedClass(
  file: FileModel,
  target: string | undefined,
  name: string,
  heirs: readonly ClassModel[],
): ClassModel | undefined {
  if (target?.endsWith(`.${name}`) !== true) return undefined;
  const owner = target.slice(0, -name.length - 1);
  const named = owner.slice(owner.lastIndexOf('.') + 1);
  return classAt(owner, file) ?? heirs.find((heir) => heir.name === named);
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
