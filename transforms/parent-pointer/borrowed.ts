/** Links that lead to an object and do not own it, although it was made there: they come and go, or it is the other way round. */
import { type ClassModel, classOf, type Method } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { assignedValue, isStored } from '../../src/model/use.ts';
import { nodesIn } from '../../src/model/written-value.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { backwardness } from './direction.ts';
import { localOf } from './named-once.ts';
import { isOwnAttribute, ownAttributes } from './own-attribute.ts';
import type { Pair } from './pair.ts';

/** True if the holding side of the pair is no owner. */
export function isBorrowed(pair: Pair): boolean {
  if (pair.hold === undefined || pair.owner === undefined) return false;
  return pair.by === 'container' ? isBuffered(pair) : isWrapper(pair) || isElement(pair) || isCursor(pair);
}

/** `self.results.add(entry)` beside `self.latest.append(entry)`, where `latest` is emptied in passing: others have what lies in it. */
function isBuffered({ owner, hold = '', childRoot, file }: Pair): boolean {
  const made = childRoot !== undefined && 'kind' in childRoot ? localOf(file, childRoot) : undefined;
  if (owner === undefined || made === undefined) return false;
  const isGivenElsewhere = file.usesOf(made).some((use) => {
    const call = use.parent?.kind === 'argument_list' ? use.parent.parent : undefined;
    const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
    const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
    const name = object?.kind === 'attribute' ? field(object, 'attribute') : undefined;
    return name !== undefined && file.identifier(name) !== hold;
  });
  return isGivenElsewhere && isEmptiedInPassing(owner, hold);
}

/** Methods that are there to empty something, or to start it. */
const EMPTIES = /^_*(?:clear|reset|remove|delete|empty|drop|purge|close|destroy|dispose|init)/;

function isEmptiedInPassing(owner: ClassModel, hold: string): boolean {
  return [...ownAttributes(owner, hold)].some(({ method, node }) => {
    const called = node.parent?.kind === 'attribute' ? field(node.parent, 'attribute') : undefined;
    return called !== undefined && method.class.file.text(called) === 'clear' && !EMPTIES.test(method.name);
  });
}

/** `self.negation = Negation(self)`, of one kind: it is made of the other and needs it, as a decorator does. */
function isWrapper({ owner, child, pointer, hold = '', childRoot, pointerNode }: Pair): boolean {
  const isMade = childRoot === pointerNode;
  const isNeutral = backwardness(pointer) === 0 && backwardness(hold) === 0;
  return isMade && isNeutral && owner !== undefined && owner !== child && relatives(owner).has(child);
}

/** `return Element(value, self.ring)`: one that nobody holds is given the pointer of another, and may be all that holds the ring. */
function isElement({ child, pointer }: Pair): boolean {
  const family = relatives(child);
  return [...family].some((model) =>
    model.methods.some((method) => {
      const { file } = model;
      return [...nodesIn(method.node)].some((node) => {
        const callee =
          node.kind === 'call' && node.parent?.kind === 'return_statement' ? field(node, 'function') : undefined;
        const made = callee === undefined ? undefined : classOf(file, callee);
        if (made === undefined || !family.has(made)) return false;
        const { positional, keywords } = file.argumentsOf(node);
        return [...positional, ...keywords.values()].some((one) => isOwn(method, one, pointer));
      });
    }),
  );
}

/** True for `self.<attribute>`. */
function isOwn(method: Method, node: PyNode, attribute: string): boolean {
  const name = field(node, 'attribute');
  return name !== undefined && method.class.file.identifier(name) === attribute && isOwnAttribute(method, node);
}

/** `self.current = self.current.outer`, or put back to what it was: a place within the structure. */
function isCursor({ owner, hold = '' }: Pair): boolean {
  if (owner === undefined || backwardness(hold) !== 0) return false;
  return [...ownAttributes(owner, hold)].some(({ method, node }) => {
    const value = isStored(node) ? assignedValue(node)?.value : undefined;
    return value !== undefined && (isSteppedBack(method, value, hold) || isPutBack(method, node, value, hold));
  });
}

function isSteppedBack(method: Method, value: PyNode, hold: string): boolean {
  const object = value.kind === 'attribute' ? field(value, 'object') : undefined;
  const step = field(value, 'attribute');
  if (object === undefined || step === undefined || !isOwn(method, object, hold)) return false;
  return backwardness(method.class.file.identifier(step)) !== -1;
}

/** `before = self.current`, and later `self.current = before`. */
function isPutBack(method: Method, target: PyNode, value: PyNode, hold: string): boolean {
  const { file } = method.class;
  const binding = value.kind === 'identifier' ? file.resolve(value) : undefined;
  const [site] = binding?.sites ?? [];
  if (binding?.sites.length !== 1 || site?.value === undefined || site.value.kind !== 'attribute') return false;
  return target.start > site.value.end && isOwn(method, site.value, hold);
}
