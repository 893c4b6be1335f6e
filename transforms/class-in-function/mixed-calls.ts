/**
 * Where an instance of one call may meet another call's class. Until now those are two classes, which nothing takes for one; once the
 * class has moved they are the same.
 */
import { generatedBy } from '../../src/model/class-kind.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { Scope } from '../../src/model/scope.ts';
import { descend, field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { LocalClass } from './match.ts';

/** The first reason to think so. */
export function mixedCalls(one: LocalClass): Obstacle | undefined {
  const { model, statement, holder, uses } = one;
  const { file } = model;
  if (
    generatedBy(model) !== undefined &&
    !model.decorators.some((decorator) => /\beq\s*=\s*False\b/.test(file.text(decorator)))
  )
    return {
      file,
      node: model.node,
      detail: 'the generated `__eq__` compares the classes, which differ from call to call',
    };
  const enumeration = model.bases.find(({ qualifiedName }) => qualifiedName?.startsWith('enum.') === true);
  if (enumeration !== undefined)
    return { file, node: enumeration.node, detail: 'members of one call would equal those of another' };
  const tests = uses.filter((use) => isTest(file, use));
  const operator = tests.find((use) => within(use, statement) && isInOperator(file, use));
  if (operator !== undefined)
    return { file, node: operator, detail: 'an instance of one call would be taken for one of another' };
  const handed = tests.length === 0 ? undefined : handedOn(file, one);
  if (handed !== undefined)
    return {
      file,
      node: handed,
      detail: 'whoever gets this function may bring about in one call what belongs to another',
    };
  const again = tests.length === 0 ? undefined : recursion(file, holder);
  if (again !== undefined)
    return {
      file,
      node: again,
      detail: 'the function may be called again from here, and meet what that call raised or made',
    };
  return undefined;
}

/** True unless the class is called, raised, derived from or read from where it stands. */
function isTest(file: FileModel, use: PyNode): boolean {
  const outer = use.parent?.kind === 'tuple' || use.parent?.kind === 'as_pattern' ? use.parent : use;
  const { parent } = outer;
  if (parent?.kind === 'argument_list') {
    const callee = parent.parent?.kind === 'call' ? field(parent.parent, 'function') : undefined;
    return callee !== undefined && /^builtins\.is(?:instance|subclass)$/.test(file.qualifiedName(callee) ?? '');
  }
  return /^(?:except|class_pattern|dotted_name)/.test(parent?.kind ?? '');
}

/** `__eq__`, `__lt__`, `__add__`, ...: given whatever stands on the other side. */
function isInOperator(file: FileModel, use: PyNode): boolean {
  for (let node = use.parent; node !== undefined; node = node.parent) {
    const name = node.kind === 'function_definition' ? field(node, 'name') : undefined;
    if (name !== undefined) return /^__\w+__$/.test(file.text(name));
  }
  return false;
}

/** Where the function hands on a function in it that raises the class or makes instances. */
function handedOn(file: FileModel, { holder, statement, uses }: LocalClass): PyNode | undefined {
  for (const use of uses) {
    if (within(use, statement)) continue;
    for (let node = use.parent; node !== undefined && node !== holder.node; node = node.parent) {
      if (node.kind === 'lambda') return node;
      const name = node.kind === 'function_definition' ? field(node, 'name') : undefined;
      const binding = name === undefined ? undefined : file.resolve(name);
      const others = binding === undefined ? [] : file.usesOf(binding).filter((other) => other !== name);
      const given = others.find((other) => other.field !== 'function');
      if (given !== undefined) return given;
    }
  }
  return undefined;
}

/** The call in the function from which it may be reached again, by the names of the file's functions. */
function recursion(file: FileModel, holder: Scope): PyNode | undefined {
  const own = field(holder.node, 'name');
  if (own === undefined) return undefined;
  const byName = new Map<string, PyNode[]>();
  for (const [node, { kind }] of file.allScopes()) {
    const name = kind === 'function' ? field(node, 'name') : undefined;
    if (name !== undefined) byName.set(file.text(name), [...(byName.get(file.text(name)) ?? []), node]);
  }
  return callsIn(file, holder.node).find(({ name }) => reaches(file, name, file.text(own), byName))?.node;
}

function reaches(
  file: FileModel,
  from: string,
  wanted: string,
  byName: ReadonlyMap<string, readonly PyNode[]>,
): boolean {
  const seen = new Set([from]);
  for (const name of seen) {
    if (name === wanted) return true;
    for (const definition of byName.get(name) ?? []) for (const call of callsIn(file, definition)) seen.add(call.name);
  }
  return false;
}

function callsIn(file: FileModel, definition: PyNode): readonly { readonly node: PyNode; readonly name: string }[] {
  return [...descend(definition)].flatMap((node) => {
    const callee = node.kind === 'call' ? field(node, 'function') : undefined;
    const last = callee?.kind === 'attribute' ? field(callee, 'attribute') : callee;
    return last?.kind === 'identifier' ? [{ node, name: file.text(last) }] : [];
  });
}
