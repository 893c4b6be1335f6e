/** Who else than its owner has a child: the places to look at where the life of the owner is not known. */
import { classOf } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { Spot } from '../../src/model/file.ts';
import { methodOfFirstParameter } from '../../src/model/receiver.ts';
import { field } from '../../src/syntax/access.ts';
import type { Group } from './match.ts';
import { localOf } from './named-once.ts';

/** `sites` are the calls that make objects of the classes. */
export function keptByOthers(group: Group, sites: readonly Spot[]): Obstacle | undefined {
  return givenAway(group) ?? heldBeside(group, sites);
}

/** Where a method of the owner gives the child that it makes to whoever calls it, who may keep nothing else. */
function givenAway({ pointers }: Pick<Group, 'pointers'>): Obstacle | undefined {
  for (const { file, childRoot, ownerRoot } of pointers.flatMap(({ pairs }) => pairs)) {
    const isOwn =
      ownerRoot !== undefined && 'sites' in ownerRoot && methodOfFirstParameter(file, ownerRoot) !== undefined;
    if (!isOwn || childRoot === undefined || 'sites' in childRoot) continue;
    const name = localOf(file, childRoot);
    const uses = [childRoot, ...(name === undefined ? [] : file.usesOf(name))];
    const given = uses.find((use) => use.parent?.kind === 'return_statement');
    const detail = 'who is given this may keep it, and not its owner';
    if (given?.parent !== undefined) return { file, node: given.parent, detail };
  }
  return undefined;
}

/** `self.buffer.append(Break(self.group))`, where `group.breaks` is what holds it. */
function heldBeside({ holder, pointers }: Group, sites: readonly Spot[]): Obstacle | undefined {
  const family = relatives(holder);
  const holds = new Set(pointers.flatMap(({ pairs }) => pairs.map(({ hold }) => hold)));
  for (const { file, node } of sites) {
    const made = classOf(file, field(node, 'function') ?? node);
    const call = node.parent?.kind === 'argument_list' ? node.parent.parent : undefined;
    const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
    const method = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
    const container = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
    const name = container?.kind === 'attribute' ? field(container, 'attribute') : undefined;
    if (made === undefined || !family.has(made) || method === undefined || name === undefined) continue;
    if (!/^(?:append|appendleft|add|insert|push)$/.test(file.text(method)) || holds.has(file.identifier(name)))
      continue;
    return {
      file,
      node: callee ?? node,
      detail: `\`${file.text(container ?? node)}\` keeps one too, whatever becomes of its owner`,
    };
  }
  return undefined;
}
