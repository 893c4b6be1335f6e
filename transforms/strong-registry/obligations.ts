/** What has to hold for a weak registry to keep the program working, each looked up in the project. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { findMethod, relatives, unknownSubclasses } from '../../src/model/class-hierarchy.ts';
import { handedOn, reflection, spelledOut } from '../../src/model/reflection.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field } from '../../src/syntax/access.ts';
import { type Entry, putsOf } from './entry.ts';
import { hashedByIdentity, heldClasses, weaklyReferenceable } from './held.ts';
import { noLostOperation } from './lost.ts';
import type { Operation } from './operation.ts';
import type { Registry } from './registry.ts';
import { valueHoldsKey } from './value.ts';
import type { WeakType } from './weak-type.ts';

/** Every obligation with its outcome, or why the rewrite would crash or leak still. */
export function obligations(
  registry: Registry,
  type: WeakType,
  entries: readonly Entry[],
): { readonly obligations: readonly Obligation[] } | Unwritable {
  const role = type === 'WeakKeyDictionary' ? 'key' : type === 'WeakValueDictionary' ? 'value' : 'element';
  const puts = putsOf(registry.type, registry.operations);
  const held = entries.filter((entry) => entry.role === role);
  const direct = puts.filter((put) => put.role === role && put.operation.depth === 0);
  const checked: (Obligation | Unwritable)[] = [weaklyReferenceable(registry, held, direct)];
  if (role !== 'value') checked.push(hashedByIdentity(registry, held));
  if (role === 'key') checked.push(valueHoldsKey(registry, held, puts));
  checked.push(ownedElsewhere(registry, type, held), noLostOperation(registry, type, entries));
  checked.push(notAliasedElsewhere(registry), noSubclassBinding(registry), noReflection(registry));
  const crash = checked.find((one) => 'unwritable' in one);
  if (crash !== undefined && 'unwritable' in crash) return crash;
  return { obligations: checked.flatMap((one) => ('unwritable' in one ? [] : [one])) };
}

/**
 * Whoever gets an object from the registry may be the only one who has it. Where it is only asked about objects that are at hand,
 * nobody can tell when another one went.
 */
function ownedElsewhere(registry: Registry, type: WeakType, entries: readonly Entry[]): Obligation {
  const id = 'owned-elsewhere';
  for (const model of heldClasses(registry, entries)) {
    const { method } = findMethod(model, '__del__');
    if (method === undefined) continue;
    const detail = `\`${model.name}.__del__\` will run while the program does`;
    return unknown(id, { file: method.class.file, node: method.node, detail });
  }
  const taken = registry.operations.find((operation) => operation.depth === 0 && givesOut(operation, type));
  if (taken === undefined)
    return met(id, 'it is asked only about objects that are at hand: whoever asks holds them already');
  const detail = `\`${excerpt(taken.file, taken.node)}\` sees what is in it: what nothing else holds will be gone by then`;
  return unknown(id, { ...taken, detail });
}

/** True where the use sees which objects are there. */
function givesOut(operation: Operation, type: WeakType): boolean {
  const isValues = type === 'WeakValueDictionary';
  switch (operation.kind) {
    case 'all':
    case 'handed':
      return true;
    case 'load':
    case 'contains':
      return isValues;
    case 'call':
      if (isValues && /^(?:get|setdefault|pop)$/.test(operation.method)) return true;
      return /^(?:keys|values|items|popitem|copy)$/.test(operation.method);
    case 'passed':
      return !/^builtins\.(?:len|bool|id|isinstance)$/.test(operation.to ?? '');
    default:
      return false;
  }
}

/** Another name for the container, made when a module is imported, or an attribute of another object. */
function notAliasedElsewhere({ operations }: Registry): Obligation {
  const id = 'not-aliased-elsewhere';
  const alias = operations.find(
    ({ kind, depth, node }) => depth === 0 && kind === 'handed' && /^(?:assignment|named_expression)$/.test(node.kind),
  );
  if (alias === undefined) return met(id, 'no other name is given to it');
  const target = field(alias.node, 'left') ?? alias.node;
  const detail = `\`${excerpt(alias.file, target)}\` means it too, and is not followed`;
  return unknown(id, { ...alias, detail });
}

/** A subclass that binds the name in its own body has a registry of its own, which the methods use too. */
function noSubclassBinding({ class: model, name, type }: Registry): Obligation | Unwritable {
  const id = 'no-subclass-binding';
  if (model === undefined) return met(id, 'it belongs to the module');
  for (const other of relatives(model)) {
    const site =
      other === model ? undefined : other.scope.bindings.get(name)?.sites.find(({ kind }) => kind !== 'annotation');
    if (site === undefined) continue;
    if (type === 'list') return { unwritable: `\`${other.name}\` binds the name too, and its list has no \`add\`` };
    return unmet(id, {
      file: other.file,
      node: site.node,
      detail: `\`${other.name}\` binds the name in its own body too`,
    });
  }
  const incomplete = unknownSubclasses(model);
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  return met(id, 'no class of the family binds it in its body too');
}

function noReflection(registry: Registry): Obligation {
  const id = 'no-reflection';
  const { class: model, files, name } = registry;
  for (const file of files) {
    const unseen = reflection(file);
    if (unseen !== undefined)
      return unknown(id, { file, node: unseen, detail: `\`${excerpt(file, unseen)}\` may reach it unseen` });
    if (model === undefined) continue;
    const escaped = handedOn(file, model);
    if (escaped !== undefined) {
      const detail = `\`${excerpt(file, escaped)}\` is handed on here, and it may be used from there`;
      return unknown(id, { file, node: escaped, detail });
    }
    const spelled = spelledOut(file, model, name);
    if (spelled === undefined) continue;
    const detail = `a string or comment speaks of \`${file.source.text.slice(spelled.start, spelled.end)}\``;
    return { id, holds: 'unknown', detail, where: { path: file.source.path, range: spelled } };
  }
  return met(id, 'nothing in the files that know it looks names up at run time');
}
