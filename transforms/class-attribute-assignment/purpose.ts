/** Why the attribute looks meant for the class although what is assigned belongs to the instance. */
import type { Obligation } from '../../src/core/finding.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import {
  commentedAsShared,
  lockOfClasses,
  namedAsShared,
  sharedGuard,
  wordsOf,
} from '../../src/model/sharing-signs.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Match } from './match.ts';

/** A pointer to what is in use, of which there is one at a time. */
const CURRENT_WORD = /^(?:current|active|last|latest|recent|default|main|root|global|instance|selected|focused)$/i;

/** Obligation `not-shared-on-purpose`. */
export function notSharedOnPurpose({ subject, attribute, objects }: Match): Obligation {
  const id = 'not-shared-on-purpose';
  const { file } = subject.class;
  const { name, binding, class: model } = attribute;
  const declared = binding?.sites.find((site) => isClassVariable(model.file.text(site.operation)));
  if (declared !== undefined)
    return unmet(id, { file: model.file, node: declared.node, detail: 'declared: it is annotated `ClassVar`' });
  const family = [...relatives(model)];
  const [first] = objects;
  const lock = lockOfClasses(family);
  if (lock !== undefined)
    return unmet(id, { file, node: first.node, detail: `monitor: the class has a lock of its own, \`${lock}\`` });
  for (const { node, on } of objects) {
    const guard = sharedGuard({ file, node }, on.method, model, family);
    if (guard === undefined) continue;
    const detail = `monitor: \`${excerpt(file, guard)}\`, which instances share, guards it`;
    return unmet(id, { file, node: guard, detail });
  }
  const named = objects.find(({ on }) => on.through === 'name');
  if (named !== undefined) {
    const detail = `declared: \`${excerpt(file, named.node)}\` names the class, as one does on purpose`;
    return unknown(id, { file, node: named.node, detail });
  }
  const reason = namedAsShared(name) ?? (wordsOf(name).some(isCurrent) ? `its name says so (\`${name}\`)` : undefined);
  if (reason !== undefined) return unknown(id, { file, node: first.node, detail: `declared: ${reason}` });
  const places = [
    ...objects.map(({ node }) => ({ file, node: statementAround(node) })),
    ...(binding?.sites ?? []).map(({ operation }) => ({ file: model.file, node: operation })),
  ];
  const commented = places.find((place) => commentedAsShared(place.file, place.node));
  if (commented !== undefined) return unknown(id, { ...commented, detail: 'declared: the comment beside it says so' });
  return met(id, 'nothing says that instances share it');
}

function isClassVariable(declaration: string): boolean {
  return /^[^=]*\bClassVar\b/.test(declaration);
}

function isCurrent(word: string): boolean {
  return CURRENT_WORD.test(word);
}

/** The whole statement: what stands behind it on its line is about it. */
function statementAround(node: PyNode): PyNode {
  let outer = node;
  while (outer.parent !== undefined && outer.parent.kind !== 'block') outer = outer.parent;
  return outer;
}
