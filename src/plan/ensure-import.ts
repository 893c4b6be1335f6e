/**
 * Makes a name of a standard module usable where it is needed: through an import that is there, through one more name in it, or
 * through a new `import` at the top of the file.
 */
import type { ImportRequest } from '../core/finding.ts';
import { isBuiltinName } from '../model/builtins.ts';
import type { FileModel } from '../model/file.ts';
import { type Binding, type BindingSite, lookup, type Scope } from '../model/scope.ts';
import type { PyNode } from '../syntax/tree.ts';
import { importPlace } from './import-place.ts';
import type { Unwritable } from './unwritable.ts';

export interface Imported {
  /** How the name is written where it is used. */
  readonly expression: string;
  readonly requests: readonly ImportRequest[];
}

/** Where a name is going to be used: the scope it is looked up in, and the offset of the text. */
export interface Usage {
  readonly scope: Scope;
  readonly at: number;
}

/** `module.name` for all the usages. They must be in `file`. */
export function ensureImport(
  file: FileModel,
  module: string,
  name: string,
  usages: readonly Usage[],
): Imported | Unwritable {
  const { path } = file.source;
  const first = Math.min(...usages.map(({ at }) => at));
  const sites = importsAtTop(file).filter(({ site }) => site.operation.end <= first);
  const visible = (local: string, binding: Binding): boolean =>
    usages.every(({ scope }) => lookup(local, scope) === binding);
  for (const { binding } of sites) {
    const meant = file.qualified.ofBinding(binding);
    if (!visible(binding.name, binding)) continue;
    if (meant === `${module}.${name}`) return { expression: binding.name, requests: [] };
    if (meant === module) return { expression: `${binding.name}.${name}`, requests: [] };
  }
  const isFree = (local: string): boolean => usages.every(({ scope }) => lookup(local, scope) === undefined);
  const from = sites.find(({ site, binding }) => isFrom(file, site, binding, module));
  if (from !== undefined && isFree(name) && !isBuiltinName(name)) {
    const last = from.site.operation.parent?.children.at(-1);
    if (last !== undefined)
      return { expression: name, requests: [{ kind: 'import', path, target: { kind: 'name', at: last.end, name } }] };
  }
  return newImport(file, module, name, { first, isFree, visible });
}

interface Names {
  readonly first: number;
  readonly isFree: (local: string) => boolean;
  readonly visible: (local: string, binding: Binding) => boolean;
}

function newImport(
  file: FileModel,
  module: string,
  name: string,
  { first, isFree, visible }: Names,
): Imported | Unwritable {
  const known = file.scopes.module.bindings.get(module);
  // Imported further down or under a condition: the same module under the same name.
  const again = known !== undefined && file.qualified.ofBinding(known) === module && visible(module, known);
  const local = again ? module : [module, `_${module}`].find(isFree);
  if (local === undefined) return { unwritable: `both \`${module}\` and \`_${module}\` mean something else here` };
  const place = importPlace(file, 'import_statement', module, first);
  if (place === undefined) return { unwritable: `there is no line for \`import ${module}\` above its use` };
  const line = local === module ? `import ${module}` : `import ${module} as ${local}`;
  return {
    expression: `${local}.${name}`,
    requests: [{ kind: 'import', path: file.source.path, target: { kind: 'new', line, ...place } }],
  };
}

interface ImportSite {
  readonly binding: Binding;
  readonly site: BindingSite;
}

/** What the statements of the module itself import, not those under a condition. */
function importsAtTop(file: FileModel): readonly ImportSite[] {
  return [...file.scopes.module.bindings.values()].flatMap((binding) =>
    binding.sites
      .filter(({ kind, operation }) => kind === 'import' && statementAround(operation)?.parent === file.syntax.root)
      .map((site) => ({ binding, site })),
  );
}

function statementAround(operation: PyNode): PyNode | undefined {
  return operation.parent?.kind.endsWith('_statement') === true ? operation.parent : undefined;
}

function isFrom(file: FileModel, site: BindingSite, binding: Binding, module: string): boolean {
  const statement = statementAround(site.operation);
  const qualified = file.qualified.ofSite(site, binding);
  return statement?.kind === 'import_from_statement' && qualified?.startsWith(`${module}.`) === true;
}
