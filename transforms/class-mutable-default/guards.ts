/** Evidence in what guards the container: a lock that instances share guards something that they share. */
import { lockOfClasses, sharedGuard } from '../../src/model/sharing-signs.ts';
import type { Classify } from './sharing.ts';

/** A lock of the class or the module goes with it; so does a queue, which is made to be shared. */
export const monitor: Classify = ({ attribute, container, changes, family }) => {
  if (container.type === 'queue') return { kind: 'monitor', shown: false, reason: 'a queue is made for several users' };
  const lock = lockOfClasses(family);
  if (lock !== undefined)
    return { kind: 'monitor', shown: true, reason: `the class has a lock of its own, \`${lock}\`` };
  for (const { file, change, method } of changes) {
    const guard = sharedGuard({ file, node: change.node }, method, attribute.class, family);
    if (guard !== undefined)
      return { kind: 'monitor', shown: true, reason: `\`${file.text(guard)}\`, which instances share, guards it` };
    const wrapper = method?.decorators.find(
      (decorator) => file.qualifiedName(decorator) === undefined || /^\./.test(file.qualifiedName(decorator) ?? ''),
    );
    if (wrapper !== undefined)
      return { kind: 'monitor', shown: false, reason: `\`@${file.text(wrapper)}\` wraps a method that changes it` };
  }
  return undefined;
};
