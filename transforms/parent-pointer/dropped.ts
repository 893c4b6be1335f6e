/** Where an owner surely dies before its child: a function makes it, gives the child away, and keeps neither. */
import { type ClassModel, classOf } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import type { Binding } from '../../src/model/scope.ts';
import { field } from '../../src/syntax/access.ts';
import { type Escape, escapesFrom } from './escape.ts';
import { escapeOptions } from './escape-options.ts';
import type { EscapeOptions } from './fates.ts';
import type { Group } from './match.ts';
import { localOf } from './named-once.ts';
import { isAttached } from './unheld.ts';

/** `sites` are the calls that make objects of the classes. */
export function droppedOwner(
  group: Pick<Group, 'holder' | 'owners' | 'pointers' | 'types'>,
  family: ReadonlySet<ClassModel>,
  sites: readonly Spot[],
): Obstacle | undefined {
  for (const site of sites) {
    const { file, node } = site;
    const owner = localOf(file, node);
    if (owner === undefined || makesOwner(group, site) !== true || isAttached(group, node)) continue;
    const options = escapeOptions(file, family, false);
    const { escapes, returned } = escapesFrom(file, owner.scope.node, new Set([owner]), options);
    // Who else has the owner may hold it.
    if (returned.length > 0 || escapes.some(({ isRoot }) => isRoot) || isHandedOn(file, owner, options)) continue;
    const lost = escapes.find((one) => one.isTaken && isChild(group, one) && !isHandedOnFrom(one, options));
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** True if what the call makes may own others; undefined where its class is not known. */
export function makesOwner({ owners }: Pick<Group, 'owners'>, { file, node }: Spot): boolean | undefined {
  const callee = field(node, 'function');
  const made = callee === undefined ? undefined : classOf(file, callee);
  return made === undefined ? undefined : [...owners].some((owner) => relatives(owner).has(made));
}

/** True if what leaves is an object with the pointer, and no name or number of it. */
function isChild({ holder, types }: Pick<Group, 'holder' | 'types'>, { file, node, value }: Escape): boolean {
  const family: ReadonlySet<ClassModel> = relatives(holder);
  const given = /^(?:return_statement|yield)$/.test(node.kind) ? node.children[0] : undefined;
  return [value, given].some(
    (one) => one !== undefined && [...types.ofExpression(file, one).classes].some((model) => family.has(model)),
  );
}

/** True if what leaves was handed to something before that may own it from then on. */
function isHandedOnFrom({ file, value }: Escape, options: EscapeOptions): boolean {
  const binding = value.kind === 'identifier' ? file.resolve(value) : undefined;
  return binding !== undefined && isHandedOn(file, binding, options);
}

const GIVES = /^(?:argument_list|keyword_argument|list|set|pair|list_splat|lambda|function_definition)$/;

/** True if the name is an argument or an element anywhere behind where it is bound, but for what makes objects of the classes. */
function isHandedOn(file: FileModel, binding: Binding, { isOwn }: EscapeOptions): boolean {
  const bound = binding.sites.findLast(({ kind }) => kind !== 'parameter')?.node.start ?? 0;
  return file.usesOf(binding).some((use) => {
    const { parent } = use;
    if (use.start <= bound || parent === undefined) return false;
    if (parent.kind === 'assignment') return use.field === 'right' && field(parent, 'left')?.kind !== 'identifier';
    if (!GIVES.test(parent.kind)) return false;
    const list = parent.kind === 'keyword_argument' ? parent.parent : parent;
    const callee = list?.parent?.kind === 'call' ? field(list.parent, 'function') : undefined;
    return callee === undefined || !isOwn(callee);
  });
}
