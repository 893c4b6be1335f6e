/** Where a class is named: every expression of a file that means it, under whatever name it was imported. */
import { field, stringValue } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { callsOf } from './calls.ts';
import { type ClassModel, classOf } from './class.ts';
import { relatives } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';
import { isBindingSite, mayMean } from './may-mean.ts';

/** The expressions in `file` that name the class; statements that define or import it are none. */
export function usesOfClass(file: FileModel, model: ClassModel): readonly PyNode[] {
  if (file === model.file) {
    const { binding } = model;
    const named = binding === undefined ? [] : file.usesOf(binding).filter((node) => !isBindingSite(file, node));
    return [...named, ...file.attributes(model.name).filter((node) => classOf(file, node) === model)];
  }
  const names = file.surroundings.aliases(model.name);
  return names.flatMap((name) => [
    ...file.names(name).filter((node) => !isBindingSite(file, node) && classOf(file, node) === model),
    ...file.attributes(name).filter((node) => classOf(file, node) === model),
  ]);
}

/**
 * Where the class may be used though no name is known to mean it: a name of it that one of several imports brings, `module.Name` of who
 * knows which module, `getattr(module, "Name")`, and its own module where that is handed on.
 */
export function usesUnseen(file: FileModel, model: ClassModel): readonly PyNode[] {
  const names = file.surroundings.aliases(model.name);
  const named = file === model.file ? [] : names.flatMap((name) => [...file.names(name), ...file.attributes(name)]);
  return [
    ...named.filter((node) => mayMean(file, node, model)),
    ...(fetchedNames(file).get(model.name) ?? []),
    ...modulesHandedOn(file, model.file),
  ];
}

const fetched = new WeakMap<FileModel, ReadonlyMap<string, readonly PyNode[]>>();

/** The calls `getattr(module, "Name")` of a file by the name. */
function fetchedNames(file: FileModel): ReadonlyMap<string, readonly PyNode[]> {
  const known = fetched.get(file);
  if (known !== undefined) return known;
  const index = new Map<string, readonly PyNode[]>();
  for (const call of callsOf(file, 'builtins.getattr')) {
    const [, attribute] = file.argumentsOf(call).positional;
    if (attribute === undefined) continue;
    const name = stringValue(attribute, file.source.text);
    if (name !== undefined) index.set(name, [...(index.get(name) ?? []), call]);
  }
  fetched.set(file, index);
  return index;
}

const handedOnModules = new WeakMap<FileModel, Map<FileModel, readonly PyNode[]>>();

/** Where the file hands the module `home` on as a value, so that all of it can be reached: `vars(module)`, `getattr(module, name)`. */
function modulesHandedOn(file: FileModel, home: FileModel): readonly PyNode[] {
  const byHome = handedOnModules.get(file) ?? new Map<FileModel, readonly PyNode[]>();
  handedOnModules.set(file, byHome);
  const known = byHome.get(home);
  if (known !== undefined) return known;
  const found: PyNode[] = [];
  // Whatever the import looks like, it ends in the name of the module's file, or of its folder.
  const word = lastName(home);
  const scopes = file.source.text.includes(word) ? [...file.scopesNear(word).values()] : [];
  for (const scope of scopes) {
    if (scope.isUnread) continue;
    for (const binding of scope.bindings.values()) {
      const isModule = binding.sites.some((site) => {
        const name = site.kind === 'import' ? file.qualified.ofSite(site, binding) : undefined;
        return name !== undefined && endsIn(name, word) && file.surroundings.isModule(name, file, home);
      });
      if (!isModule) continue;
      for (const node of file.usesOf(binding)) {
        const member = node.field === 'object' && node.parent?.kind === 'attribute' ? node.parent : undefined;
        const name = member === undefined ? undefined : field(member, 'attribute');
        const isAll = name !== undefined && file.text(name) === '__dict__';
        if (!isBindingSite(file, node) && (member === undefined || isAll)) found.push(node);
      }
    }
  }
  byHome.set(home, found);
  return found;
}

/** What a module is called in its package; a package has the name of its folder. */
function lastName({ source }: FileModel): string {
  const parts = source.realPath.replace(/\.py$/, '').split(/[\\/]/);
  return (parts.at(-1) === '__init__' ? parts.at(-2) : parts.at(-1)) ?? '';
}

function endsIn(dotted: string, last: string): boolean {
  return (
    dotted.endsWith(last) && (dotted.length === last.length || dotted.charAt(dotted.length - last.length - 1) === '.')
  );
}

/** True if the file has a class related to the model, or names one. */
export function concerns(file: FileModel, model: ClassModel): boolean {
  const family = relatives(model);
  return [...family].some((member) => member.file === file || usesOfClass(file, member).length > 0);
}
