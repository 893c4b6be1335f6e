/** What has to hold before the value may move into `__init__`, each looked up in the model. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { inheritors } from '../../src/model/class-attribute.ts';
import { findMethod, relatives, resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import {
  attributesFixed,
  brokenChain,
  calledAgain,
  finalizer,
  inTheWay,
  madeWithoutCall,
  mayBeCopied,
  unknownAncestor,
} from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { handedOn, namespaceRead, reflection, spelledOut, unknownMethodDecorator } from '../../src/model/reflection.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { initialiser } from '../../src/plan/class-layout.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { initialiserRepeatable } from './initialiser.ts';
import { type Match, undeclaredSelf } from './match.ts';

/** The obligations that other files can break. */
export const QUESTIONED: readonly string[] = [
  'no-class-level-access',
  'not-changed-through-class',
  'no-subclass-binding',
  'init-runs',
];

/** Every obligation with its outcome, or why the rewrite would crash. */
export function obligations(match: Match): { readonly obligations: readonly Obligation[] } | Unwritable {
  const { attribute } = match;
  const { name } = initialiser(attribute.class);
  const crash = attributesFixed(attribute.class, attribute.name) ?? inTheWay(attribute.class, attribute.name, name);
  if (crash !== undefined) return { unwritable: crash };
  const checked = [
    noClassLevelAccess(match),
    notChangedThroughClass(match),
    noSubclassBinding(match),
    initRuns(match),
    instancesByCall(match),
    noAttributeHooks(match),
    namespaceNotObserved(match),
    initialiserRepeatable(attribute),
    notSharedOnPurpose(match),
  ];
  const undeclared = undeclaredSelf(match);
  if (undeclared !== undefined) {
    const detail = `\`${undeclared.name}\` does not take \`self\`, so it cannot be called on an instance`;
    checked.push(unmet('method-callable', attribute.class.file, { node: undeclared.node, detail }));
  }
  return { obligations: checked };
}

function noClassLevelAccess({ attribute, accesses }: Match): Obligation {
  const id = 'no-class-level-access';
  const model = attribute.class;
  const { file } = model;
  const read = accesses.classLevel[0]?.node;
  if (read !== undefined)
    return unmet(id, file, { node: read, detail: `\`${excerpt(file, read)}\` reads it from the class` });
  const some = accesses.someClass[0]?.node;
  if (some !== undefined) {
    return unknown(id, file, { node: some, detail: `\`${excerpt(file, some)}\` may read it from this class` });
  }
  for (const member of [model, ...subclassesOf(model)]) {
    const decorator = member.decorators.find((candidate) => !isHarmlessDecorator(file, candidate));
    if (decorator !== undefined) {
      const detail = `\`@${excerpt(file, decorator)}\` gets the class; what it does with it is not known`;
      return unknown(id, file, { node: decorator, detail });
    }
    if (member.binding !== undefined && member.binding.sites.length > 1) {
      return unknown(id, file, {
        node: member.node,
        detail: `\`${member.name}\` is bound more than once in this file`,
      });
    }
  }
  const escaped = handedOn(model);
  if (escaped !== undefined) {
    return unknown(id, file, {
      node: escaped,
      detail: `\`${excerpt(file, escaped)}\` is handed on here, and it may be read from there`,
    });
  }
  const wrapped = unknownMethodDecorator(
    model,
    accesses.instance.map(({ node }) => node),
  );
  if (wrapped !== undefined) {
    return unknown(id, file, {
      node: wrapped,
      detail: `\`${excerpt(file, wrapped)}\` may call a method that uses it with the class`,
    });
  }
  const unseen = reflection(file);
  if (unseen !== undefined) {
    return unknown(id, file, {
      node: unseen,
      detail: `\`${excerpt(file, unseen)}\` may reach any class or attribute of this file`,
    });
  }
  const spelled = spelledOut(model, attribute.name);
  if (spelled !== undefined) {
    const detail = `a string or comment speaks of \`${file.source.text.slice(spelled.start, spelled.end)}\``;
    return { id, holds: 'unknown', detail, where: { path: file.source.path, range: spelled } };
  }
  return met(id, 'nothing here reads it from the class');
}

const HARMLESS_DECORATORS =
  /^(?:functools\.total_ordering|(?:typing|typing_extensions)\.(?:final|runtime_checkable)|dataclasses\.dataclass|attrs?\.\w+|six\.python_2_unicode_compatible)$/;

function isHarmlessDecorator(file: FileModel, decorator: PyNode): boolean {
  const callee = decorator.kind === 'call' ? (field(decorator, 'function') ?? decorator) : decorator;
  return HARMLESS_DECORATORS.test(file.qualifiedName(callee) ?? '');
}

function notChangedThroughClass({ attribute, accesses, container }: Match): Obligation {
  const id = 'not-changed-through-class';
  const { file } = attribute.class;
  const changed = accesses.classLevel.find(({ node }) => {
    const reflective = node.kind === 'call' && /setattr|delattr|patch/.test(file.text(field(node, 'function') ?? node));
    return (
      reflective || usesOfValue(file, node, container).some((use) => ['change', 'bind', 'delete'].includes(use.kind))
    );
  })?.node;
  if (changed === undefined) return met(id, 'nothing here changes it through the class');
  return unmet(id, file, { node: changed, detail: `\`${excerpt(file, changed)}\` changes it through the class` });
}

