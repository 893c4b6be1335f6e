/** A name that a module binds, and everything in the project that uses it, under whatever name it was imported. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel, FilesFound, Spot } from './file.ts';
import { definitionAt, starImported } from './imports.ts';
import type { Binding, BindingSite } from './scope.ts';

export interface ModuleVariable {
  readonly file: FileModel;
  readonly name: string;
  readonly binding: Binding;
}

/** The uses of a variable, binding sites and imports left out: its own file first, then the others by their paths. */
export interface VariableUses {
  readonly uses: readonly Spot[];
  /** The files that were looked at. */
  readonly files: readonly FileModel[];
  /** Why there may be more, for a person; undefined if these are all. */
  readonly incomplete: string | undefined;
}

/** Every name that an assignment of the module, or a function that declares it `global`, binds to a value. */
export function moduleVariables(file: FileModel): readonly ModuleVariable[] {
  return [...file.scopes.module.bindings.values()]
    .filter(({ sites }) => sites.some(({ kind }) => kind === 'assignment'))
    .map((binding) => ({ file, name: binding.name, binding }));
}

export function usesOfVariable(variable: ModuleVariable): VariableUses {
  const { file, name, binding } = variable;
  const { files, incomplete } = filesThatImport(variable);
  const own = file.usesOf(binding).filter((node) => !binding.sites.some((site) => site.node === node));
  const elsewhere = files.flatMap((other) => usesIn(other, variable).map((node) => ({ file: other, node })));
  const byAttribute = usesIn(file, { file, name, binding }).filter((node) => node.kind === 'attribute');
  return {
    uses: [...[...own, ...byAttribute].map((node) => ({ file, node })), ...elsewhere],
    files: [file, ...files],
    incomplete,
  };
}

function filesThatImport({ file, name, binding }: ModuleVariable): FilesFound {
  const target = { file, names: file.surroundings.aliases(name) };
  return file.surroundings.mentioning(
    [target],
    name,
    file,
    (other) => usesIn(other, { file, name, binding }).length > 0,
  );
}

function usesIn(other: FileModel, { file, name, binding }: ModuleVariable): readonly PyNode[] {
  const isMeant = (node: PyNode): boolean => {
    const qualified = other.qualifiedName(node);
    const definition = qualified === undefined ? undefined : definitionAt(qualified, other);
    return definition?.binding === binding && definition.members.length === 0;
  };
  const attributes = other.attributes(name).filter(isMeant);
  if (other === file) return attributes;
  const bare = other.surroundings.aliases(name).flatMap((alias) => other.names(alias));
  const named = bare.filter((node) => {
    const bound = other.resolve(node);
    if (bound === undefined) return starImported(node, other)?.binding === binding;
    return !bound.sites.some((site) => site.node === node) && isMeant(node);
  });
  return [...named, ...attributes];
}

/** `a = b = []` gives one value several names: the assignments around a binding's own. */
export function sharesValue(site: BindingSite): boolean {
  const { operation } = site;
  const chained = operation.parent?.kind === 'assignment' || field(operation, 'right')?.kind === 'assignment';
  return chained || site.node.parent !== operation;
}
