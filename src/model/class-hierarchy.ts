/** The order in which Python looks through a class and its bases, and what it finds there (language reference 3.3.3.3, 8.8). */

import { asNamed, bindsInBody, type ClassModel, classesOf, isImportable, isKnownBase, type Method } from './class.ts';
import { type FileModel, NO_FILES } from './file.ts';
import { mayMean } from './may-mean.ts';

const METACLASSES: ReadonlySet<string> = new Set(['builtins.type', 'abc.ABCMeta', 'enum.EnumMeta', 'enum.EnumType']);

export interface MethodResolution {
  /** The class itself first; only classes of the project. */
  readonly classes: readonly ClassModel[];
  /** False when a base is unknown, or the bases cannot be put in order: then there may be more before or between. */
  readonly complete: boolean;
}

/** The method resolution order (C3, as `type.mro`), as far as the project tells. Endless inheritance gives an incomplete answer. */
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

/** Every class of the project that inherits from `model`, directly or not: nearest first, those of its own file before others. */
export function subclassesOf(model: ClassModel): readonly ClassModel[] {
  return heirsOf(model).classes;
}

/** Why the project may have more subclasses than {@link subclassesOf} tells; undefined if it has not. */
export function unknownSubclasses(model: ClassModel): string | undefined {
  return heirsOf(model).incomplete;
}

interface Heirs {
  readonly classes: readonly ClassModel[];
  readonly incomplete: string | undefined;
}

/** The work for a class grows with the square of the length of the longest line of subclasses. */
const MAX_SUBCLASSES = 1_000;

const heirs = new WeakMap<ClassModel, Heirs>();

function heirsOf(model: ClassModel): Heirs {
  const known = heirs.get(model);
  if (known !== undefined) return known;
  const found = new Set<ClassModel>();
  let incomplete: string | undefined;
  const queue = [model];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const direct = directHeirs(next);
    incomplete ??= direct.incomplete;
    if (found.size > MAX_SUBCLASSES) {
      incomplete ??= `\`${model.name}\` has more than ${MAX_SUBCLASSES} subclasses, which is too many to look into`;
      break;
    }
    for (const heir of direct.classes) {
      if (heir === model || found.has(heir)) continue;
      found.add(heir);
      queue.push(heir);
    }
  }
  const result = { classes: [...found], incomplete };
  heirs.set(model, result);
  return result;
}

function directHeirs(model: ClassModel): Heirs {
  const { file } = model;
  const named = asNamed(model);
  const { names } = named;
  const { files, incomplete } = isImportable(model) ? file.surroundings.deriving(named) : NO_FILES;
  const candidates = [file, ...files].flatMap((other) => names.flatMap((name) => byBaseName(other).get(name) ?? []));
  // Only a base of the right name is worth following into other files.
  const classes = candidates.filter(({ bases }) =>
    bases.some((base) => names.includes(base.simpleName) && base.class === model),
  );
  const hidden = candidates.find(({ file: other, bases }) =>
    bases.some((base) => other !== file && names.includes(base.simpleName) && mayMean(other, base.named, model)),
  );
  const unsure =
    hidden === undefined
      ? undefined
      : `\`${hidden.name}\` in ${hidden.file.source.path} may inherit from \`${model.name}\``;
  return { classes, incomplete: incomplete ?? unsure };
}

/** The classes of a file by the simple names of their bases. */
function byBaseName(file: FileModel): ReadonlyMap<string, readonly ClassModel[]> {
  const known = baseNames.get(file);
  if (known !== undefined) return known;
  const index = new Map<string, ClassModel[]>();
  for (const heir of classesOf(file)) {
    for (const name of new Set(heir.bases.map((base) => base.simpleName))) {
      const list = index.get(name);
      if (list === undefined) index.set(name, [heir]);
      else list.push(heir);
    }
  }
  baseNames.set(file, index);
  return index;
}

const baseNames = new WeakMap<FileModel, ReadonlyMap<string, readonly ClassModel[]>>();

/** The class, its subclasses, and every class of the project that one of them inherits from. */
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
