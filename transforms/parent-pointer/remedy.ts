/** The fix of each strategy, for all pointers of a cycle together. */
import type { Fix, Obligation, Unfixable } from '../../src/core/finding.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { namesOf } from './described.ts';
import { destroyedClass, destroyObligation, destroyRewrite } from './destroy.ts';
import type { Cycle, Group } from './match.ts';
import { obligations } from './obligations.ts';
import { propertyRewrite } from './property.ts';
import { referenceRewrite } from './reference.ts';
import { ringOf } from './ring.ts';
import { type Rewritten, together } from './together.ts';

/** `strategy` is one of the rule's. */
export function remedy({ groups }: Cycle, strategy: string): Fix | Unfixable {
  const names = groups.map(namesOf).join(' and ');
  const ring = strategy === 'destroy' ? undefined : groups.map(ringOf).find((one) => one !== undefined);
  if (ring !== undefined) return { strategy, unfixable: ring };
  switch (strategy) {
    case 'property': {
      const isSeveral = groups.flatMap(({ pointers }) => pointers).length > 1;
      const what = isSeveral ? 'properties over weak references' : 'a property over a weak reference';
      return weak(groups, strategy, together(groups.map(propertyRewrite)), `Make ${names} ${what}`);
    }
    case 'ref':
      return weak(groups, strategy, referenceRewrite(groups, 'ref'), `Keep weak references in ${names}, and call them`);
    case 'proxy':
      return weak(groups, strategy, referenceRewrite(groups, 'proxy'), `Keep weak proxies in ${names}`);
    default: {
      const written = destroyRewrite(groups);
      if ('unwritable' in written) return { strategy, unfixable: written.unwritable };
      const title = `Add \`destroy\` to \`${destroyedClass(groups).name}\``;
      return { strategy, title, obligations: [destroyObligation(groups)], ...written };
    }
  }
}

function weak(
  groups: readonly Group[],
  strategy: string,
  written: Rewritten | Unwritable,
  title: string,
): Fix | Unfixable {
  if ('unwritable' in written) return { strategy, unfixable: written.unwritable };
  const byId = new Map<string, Obligation>();
  for (const group of groups) {
    const checked = obligations(group, strategy === 'property');
    if ('unwritable' in checked) return { strategy, unfixable: checked.unwritable };
    for (const obligation of checked.obligations) {
      const known = byId.get(obligation.id);
      // Of several that do not hold one says why.
      if (known === undefined || known.holds === true || (known.holds === 'unknown' && obligation.holds === false))
        byId.set(obligation.id, obligation);
    }
  }
  const lifetime = byId.get('owner-outlives');
  if (strategy === 'proxy' && lifetime?.holds === false)
    return { strategy, unfixable: `a proxy of what is gone raises at every use, and ${lifetime.detail}` };
  return { strategy, title, obligations: [...byId.values()], ...written };
}
