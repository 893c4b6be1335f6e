/** What the rule found in one file. */

import type { AttributeAccesses } from '../../src/model/attribute-accesses.ts';
import type { Method } from '../../src/model/class.ts';
import type { ClassAttribute } from '../../src/model/class-attribute.ts';
import type { Container } from '../../src/model/container.ts';
import type { SharedChange } from '../../src/model/shared-state.ts';
import type { Purpose } from './sharing.ts';

export interface Match {
  readonly attribute: ClassAttribute;
  readonly container: Container;
  readonly accesses: AttributeAccesses;
  /** The changes made through instances, in the order of the text; never empty. */
  readonly changes: readonly SharedChange[];
  /** Why the container looks shared on purpose; undefined for state of each instance. */
  readonly purpose: Purpose | undefined;
}

/** The method that changes the attribute through a `self` it does not declare, where there is one. */
export function undeclaredSelf({ accesses, changes }: Match): Method | undefined {
  const forgetful = accesses.instance.flatMap(({ receiver }) =>
    receiver.kind === 'instance' && !receiver.declared && receiver.method !== undefined ? [receiver.method] : [],
  );
  return forgetful.find((method) => changes.some((change) => change.method === method));
}
