/** Obligations of every fix that takes an attribute from the class to its instances. Unknown is never "holds". */
import type { Obligation } from '../core/finding.ts';
import { filesAround } from '../model/attribute-files.ts';
import { type ClassModel, isImportable, mangled } from '../model/class.ts';
import type { NamedAttribute } from '../model/class-attribute.ts';
import { findMethod, resolutionOrder, subclassesOf, unknownSubclasses } from '../model/class-hierarchy.ts';
import { concerns, usesUnseen } from '../model/class-use.ts';
import { isKnownDecorator, unknownAncestor } from '../model/construction.ts';
import type { FileModel, Spot } from '../model/file.ts';
import { firstIn } from '../model/outside-read.ts';
import { handedOn, ownDescriptor, reflection, spelledOut, unknownMethodDecorator } from '../model/reflection.ts';

import type { PyNode } from '../syntax/tree.ts';
import { excerpt, met, unknown, unmet } from './obligation.ts';

/** The other files count only where they name the class: what they do with names of their own is not about it. */
export function filesConcerned(attribute: NamedAttribute): readonly FileModel[] {
  const model = attribute.class;
  return filesAround(attribute).files.filter((file) => file === model.file || concerns(file, model));
}

/** What was not found may stand in a file that was not read. */
export function unlessIncomplete(attribute: NamedAttribute, obligation: Obligation): Obligation {
  const { incomplete } = filesAround(attribute);
  return incomplete === undefined ? obligation : { id: obligation.id, holds: 'unknown', detail: incomplete };
}

/**
 * Where the class, or the attribute, goes where its uses cannot be followed: an obligation that is unknown; undefined if nowhere.
 * `uses` are those through instances; `rewritten` what names the class now and will not any more.
 */
export function outOfSight(
  id: string,
  attribute: NamedAttribute,
  uses: readonly Spot[],
  rewritten?: ReadonlySet<PyNode>,
): Obligation | undefined {
  const model = attribute.class;
  for (const member of [model, ...subclassesOf(model)]) {
    const { file } = member;
    const decorator = member.decorators.find((candidate) => !isKnownDecorator(file, candidate));
    if (decorator !== undefined) {
      const detail = `\`@${excerpt(file, decorator)}\` gets the class; what it does with it is not known`;
      return unknown(id, { file, node: decorator, detail });
    }
    if (member.binding !== undefined && member.binding.sites.length > 1) {
      return unknown(id, {
        file,
        node: member.node,
        detail: `\`${member.name}\` is bound more than once in this file`,
      });
    }
  }
  const concerned = filesConcerned(attribute);
  const importable = [model, ...subclassesOf(model)].filter(isImportable);
  const escaped =
    firstIn(concerned, (file) => handedOn(file, model, rewritten)) ??
    firstIn(filesAround(attribute).files, (file) => importable.flatMap((member) => usesUnseen(file, member))[0]);
  if (escaped !== undefined) {
    const detail = `\`${excerpt(escaped.file, escaped.node)}\` is handed on here, and it may be read from there`;
    return unknown(id, { ...escaped, detail });
  }
  const descriptor = ownDescriptor(model);
  if (descriptor !== undefined) {
    const detail = `\`${excerpt(descriptor.file, descriptor.node)}\` is a descriptor, which gets the class`;
    return unknown(id, { ...descriptor, detail });
  }
  const wrapped = unknownMethodDecorator(model, uses);
  if (wrapped !== undefined) {
    const detail = `\`${excerpt(wrapped.file, wrapped.node)}\` may call a method that uses it with the class`;
    return unknown(id, { ...wrapped, detail });
  }
  const unseen = firstIn(concerned, reflection);
  if (unseen !== undefined) {
    const detail = `\`${excerpt(unseen.file, unseen.node)}\` may reach any class or attribute of this file`;
    return unknown(id, { ...unseen, detail });
  }
  for (const file of filesAround(attribute).files) {
    const spelled = spelledOut(file, model, attribute.name);
    if (spelled === undefined) continue;
    const detail = `a string or comment speaks of \`${file.source.text.slice(spelled.start, spelled.end)}\``;
    return { id, holds: 'unknown', detail, where: { path: file.source.path, range: spelled } };
  }
  return undefined;
}

/** What one of the others binds under the name would be covered, or would get in the way. `what` they are, for a person. */
export function noSubclassBinding(
  { class: model, name }: NamedAttribute,
  others: Iterable<ClassModel>,
  what: string,
): Obligation {
  const id = 'no-subclass-binding';
  for (const other of others) {
    // `_Basket__lines` in a subclass is the private name as it is stored.
    const bound = other.scope.bindings.get(mangled(name, model));
    const site = other === model ? undefined : bound?.sites.find(({ kind }) => kind !== 'annotation');
    if (site === undefined) continue;
    const detail = `\`${other.name}\` binds the name in its own body too`;
    return unmet(id, { file: other.file, node: site.node, detail });
  }
  const incomplete = unknownSubclasses(model);
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return met(id, `no ${what} in the project binds it in its body`);
}

const ATTRIBUTE_HOOKS = ['__setattr__', '__getattr__', '__getattribute__', '__delattr__'] as const;

export function noAttributeHooks(attribute: NamedAttribute): Obligation {
  const id = 'no-attribute-hooks';
  const model = attribute.class;
  const family = [model, ...subclassesOf(model)];
  for (const method of family.flatMap((member) => ATTRIBUTE_HOOKS.map((hook) => findMethod(member, hook).method))) {
    if (method === undefined) continue;
    const detail = `\`${method.class.name}.${method.name}\` gets in between`;
    return unmet(id, { file: method.class.file, node: method.node, detail });
  }
  for (const { file, name, scope } of family.flatMap((heir) => resolutionOrder(heir).classes)) {
    const bound = ATTRIBUTE_HOOKS.map((hook) => scope.bindings.get(hook)?.sites[0]?.node).find(
      (node) => node !== undefined,
    );
    if (bound !== undefined)
      return unmet(id, { file, node: bound, detail: `\`${name}.${file.text(bound)}\` gets in between` });
  }
  const outside = firstIn(filesConcerned(attribute), (file) =>
    ATTRIBUTE_HOOKS.flatMap((hook) => file.attributes(hook)).find((node) => node.field === 'left'),
  );
  if (outside !== undefined) {
    const detail = `\`${excerpt(outside.file, outside.node)}\` may get in between`;
    return unknown(id, { ...outside, detail });
  }
  const ancestor = family.map(unknownAncestor).find((spot) => spot !== undefined);
  if (ancestor === undefined) return met(id, 'no `__setattr__` or `__getattr__` gets in between');
  const detail = `\`${excerpt(ancestor.file, ancestor.node)}\` is not known and may have \`__setattr__\` or \`__getattr__\``;
  return unknown(id, { ...ancestor, detail });
}
