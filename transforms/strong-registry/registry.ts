/** A container of a class or a module, every binding of it, and everything that is done with it in the project. */

import { once } from '../../src/core/once.ts';
import { type AttributeAccess, accessesOf } from '../../src/model/attribute-accesses.ts';
import { filesAround } from '../../src/model/attribute-files.ts';
import type { ClassModel } from '../../src/model/class.ts';
import type { NamedAttribute } from '../../src/model/class-attribute.ts';
import { type ContainerType, freshContainer } from '../../src/model/container.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { type ModuleVariable, sharesValue, usesOfVariable } from '../../src/model/module-variable.ts';
import type { Binding, BindingSite } from '../../src/model/scope.ts';
import { unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { functionAround, type Operation, operationsOn } from './operation.ts';

/** An expression that makes the empty container. */
export interface Initialiser {
  readonly site: BindingSite;
  /** `{}`, `dict()`: of a conditional expression each side. */
  readonly values: readonly PyNode[];
}

/** Where it is declared, and what it is before anything is known of its uses. */
export interface Declared {
  readonly file: FileModel;
  readonly class: ClassModel | undefined;
  readonly name: string;
  readonly binding: Binding;
  readonly type: ContainerType;
  readonly initialisers: readonly Initialiser[];
}

export interface Registry extends Declared {
  /** Those that name it. */
  readonly byName: readonly Operation[];
  readonly operations: readonly Operation[];
  /** Uses of which it cannot be known whether they mean this registry. */
  readonly doubtful: readonly Spot[];
  /** What is done there through some class, such as `self.Inner._all`: it may well be this one. */
  readonly perhaps: readonly Operation[];
  readonly files: readonly FileModel[];
  /** Why there may be more uses, for a person; undefined if these are all. */
  readonly incomplete: string | undefined;
}

/** The registry that a binding may be; undefined where it is bound to anything but an empty container of one type. */
export function declared(
  file: FileModel,
  model: ClassModel | undefined,
  name: string,
  binding: Binding,
): Declared | undefined {
  if (/^__\w+__$/.test(name)) return undefined;
  const sites = binding.sites.filter(({ kind }) => kind !== 'annotation');
  const initialisers = sites.map((site) => ({ site, values: site.value === undefined ? [] : leaves(site.value) }));
  const containers = initialisers.flatMap(({ values }) => values.map((value) => freshContainer(file, value)));
  const [first] = containers;
  if (first === undefined || initialisers.some(({ values }) => values.length === 0)) return undefined;
  if (containers.some((other) => other === undefined || !other.empty || other.type !== first.type)) return undefined;
  return { file, class: model, name, binding, type: first.type, initialisers };
}

/** Both sides of a conditional expression. */
function leaves(value: PyNode): readonly PyNode[] {
  const node = unwrap(value);
  if (node.kind !== 'conditional_expression') return [node];
  return [node.children[0], node.children[2]].flatMap((side) => (side === undefined ? [] : leaves(side)));
}

export function registryOf(found: Declared): Registry | undefined {
  return found.class === undefined ? ofModule(found) : ofClass({ ...found, class: found.class });
}

function ofClass(found: Declared & NamedAttribute): Registry | undefined {
  const accesses = accessesOf(found);
  const on = (some: readonly AttributeAccess[]): readonly Operation[] =>
    some.flatMap(({ file, node }) => operationsOn(file, node));
  const ofInstances = on(accesses.instance);
  // Where instances bind the name for themselves, what they fill may be their own.
  if (ofInstances.some(({ kind }) => kind === 'bind')) return undefined;
  const operations = once(() => [...ofInstances, ...on(accesses.classLevel)]);
  const around = once(() => filesAround(found));
  // What may be done without its name is looked for once something is known to be put in.
  return {
    ...found,
    byName: [...ofInstances, ...on(accesses.byName)],
    get operations() {
      return operations();
    },
    get doubtful() {
      return [...accesses.someClass, ...accesses.unknown];
    },
    get perhaps() {
      return on(accesses.someClass);
    },
    get files() {
      return around().files;
    },
    get incomplete() {
      return around().incomplete;
    },
  };
}

function ofModule(found: Declared): Registry {
  const variable: ModuleVariable = found;
  const { uses, files, incomplete } = usesOfVariable(variable);
  const operations = uses.flatMap(({ file, node }) => operationsOn(file, node));
  return { ...found, byName: operations, operations, doubtful: [], perhaps: [], files, incomplete };
}

/** The functions that bind it anew: `global _live; _live = []`. */
export function resets(registry: Declared): readonly PyNode[] {
  return registry.initialisers
    .map(({ site }) => site.node)
    .filter((node) => functionAround(registry.file, node) !== undefined);
}

/** True where one object has several names. */
export function isShared({ initialisers }: Declared): boolean {
  return initialisers.some(({ site }) => sharesValue(site));
}
