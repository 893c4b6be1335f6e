import { filesAround } from '../../src/model/attribute-files.ts';
import { isInMethod } from '../../src/model/class.ts';
import { inheritors } from '../../src/model/class-attribute.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Classify, Purpose } from './sharing.ts';

/**
 * Several places in the file make instances, a method that uses it makes another one, or an instance is dropped as soon as it was
 * used: they may be meant to see each other's.
 */
export const severalInstances: Classify = ({ attribute, accesses }) => {
  const heirs = new Set(inheritors(attribute.class, attribute.name));
  const made = filesAround(attribute).files.flatMap((file) =>
    file.calls
      .filter((call) => {
        const receiver = receiverOf(file, call);
        return receiver.kind === 'instance' && heirs.has(receiver.class);
      })
      .map((node): Spot => ({ file, node })),
  );
  const dropped = made.find(
    ({ file, node: { field: role, parent } }) =>
      role === 'object' || (role === 'value' && parent?.kind === 'subscript') || isReceiverArgument(file, parent),
  );
  const reason = ({ file, node }: Spot, what: string): Purpose => ({
    kind: 'registry',
    shown: false,
    reason: `\`${file.text(node).slice(0, 40)}\` ${what}`,
  });
  if (dropped !== undefined) return reason(dropped, 'makes an instance that is used once');
  const users = accesses.instance.flatMap(({ receiver }) =>
    receiver.kind === 'instance' && receiver.method !== undefined ? [receiver.method] : [],
  );
  const inside = made.find((call) => users.some((method) => isInMethod(call, method)));
  if (inside !== undefined) return reason(inside, 'makes another instance while one is at work');
  const [first, second] = made;
  if (first === undefined || second === undefined) return undefined;
  return reason(first, 'is not the only place here that makes instances, which may be meant to share it');
};

/** `C.put(C(), x)`: the instance is passed where `self` goes. */
function isReceiverArgument(file: FileModel, list: PyNode | undefined): boolean {
  const callee =
    list?.kind === 'argument_list' && list.parent?.kind === 'call' ? field(list.parent, 'function') : undefined;
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  return object !== undefined && receiverOf(file, object).kind === 'class';
}

/** `steps[0].log`: what several instances of a collection left behind is read from one of them. */
export const readFromOneOfMany: Classify = ({ accesses }) => {
  const read = accesses.unknown.find(({ node }) => field(node, 'object')?.kind === 'subscript');
  return read === undefined
    ? undefined
    : {
        kind: 'registry',
        shown: false,
        reason: `\`${read.file.text(read.node)}\` reads it from one of several objects`,
      };
};

/** A method that changes it sets another attribute on the class as well. */
export const besideClassState: Classify = ({ changes }) => {
  for (const { file, method } of changes) {
    if (method === undefined) continue;
    const names = [...method.class.scope.bindings.keys()];
    const bound = names
      .flatMap((name) => file.attributes(name))
      .find((node) => {
        const object = field(node, 'object');
        return (
          node.field === 'left' &&
          isInMethod({ file, node }, method) &&
          object !== undefined &&
          receiverOf(file, object).kind === 'class'
        );
      });
    if (bound !== undefined)
      return { kind: 'registry', shown: false, reason: `\`${method.name}\` also sets \`${file.text(bound)}\`` };
  }
  return undefined;
};

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__init__', '__new__', '__post_init__', '__attrs_post_init__']);
const CONTEXTS: ReadonlySet<string> = new Set(['__enter__', '__exit__', '__aenter__', '__aexit__']);

/** Changed and read by the constructor, it numbers or lists the instances; by a context manager, it may be of a new one each time. */
export const perInstance: Classify = ({ changes, accesses }) => {
  const context = changes.find(({ method }) => method !== undefined && CONTEXTS.has(method.name))?.method;
  if (context !== undefined)
    return {
      kind: 'registry',
      shown: false,
      reason: `\`${context.name}\` changes it, perhaps of a new instance each time`,
    };
  for (const { change, method } of changes) {
    if (method === undefined || !CONSTRUCTORS.has(method.name)) continue;
    const taken = /pop|get|\[\.\.\.\]$|augmented/.test(change.how);
    const read = accesses.instance.some((access) => isInMethod(access, method) && !within(access.node, change.node));
    if (taken || read)
      return {
        kind: 'registry',
        shown: false,
        reason: `\`${method.name}\` looks at what earlier instances left in it`,
      };
  }
  return undefined;
};
