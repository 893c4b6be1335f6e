/**
 * Whether something holds the owner for as long as its child is used: the question that a weak pointer stands and falls with.
 *
 * It is answered from where the objects are made. What a module names lives as long as the program; what a function names lives until the
 * function ends, and then nothing that was taken from it may have left. Everything else is not known.
 */
import type { Obligation } from '../../src/core/finding.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { findMethod, relatives, subclassesOf } from '../../src/model/class-hierarchy.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { Binding } from '../../src/model/scope.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { backwardness } from './direction.ts';
import { droppedOwner, makesOwner } from './dropped.ts';
import { escapesFrom } from './escape.ts';
import { escapeOptions } from './escape-options.ts';
import { heldUnder } from './held-surely.ts';
import { keptByOthers } from './kept-by-others.ts';
import { makingOf } from './making.ts';
import type { Group } from './match.ts';
import { isForGood } from './named-once.ts';
import { removal } from './removal.ts';
import { isAttached, unheld } from './unheld.ts';

const ID = 'owner-outlives';

/** The obligation `owner-outlives`. */
export function ownerOutlives(group: Group): Obligation {
  const { holder, files, incomplete } = group;
  const family = familiesOf(group);
  const finalizer = usedByFinalizer(group);
  if (finalizer !== undefined) return unmet(ID, finalizer);
  const { sites, handed, open } = makingOf(files, family);
  const unseen = open ?? handed[0];
  const temporary = sites.find(({ node }) => isTemporary(group, node));
  if (temporary !== undefined) {
    const detail = `nothing holds \`${excerpt(temporary.file, temporary.node)}\` but the child that is made of it`;
    return unmet(ID, { ...temporary, detail });
  }
  const dropped = droppedOwner(group, family, sites);
  if (dropped !== undefined) return unmet(ID, dropped);
  if (unseen !== undefined) return unknown(ID, keptByOthers(group, sites) ?? unseen);
  if (incomplete !== undefined) return { id: ID, holds: 'unknown', detail: incomplete };
  if (!sites.some((site) => !isAttached(group, site.node) && makesOwner(group, site) !== false)) {
    const detail = `nothing in the project makes a \`${ownerName(group)}\`: who does, and what it keeps, is not known`;
    return unknown(ID, { file: holder.file, node: holder.node, detail });
  }
  if (sites.every(({ file, node }) => isForGood(file, node)))
    return met(ID, 'every object is named by a module, which holds it for good');
  const unfollowed = methodsKeep(group, family) ?? removal(group) ?? heldUnder(group);
  if (unfollowed !== undefined) return unknown(ID, unfollowed);
  const lost = unheld(group, family, sites);
  if (lost !== undefined) return unknown(ID, lost);
  return met(ID, 'whoever makes the owner holds it for as long as anything from it is used');
}

/** Every class of the cycle, and what is related to it. */
function familiesOf({ holder, owners, beside }: Group): ReadonlySet<ClassModel> {
  return new Set([holder, ...owners, ...beside].flatMap((one) => [...relatives(one)]));
}

/** True if the pointer holds the owner, and not the other way round: the only child it has is given away, and the owner let go. */
export function holdsOwner(group: Group): boolean {
  const pairs = group.pointers.flatMap((pointer) => pointer.pairs);
  const isSingle = pairs.every(({ by, hold }) => by === 'direct' && hold !== undefined && backwardness(hold) === 0);
  if (!isSingle) return false;
  const family = familiesOf(group);
  return droppedOwner(group, family, makingOf(group.files, family).sites) !== undefined;
}

/** True if the owners are made by what a module has for good, as far as one can tell: nothing but the class is handed to it. */
export function isMadeForGood({ owners, files }: Pick<Group, 'owners' | 'files'>): boolean {
  if (owners.size === 0) return false;
  const classes = new Set([...owners].flatMap((owner) => [owner, ...subclassesOf(owner)]));
  const { sites, handed, open } = makingOf(files, classes);
  return handed.length > 0 && sites.length === 0 && open === undefined;
}

function ownerName({ holder, owners }: Group): string {
  return [...owners][0]?.name ?? holder.name;
}

/** By the time `__del__` of a child runs, the owner is gone. */
function usedByFinalizer({ holder, pointers }: Group): Obstacle | undefined {
  for (const model of [holder, ...subclassesOf(holder)]) {
    const { method } = findMethod(model, '__del__');
    if (method === undefined) continue;
    const { file } = method.class;
    const read = pointers
      .flatMap(({ attribute }) => file.attributes(attribute))
      .find((node) => within(node, method.node));
    const detail = `\`${method.class.name}.__del__\` follows it, when the owner is gone already`;
    if (read !== undefined) return { file, node: read, detail };
  }
  return undefined;
}

/** `Leaf(Branch())`: the owner is an argument, and nothing else has it. */
function isTemporary(group: Group, site: PyNode): boolean {
  const list = site.parent?.kind === 'keyword_argument' ? site.parent.parent : site.parent;
  const call = list?.kind === 'argument_list' && list.parent?.kind === 'call' ? list.parent : undefined;
  if (call === undefined) return false;
  return group.pointers.some(({ pairs }) =>
    pairs.some(({ pointerNode, ownerRoot }) => pointerNode === call && ownerRoot === site),
  );
}

/** Where a method of the classes hands its object, or what it is given, to something that may keep it. */
function methodsKeep({ holder, owners, types }: Group, family: ReadonlySet<ClassModel>): Obstacle | undefined {
  for (const model of new Set([holder, ...owners].flatMap((one) => [...relatives(one)]))) {
    for (const method of model.methods) {
      const { file } = model;
      const isOfFamily = (binding: Binding): boolean =>
        [...types.ofPath({ root: binding, version: 0, steps: [] }).classes].some((one) => family.has(one));
      const objects = [...method.scope.bindings.values()].filter(
        (binding) => binding.sites[0]?.kind === 'parameter' && isOfFamily(binding),
      );
      const { escapes } = escapesFrom(file, method.node, new Set(objects), escapeOptions(file, family, true));
      if (escapes[0] !== undefined) return escapes[0];
    }
  }
  return undefined;
}
