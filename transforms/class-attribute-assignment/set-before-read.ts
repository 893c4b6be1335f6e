/** Obligation `set-before-read`: what is read from an instance was set on that instance. */
import type { Obligation } from '../../src/core/finding.ts';
import type { AttributeAccess } from '../../src/model/attribute-accesses.ts';
import { inheritors, type NamedAttribute } from '../../src/model/class-attribute.ts';
import { unknownSubclasses } from '../../src/model/class-hierarchy.ts';
import { constructionHook, madeWithoutCall } from '../../src/model/construction.ts';
import { earlyReads } from '../../src/model/early-read.ts';
import { outsideRead, wordElsewhere } from '../../src/model/outside-read.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { isDeleted, isStored } from '../../src/model/use.ts';
import { filesConcerned, unlessIncomplete } from '../../src/plan/attribute-obligations.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import { field, stringValue } from '../../src/syntax/access.ts';
import type { Match } from './match.ts';
import type { Rewrites } from './rewrite.ts';

/** How many inheriting classes are followed. */
const MAX_HEIRS = 16;

/** Where nothing is set on the instance, what is read there is what the class has: another instance's value, until now. */
export function setBeforeRead({ attribute, accesses }: Match, { done }: Rewrites): Obligation {
  const id = 'set-before-read';
  const own = [...accesses.instance, ...usesByName(attribute)].filter(
    ({ receiver }) => receiver.kind === 'instance' && receiver.method !== undefined,
  );
  const others = accesses.instance.filter((access) => !own.includes(access));
  const writes = new Set([
    ...done.filter(({ binds }) => binds).map(({ node }) => node),
    ...own.map(({ node }) => node).filter((node) => isStored(node) && !isDeleted(node)),
  ]);
  const reads = new Set([...done, ...own].map(({ node }) => node).filter((node) => !writes.has(node)));
  const outside =
    others.find(({ node }) => !isStored(node)) ?? outsideRead(attribute, accesses, filesConcerned(attribute));
  const elsewhere = wordElsewhere(attribute);
  if (reads.size === 0 && outside === undefined && elsewhere === undefined)
    return unlessIncomplete(attribute, met(id, 'nothing reads it from an instance'));
  const heirs = inheritors(attribute.class, attribute.name);
  if (heirs.length > MAX_HEIRS)
    return { id, holds: 'unknown', detail: `${heirs.length} classes inherit it, too many to follow` };
  let always = true;
  for (const heir of heirs) {
    const { first, constructed } = earlyReads(heir, { writes, reads });
    always &&= constructed;
    if (first !== undefined)
      return unknown(id, { ...first, detail: `${first.detail}: another instance's value may be relied on` });
    if (!constructed && outside !== undefined) {
      const text = excerpt(outside.file, outside.node);
      return unknown(id, { ...outside, detail: `\`${text}\` may read it from an instance that has not set it` });
    }
  }
  if (always) return constructedByCall(attribute, id);
  if (elsewhere !== undefined)
    return { id, holds: 'unknown', detail: `${elsewhere} says \`${attribute.name}\`, perhaps of an instance` };
  return unlessIncomplete(attribute, met(id, 'every method that reads it sets it first'));
}

/** What the constructor sets is there if it runs. */
function constructedByCall(attribute: NamedAttribute, id: string): Obligation {
  const hook = constructionHook(attribute.class);
  if (hook !== undefined) return unknown(id, hook);
  for (const file of filesConcerned(attribute)) {
    const obstacle = madeWithoutCall(file, attribute.class);
    if (obstacle !== undefined) return unknown(id, obstacle);
  }
  const incomplete = unknownSubclasses(attribute.class);
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return unlessIncomplete(attribute, met(id, 'the constructor sets it before anything reads it'));
}

/** `getattr(self, "x")` and its like. */
export function usesByName(attribute: NamedAttribute): readonly AttributeAccess[] {
  return filesConcerned(attribute).flatMap((file) =>
    file.calls.flatMap((node): readonly AttributeAccess[] => {
      const callee = field(node, 'function');
      if (callee === undefined || !/^builtins\.\w+attr$/.test(file.qualifiedName(callee) ?? '')) return [];
      const [object, name] = file.argumentsOf(node).positional;
      if (object === undefined || name === undefined) return [];
      const receiver = receiverOf(file, object);
      const named = stringValue(name, file.source.text) === attribute.name;
      return named && receiver.kind === 'instance' ? [{ file, node, receiver }] : [];
    }),
  );
}
