/** Pointers that are there to keep the owner alive: a weak one would end what runs. */
import type { ClassModel } from '../../src/model/class.ts';
import { relatives, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { assignedValue, isStored } from '../../src/model/use.ts';
import { nodesIn } from '../../src/model/written-value.ts';
import { field, within } from '../../src/syntax/access.ts';
import { isOwnAttribute } from './own-attribute.ts';
import type { Pair } from './pair.ts';

/** True for a child that runs by itself, and for one that lets go of the owner itself and never uses it. */
export function isKeptOnPurpose({ child, pointer }: Pair): boolean {
  const family = relatives(child);
  return [...family].some(isRunBySomething) || isOnlyHeld(family, pointer);
}

const RUNNERS =
  /^(?:threading\.(?:Thread|Timer)|multiprocessing\.(?:\w+\.)*Process|_?thread\.start_new(?:_thread)?|atexit\.register|signal\.signal)$/;

/** A thread, or what has a method of it run by one, or at the end: `Thread(target=self.loop)`, `atexit.register(self.stop)`. */
function isRunBySomething(model: ClassModel): boolean {
  const bases = resolutionOrder(model).classes.flatMap((holder) => holder.bases);
  if (bases.some(({ qualifiedName = '' }) => RUNNERS.test(qualifiedName))) return true;
  const { file } = model;
  return model.methods.some((method) =>
    [...nodesIn(method.node)].some((node) => {
      const callee = node.kind === 'call' ? field(node, 'function') : undefined;
      if (callee === undefined || !RUNNERS.test(file.qualifiedName(callee) ?? '')) return false;
      const { positional, keywords } = file.argumentsOf(node);
      return [...positional, ...keywords.values()].some((one) => isOwnAttribute(method, one));
    }),
  );
}

/** `self._pool = pool`, never read in the class or its relatives, and put to `None` by it when its work is done. */
function isOnlyHeld(family: ReadonlySet<ClassModel>, pointer: string): boolean {
  if (!pointer.startsWith('_')) return false;
  let isLetGo = false;
  for (const model of family) {
    const { file } = model;
    for (const node of file.attributes(pointer)) {
      const object = field(node, 'object');
      const receiver = object === undefined ? undefined : receiverOf(file, object);
      if (receiver?.kind === 'instance' && !family.has(receiver.class)) continue;
      if (!isStored(node)) return false;
      const maker = model.methods.find(({ name }) => name === '__init__');
      const isAtBirth = maker !== undefined && within(node, maker.node);
      if (assignedValue(node)?.value?.kind === 'none' && !isAtBirth && within(node, model.node)) isLetGo = true;
    }
  }
  return isLetGo;
}
