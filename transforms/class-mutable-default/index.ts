/**
 * `class-mutable-default`: a mutable container bound in a class body and changed through instances, so that every instance
 * changes the same one and nothing put into it ever dies. The page of the rule is README.md beside this file.
 */

import type { Fix, Unfixable } from '../../src/core/finding.ts';
import { once } from '../../src/core/once.ts';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { classesOf } from '../../src/model/class.ts';
import { type ClassAttribute, classAttributes, type NamedAttribute } from '../../src/model/class-attribute.ts';
import { isDeclarative, isField } from '../../src/model/class-kind.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { BindingSite } from '../../src/model/scope.ts';
import { sharedChanges } from '../../src/model/shared-state.ts';
import { storesInstances } from '../../src/model/stored.ts';
import { moveToInit } from '../../src/plan/move-to-init.ts';
import { place } from '../../src/plan/place.ts';
import type { Explanation, Transform } from '../../src/plan/transform.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { initialising, qualify } from './initialiser.ts';
import { localFix } from './local.ts';
import { type Match, undeclaredSelf } from './match.ts';
import meta from './meta.ts';
import { obligations } from './obligations.ts';
import { purposeOf } from './purpose.ts';
import { mayReachChange } from './reach.ts';
import { inheritable, mayChange, mayMatch } from './sift.ts';

const transform: Transform<Match> = {
  meta,
  mayMatch,
  inheritable,
  mayChange,
  subject: ({ attribute }) => attribute,
  detect,
  explain,
  remedy,
};

export default transform;

function* detect(file: FileModel, wanted: (attribute: NamedAttribute) => boolean): Iterable<Match> {
  for (const model of classesOf(file)) {
    const attributes = classAttributes(model).filter(wanted);
    if (attributes.length === 0 || isDeclarative(model)) continue;
    for (const attribute of attributes) {
      const match = matchOf(model, attribute);
      if (match !== undefined) yield match;
    }
  }
}

function matchOf(model: ClassModel, attribute: ClassAttribute): Match | undefined {
  if (/^__\w+__$/.test(attribute.name) || isField(model, attribute.annotation)) return undefined;
  const container = freshContainer(model.file, attribute.value);
  if (container === undefined) return undefined;
  // The last binding is the one that instances find.
  const later = attribute.binding.sites.filter(
    (site) => site.node.start > attribute.site.node.start && bindsAnew(site),
  );
  if (
    later.some((site) => isInBody(model, site.operation)) ||
    (later.length > 0 && isInBody(model, attribute.site.operation))
  )
    return undefined;
  const accesses = accessesOf(attribute);
  if (!mayReachChange(attribute, container, accesses)) return undefined;
  const changes = sharedChanges(attribute, container, accesses);
  // What holds the instances themselves is a registry: rule `strong-registry`.
  if (changes.length === 0 || storesInstances(changes)) return undefined;
  // Looked for when asked for: that there is a match does not depend on it.
  const purpose = once(() => purposeOf(attribute, container, accesses, changes));
  return {
    attribute,
    container,
    accesses,
    changes,
    get purpose() {
      return purpose();
    },
  };
}

/** True if after this the name means something else, whatever it meant before. */
function bindsAnew(site: BindingSite): boolean {
  return site.kind !== 'annotation' && site.kind !== 'augmented';
}

/** True for a statement directly in the class body, under no condition. */
function isInBody(model: ClassModel, operation: PyNode): boolean {
  const statement = operation.kind === 'assignment' ? operation.parent : operation;
  const holder = statement?.parent?.kind === 'decorated_definition' ? statement.parent.parent : statement?.parent;
  return holder?.parent === model.node;
}

function explain(match: Match): Explanation {
  const { attribute, container, changes, purpose } = match;
  const { class: model, name } = attribute;
  const methods = [...new Set(changes.map(({ method }) => method?.name))];
  const first = methods[0] === undefined ? 'code outside the class' : `\`${methods[0]}\``;
  const others = methods.length > 1 ? ` and ${methods.length - 1} more` : '';
  const shared = purpose === undefined ? '' : ` It looks shared on purpose: ${purpose.reason}.`;
  const undeclared = undeclaredSelf(match)?.name;
  const broken =
    undeclared === undefined
      ? ''
      : ` \`${undeclared}\` uses \`self\` without taking it as a parameter: it cannot be called as it stands.`;
  return {
    symbol: `${model.qualifiedName}.${name}`,
    range: { start: attribute.site.operation.start, end: attribute.site.operation.end },
    message: `\`${model.name}.${name}\` is one ${container.type} that every instance shares; ${first}${others} changes it through an instance, and what it holds lives until the process ends.${shared}${broken}`,
    evidence: changes.map(({ file, change, method }) => ({
      place: place(file, change.node),
      message: `${method === undefined ? 'changed here' : `\`${method.name}\` changes it`} (${change.how})`,
    })),
  };
}

function remedy(match: Match, strategy: string): Fix | Unfixable {
  const { attribute } = match;
  const { class: model, binding, site } = attribute;
  const manual = (unfixable: string): Unfixable => ({ strategy, unfixable });
  if (!isInBody(model, site.operation)) return manual('the value depends on a condition in the class body');
  if (binding.sites.filter((other) => other.kind !== 'annotation').length > 1)
    return manual('the name is bound more than once in the class body');
  if (site.node.parent !== site.operation) return manual('the statement binds several names by unpacking');
  if (
    site.operation.parent?.kind === 'assignment' ||
    site.operation.children.some((child) => child.kind === 'assignment')
  ) {
    return manual('several names share the one object (`a = b = ...`)');
  }
  const bare = match.accesses.classLevel.find(({ node }) => node.kind === 'identifier');
  if (bare !== undefined) return manual(`the class body itself uses \`${attribute.name}\` further down`);
  const order = classAttributes(model).findIndex((other) => other.site === site);
  return strategy === 'local' ? localFix(match, order) : initFix(match, order);
}

function initFix(match: Match, order: number): Fix | Unfixable {
  const strategy = 'init';
  const { attribute } = match;
  const manual = ({ unwritable }: Unwritable): Unfixable => ({ strategy, unfixable: unwritable });
  const qualified = qualify(attribute, initialising(attribute.class));
  if ('unwritable' in qualified) return manual(qualified);
  const request = moveToInit(attribute, order, qualified.qualifications);
  if ('unwritable' in request) return manual(request);
  const checked = obligations(match);
  if ('unwritable' in checked) return manual(checked);
  return {
    strategy,
    title: `Move \`${attribute.name}\` into \`${request.layout.method}\``,
    obligations: checked.obligations,
    edits: [],
    requests: [request],
  };
}
