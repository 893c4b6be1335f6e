/** What has to hold whichever way the attribute leaves the class, each looked up in the model. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { noSubclassBinding, outOfSight, unlessIncomplete } from '../../src/plan/attribute-obligations.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { field } from '../../src/syntax/access.ts';
import { type Match, undeclaredSelf } from './match.ts';

export function noClassLevelAccess(match: Match): Obligation {
  const id = 'no-class-level-access';
  const { attribute, accesses } = match;
  const [read] = accesses.classLevel;
  if (read !== undefined)
    return unmet(id, { ...read, detail: `\`${excerpt(read.file, read.node)}\` reads it from the class` });
  const [some] = accesses.someClass;
  if (some !== undefined) {
    return unknown(id, { ...some, detail: `\`${excerpt(some.file, some.node)}\` may read it from this class` });
  }
  const unseen = outOfSight(id, attribute, accesses.instance);
  return unseen ?? unlessIncomplete(attribute, met(id, 'nothing in the project reads it from the class'));
}

export function notChangedThroughClass(match: Match): Obligation {
  const id = 'not-changed-through-class';
  const { attribute, accesses, container } = match;
  const changed = accesses.classLevel.find(({ file, node }) => {
    const reflective = node.kind === 'call' && /setattr|delattr|patch/.test(file.text(field(node, 'function') ?? node));
    return (
      reflective || usesOfValue(file, node, container).some((use) => ['change', 'bind', 'delete'].includes(use.kind))
    );
  });
  if (changed === undefined)
    return unlessIncomplete(attribute, met(id, 'nothing in the project changes it through the class'));
  const detail = `\`${excerpt(changed.file, changed.node)}\` changes it through the class`;
  return unmet(id, { ...changed, detail });
}

/** What a subclass, a mixin beside the class or a base binds under the name would be covered, or would get in the way. */
export function noOtherBinding({ attribute }: Match): Obligation {
  return noSubclassBinding(attribute, relatives(attribute.class), 'subclass, mixin or base');
}

export function notSharedOnPurpose({ purpose }: Match): Obligation {
  const id = 'not-shared-on-purpose';
  if (purpose === undefined) return met(id, 'it is used as state of each instance');
  return { id, holds: purpose.shown ? false : 'unknown', detail: `${purpose.kind}: ${purpose.reason}` };
}

/** Nothing to say where the method that changes it takes `self`. */
export function methodCallable(match: Match): readonly Obligation[] {
  const undeclared = undeclaredSelf(match);
  if (undeclared === undefined) return [];
  const detail = `\`${undeclared.name}\` does not take \`self\`, so it cannot be called on an instance`;
  return [unmet('method-callable', { file: undeclared.class.file, node: undeclared.node, detail })];
}
