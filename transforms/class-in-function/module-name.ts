/** What a class is called at module level: as before, or by a private name where that is taken. */
import { isBuiltinName } from '../../src/model/builtins.ts';
import type { FileModel } from '../../src/model/file.ts';
import { lookup, type Scope } from '../../src/model/scope.ts';
import type { LocalClass } from './match.ts';

/** For each of the classes, in their order: a name that neither the module nor another one of them has, nor an import brought along. */
export function moduleNames(
  file: FileModel,
  classes: readonly LocalClass[],
  brought: ReadonlySet<string>,
): ReadonlyMap<LocalClass, string> {
  const given = new Set(brought);
  const declared = new Set(
    [...file.scopesNear('global').values()].flatMap((scope) => (scope.isUnread ? [] : [...scope.globals])),
  );
  const names = new Map<LocalClass, string>();
  for (const one of classes) {
    const { name } = one.model;
    const isFree = !given.has(name) && !declared.has(name) && isFreeFor(file, one);
    const chosen = isFree
      ? name
      : privateName(name, (other) => !given.has(other) && !declared.has(other) && isUnused(file, other));
    given.add(chosen);
    names.set(one, chosen);
  }
  return names;
}

/** True if nothing between the function and the module, and nothing that looks for a global, has the name. */
function isFreeFor(file: FileModel, { model: { name }, holder }: LocalClass): boolean {
  if (isBuiltinName(name)) return false;
  for (let scope: Scope | undefined = holder.parent; scope !== undefined; scope = scope.parent)
    if (scope.kind !== 'class' && scope.bindings.has(name)) return false;
  return file.names(name).every((node) => {
    const scope = file.scopeOf(node);
    return scope !== undefined && lookup(name, scope) !== undefined;
  });
}

function isUnused(file: FileModel, name: string): boolean {
  return !isBuiltinName(name) && file.names(name).length === 0;
}

function privateName(name: string, isFree: (name: string) => boolean): string {
  const stem = name.startsWith('_') ? name : `_${name}`;
  for (let number = name === stem ? 2 : 1; ; number += 1) {
    const candidate = number === 1 ? stem : `${stem}${number}`;
    if (isFree(candidate)) return candidate;
  }
}
