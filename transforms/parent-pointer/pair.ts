/** The evidence: within one function, an object is given a pointer to another one that holds it. */
import { type ClassModel, classesOf } from '../../src/model/class.ts';
import { resolutionOrder } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { type Link, linksIn } from '../../src/model/link.ts';
import { ELEMENT, extended, isNamed, keyOf, type ObjectPath } from '../../src/model/object-path.ts';
import { isTypeOf, type ObjectType, type TypeQuery } from '../../src/model/object-type.ts';
import { methodOfFirstParameter, receiverOf } from '../../src/model/receiver.ts';
import { assignedValue, isStored } from '../../src/model/use.ts';
import { ancestor, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { backwardness, pointsBack } from './direction.ts';
import { weakAttributes } from './weak.ts';

/** A cycle of two links, or of one where an object points to itself. */
export interface Pair {
  readonly pointer: string;
  /** Undefined for a pointer of an object to itself. */
  readonly hold: string | undefined;
  readonly by: Link['by'];
  /** Of the object with the pointer, and of the one that it leads to. */
  readonly child: ClassModel;
  readonly owner: ClassModel | undefined;
  /** False where the class of the child was told by the attribute alone. */
  readonly certain: boolean;
  readonly file: FileModel;
  readonly pointerNode: PyNode;
  readonly holdNode: PyNode;
  /** What the paths of the two objects start at, where they are the objects themselves. */
  readonly childRoot: ObjectPath['root'] | undefined;
  readonly ownerRoot: ObjectPath['root'] | undefined;
}

interface Closed {
  readonly there: Link | undefined;
  readonly pointer: string;
  readonly back: Link | undefined;
  readonly hold: string | undefined;
  readonly by: Link['by'];
  readonly child: ObjectPath;
  readonly owner: ObjectPath;
}

/** The cycles that the links of one body close. */
export function pairsIn(file: FileModel, body: PyNode, types: TypeQuery): readonly Pair[] {
  return closedIn(file, body).flatMap((closed): readonly Pair[] => {
    const { there, back, pointer, hold, by } = closed;
    // The copy of a weak pointer is weak.
    if (there !== undefined && weakAttributes(file).has(plain(there.value.steps.at(-1) ?? ''))) return [];
    // What a module or class holds for good needs no owner.
    if (body.kind !== 'module' && isOfModule(closed.owner)) return [];
    // A class is in cycles of its own (`__mro__`, `__dict__`), whatever points to it.
    if (isClass(file, closed.owner)) return [];
    const owner = onlyOf(types.ofPath(closed.owner));
    const known = types.ofPath(closed.child);
    const only = onlyOf(known);
    // Of some of the values nothing is known: then the class has to have the attribute.
    // What lies in one container may be of several classes that have no base in common.
    const typed = (only === undefined ? [...known.classes] : [only]).filter(
      (one) => known.complete || declares(one, pointer),
    );
    const guessed = typed.length > 0 ? undefined : classToSet(file, pointer, owner);
    const node = there?.node ?? back?.node;
    if (node === undefined || /^__\w+__$/.test(pointer)) return [];
    const certain = guessed === undefined;
    const childRoot = closed.child.steps.length === 0 ? closed.child.root : undefined;
    const ownerRoot = closed.owner.steps.length === 0 ? closed.owner.root : undefined;
    const nodes = { pointerNode: node, holdNode: back?.node ?? node };
    return (guessed === undefined ? typed : [guessed]).map((child) => {
      const holder = owner ?? (hold === undefined ? child : classWith(file, hold, child));
      return { pointer, hold, by, child, owner: holder, certain, file, ...nodes, childRoot, ownerRoot };
    });
  });
}

/** True if the links of the body close a cycle, by an attribute of that name where one is given, of whatever class. */
export function closesCycle(file: FileModel, body: PyNode, attribute?: string): boolean {
  return closedIn(file, body).some(({ pointer }) => attribute === undefined || pointer === attribute);
}

const cache = new WeakMap<PyNode, readonly Closed[]>();

function closedIn(file: FileModel, body: PyNode): readonly Closed[] {
  const known = cache.get(body);
  if (known !== undefined) return known;
  const closed = closedBy(linksIn(file, body));
  cache.set(body, closed);
  return closed;
}

function closedBy(links: readonly Link[]): readonly Closed[] {
  const found: Closed[] = [];
  const byObject = new Map<string, Link[]>();
  for (const link of links) {
    const key = keyOf(link.object);
    byObject.set(key, [...(byObject.get(key) ?? []), link]);
  }
  for (const link of links) {
    const { object, value, attribute } = link;
    // `self.parent.twigs.append(self)`
    const [last] = object.steps.slice(-1);
    const isThroughPointer =
      last !== undefined && keyOf({ ...object, steps: object.steps.slice(0, -1) }) === keyOf(value);
    const leadsBack = link.by === 'container' || backwardness(plain(last ?? '')) > backwardness(attribute);
    if (isThroughPointer && last !== ELEMENT && leadsBack)
      found.push({
        there: undefined,
        pointer: plain(last),
        back: link,
        hold: attribute,
        by: link.by,
        child: value,
        owner: object,
      });
    if (link.by !== 'direct') continue;
    if (keyOf(object) === keyOf(value)) {
      // A link forward holds: one that seems to lead to the object itself is a ring, or was another object before.
      if (isChoice(link, links) && backwardness(attribute) !== -1)
        found.push({
          there: link,
          pointer: attribute,
          back: undefined,
          hold: undefined,
          by: 'direct',
          child: object,
          owner: value,
        });
      continue;
    }
    for (const back of byObject.get(keyOf(value)) ?? []) {
      const isHeld = keyOf(back.value) === keyOf(object);
      const isElement = back.by === 'direct' && keyOf(extended(back.value, ELEMENT)) === keyOf(object);
      if (!isHeld && !isElement) continue;
      const by = isElement ? 'container' : back.by;
      // `a.peer = b; b.peer = a`: a weak one would let go of both.
      if (by === 'direct' && back.attribute === attribute) continue;
      if (by === 'direct' && pointsBack(link, back) !== true) continue;
      found.push({ there: link, pointer: attribute, back, hold: back.attribute, by, child: object, owner: value });
    }
    // `for child in self.children: child.parent = self`
    const inner = object.steps.slice(value.steps.length);
    if (keyOf({ ...object, steps: value.steps }) !== keyOf(value) || keyOf(extended(value, ...inner)) !== keyOf(object))
      continue;
    const [hold, element] = inner;
    if (hold === undefined || hold === ELEMENT || inner.length > 2 || (inner.length === 2 && element !== ELEMENT))
      continue;
    if (inner.length === 1 && backwardness(attribute) <= backwardness(plain(hold))) continue;
    const by = inner.length === 2 ? 'container' : 'direct';
    found.push({
      there: link,
      pointer: attribute,
      back: undefined,
      hold: plain(hold),
      by,
      child: object,
      owner: value,
    });
  }
  return found;
}

/** `self.root = parent or self`: the object stands in for another one; who points to itself and nothing else wants a cycle. */
function isChoice(link: Link, links: readonly Link[]): boolean {
  const { file, object } = link;
  const isOwn = isNamed(object) && methodOfFirstParameter(file, object.root) !== undefined;
  return (
    link.alternative ||
    (isOwn &&
      links.some(
        (other) =>
          other.attribute === link.attribute &&
          other.by === 'direct' &&
          keyOf(other.object) === keyOf(link.object) &&
          keyOf(other.value) !== keyOf(link.value),
      ))
  );
}

function plain(step: string): string {
  return step.replace(/#.*/, '');
}

/** True for what a module names, or makes while it is imported. */
function isOfModule(path: ObjectPath): boolean {
  return isNamed(path) ? path.root.scope.kind === 'module' : ancestor(path.root as PyNode, FUNCTIONS) === undefined;
}

/** True for the class of a class method, and for what is annotated as one. */
function isClass(file: FileModel, path: ObjectPath): boolean {
  if (path.steps.length > 0 || !isNamed(path)) return false;
  if (methodOfFirstParameter(file, path.root)?.kind === 'class') return true;
  return path.root.sites.some(({ kind, operation }) => {
    const annotation = kind === 'parameter' ? field(operation, 'type') : undefined;
    return annotation !== undefined && isTypeOf(file, annotation);
  });
}

const FUNCTIONS: ReadonlySet<string> = new Set(['function_definition', 'lambda']);

/** The class; of several of one family the one that all inherit from. */
function onlyOf({ classes }: ObjectType): ClassModel | undefined {
  const all = [...classes];
  const [first] = all;
  if (first === undefined || all.length === 1) return first;
  return resolutionOrder(first).classes.find((base) => all.every((one) => resolutionOrder(one).classes.includes(base)));
}

/**
 * The class whose attribute of that name is set from outside, where nothing tells of which class the object is: the owner's own family, else
 * the only one of the file that leaves it to others to set.
 */
function classToSet(file: FileModel, attribute: string, owner: ClassModel | undefined): ClassModel | undefined {
  const found = classWith(file, attribute, owner);
  if (found === undefined || (owner !== undefined && declares(owner, attribute))) return found;
  const isLeft = ownStores(found, attribute).every((node) => assignedValue(node)?.value?.kind === 'none');
  return isLeft ? found : undefined;
}

/** The class that has an attribute of that name: the other side's own family, else the only one of the file. */
function classWith(file: FileModel, attribute: string, other: ClassModel | undefined): ClassModel | undefined {
  if (other !== undefined && declares(other, attribute)) return other;
  const classes = classesOf(file).filter((model) => declaresItself(model, attribute));
  return classes.length === 1 ? classes[0] : undefined;
}

/** True if the class or one that it inherits from binds the attribute, in its body or through `self`. */
export function declares(model: ClassModel, attribute: string): boolean {
  return resolutionOrder(model).classes.some((holder) => declaresItself(holder, attribute));
}

/** True if the class itself does. */
export function declaresItself(model: ClassModel, attribute: string): boolean {
  return model.scope.bindings.has(attribute) || ownStores(model, attribute).length > 0;
}

/** Where the class's own methods set the attribute through `self`. */
export function ownStores(model: ClassModel, attribute: string): readonly PyNode[] {
  return model.file.attributes(attribute).filter((node) => {
    const object = field(node, 'object');
    const receiver = object === undefined || !isStored(node) ? undefined : receiverOf(model.file, object);
    return receiver?.kind === 'instance' && receiver.class === model && receiver.method !== undefined;
  });
}
