/** What has to hold before the class may let go when an instance dies. Nothing shows that instances do not overlap: it is never safe. */
import type { Obligation } from '../../src/core/finding.ts';
import type { AttributeAccess } from '../../src/model/attribute-accesses.ts';
import { type ClassModel, isInMethod } from '../../src/model/class.ts';
import { resolutionOrder, subclassesOf, unknownSubclasses } from '../../src/model/class-hierarchy.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import type { Spot } from '../../src/model/file.ts';
import { noSubclassBinding, outOfSight, unlessIncomplete } from '../../src/plan/attribute-obligations.ts';
import { mayRunOnPython2 } from '../../src/plan/init-header.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { methodOfInstance } from './assignment.ts';
import { holdsInstance } from './holds-instance.ts';
import type { Match } from './match.ts';
import { besides, isInClassMethod, methodCallable, notReadByClassMethods } from './obligations.ts';
import { notSharedOnPurpose } from './purpose.ts';

/** Every obligation of strategy `release`. `model` gets the `__del__`. */
export function releaseObligations(match: Match, model: ClassModel): readonly Obligation[] {
  return [
    oneInstanceAtATime(match),
    noClassLevelAccess(match),
    notReadByClassMethods(match),
    noSubclassBinding(match.attribute, besides(match), 'subclass, and no mixin beside one,'),
    defaultRestored(match),
    finalizerRuns(match, model),
    notSharedOnPurpose(match),
    ...methodCallable(match),
  ];
}

function oneInstanceAtATime({ subject, objects: [first] }: Match): Obligation {
  const detail = `of two \`${subject.class.name}\` alive at once, the first to die takes it from the other`;
  return unknown('one-instance-at-a-time', { file: first.file, node: first.node, detail });
}

function noClassLevelAccess(match: Match): Obligation {
  const id = 'no-class-level-access';
  const { attribute, accesses } = match;
  const outside = accesses.classLevel.find((access) => !isInMembers(match, access) && !isInClassMethod(access));
  if (outside !== undefined) {
    const detail = `\`${excerpt(outside.file, outside.node)}\` may want it after the instance is gone`;
    return unmet(id, { ...outside, detail });
  }
  const [some] = accesses.someClass;
  if (some !== undefined)
    return unknown(id, { ...some, detail: `\`${excerpt(some.file, some.node)}\` may reach it through this class` });
  const named = accesses.classLevel.flatMap(({ node }) => field(node, 'object') ?? firstArgument(node));
  const unseen = outOfSight(id, attribute, accesses.instance, new Set(named));
  return unseen ?? unlessIncomplete(attribute, met(id, 'nothing in the project reaches it without an instance'));
}

/** `C` of `setattr(C, "x", v)`. */
function firstArgument(call: PyNode): readonly PyNode[] {
  return field(call, 'arguments')?.children.slice(0, 1) ?? [];
}

/** While a method of the instance runs, the instance lives. */
function isInMembers({ members }: Match, access: AttributeAccess): boolean {
  const method = methodOfInstance(access);
  return method !== undefined && members.has(method.class);
}

/** The `__del__` is the one that instances of every subclass run, as soon as nothing uses them. */
function finalizerRuns({ objects, attribute }: Match, model: ClassModel): Obligation {
  const id = 'finalizer-runs';
  const { file } = model;
  for (const heir of subclassesOf(model)) {
    const order = resolutionOrder(heir).classes;
    for (const holder of order.slice(0, order.indexOf(model))) {
      const method = holder.methods.find(({ name }) => name === '__del__');
      if (method === undefined) continue;
      const spot = { file: holder.file, node: method.node };
      const passesOn = holder.file
        .attributes('__del__')
        .some((node) => isInMethod({ file: holder.file, node }, method));
      if (!passesOn) return unmet(id, { ...spot, detail: `\`${holder.name}.__del__\` does not pass the call on` });
    }
    const other = unknownAncestor(heir);
    if (other !== undefined)
      return unknown(id, { ...other, detail: `\`${heir.name}\` inherits from what is not known, and may hide it` });
  }
  const own = model.methods.find(({ name }) => name === '__del__');
  const decorator = own?.decorators[0];
  if (decorator !== undefined)
    return unknown(id, { file, node: decorator, detail: `\`@${excerpt(file, decorator)}\` wraps \`__del__\`` });
  const ancestor = unknownAncestor(model);
  if (ancestor !== undefined) {
    const detail = `\`${excerpt(ancestor.file, ancestor.node)}\` is not known, nor whether it has \`__del__\``;
    return unknown(id, { ...ancestor, detail });
  }
  const given = objects.find(({ value }) => value !== undefined && holdsInstance(file, value) === 'maybe');
  if (given?.value !== undefined) {
    const detail = `\`${excerpt(file, given.value)}\` may keep the instance alive, and then \`__del__\` never runs`;
    return unknown(id, { file, node: given.value, detail });
  }
  if (mayRunOnPython2(model)) {
    const detail = 'Python 2 never frees a cycle of objects with `__del__`';
    return unknown(id, { file, node: model.node, detail });
  }
  const incomplete = unknownSubclasses(model);
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return unlessIncomplete(attribute, met(id, 'every class of the project that inherits it runs this `__del__`'));
}

/** What the class body binds is there again after the release, or there never was anything. */
function defaultRestored({ attribute, subject }: Match): Obligation {
  const id = 'default-restored';
  const initial = defaultIn(attribute.class, subject.name);
  if (initial === undefined) return met(id, 'the class body gives it no value that would have to come back');
  if (defaultOf(attribute.class, subject.name) !== undefined)
    return met(id, `the class gets \`${excerpt(initial.file, initial.node)}\` back`);
  const detail = `\`${excerpt(initial.file, initial.node)}\` is no constant: the class has nothing after the release`;
  return unmet(id, { ...initial, detail });
}

/** The constant that the class body binds, as it is written; undefined where it binds none, or something else. */
export function defaultOf(model: ClassModel, name: string): string | undefined {
  const initial = defaultIn(model, name);
  if (initial === undefined) return undefined;
  const text = initial.file.text(initial.node);
  return isConstant(initial.node) && !/[\r\n]/.test(text) ? text : undefined;
}

/** The last value that the nearest class body binds, or the statement that does. */
function defaultIn(model: ClassModel, name: string): Spot | undefined {
  for (const { file, scope, node } of resolutionOrder(model).classes) {
    const sites = scope.bindings.get(name)?.sites.filter(({ kind }) => kind !== 'annotation') ?? [];
    const [site, second] = sites;
    if (site === undefined) continue;
    // Under a condition, or bound again: what the body leaves behind is not known.
    const plain = second === undefined && site.operation.parent?.parent?.parent === node;
    return { file, node: !plain || site.value === undefined ? site.operation : unwrap(site.value) };
  }
  return undefined;
}

const CONSTANTS: ReadonlySet<string> = new Set(['none', 'true', 'false', 'integer', 'float', 'string', 'ellipsis']);

function isConstant(node: PyNode): boolean {
  if (node.kind === 'tuple') return node.children.every(isConstant);
  if (node.kind === 'unary_operator')
    return node.children.every((child) => child.field === 'operator' || isConstant(child));
  return CONSTANTS.has(node.kind) && !node.children.some(({ kind }) => kind === 'interpolation');
}
