/** Strategy `local`: what only one method uses becomes a name of that method, made anew by each call. */
import type { Fix, Unfixable } from '../../src/core/finding.ts';
import type { AttributeAccess } from '../../src/model/attribute-accesses.ts';
import type { Method } from '../../src/model/class.ts';
import { readUnseen } from '../../src/model/outside-read.ts';
import { isStored, usesOfValue } from '../../src/model/use.ts';
import { noAttributeHooks } from '../../src/plan/attribute-obligations.ts';
import { moveToLocal } from '../../src/plan/move-to-local.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, within } from '../../src/syntax/access.ts';
import {
  methodCallable,
  noClassLevelAccess,
  noOtherBinding,
  notChangedThroughClass,
  notSharedOnPurpose,
} from './common-obligations.ts';
import { initialiserRepeatable, qualify } from './initialiser.ts';
import { notKeptBetweenCalls } from './kept.ts';
import type { Match } from './match.ts';
import { notReadFromOutside } from './outside.ts';
import { callsItself } from './reentry.ts';

/** `order` is the attribute's place among those of the class body. */
export function localFix(match: Match, order: number): Fix | Unfixable {
  const strategy = 'local';
  const { attribute, accesses } = match;
  const manual = ({ unwritable }: Unwritable): Unfixable => ({ strategy, unfixable: unwritable });
  const user = onlyUser(match);
  if ('unwritable' in user) return manual(user);
  const { method, self } = user;
  const obstacle = obstacleIn(match, method);
  if (obstacle !== undefined) return manual({ unwritable: obstacle });
  const qualified = qualify(attribute, { name: method.name, method, header: '' });
  if ('unwritable' in qualified) return manual(qualified);
  const uses = accesses.instance.map(({ node }) => node);
  const moved = moveToLocal(attribute, order, { method, self, uses, ...qualified });
  if ('unwritable' in moved) return manual(moved);
  return {
    strategy,
    title: `Make \`${attribute.name}\` a local name of \`${method.name}\``,
    obligations: [
      noClassLevelAccess(match),
      notChangedThroughClass(match),
      noOtherBinding(match),
      notReadFromOutside(match, method),
      notKeptBetweenCalls(match, method),
      // What is bound on the instance goes through them.
      ...(uses.some(isStored) ? [noAttributeHooks(attribute)] : []),
      initialiserRepeatable(attribute, 'call'),
      notSharedOnPurpose(match),
      ...methodCallable(match),
    ],
    ...moved,
  };
}

/** The one method that everything known to use the attribute stands in, with what it calls the instance. */
function onlyUser({ attribute, accesses }: Match): { readonly method: Method; readonly self: string } | Unwritable {
  const { class: model } = attribute;
  const [read] = accesses.classLevel;
  if (read !== undefined) return { unwritable: `\`${excerpt(read.file, read.node)}\` reads it from the class` };
  const users = new Map<Method, AttributeAccess>();
  for (const access of accesses.instance) {
    const { file, node, receiver } = access;
    if (receiver.kind !== 'instance' || receiver.method === undefined)
      return { unwritable: `\`${excerpt(file, node)}\` uses it on an instance that is not the method's own` };
    users.set(receiver.method, access);
  }
  const [first, second] = users;
  if (first === undefined) return { unwritable: 'no method of the class uses it' };
  const [method, { file, node, receiver }] = first;
  if (second !== undefined)
    return { unwritable: `several methods use it, \`${method.name}\` and \`${second[0].name}\` among them` };
  if (method.class !== model)
    return { unwritable: `the method that uses it, \`${method.class.name}.${method.name}\`, stands in another class` };
  const declared = receiver.kind === 'instance' && receiver.declared;
  const object = field(node, 'object');
  if (!declared && object !== undefined) return { method, self: file.text(object) };
  return method.first === undefined
    ? { unwritable: `\`${method.name}\` has no parameter for the instance` }
    : { method, self: method.first.name };
}

/** Why a name of the method cannot do what the attribute does there. */
function obstacleIn(match: Match, method: Method): string | undefined {
  const { accesses, container } = match;
  const bound = noOtherBinding(match);
  if (bound.holds === false) return bound.detail;
  for (const { file, node } of accesses.instance) {
    if (usesOfValue(file, node, container).some(({ kind }) => kind === 'delete'))
      return `\`del ${excerpt(file, node)}\` brings back what the class has`;
    const scope = file.scopeAround(node);
    if (!isStored(node) || scope === method.scope) continue;
    const name = scope === undefined ? undefined : field(scope.node, 'name');
    return `${name === undefined ? 'a block' : `\`${file.text(name)}\``} inside \`${method.name}\` binds it, which would need \`nonlocal\``;
  }
  const unseen = readUnseen(method.class.file, match.attribute.name);
  if (unseen !== undefined && within(unseen, method.node))
    return `\`${excerpt(method.class.file, unseen)}\` in \`${method.name}\` reads it too, where a name would mean something else`;
  const again = callsItself(method);
  return again === undefined
    ? undefined
    : `\`${method.name}\` calls itself (\`${excerpt(again.file, again.node)}\`), and each call would have its own`;
}
