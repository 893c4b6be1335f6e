/** Strategy `instance`: the value stays with the instance, and what read it from the class reads it from there. */
import type { Fix, Unfixable } from '../../src/core/finding.ts';
import { bindsInBody } from '../../src/model/class.ts';
import { resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Assignment } from './assignment.ts';
import type { Match } from './match.ts';
import { obligations } from './obligations.ts';
import { editsOf, type Rewrite, type Rewrites, rewritesOf } from './rewrite.ts';

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
  const isSetFirst = checked.obligations.some(({ id, holds }) => id === 'set-before-read' && holds === true);
  const change = isSetFirst ? undefined : changeOfDefault(match, rewrites);
  if (change !== undefined)
    return manual(
      `\`${excerpt(change.file, change.node)}\` is changed in place, and where an instance has set nothing that is the container in the class body`,
    );
  const title = `Set \`${subject.name}\` on the instance instead of on \`${subject.class.name}\``;
  return { strategy, title, obligations: checked.obligations, edits, requests: [] };
}

/** What changes a container of the class body in place where it is not set anew: through the instance that would go on being shared. */
function changeOfDefault({ attribute }: Match, { done }: Rewrites): Rewrite | undefined {
  const holder = resolutionOrder(attribute.class).classes.find((candidate) => bindsInBody(candidate, attribute.name));
  const sites = holder?.scope.bindings.get(attribute.name)?.sites ?? [];
  for (const { value } of sites) {
    const container = holder === undefined || value === undefined ? undefined : freshContainer(holder.file, value);
    if (container === undefined) continue;
    return done.find(({ file, node }) => usesOfValue(file, node, container).some(({ kind }) => kind === 'change'));
  }
  return undefined;
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
