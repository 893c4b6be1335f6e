/** What the rule found in one file. */

import type { AttributeAccesses } from '../../src/model/attribute-accesses.ts';
import type { ClassModel, Method } from '../../src/model/class.ts';
import type { NamedAttribute } from '../../src/model/class-attribute.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import type { Assignment } from './assignment.ts';

export interface Match {
  /** The attribute on the class of this file that the finding is about. */
  readonly subject: NamedAttribute;
  /** The same on the class that holds the value: another one where a method names a base that another file defines. */
  readonly attribute: NamedAttribute;
  /** The classes of the file whose instances put something there. */
  readonly members: ReadonlySet<ClassModel>;
  readonly accesses: AttributeAccesses;
  /** Every assignment by a method of an instance, in the order of the text. */
  readonly assignments: readonly Assignment[];
  /** Those of an object that belongs to the instance; never empty. */
  readonly objects: readonly [Assignment, ...Assignment[]];
  /** The method that is called on it, where only that tells that it is an object. */
  readonly called: string | undefined;
}

/** The method that sets the attribute through a `self` it does not declare, where there is one. */
export function undeclaredSelf({ objects }: Match): Method | undefined {
  const forgetful = objects.find(({ file, on }) => {
    const receiver = on.through === 'type' ? receiverOf(file, on.instance) : undefined;
    return receiver?.kind === 'instance' && !receiver.declared;
  });
  return forgetful?.on.method;
}