/** What a subclass, a mixin beside the class or a base binds under the name would be covered, or would get in the way. */
function noSubclassBinding({ attribute }: Match): Obligation {
  const id = 'no-subclass-binding';
  const { class: model, name } = attribute;
  for (const other of relatives(model)) {
    const site =
      other === model ? undefined : other.scope.bindings.get(name)?.sites.find(({ kind }) => kind !== 'annotation');
    if (site === undefined) continue;
    const detail = `\`${other.name}\` binds the name in its own body too`;
    return unmet(id, model.file, { node: site.node, detail });
  }
  return met(id, 'no subclass, mixin or base here binds it in its body');
}

/** The `__init__` that really runs, for the class and every subclass, has to reach the one that gets the value. */
function initRuns({ attribute }: Match): Obligation {
  const id = 'init-runs';
  const model = attribute.class;
  const { file } = model;
  const ancestor = unknownAncestor(model);
  if (ancestor !== undefined) {
    return unknown(id, file, {
      node: ancestor,
      detail: `\`${excerpt(file, ancestor)}\` is not known, nor whether it calls \`__init__\``,
    });
  }
  const { name, method } = initialiser(model);
  const decorator = method?.decorators[0];
  if (decorator !== undefined) {
    return unknown(id, file, { node: decorator, detail: `\`@${excerpt(file, decorator)}\` wraps \`${name}\`` });
  }
  for (const heir of inheritors(model, attribute.name)) {
    if (heir === model) continue;
    const other = unknownAncestor(heir);
    if (other !== undefined) {
      const detail = `\`${heir.name}\` also inherits from \`${excerpt(file, other)}\`, which is not known`;
      return unknown(id, file, { node: other, detail });
    }
    const broken = brokenChain(heir, model, name);
    if (broken !== undefined) return unmet(id, file, broken);
  }
  const again = calledAgain(model, name);
  if (again !== undefined) return unknown(id, file, again);
  const final = finalizer(model);
  if (final !== undefined) {
    return unknown(id, file, { node: final.node, detail: '`__del__` runs also when `__init__` was never reached' });
  }
  return met(id, `every class here that inherits it runs this \`${name}\` first`);
}

function instancesByCall({ attribute }: Match): Obligation {
  const id = 'instances-by-call';
  const model = attribute.class;
  const { file } = model;
  const obstacle = madeWithoutCall(model);
  if (obstacle !== undefined) return unmet(id, file, obstacle);
  const copy = mayBeCopied(model, attribute.name);
  if (copy !== undefined) {
    return unknown(id, file, {
      node: copy,
      detail: `\`${excerpt(file, copy)}\` may make an instance without calling the class`,
    });
  }
  const slots = model.scope.bindings.get('__slots__')?.sites[0]?.node;
  if (slots !== undefined) {
    return unknown(id, file, { node: slots, detail: '`__slots__` may leave no room for an instance attribute' });
  }
  return met(id, 'instances here are made by calling the class');
}

const ATTRIBUTE_HOOKS = ['__setattr__', '__getattr__', '__getattribute__', '__delattr__'] as const;

function noAttributeHooks({ attribute }: Match): Obligation {
  const id = 'no-attribute-hooks';
  const model = attribute.class;
  const { file } = model;
  const family = [model, ...subclassesOf(model)];
  for (const method of family.flatMap((member) => ATTRIBUTE_HOOKS.map((hook) => findMethod(member, hook).method))) {
    if (method === undefined) continue;
    return unmet(id, file, { node: method.node, detail: `\`${method.class.name}.${method.name}\` gets in between` });
  }
  for (const member of family.flatMap((heir) => resolutionOrder(heir).classes)) {
    const bound = ATTRIBUTE_HOOKS.map((hook) => member.scope.bindings.get(hook)?.sites[0]?.node).find(
      (node) => node !== undefined,
    );
    if (bound !== undefined)
      return unmet(id, file, { node: bound, detail: `\`${member.name}.${file.text(bound)}\` gets in between` });
  }
  const outside = ATTRIBUTE_HOOKS.flatMap((hook) => file.attributes(hook)).find((node) => node.field === 'left');
  if (outside !== undefined) {
    return unknown(id, file, { node: outside, detail: `\`${excerpt(file, outside)}\` may get in between` });
  }
  const ancestor = family.map(unknownAncestor).find((node): node is PyNode => node !== undefined);
  if (ancestor === undefined) return met(id, 'no `__setattr__` or `__getattr__` gets in between');
  const detail = `\`${excerpt(file, ancestor)}\` is not known and may have \`__setattr__\` or \`__getattr__\``;
  return unknown(id, file, { node: ancestor, detail });
}

/** One more attribute in the instance's `__dict__` is seen by what looks at all of them, and can be deleted. */
function namespaceNotObserved({ attribute, accesses, container }: Match): Obligation {
  const id = 'namespace-not-observed';
  const { file } = attribute.class;
  const deleted = accesses.instance.find(({ node }) =>
    usesOfValue(file, node, container).some((use) => use.kind === 'delete'),
  )?.node;
  if (deleted !== undefined) {
    return unmet(id, file, {
      node: deleted,
      detail: `\`del ${excerpt(file, deleted)}\` would leave nothing to fall back to`,
    });
  }
  const read = namespaceRead(attribute.class);
  if (read === undefined) return met(id, "nothing here looks at an instance's attributes all together");
  return unknown(id, file, { node: read, detail: `\`${excerpt(file, read)}\` would see one attribute more` });
}

function notSharedOnPurpose({ purpose }: Match): Obligation {
  const id = 'not-shared-on-purpose';
  if (purpose === undefined) return met(id, 'it is used as state of each instance');
  return { id, holds: purpose.shown ? false : 'unknown', detail: `${purpose.kind}: ${purpose.reason}` };
}
