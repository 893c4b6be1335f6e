/** What has to hold before the value may move into `__init__`, each looked up in the model. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { filesAround } from '../../src/model/attribute-files.ts';
import { inheritors } from '../../src/model/class-attribute.ts';
import { unknownSubclasses } from '../../src/model/class-hierarchy.ts';
import {
  attributesFixed,
  brokenChain,
  calledAgain,
  constructionHook,
  finalizer,
  inTheWay,
  madeWithoutCall,
  mayBeCopied,
  unknownAncestor,
} from '../../src/model/construction.ts';
import { firstIn } from '../../src/model/outside-read.ts';
import { namespaceRead } from '../../src/model/reflection.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { filesConcerned, noAttributeHooks, unlessIncomplete } from '../../src/plan/attribute-obligations.ts';
import { initialiser } from '../../src/plan/class-layout.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import {
  methodCallable,
  noClassLevelAccess,
  noOtherBinding,
  notChangedThroughClass,
  notSharedOnPurpose,
} from './common-obligations.ts';
import { initialiserRepeatable } from './initialiser.ts';
import type { Match } from './match.ts';

/** Every obligation with its outcome, or why the rewrite would crash. */
export function obligations(match: Match): { readonly obligations: readonly Obligation[] } | Unwritable {
  const { attribute } = match;
  const { name } = initialiser(attribute.class);
  const { files } = filesAround(attribute);
  const crash =
    attributesFixed(attribute.class, attribute.name) ?? inTheWay(attribute.class, attribute.name, name, files);
  if (crash !== undefined) return { unwritable: crash };
  const checked = [
    noClassLevelAccess(match),
    notChangedThroughClass(match),
    noOtherBinding(match),
    initRuns(match),
    instancesByCall(match),
    noAttributeHooks(attribute),
    namespaceNotObserved(match),
    initialiserRepeatable(attribute, 'instance'),
    notSharedOnPurpose(match),
    ...methodCallable(match),
  ];
  return { obligations: checked };
}

/** The `__init__` that really runs, for the class and every subclass, has to reach the one that gets the value. */
function initRuns(match: Match): Obligation {
  const id = 'init-runs';
  const { attribute } = match;
  const model = attribute.class;
  const { file } = model;
  const ancestor = unknownAncestor(model);
  if (ancestor !== undefined) {
    const detail = `\`${excerpt(ancestor.file, ancestor.node)}\` is not known, nor whether it calls \`__init__\``;
    return unknown(id, { ...ancestor, detail });
  }
  const { name, method } = initialiser(model);
  const decorator = method?.decorators[0];
  if (decorator !== undefined) {
    return unknown(id, { file, node: decorator, detail: `\`@${excerpt(file, decorator)}\` wraps \`${name}\`` });
  }
  for (const heir of inheritors(model, attribute.name)) {
    if (heir === model) continue;
    const other = unknownAncestor(heir);
    if (other !== undefined) {
      const detail = `\`${heir.name}\` also inherits from \`${excerpt(other.file, other.node)}\`, which is not known`;
      return unknown(id, { ...other, detail });
    }
    const broken = brokenChain(heir, model, name);
    if (broken !== undefined) return unmet(id, broken);
  }
  for (const other of filesConcerned(attribute)) {
    const again = calledAgain(other, model, name);
    if (again !== undefined) return unknown(id, again);
  }
  const final = finalizer(model);
  if (final !== undefined) {
    const detail = '`__del__` runs also when `__init__` was never reached';
    return unknown(id, { file: final.class.file, node: final.node, detail });
  }
  const incomplete = unknownSubclasses(model);
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return met(id, `every class of the project that inherits it runs this \`${name}\` first`);
}

function instancesByCall(match: Match): Obligation {
  const id = 'instances-by-call';
  const { attribute } = match;
  const model = attribute.class;
  const hook = constructionHook(model);
  if (hook !== undefined) return unmet(id, hook);
  for (const file of filesConcerned(attribute)) {
    const obstacle = madeWithoutCall(file, model);
    if (obstacle !== undefined) return unmet(id, obstacle);
    const copy = mayBeCopied(file, attribute.name);
    if (copy !== undefined) {
      const detail = `\`${excerpt(file, copy)}\` may make an instance without calling the class`;
      return unknown(id, { file, node: copy, detail });
    }
  }
  const slots = model.scope.bindings.get('__slots__')?.sites[0]?.node;
  if (slots !== undefined) {
    const detail = '`__slots__` may leave no room for an instance attribute';
    return unknown(id, { file: model.file, node: slots, detail });
  }
  return unlessIncomplete(attribute, met(id, 'instances are made by calling the class'));
}

/** One more attribute in the instance's `__dict__` is seen by what looks at all of them, and can be deleted. */
function namespaceNotObserved(match: Match): Obligation {
  const id = 'namespace-not-observed';
  const { attribute, accesses, container } = match;
  const deleted = accesses.instance.find(({ file, node }) =>
    usesOfValue(file, node, container).some((use) => use.kind === 'delete'),
  );
  if (deleted !== undefined) {
    const detail = `\`del ${excerpt(deleted.file, deleted.node)}\` would leave nothing to fall back to`;
    return unmet(id, { ...deleted, detail });
  }
  const read = firstIn(filesConcerned(attribute), (file) => namespaceRead(file, attribute.class));
  if (read === undefined)
    return unlessIncomplete(attribute, met(id, "nothing looks at an instance's attributes all together"));
  return unknown(id, { ...read, detail: `\`${excerpt(read.file, read.node)}\` would see one attribute more` });
}
