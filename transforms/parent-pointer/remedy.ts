/** The fix of each strategy. */
import type { Fix, Unfixable } from '../../src/core/finding.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { destroyedClass, destroyObligation, destroyRewrite } from './destroy.ts';
import type { Group } from './match.ts';
import { obligations } from './obligations.ts';
import { propertyRewrite } from './property.ts';
import { referenceRewrite } from './reference.ts';
import { ringOf } from './ring.ts';

/** `strategy` is one of the rule's. */
export function remedy(group: Group, strategy: string): Fix | Unfixable {
  const { holder, pointers } = group;
  const names = pointers.map(({ attribute }) => `\`${attribute}\``).join(', ');
  const ring = strategy === 'destroy' ? undefined : ringOf(group);
  if (ring !== undefined) return { strategy, unfixable: ring };
  switch (strategy) {
    case 'property': {
      const what = pointers.length > 1 ? 'properties over weak references' : 'a property over a weak reference';
      return weak(group, strategy, propertyRewrite(group), `Make ${names} of \`${holder.name}\` ${what}`);
    }
    case 'ref':
      return weak(
        group,
        strategy,
        referenceRewrite([group], 'ref'),
        `Keep weak references in ${names} of \`${holder.name}\`, and call them`,
      );
    case 'proxy':
      return weak(
        group,
        strategy,
        referenceRewrite([group], 'proxy'),
        `Keep weak proxies in ${names} of \`${holder.name}\``,
      );
    default: {
      const written = destroyRewrite(group);
      if ('unwritable' in written) return { strategy, unfixable: written.unwritable };
      const title = `Add \`destroy\` to \`${destroyedClass(group).name}\``;
      return { strategy, title, obligations: [destroyObligation(group)], ...written };
    }
  }
}

function weak(
  group: Group,
  strategy: string,
  written: Pick<Fix, 'edits' | 'requests'> | Unwritable,
  title: string,
): Fix | Unfixable {
  if ('unwritable' in written) return { strategy, unfixable: written.unwritable };
  const checked = obligations(group, strategy === 'property');
  if ('unwritable' in checked) return { strategy, unfixable: checked.unwritable };
  return { strategy, title, obligations: checked.obligations, ...written };
}
