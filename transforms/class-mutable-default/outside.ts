/** Obligation `not-read-from-outside`: nothing but the method that uses the attribute looks for it on an instance. */
import type { Obligation } from '../../src/core/finding.ts';
import { filesAround } from '../../src/model/attribute-files.ts';
import type { Method } from '../../src/model/class.ts';
import { subclassesOf } from '../../src/model/class-hierarchy.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import { firstIn, outsideRead, wordElsewhere } from '../../src/model/outside-read.ts';
import { namespaceRead } from '../../src/model/reflection.ts';
import { isStored } from '../../src/model/use.ts';
import { filesConcerned } from '../../src/plan/attribute-obligations.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import type { Match } from './match.ts';

export function notReadFromOutside(match: Match, method: Method): Obligation {
  const id = 'not-read-from-outside';
  const { attribute, accesses } = match;
  const model = attribute.class;
  const concerned = filesConcerned(attribute);
  const { incomplete } = filesAround(attribute);
  const ancestor = [model, ...subclassesOf(model)].map(unknownAncestor).find((spot) => spot !== undefined);
  const read = outsideRead(attribute, accesses, concerned) ?? ancestor;
  if (read !== undefined) {
    const { file, node } = read;
    return unknown(id, { file, node, detail: `\`${excerpt(file, node)}\` may read it from an instance` });
  }
  const binds = accesses.instance.some(({ node }) => isStored(node));
  const observed = binds ? firstIn(concerned, (file) => namespaceRead(file, model)) : undefined;
  if (observed !== undefined)
    return unknown(id, {
      ...observed,
      detail: `\`${excerpt(observed.file, observed.node)}\` would see one attribute less`,
    });
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  const elsewhere = wordElsewhere(attribute);
  if (elsewhere !== undefined)
    return { id, holds: 'unknown', detail: `${elsewhere} says \`${attribute.name}\`, perhaps of an instance` };
  return met(id, `nothing in the project but \`${method.name}\` reads it`);
}
