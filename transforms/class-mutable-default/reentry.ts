/** Whether a method may run again on the same instance while it is running: then two calls share an attribute, but no local name. */
import { type ClassModel, classesOf, type Method } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import type { BindingKind } from '../../src/model/scope.ts';
import { descend, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** Where the method, or one that it runs on the instance, names it on the instance. */
export function callsItself(method: Method): Spot | undefined {
  const family = [...relatives(method.class)];
  const seen = new Set([method]);
  for (const current of seen) {
    const { file } = current.class;
    for (const node of descend(current.node)) {
      const object = node.kind === 'attribute' ? field(node, 'object') : undefined;
      const receiver = object === undefined ? undefined : receiverOf(file, object);
      if (receiver?.kind !== 'instance' && !(receiver?.kind === 'class' && family.includes(receiver.class))) continue;
      const isOwn = receiver.kind === 'instance' && receiver.method === current;
      const name = memberName(file, node);
      if (isOwn && name === method.name) return { file, node };
      for (const member of family)
        for (const other of member.methods) if (other.name === name && other !== method) seen.add(other);
    }
  }
  return undefined;
}

/**
 * Where code that the method may run names it, or runs what it was given. Told by names alone: what a function mentions may be any
 * function, method or class of that name in the files.
 */
export function mayReenter(method: Method, files: readonly FileModel[]): Spot | undefined {
  const definitions = definitionsIn(files);
  const seen = new Map<PyNode, FileModel>([[method.node, method.class.file]]);
  for (const [definition, file] of seen) {
    for (const node of descend(definition)) {
      const name = memberName(file, node);
      if (name === method.name || isGiven(file, node)) return { file, node };
      for (const { node: other, class: owner } of onWhole(file, node)) seen.set(other, owner.file);
      const mentioned = name ?? (node.kind === 'identifier' ? file.text(node) : undefined);
      if (mentioned === undefined) continue;
      for (const [other, owner] of definitions.get(mentioned) ?? []) seen.set(other, owner);
    }
  }
  return undefined;
}

/** The function definitions of the files by name; of a class, under its own name, the methods that Python calls by itself. */
function definitionsIn(files: readonly FileModel[]): ReadonlyMap<string, ReadonlyMap<PyNode, FileModel>> {
  const index = new Map<string, Map<PyNode, FileModel>>();
  const add = (name: string, node: PyNode, file: FileModel): void => {
    index.set(name, (index.get(name) ?? new Map<PyNode, FileModel>()).set(node, file));
  };
  for (const file of files) {
    for (const [node, { kind }] of file.allScopes()) {
      const name = kind === 'function' ? field(node, 'name') : undefined;
      if (name !== undefined) add(file.text(name), node, file);
    }
    for (const model of classesOf(file)) for (const { node } of implicit(model)) add(model.name, node, file);
  }
  return index;
}

/** `print(self)`: what Python may call on an instance that is handed on. */
function onWhole(file: FileModel, node: PyNode): readonly Method[] {
  if (node.kind !== 'identifier' || (node.field === 'object' && node.parent?.kind === 'attribute')) return [];
  if (file.resolve(node)?.sites.some((site) => site.node === node) !== false) return [];
  const receiver = receiverOf(file, node);
  return receiver.kind === 'instance' ? [...relatives(receiver.class)].flatMap(implicit) : [];
}

function implicit({ methods }: ClassModel): readonly Method[] {
  return methods.filter(({ name }) => /^__\w+__$/.test(name));
}

/** True for a call of what was passed in or kept: of a variable, an element, or an attribute that no class defines (`self.on_end()`). */
function isGiven(file: FileModel, node: PyNode): boolean {
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  if (callee === undefined) return false;
  if (callee.kind === 'identifier')
    return file.resolve(callee)?.sites.every(({ kind }) => DEFINITIONS.has(kind)) === false;
  if (callee.kind !== 'attribute') return true;
  const object = field(callee, 'object');
  const receiver = object === undefined ? undefined : receiverOf(file, object);
  if (receiver?.kind !== 'instance') return false;
  const name = memberName(file, callee);
  return [...relatives(receiver.class)].every(({ methods }) => methods.every((method) => method.name !== name));
}

const DEFINITIONS: ReadonlySet<BindingKind> = new Set(['function', 'class', 'import']);

function memberName(file: FileModel, node: PyNode): string | undefined {
  const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
  return name === undefined ? undefined : file.text(name);
}
