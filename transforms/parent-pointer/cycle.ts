/**
 * What is one change: the pointers that lead back out of one container, or along one list, of whichever classes. To make one of them weak
 * leaves the others in the way, so that they are accepted or rejected together.
 */

import { filesAround } from '../../src/model/attribute-files.ts';
import { type ClassModel, isImportable } from '../../src/model/class.ts';
import { ALONE, type FileModel } from '../../src/model/file.ts';
import { bodiesOf, linksIn } from '../../src/model/link.ts';
import { TypeQuery } from '../../src/model/object-type.ts';
import type { Topic } from '../../src/plan/transform.ts';
import { backwardness } from './direction.ts';
import { familyOf, groupsIn, groupsOfClass, holderOf } from './group.ts';
import type { Cycle, Group } from './match.ts';
import { declares } from './pair.ts';

/** The cycles with a pointer of a class of the file; only those that are wanted. What other classes have to do with them may stand elsewhere. */
export function* cyclesIn(file: FileModel, wanted: (topic: Topic) => boolean): Iterable<Cycle> {
  const done = new Set<string>();
  for (const group of groupsIn(file, wanted)) {
    // What is looked for in other files is looked for by class.
    if (file.surroundings === ALONE) {
      yield { groups: [group] };
      continue;
    }
    if (done.has(keyOf(group))) continue;
    const groups = [group];
    const known = new Set([keyOf(group)]);
    for (const one of groups) {
      for (const other of [...ofOneContainer(one), ...ofOneList(one)]) {
        if (known.has(keyOf(other))) continue;
        known.add(keyOf(other));
        groups.push(other);
      }
    }
    for (const key of known) done.add(key);
    const [first, ...others] = byClass(groups);
    if (first !== undefined) yield { groups: [first, ...others] };
  }
}

/** What a cycle is known by, from whichever of its files it is looked at. */
export function identityOf({ groups }: Cycle): string {
  return groups.map(keyOf).sort().join(' ');
}

function keyOf({ holder, pointers }: Group): string {
  const names = pointers.map(({ attribute }) => attribute).sort();
  return `${holder.file.source.path}:${holder.qualifiedName}.${names.join()}`;
}

/** The groups of other classes whose objects lie in the same container, or under the same attribute, of the same owner. */
function* ofOneContainer(group: Group): Iterable<Group> {
  for (const { attribute, pairs } of group.pointers) {
    const holds = new Map(pairs.map((pair) => [`${pair.hold} ${pair.by} ${pair.owner?.name}`, pair]));
    for (const { owner, hold, by } of holds.values()) {
      if (owner === undefined || hold === undefined) continue;
      // Where nothing tells the class, the owner's own is taken for it.
      const classes = new Set([owner, ...heldBy(owner, hold, by === 'container')]);
      for (const model of classes) {
        if (!declares(model, attribute)) continue;
        const holder = holderOf(model, attribute);
        if (holder === group.holder) continue;
        for (const other of groupsOfClass(holder, attribute)) {
          const isSame = other.pointers.some((pointer) =>
            pointer.pairs.some((pair) => pair.hold === hold && isOf(pair.owner, owner)),
          );
          if (isSame) yield other;
        }
      }
    }
  }
}

function isOf(one: ClassModel | undefined, other: ClassModel): boolean {
  return one !== undefined && familyOf(one) === familyOf(other);
}

/** The classes of what an attribute holds, told from the owner's side: the same from whichever of them it is asked. */
function heldBy(owner: ClassModel, hold: string, isContainer: boolean): ReadonlySet<ClassModel> {
  const binding = owner.scope.bindings.get(hold);
  const files = isImportable(owner) ? filesAround({ class: owner, name: hold, binding }).files : [owner.file];
  const types = new TypeQuery(files);
  const classes = new Set(types.ofAttribute(owner, hold, isContainer).classes);
  // What a constructor in a file that does not know the owner puts in is seen where the owner's own file calls it.
  for (const link of bodiesOf(owner.file).flatMap((body) => linksIn(owner.file, body))) {
    if (link.attribute !== hold || (link.by === 'container') !== isContainer) continue;
    if (![...types.ofPath(link.object).classes].some((one) => isOf(one, owner))) continue;
    for (const model of types.ofPath(link.value).classes) classes.add(model);
  }
  return classes;
}

/** Of a list whose nodes lead back to their holder and to the node before them: the one beside the other. */
function* ofOneList({ holder, pointers }: Group): Iterable<Group> {
  const [first] = pointers;
  const role = roleOf(pointers);
  if (first === undefined || role === undefined) return;
  for (const other of groupsOfClass(holder, first.attribute)) {
    const theirs = roleOf(other.pointers);
    if (theirs !== undefined && theirs !== role) yield other;
  }
}

/** `prev` beside `next` leads along a list, `list` beside `first` out of it. */
function roleOf(pointers: Group['pointers']): 'along' | 'out' | undefined {
  const direct = pointers.flatMap(({ pairs }) => pairs).filter(({ by, hold }) => by === 'direct' && hold !== undefined);
  const isSibling = direct.some(({ owner, child }) => owner !== undefined && familyOf(owner) === familyOf(child));
  if (direct.some(({ pointer, hold = '' }) => backwardness(pointer) === 2 && backwardness(hold) === -1) && isSibling)
    return 'along';
  return direct.some(({ hold = '' }) => /^_*(?:first|head|front|start)/i.test(hold)) ? 'out' : undefined;
}

/** Pointers of one class are written together. */
function byClass(groups: readonly Group[]): readonly Group[] {
  const merged = new Map<ClassModel, Group>();
  for (const group of groups) {
    const known = merged.get(group.holder);
    if (known === undefined) {
      merged.set(group.holder, group);
      continue;
    }
    const files = [...new Set([...known.files, ...group.files])];
    merged.set(group.holder, {
      holder: group.holder,
      owners: new Set([...known.owners, ...group.owners]),
      pointers: [...known.pointers, ...group.pointers],
      beside: [],
      files,
      incomplete: known.incomplete ?? group.incomplete,
      types: new TypeQuery(files),
    });
  }
  const holders = [...merged.keys()];
  return [...merged.values()].map((group) => ({ ...group, beside: holders.filter((one) => one !== group.holder) }));
}
