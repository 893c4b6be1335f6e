/** An attribute of a class, and everything in the project that reads, binds or changes it, through whatever receiver. */

import { descend, field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { ClassModel } from './class.ts';
import { resolutionOrder, subclassesOf } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';
import { type Binding, type BindingSite, lookup } from './scope.ts';

/** An attribute by its name, on the class whose body may bind it. */
export interface NamedAttribute {
  readonly class: ClassModel;
  readonly name: string;
  /** The name's binding in the class body. */
  readonly binding: Binding | undefined;
}

/** An attribute that a statement of the class body binds to a value. */
export interface ClassAttribute extends NamedAttribute {
  readonly binding: Binding;
  readonly site: BindingSite;
  /** The statement in the class body: an `expression_statement`. */
  readonly statement: PyNode;
  readonly value: PyNode;
  readonly annotation: PyNode | undefined;
}

/** Every attribute that a statement of the class body binds to a value, in the order of the text. */
export function classAttributes(model: ClassModel): readonly ClassAttribute[] {
  const found: ClassAttribute[] = [];
  for (const binding of model.scope.bindings.values()) {
    for (const site of binding.sites) {
      const statement = site.operation.parent;
      if (site.kind !== 'assignment' || statement === undefined) continue;
      const value = site.value ?? pairedValue(site);
      if (value === undefined) continue;
      found.push({
        class: model,
        name: binding.name,
        binding,
        site,
        statement,
        value,
        annotation: field(site.operation, 'type'),
      });
    }
  }
  return found.sort((a, b) => a.site.node.start - b.site.node.start);
}

/** `a, b = [], {}`: the value at the name's place. */
function pairedValue(site: BindingSite): PyNode | undefined {
  const targets = site.node.parent;
  const right = field(site.operation, 'right');
  if (targets === undefined || right === undefined || targets.field !== 'left') return undefined;
  return right.children.length === targets.children.length
    ? right.children[targets.children.indexOf(site.node)]
    : undefined;
}

/** The classes an instance of which may find the attribute in `model`: itself, its subclasses that do not bind the name anew. */
export function inheritors(model: ClassModel, name: string): readonly ClassModel[] {
  return [model, ...subclassesOf(model)].filter((candidate) => {
    for (const holder of resolutionOrder(candidate).classes) {
      if (holder === model) return true;
      if (holder.scope.bindings.has(name)) return false;
    }
    return false;
  });
}

/** The free names of an expression, with what each means where the expression stands now. */
export function freeNames(
  file: FileModel,
  expression: PyNode,
): readonly { node: PyNode; binding: Binding | undefined }[] {
  const found: { node: PyNode; binding: Binding | undefined }[] = [];
  for (const node of descend(expression)) {
    if (node.kind !== 'identifier') continue;
    const scope = file.scopeOf(node);
    if (scope === undefined) continue;
    const binding = lookup(file.text(node), scope);
    // A name the expression binds itself: a comprehension's variable, a lambda's parameter.
    if (
      binding !== undefined &&
      binding.scope.node.start >= expression.start &&
      binding.scope.node.end <= expression.end
    )
      continue;
    found.push({ node, binding });
  }
  return found;
}
