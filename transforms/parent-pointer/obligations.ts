/** What has to hold for a weak pointer to keep the program working, each looked up in the project. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { relatives, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { isKnownDecorator, unknownAncestor } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { namespaceRead } from '../../src/model/reflection.ts';
import { noAttributeHooks, noSubclassBinding } from '../../src/plan/attribute-obligations.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { ancestor, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { notCopied } from './copied.ts';
import { ownerOutlives } from './lifetime.ts';
import type { Group } from './match.ts';
import { isOldStyle } from './new-style.ts';
import { weakValues } from './values.ts';

/** Every obligation of a weak pointer with its outcome, or why the result would crash. `isProperty`: the attribute leaves the instance. */
export function obligations(
  group: Group,
  isProperty: boolean,
): { readonly obligations: readonly Obligation[] } | Unwritable {
  const { holder, pointers } = group;
  const attributes = pointers.map(({ attribute }) => ({
    class: holder,
    name: attribute,
    binding: holder.scope.bindings.get(attribute),
  }));
  const values = weakValues(group);
  if ('unwritable' in values) return values;
  const outlives = ownerOutlives(group);
  const others = [...relatives(holder)].filter((one) => one !== holder);
  const checked = [
    classesKnown(group),
    outlives,
    followedOnce(group, outlives),
    values,
    notCopied(group),
    firstOpen(attributes.map(noAttributeHooks)),
    firstOpen(attributes.map((attribute) => noSubclassBinding(attribute, others, 'other class of the family'))),
  ];
  if (isProperty) checked.push(noClassLevelAccess(group));
  checked.push(notSeenTogether(group));
  if (isProperty && isOldStyle(holder)) {
    const detail = `\`${holder.name}\` becomes a new-style class, whose special methods are looked up on the class alone`;
    checked.push(unknown('new-style-class', { file: holder.file, node: holder.node, detail }));
  }
  return { obligations: checked };
}

function firstOpen(outcomes: readonly Obligation[]): Obligation {
  const [first] = outcomes;
  const open = outcomes.find(({ holds }) => holds !== true) ?? first;
  if (open === undefined) throw new TypeError('a group has no pointer');
  return open;
}

/** The two classes are told by more than the names of attributes, and nothing unknown stands above or beside the one that changes. */
function classesKnown({ holder, owners, pointers, incomplete }: Group): Obligation {
  const id = 'classes-known';
  for (const { pairs } of pointers) {
    const [guessed] = pairs;
    if (guessed === undefined || pairs.some(({ certain, owner }) => certain && owner !== undefined)) continue;
    const what = guessed.certain ? `what holds the \`${holder.name}\`` : 'the object with the pointer';
    const detail = `of which class ${what} is was told by its attributes alone`;
    return unknown(id, { file: guessed.file, node: guessed.pointerNode, detail });
  }
  for (const model of new Set([holder, ...owners].flatMap((one) => [one, ...subclassesOf(one)]))) {
    const { file } = model;
    const decorator = model.decorators.find((one) => !isKnownDecorator(file, one));
    if (decorator !== undefined)
      return unknown(id, {
        file,
        node: decorator,
        detail: `what \`@${excerpt(file, decorator)}\` makes of the class is not known`,
      });
    const ancestor = unknownAncestor(model);
    if (ancestor !== undefined)
      return unknown(id, {
        ...ancestor,
        detail: `\`${excerpt(ancestor.file, ancestor.node)}\`, which \`${model.name}\` depends on, is not known`,
      });
  }
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return met(id, 'the objects on both sides are known by where they are made');
}

/** A pointer that is followed twice in one statement may have lost its owner in between. */
function followedOnce({ holder, types, files, pointers }: Group, outlives: Obligation): Obligation {
  const id = 'followed-once';
  if (outlives.holds === true) return met(id, 'the owner cannot die between two reads of the pointer');
  const family: ReadonlySet<ClassModel> = relatives(holder);
  const isOther = (file: FileModel, node: PyNode): boolean => {
    const object = field(node, 'object');
    const type = object === undefined ? undefined : types.ofExpression(file, object);
    return type?.complete === true && type.classes.size > 0 && ![...type.classes].some((model) => family.has(model));
  };
  for (const file of files) {
    for (const { attribute } of pointers) {
      const seen = new Map<string, PyNode>();
      for (const node of file.attributes(attribute)) {
        const statement = ancestor(node, STATEMENTS);
        if (statement === undefined || node.field === 'left') continue;
        const key = `${statement.start} ${file.text(node)}`;
        if (!seen.has(key)) {
          seen.set(key, node);
          continue;
        }
        if (isOther(file, node)) continue;
        const detail = `\`${excerpt(file, node)}\` is read twice in one statement, and the owner may be gone the second time`;
        return unknown(id, { file, node, detail });
      }
    }
  }
  return met(id, 'no statement reads the pointer twice');
}

const STATEMENTS: ReadonlySet<string> = new Set([
  ...[
    'expression_statement',
    'return_statement',
    'if_statement',
    'while_statement',
    'for_statement',
    'assert_statement',
  ],
  ...['raise_statement', 'print_statement', 'function_definition', 'class_definition', 'module'],
]);

function noClassLevelAccess({ holder, pointers }: Group): Obligation {
  const id = 'no-class-level-access';
  for (const { attribute } of pointers) {
    const accesses = accessesOf({ class: holder, name: attribute, binding: holder.scope.bindings.get(attribute) });
    const [direct] = accesses.classLevel;
    if (direct !== undefined)
      return unmet(id, {
        ...direct,
        detail: `\`${excerpt(direct.file, direct.node)}\` would give the property itself`,
      });
    const [some] = accesses.someClass;
    if (some !== undefined)
      return unknown(id, { ...some, detail: `\`${excerpt(some.file, some.node)}\` may read it from the class` });
  }
  return met(id, 'nothing reads it from the class');
}

/** `vars(node)`, `node.__dict__`: the attribute is there no more under its name, or is a reference. */
function notSeenTogether({ holder, files }: Group): Obligation {
  const id = 'not-seen-by-namespace';
  for (const file of files) {
    const read = namespaceRead(file, holder) ?? file.attributes('__slots__')[0];
    if (read !== undefined)
      return unknown(id, {
        file,
        node: read,
        detail: `\`${excerpt(file, read)}\` may look at all attributes together`,
      });
    const named = file
      .callsNear('attrgetter', 'asdict', 'astuple')
      .find((call) =>
        /\.(?:attrgetter|asdict|astuple)$/.test(file.qualifiedName(field(call, 'function') ?? call) ?? ''),
      );
    if (named !== undefined)
      return unknown(id, {
        file,
        node: named,
        detail: `\`${excerpt(file, named)}\` may look at all attributes together`,
      });
  }
  return met(id, 'nothing looks at the attributes of an object all together');
}
