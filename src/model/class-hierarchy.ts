/** The order in which Python looks through a class and its bases, and what it finds there (language reference 3.3.3.3, 8.8). */

import { bindsInBody, type ClassModel, classesOf, isKnownBase, type Method } from './class.ts';
import type { FileModel } from './file.ts';

const METACLASSES: ReadonlySet<string> = new Set(['builtins.type', 'abc.ABCMeta', 'enum.EnumMeta', 'enum.EnumType']);

export interface MethodResolution {
  /** The class itself first; only classes of this file. */
  readonly classes: readonly ClassModel[];
  /** False when a base is unknown, or the bases cannot be put in order: then there may be more before or between. */
  readonly complete: boolean;
}

/** The method resolution order (C3, as `type.mro`), as far as this file tells. Endless inheritance gives an incomplete answer. */
export function resolutionOrder(model: ClassModel): MethodResolution {
  const known = orders.get(model);
  if (known !== undefined) return known;
  const order = linearise(model, new Set());
  orders.set(model, order);
  return order;
}

const orders = new WeakMap<ClassModel, MethodResolution>();

function linearise(model: ClassModel, active: Set<ClassModel>): MethodResolution {
  const known = orders.get(model);
  if (known !== undefined) return known;
  if (active.has(model)) return { classes: [model], complete: false };
  active.add(model);
  let complete = !model.spread;
  const sequences: ClassModel[][] = [];
  for (const base of model.bases) {
    if (base.class === undefined) {
      if (!isKnownBase(base)) complete = false;
      continue;
    }
    const order = linearise(base.class, active);
    complete &&= order.complete;
    sequences.push([...order.classes]);
  }
  active.delete(model);
  sequences.push(model.bases.flatMap((base) => (base.class === undefined ? [] : [base.class])));
  const merged: ClassModel[] = [model];
  for (;;) {
    const open = sequences.filter((sequence) => sequence.length > 0);
    if (open.length === 0) return { classes: merged, complete };
    const next = open
      .map((sequence) => sequence[0])
      .find((head) => head !== undefined && !open.some((sequence) => sequence.indexOf(head) > 0));
    if (next === undefined) return { classes: [...new Set([...merged, ...open.flat()])], complete: false };
    merged.push(next);
    for (const sequence of sequences) if (sequence[0] === next) sequence.shift();
  }
}

/** Every class of the file that inherits from `model`, directly or not. */
export function subclassesOf(model: ClassModel): readonly ClassModel[] {
  let index = subclasses.get(model.file);
  if (index === undefined) {
    index = new Map<ClassModel, ClassModel[]>();
    for (const heir of classesOf(model.file)) {
      for (const ancestor of resolutionOrder(heir).classes) {
        if (ancestor !== heir) index.set(ancestor, [...(index.get(ancestor) ?? []), heir]);
      }
    }
    subclasses.set(model.file, index);
  }
  return index.get(model) ?? [];
}

const subclasses = new WeakMap<FileModel, Map<ClassModel, ClassModel[]>>();

/** The class, its subclasses, and every class of the file that one of them inherits from. */
export function relatives(model: ClassModel): ReadonlySet<ClassModel> {
  return new Set([model, ...subclassesOf(model)].flatMap((member) => resolutionOrder(member).classes));
}

/** The method that `name` means on instances of `model`, with false when an unknown base may come before it. */
export function findMethod(
  model: ClassModel,
  name: string,
): { readonly method: Method | undefined; readonly certain: boolean } {
  const order = resolutionOrder(model);
  for (const [index, holder] of order.classes.entries()) {
    const methods = holder.methods.filter((method) => method.name === name);
    const method = methods.at(-1);
    if (method !== undefined) {
      return { method, certain: method.certain && (order.complete || index === 0) };
    }
    if (bindsInBody(holder, name)) return { method: undefined, certain: false };
  }
  return { method: undefined, certain: order.complete };
}

/** True if instances of the class are classes. */
export function isMetaclass(model: ClassModel): boolean {
  return resolutionOrder(model).classes.some((holder) =>
    holder.bases.some((base) => base.qualifiedName !== undefined && METACLASSES.has(base.qualifiedName)),
  );
}
