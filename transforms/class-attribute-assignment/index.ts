/**
 * `class-attribute-assignment`: a method of an instance puts an object of its own on the class, which holds it after the instance is
 * gone. The page of the rule is README.md beside this file.
 */
import type { Fix, Unfixable } from '../../src/core/finding.ts';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { bindsInBody } from '../../src/model/class.ts';
import type { NamedAttribute } from '../../src/model/class-attribute.ts';
import { resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { ALONE, type FileModel } from '../../src/model/file.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import { place } from '../../src/plan/place.ts';
import type { Explanation, Transform } from '../../src/plan/transform.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Assignment } from './assignment.ts';
import { isMeantForClass, isOutOfScope, isReleased } from './deliberate.ts';
import { type Group, groupsIn } from './group.ts';
import { instanceFix } from './instance.ts';
import { type Match, undeclaredSelf } from './match.ts';
import meta from './meta.ts';
import { releaseFix } from './release.ts';
import { mayMatch } from './sift.ts';
import { usedAsObject } from './usage.ts';
import { kindOf } from './value.ts';

const transform: Transform<Match> = {
  meta,
  mayMatch,
  subject: ({ subject }) => subject,
  detect,
  explain,
  remedy,
};

export default transform;

function* detect(file: FileModel, wanted: (attribute: NamedAttribute) => boolean): Iterable<Match> {
  for (const group of groupsIn(file)) {
    if (!wanted(group.subject) || isOutOfScope(group) || isMeantForClass(group)) continue;
    const match = matchOf(group);
    if (match !== undefined) yield match;
  }
}

function matchOf(group: Group): Match | undefined {
  const { subject, members, assignments } = group;
  const attribute = attributeOf(group);
  const accesses = accessesOf(attribute);
  const used = usedAsObject([...accesses.instance, ...accesses.byName], members);
  const [first, ...others] = assignments.filter((assignment) => isObject(assignment, used !== undefined));
  if (first === undefined || isReleased(group, accesses, [first, ...others])) return undefined;
  const called = isObject(first, false) ? undefined : used;
  return { subject, attribute, members, accesses, assignments, objects: [first, ...others], called };
}

/** The attribute on the class that holds it, which another file may define. */
function attributeOf({ subject, assignments }: Group): NamedAttribute {
  const named = assignments.flatMap(({ on }) => (on.through === 'name' && on.class !== undefined ? [on.class] : []));
  const outside = named.find(({ file }) => file !== subject.class.file);
  if (outside === undefined) return subject;
  const { name } = subject;
  const holder = resolutionOrder(outside).classes.find((candidate) => bindsInBody(candidate, name)) ?? outside;
  return { class: holder, name, binding: holder.scope.bindings.get(name) };
}

/** `used`: a method calls methods on it. */
function isObject({ file, value }: Assignment, used: boolean): boolean {
  const kind = value === undefined ? 'unknown' : kindOf(file, value);
  if (kind === 'unknown' && file.surroundings === ALONE && value !== undefined && isImportedCall(file, value))
    return true;
  return kind === 'object' || (kind === 'unknown' && used);
}

/** By itself a file does not tell whether what it imports and calls is a class. */
function isImportedCall(file: FileModel, value: PyNode): boolean {
  const node = unwrap(value);
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  const name = callee === undefined ? undefined : file.qualifiedName(callee);
  return name !== undefined && !/^(?:\.\w|builtins\.)/.test(name);
}

function explain(match: Match): Explanation {
  const { subject, objects, called } = match;
  const { class: model, name } = subject;
  const { file } = model;
  const [first] = objects;
  const methods = [...new Set(objects.map(({ on }) => on.method.name))];
  const others = methods.length > 1 ? ` and ${methods.length - 1} more` : '';
  const what = first.value === undefined ? 'an object' : `\`${excerpt(file, first.value)}\``;
  const shown = called === undefined ? '' : ` (an object: \`.${called}()\` is called on it)`;
  const undeclared = undeclaredSelf(match)?.name;
  const broken =
    undeclared === undefined
      ? ''
      : ` \`${undeclared}\` uses \`self\` without taking it as a parameter: it cannot be called as it stands.`;
  const method = first.on.method.name;
  return {
    symbol: `${model.qualifiedName}.${name}`,
    range: { start: first.node.start, end: first.node.end },
    message: `\`${model.name}.${name}\` belongs to the class; \`${method}\`${others} puts ${what} there${shown}, and the class holds it after the instance is gone, until another one takes its place or the process ends.${broken}`,
    evidence: objects.map(({ file: where, node, on }) => ({
      place: place(where, node),
      message: `\`${on.method.name}\` sets it on the class (\`${excerpt(where, node)}\`)`,
    })),
  };
}

function remedy(match: Match, strategy: string): Fix | Unfixable {
  return strategy === 'instance' ? instanceFix(match, strategy) : releaseFix(match, strategy);
}
