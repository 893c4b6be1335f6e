/** In a tree of one kind a node that its owner may not hold may die while one below it is used. */
import type { ClassModel } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';

/** True if what is held may hold others of its kind. */
export function isOfOneKind({ holder, owners }: Pick<Group, 'holder' | 'owners'>): boolean {
  const family: ReadonlySet<ClassModel> = relatives(holder);
  return [...owners].some((owner) => [...relatives(owner)].some((one) => family.has(one)));
}

/** Whether there is an owner is all that may be asked. */
const ASKS_FOR_OWNER = /^(?:not\s+)?[\w.]+(?:\s+is(?:\s+not)?\s+None)?$/;

/** The condition under which alone a child is held; undefined where every child with an owner is. */
export function heldUnder(group: Group): Obstacle | undefined {
  if (!isOfOneKind(group)) return undefined;
  for (const { pairs } of group.pointers) {
    for (const { file, holdNode } of pairs) {
      for (let node: PyNode = holdNode; node.parent !== undefined; node = node.parent) {
        const { parent } = node;
        if (parent.kind === 'function_definition' || parent.kind === 'module') break;
        const condition = /^(?:if_statement|elif_clause)$/.test(parent.kind) ? field(parent, 'condition') : undefined;
        const isOpen =
          condition !== undefined ? !ASKS_FOR_OWNER.test(file.text(condition)) : MAY_NOT_RUN.test(parent.kind);
        if (isOpen)
          return {
            file,
            node: holdNode,
            detail: `\`${excerpt(file, holdNode)}\` may not run: then nothing but a name holds the child`,
          };
      }
    }
  }
  return undefined;
}

const MAY_NOT_RUN =
  /^(?:while_statement|try_statement|except_clause|case_clause|conditional_expression|boolean_operator)$/;
