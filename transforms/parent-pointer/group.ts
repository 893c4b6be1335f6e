/** The back pointers of one class that belong to the same cycles: they are one change. */

import { filesAround } from '../../src/model/attribute-files.ts';
import { bindsInBody, type ClassModel, classesOf, classOf, isImportable } from '../../src/model/class.ts';
import { findMethod, relatives, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { isDeclarative } from '../../src/model/class-kind.ts';
import { ALONE, type FileModel, type FilesFound } from '../../src/model/file.ts';
import { bodiesOf } from '../../src/model/link.ts';
import { TypeQuery } from '../../src/model/object-type.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { isStored } from '../../src/model/use.ts';
import type { Topic } from '../../src/plan/transform.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { bodiesAbout } from './about.ts';
import { isBorrowed } from './borrowed.ts';
import { backwardness } from './direction.ts';
import { isKeptOnPurpose } from './kept-on-purpose.ts';
import { holdsOwner, isMadeForGood } from './lifetime.ts';
import type { Group, Pointer } from './match.ts';
import { closesCycle, declaresItself, type Pair, pairsIn } from './pair.ts';
import { isTornDown } from './teardown.ts';
import { weakAttributes } from './weak.ts';

/** The groups whose class stands in the file; only those that are wanted. */
export function* groupsIn(file: FileModel, wanted: (topic: Topic) => boolean): Iterable<Group> {
  const alone = new TypeQuery([file]);
  const own = bodiesOf(file).flatMap((body) => pairsIn(file, body, alone));
  const candidates = new Map<ClassModel, Set<string>>();
  const note = (model: ClassModel, attribute: string): void => {
    candidates.set(model, (candidates.get(model) ?? new Set()).add(attribute));
  };
  for (const { child, pointer } of own) note(holderOf(child, pointer), pointer);
  if (file.surroundings !== ALONE) {
    for (const model of classesOf(file))
      for (const name of settableNames(file, model))
        if (wanted({ class: model, name }) && isLinkedElsewhere(model, name)) note(model, name);
  }
  for (const [holder, names] of candidates) {
    // Only what is wanted was looked for in the project's texts beforehand.
    const named = [...names].filter((name) => wanted({ class: holder, name }));
    if (holder.file !== file || isDeclarative(holder) || named.length === 0) continue;
    yield* groupsOf(holder, named, () => own);
  }
}

/** What another file makes a candidate has no evidence here: whether it has any there is asked before all that knows the class is read. */
function isLinkedElsewhere(model: ClassModel, attribute: string): boolean {
  const files = model.file.surroundings.handingSelf(model.name, attribute, model.file);
  return bodiesAbout(files, new Set([model]), [attribute]).some(({ file, node }) => closesCycle(file, node, attribute));
}

/** The groups of a class that may stand in another file than the one under review. */
export function groupsOfClass(holder: ClassModel, attribute: string): readonly Group[] {
  if (isDeclarative(holder)) return [];
  const { file } = holder;
  const alone = new TypeQuery([file]);
  const own = () => bodiesOf(file).flatMap((body) => pairsIn(file, body, alone));
  return [...groupsOf(holder, [attribute], own)];
}

/** The attributes that the class's own methods bind through `self`. */
function settableNames(file: FileModel, model: ClassModel): readonly string[] {
  const names = new Set<string>();
  for (const [, name = ''] of file.source.text
    .slice(model.node.start, model.node.end)
    .matchAll(/\.\s*([\w\u0080-\uffff]+)\s*(?::[^=\n]*)?=(?!=)/g))
    names.add(name);
  return [...names].filter((name) => declaresItself(model, name));
}

function* groupsOf(holder: ClassModel, names: readonly string[], own: () => readonly Pair[]): Iterable<Group> {
  const { files, incomplete } = around(holder, names);
  const types = new TypeQuery(files);
  const attributes = [...names, ...settableNames(holder.file, holder)];
  const seen =
    files.length === 1
      ? own()
      : bodiesAbout(files, relatives(holder), attributes).flatMap(({ file, node }) => pairsIn(file, node, types));
  const pairs = seen.filter(
    (pair) =>
      holderOf(pair.child, pair.pointer) === holder &&
      isStrong(pair, holder) &&
      !isBorrowed(pair) &&
      !isKeptOnPurpose(pair),
  );
  for (const connected of components(pairs)) {
    const holds = new Set(
      connected.flatMap(({ hold, pointer }) => (hold === undefined || hold === pointer ? [] : [hold])),
    );
    const back = connected.filter(({ pointer }) => !holds.has(pointer));
    const pointers = [...pointersOf(back), ...ends(holder, back)];
    const owners = new Set(back.flatMap(({ owner }) => owner ?? []));
    const found = { holder, owners, pointers };
    if (pointers.length === 0 || isTornDown({ ...found, files })) continue;
    const group: Group = { ...found, beside: [], ...withOwners(found, { files, incomplete }) };
    if (!holdsOwner(group) && !isMadeForGood(group)) yield group;
  }
}

/** Who makes an owner, and what becomes of its children, may stand in files that know nothing of these. */
function withOwners(
  { holder, owners, pointers }: Pick<Group, 'holder' | 'owners' | 'pointers'>,
  found: FilesFound,
): Pick<Group, 'files' | 'incomplete' | 'types'> {
  const isAlone = holder.file.surroundings === ALONE;
  const name = pointers[0]?.attribute ?? '';
  const others = [...owners]
    .filter((owner) => !isAlone && owner !== holder && isImportable(owner))
    .map((owner) => filesAround({ class: owner, name, binding: owner.scope.bindings.get(name) }));
  const files = [...new Set([...found.files, ...others.flatMap((one) => one.files)])];
  const incomplete = found.incomplete ?? others.find((one) => one.incomplete !== undefined)?.incomplete;
  return { files, incomplete, types: new TypeQuery(files) };
}

/** The pairs that have a pointer, or the family of an owner, in common. */
function components(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  let groups: { readonly keys: Set<unknown>; readonly pairs: Pair[] }[] = [];
  for (const pair of pairs) {
    const keys = new Set<unknown>([pair.pointer, ...(pair.owner === undefined ? [] : [familyOf(pair.owner)])]);
    const [met, apart] = [
      groups.filter((group) => [...keys].some((key) => group.keys.has(key))),
      groups.filter((group) => ![...keys].some((key) => group.keys.has(key))),
    ];
    const joined = {
      keys: new Set([...met.flatMap((group) => [...group.keys]), ...keys]),
      pairs: [...met.flatMap((group) => group.pairs), pair],
    };
    groups = [...apart, joined];
  }
  return groups.map((group) => group.pairs);
}

/** The files that name the class are the same for each of its attributes. */
function around(holder: ClassModel, [name]: readonly string[]): FilesFound {
  if (name === undefined || holder.file.surroundings === ALONE || !isImportable(holder))
    return { files: [holder.file], incomplete: undefined };
  const { files, incomplete } = filesAround({ class: holder, name, binding: holder.scope.bindings.get(name) });
  return { files: [...new Set([holder.file, ...files])], incomplete };
}

function pointersOf(pairs: readonly Pair[]): readonly Pointer[] {
  const byName = new Map<string, Pair[]>();
  for (const pair of pairs) byName.set(pair.pointer, [...(byName.get(pair.pointer) ?? []), pair]);
  return [...byName].map(([attribute, shown]) => ({ attribute, pairs: shown }));
}

/**
 * The end of a list whose nodes point to its holder: `last` beside `first`. It holds nothing that the chain from `first` does not, and would
 * keep a removed node alive.
 */
function ends(holder: ClassModel, pairs: readonly Pair[]): readonly Pointer[] {
  const isChained = pairs.some(
    ({ pointer, hold }) => backwardness(pointer) === 2 && hold !== undefined && backwardness(hold) === -1,
  );
  if (!isChained) return [];
  const isOwn = (owner: ClassModel | undefined): boolean => owner !== undefined && familyOf(owner) === familyOf(holder);
  const direct = pairs.filter(
    ({ by, pointer, owner }) => by === 'direct' && backwardness(pointer) !== 2 && isOwn(owner),
  );
  const hasStart = direct.some(({ hold }) => hold !== undefined && backwardness(hold) === -1);
  const last = direct.filter(({ hold }) => hold !== undefined && backwardness(hold) === 1);
  if (!hasStart) return [];
  return pointersOf(last.map((pair) => ({ ...pair, pointer: pair.hold ?? '', hold: pair.pointer })));
}

/** The class of the family that everything in it inherits from, as far as the project tells. */
export function familyOf(model: ClassModel): ClassModel {
  return resolutionOrder(model).classes.at(-1) ?? model;
}

/** The class nearest to the root of the family that binds the attribute; the class itself where none does. */
export function holderOf(model: ClassModel, attribute: string): ClassModel {
  return resolutionOrder(model).classes.findLast((one) => declaresItself(one, attribute)) ?? model;
}

/** False for what is weak already, or leads through code that may be. */
export function isStrong({ pointer, hold, owner, file, child }: Pair, holder: ClassModel): boolean {
  const isComputed = (model: ClassModel, name: string): boolean =>
    resolutionOrder(model).classes.some(
      (one) => one.methods.some((method) => method.name === name) && bindsInBody(one, name),
    );
  // `Node.parent = property(...)` behind the class
  if (holder.file.attributes(pointer).some((node) => isStored(node) && isOfClass(holder.file, node))) return false;
  if (isComputed(holder, pointer) || hasDescriptor(child, pointer) || isComputed(child, pointer)) return false;
  if (hold !== undefined && owner !== undefined && isComputed(owner, hold)) return false;
  const files = [file, holder.file, ...(owner === undefined ? [] : [owner.file])];
  return !files.some(
    (one) => weakAttributes(one).has(pointer) || (hold !== undefined && weakAttributes(one).has(hold)),
  );
}

function isOfClass(file: FileModel, node: PyNode): boolean {
  const object = field(node, 'object');
  return object !== undefined && receiverOf(file, object).kind === 'class';
}

/** `split = Weakly()` in the class body, where `Weakly` has `__get__` or `__set__` (language reference 3.3.2.2). */
function hasDescriptor(model: ClassModel, name: string): boolean {
  return resolutionOrder(model).classes.some(({ file, scope }) =>
    scope.bindings.get(name)?.sites.some(({ value }) => {
      const callee = value?.kind === 'call' ? field(value, 'function') : undefined;
      const made = callee === undefined ? undefined : classOf(file, callee);
      return made !== undefined && ['__get__', '__set__'].some((hook) => findMethod(made, hook).method !== undefined);
    }),
  );
}
