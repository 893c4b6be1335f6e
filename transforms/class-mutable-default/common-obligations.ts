/** What has to hold whichever way the attribute leaves the class, each looked up in the model. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { isImportable } from '../../src/model/class.ts';
import { filesAround } from '../../src/model/class-attribute.ts';
import {
  findMethod,
  relatives,
  resolutionOrder,
  subclassesOf,
  unknownSubclasses,
} from '../../src/model/class-hierarchy.ts';
import { concerns, usesUnseen } from '../../src/model/class-use.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { handedOn, reflection, spelledOut, unknownMethodDecorator } from '../../src/model/reflection.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { type Match, undeclaredSelf } from './match.ts';

/** The other files count only where they name the class: what they do with names of their own is not about it. */
export function filesConcerned({ attribute }: Match): readonly FileModel[] {
  const model = attribute.class;
  return filesAround(attribute).files.filter((file) => file === model.file || concerns(file, model));
}

export function noClassLevelAccess(match: Match): Obligation {
  const id = 'no-class-level-access';
  const { attribute, accesses } = match;
  const model = attribute.class;
  const [read] = accesses.classLevel;
  if (read !== undefined)
    return unmet(id, { ...read, detail: `\`${excerpt(read.file, read.node)}\` reads it from the class` });
  const [some] = accesses.someClass;
  if (some !== undefined) {
    return unknown(id, { ...some, detail: `\`${excerpt(some.file, some.node)}\` may read it from this class` });
  }
  for (const member of [model, ...subclassesOf(model)]) {
    const { file } = member;
    const decorator = member.decorators.find((candidate) => !isHarmlessDecorator(file, candidate));
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
  const concerned = filesConcerned(match);
  const importable = [model, ...subclassesOf(model)].filter(isImportable);
  const escaped =
    firstIn(concerned, (file) => handedOn(file, model)) ??
    firstIn(filesAround(attribute).files, (file) => importable.flatMap((member) => usesUnseen(file, member))[0]);
  if (escaped !== undefined) {
    const detail = `\`${excerpt(escaped.file, escaped.node)}\` is handed on here, and it may be read from there`;
    return unknown(id, { ...escaped, detail });
  }
  const wrapped = unknownMethodDecorator(model, accesses.instance);
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
  return unlessIncomplete(match, met(id, 'nothing in the project reads it from the class'));
}

/** What was not found may stand in a file that was not read. */
export function unlessIncomplete({ attribute }: Match, obligation: Obligation): Obligation {
  const { incomplete } = filesAround(attribute);
  return incomplete === undefined ? obligation : { id: obligation.id, holds: 'unknown', detail: incomplete };
}

/** The first file in which something is found, with what was found. */
export function firstIn(files: readonly FileModel[], find: (file: FileModel) => PyNode | undefined): Spot | undefined {
  for (const file of files) {
    const node = find(file);
    if (node !== undefined) return { file, node };
  }
  return undefined;
}

const HARMLESS_DECORATORS =
  /^(?:functools\.total_ordering|(?:typing|typing_extensions)\.(?:final|runtime_checkable)|dataclasses\.dataclass|attrs?\.\w+|six\.python_2_unicode_compatible)$/;

function isHarmlessDecorator(file: FileModel, decorator: PyNode): boolean {
  const callee = decorator.kind === 'call' ? (field(decorator, 'function') ?? decorator) : decorator;
  return HARMLESS_DECORATORS.test(file.qualifiedName(callee) ?? '');
}

export function notChangedThroughClass(match: Match): Obligation {
  const id = 'not-changed-through-class';
  const { accesses, container } = match;
  const changed = accesses.classLevel.find(({ file, node }) => {
    const reflective = node.kind === 'call' && /setattr|delattr|patch/.test(file.text(field(node, 'function') ?? node));
    return (
      reflective || usesOfValue(file, node, container).some((use) => ['change', 'bind', 'delete'].includes(use.kind))
    );
  });
  if (changed === undefined)
    return unlessIncomplete(match, met(id, 'nothing in the project changes it through the class'));
  const detail = `\`${excerpt(changed.file, changed.node)}\` changes it through the class`;
  return unmet(id, { ...changed, detail });
}

/** What a subclass, a mixin beside the class or a base binds under the name would be covered, or would get in the way. */
export function noSubclassBinding({ attribute }: Match): Obligation {
  const id = 'no-subclass-binding';
  const { class: model, name } = attribute;
  for (const other of relatives(model)) {
    const site =
      other === model ? undefined : other.scope.bindings.get(name)?.sites.find(({ kind }) => kind !== 'annotation');
    if (site === undefined) continue;
    const detail = `\`${other.name}\` binds the name in its own body too`;
    return unmet(id, { file: other.file, node: site.node, detail });
  }
  const incomplete = unknownSubclasses(model);
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return met(id, 'no subclass, mixin or base in the project binds it in its body');
}

const ATTRIBUTE_HOOKS = ['__setattr__', '__getattr__', '__getattribute__', '__delattr__'] as const;

export function noAttributeHooks(match: Match): Obligation {
  const id = 'no-attribute-hooks';
  const model = match.attribute.class;
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
  const outside = firstIn(filesConcerned(match), (file) =>
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
