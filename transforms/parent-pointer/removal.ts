/** An object that is taken out of a structure of its own kind may die while one below it is kept. */
import { methodAround } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { assignedValue, isDeleted } from '../../src/model/use.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';

/** The place where one is, or may be, taken out; undefined where owner and child are of different kinds, or nothing is ever taken out. */
export function removal({ holder, owners, pointers, files }: Group): Obstacle | undefined {
  const family = relatives(holder);
  if (![...owners].some((owner) => [...relatives(owner)].some((one) => family.has(one)))) return undefined;
  for (const { pairs } of pointers) {
    for (const { hold } of pairs) {
      if (hold === undefined) continue;
      for (const file of files) {
        for (const node of file.attributes(hold)) {
          const { parent } = node;
          const method = parent?.kind === 'attribute' ? field(parent, 'attribute') : undefined;
          const takes =
            method !== undefined &&
            /^(?:remove|pop|popitem|popleft|clear|discard|__delitem__)$/.test(file.text(method));
          const isCut = isDeleted(node) || (parent?.kind === 'subscript' && isDeleted(parent));
          const value = assignedValue(node)?.value;
          const isFresh = value !== undefined && /^(?:none|list|dictionary|set|call)$/.test(value.kind);
          // What a constructor starts with takes the place of nothing.
          const isReplaced = assignedValue(node) !== undefined && !(isFresh && isInConstructor(file, node));
          if (takes || isCut || isReplaced)
            return {
              file,
              node,
              detail: `\`${file.text(parent ?? node).slice(0, 40)}\` may take out one that has others below it`,
            };
        }
      }
    }
  }
  return undefined;
}

function isInConstructor(file: FileModel, node: PyNode): boolean {
  const object = field(node, 'object');
  const method = object === undefined ? undefined : methodAround(file, file.scopeAround(object));
  return method?.name === '__init__';
}
