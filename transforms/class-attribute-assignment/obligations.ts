/** What has to hold before the value may stay with the instance, each looked up in the model. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import type { AttributeAccess } from '../../src/model/attribute-accesses.ts';
import { methodAround } from '../../src/model/class.ts';
import { relatives, resolutionOrder, subclassesOf, unknownSubclasses } from '../../src/model/class-hierarchy.ts';
import { attributesFixed, mayBeCopied } from '../../src/model/construction.ts';
import { firstIn } from '../../src/model/outside-read.ts';
import { namespaceRead } from '../../src/model/reflection.ts';
import { isStored } from '../../src/model/use.ts';
import {
  filesConcerned,
  noAttributeHooks,
  noSubclassBinding,
  outOfSight,
  unlessIncomplete,
} from '../../src/plan/attribute-obligations.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isOfInstances } from './assignment.ts';
import { noDescriptor } from './descriptor.ts';
import { type Match, undeclaredSelf } from './match.ts';
import { notSharedOnPurpose } from './purpose.ts';
import type { Rewrites } from './rewrite.ts';
import { setBeforeRead, usesByName } from './set-before-read.ts';

/** Every obligation of strategy `instance`, or why the rewrite would crash. */
export function obligations(
  match: Match,
  rewrites: Rewrites,
): { readonly obligations: readonly Obligation[] } | Unwritable {
  const { attribute, members } = match;
  for (const member of members) {
    const fixed = attributesFixed(member, attribute.name);
    if (fixed !== undefined) return { unwritable: fixed };
  }
  return {
    obligations: [
      noClassLevelAccess(match, rewrites),
      notReadByClassMethods(match),
      noSubclassBinding(attribute, besides(match), 'subclass, and no mixin beside one,'),
      attributesNotFixed(match),
      selfReachable(rewrites),
      setBeforeRead(match, rewrites),
      notBoundOnInstance(match),
      noAttributeHooks(attribute),
      noDescriptor(match),
      namespaceNotObserved(match),
      notSharedOnPurpose(match),
      ...methodCallable(match),
    ],
  };
}

/** The classes of the family that the class does not inherit from: what those bind, instances fall back to. */
export function besides({ attribute }: Match): ReturnType<typeof subclassesOf> {
  const above = resolutionOrder(attribute.class).classes;
  return [...relatives(attribute.class)].filter((member) => !above.includes(member));
}

/** Uses of class methods and static methods have an obligation of their own. */
export function isInClassMethod({ file, node }: AttributeAccess): boolean {
  const method = methodAround(file, file.scopeAround(node));
  return method !== undefined && !isOfInstances(method);
}

function noClassLevelAccess(match: Match, { done, unreachable }: Rewrites): Obligation {
  const id = 'no-class-level-access';
  const { attribute, accesses } = match;
  const seen = new Set<PyNode>([...done, ...unreachable].map(({ node }) => node));
  const left = accesses.classLevel.find((access) => !seen.has(access.node) && !isInClassMethod(access));
  if (left !== undefined)
    return unmet(id, { ...left, detail: `\`${excerpt(left.file, left.node)}\` reaches it through the class` });
  const mixed = meansAnotherClass(match, { done, unreachable });
  if (mixed !== undefined) return { ...mixed, id };
  const [some] = accesses.someClass;
  if (some !== undefined)
    return unknown(id, { ...some, detail: `\`${excerpt(some.file, some.node)}\` may reach it through this class` });
  const uses = [...accesses.instance, ...done];
  const unseen = outOfSight(id, attribute, uses, new Set(done.map(({ holder }) => holder)));
  return unseen ?? unlessIncomplete(attribute, met(id, 'nothing else in the project reaches it through the class'));
}

/** What is written to `type(self)` is read from `C` only by instances of no subclass. */
function meansAnotherClass({ attribute }: Match, { done }: Rewrites): Obligation | undefined {
  const named = done.find(({ through }) => through === 'name');
  if (named === undefined || done.every(({ through }) => through === 'name')) return undefined;
  const [heir] = subclassesOf(attribute.class);
  const text = excerpt(named.file, named.node);
  if (heir !== undefined)
    return unmet('', { ...named, detail: `\`${text}\` is another attribute for an instance of \`${heir.name}\`` });
  const incomplete = unknownSubclasses(attribute.class);
  return incomplete === undefined ? undefined : unknown('', { ...named, detail: incomplete });
}

export function notReadByClassMethods({ attribute, accesses }: Match): Obligation {
  const id = 'not-read-by-class-methods';
  const used = accesses.classLevel.find(isInClassMethod);
  if (used === undefined) return unlessIncomplete(attribute, met(id, 'no class method or static method uses it'));
  const method = methodAround(used.file, used.file.scopeAround(used.node));
  return unmet(id, { ...used, detail: `\`${method?.name}\` uses it without an instance` });
}

function attributesNotFixed({ attribute }: Match): Obligation {
  const id = 'attributes-not-fixed';
  for (const { file, scope } of [attribute.class, ...subclassesOf(attribute.class)].flatMap(
    (heir) => resolutionOrder(heir).classes,
  )) {
    const slots = scope.bindings.get('__slots__')?.sites[0]?.node;
    if (slots === undefined) continue;
    return unknown(id, { file, node: slots, detail: '`__slots__` may leave no room for an instance attribute' });
  }
  return met(id, 'instances can get new attributes');
}

function selfReachable({ unreachable }: Rewrites): Obligation {
  const id = 'self-reachable';
  const [first] = unreachable;
  if (first === undefined) return met(id, 'every use that is rewritten can name the instance');
  const detail = `\`${excerpt(first.file, first.node)}\` stays: the instance has no name there`;
  return unmet(id, { ...first, detail });
}

/** Then what is read from the instance was not what the class has. */
function notBoundOnInstance({ attribute, accesses }: Match): Obligation {
  const id = 'not-bound-on-instance';
  const called = usesByName(attribute).find(({ file, node }) => /^(?:set|del)attr/.test(file.text(node)));
  const bound = accesses.instance.find(({ node }) => isStored(node)) ?? called;
  if (bound === undefined) return unlessIncomplete(attribute, met(id, 'nothing binds the name on an instance as well'));
  return unmet(id, { ...bound, detail: `\`${excerpt(bound.file, bound.node)}\` is bound on the instance too` });
}

/** One more attribute in the instance's `__dict__` is seen by what looks at all of them, and goes where copies go. */
function namespaceNotObserved({ attribute }: Match): Obligation {
  const id = 'namespace-not-observed';
  const files = filesConcerned(attribute);
  const read = firstIn(files, (file) => namespaceRead(file, attribute.class));
  if (read !== undefined)
    return unknown(id, { ...read, detail: `\`${excerpt(read.file, read.node)}\` would see one attribute more` });
  const copied = firstIn(files, (file) => mayBeCopied(file, attribute.name));
  if (copied !== undefined)
    return unknown(id, { ...copied, detail: `\`${excerpt(copied.file, copied.node)}\` may copy or store it as well` });
  return unlessIncomplete(attribute, met(id, "nothing looks at an instance's attributes all together"));
}

/** Nothing to say where the method that sets it takes `self`. */
export function methodCallable(match: Match): readonly Obligation[] {
  const undeclared = undeclaredSelf(match);
  if (undeclared === undefined) return [];
  const detail = `\`${undeclared.name}\` does not take \`self\`, so it cannot be called on an instance`;
  return [unmet('method-callable', { file: undeclared.class.file, node: undeclared.node, detail })];
}
