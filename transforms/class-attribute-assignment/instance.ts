/** Strategy `instance`: the value stays with the instance, and what read it from the class reads it from there. */
import type { Fix, Unfixable } from '../../src/core/finding.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Assignment } from './assignment.ts';
import type { Match } from './match.ts';
import { obligations } from './obligations.ts';
import { editsOf, rewritesOf } from './rewrite.ts';

/** The fix, or why it cannot be written. */
export function instanceFix(match: Match, strategy: string): Fix | Unfixable {
  const manual = (unfixable: string): Unfixable => ({ strategy, unfixable });
  const { subject, assignments } = match;
  const rewrites = rewritesOf(match);
  const stays = rewrites.unreachable.find(({ node }) => assignments.some((assignment) => assignment.node === node));
  if (stays !== undefined) return manual(`the instance has no name where \`${stays.file.text(stays.node)}\` is set`);
  if (rewrites.done.some(({ deletes }) => deletes))
    return manual('it is deleted through the class, where an instance may not have it');
  const twice = assignments.find((assignment) => alsoSetsInstance(assignment));
  if (twice !== undefined) return manual('the same statement sets it on the instance as well');
  const edits = editsOf(rewrites.done);
  if ('unwritable' in edits) return manual(edits.unwritable);
  const checked = obligations(match, rewrites);
  if ('unwritable' in checked) return manual(checked.unwritable);
  const title = `Set \`${subject.name}\` on the instance instead of on \`${subject.class.name}\``;
  return { strategy, title, obligations: checked.obligations, edits, requests: [] };
}

/** `self.x = type(self).x = v` */
function alsoSetsInstance({ file, node, name }: Assignment): boolean {
  let outer: PyNode = node;
  while (outer.parent?.kind === 'assignment') outer = outer.parent;
  for (let current: PyNode | undefined = outer; current?.kind === 'assignment'; current = field(current, 'right')) {
    const left = field(current, 'left');
    const object = left?.kind === 'attribute' ? field(left, 'object') : undefined;
    const member = left?.kind === 'attribute' ? field(left, 'attribute') : undefined;
    if (object === undefined || member === undefined || file.text(member) !== name) continue;
    if (receiverOf(file, object).kind === 'instance') return true;
  }
  return false;
}
