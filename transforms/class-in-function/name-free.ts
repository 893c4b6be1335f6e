/** Obligation `module-name-free`: nobody else means something by the name that the class gets at module level. */
import type { Obligation } from '../../src/core/finding.ts';
import type { FileModel } from '../../src/model/file.ts';
import { lookup } from '../../src/model/scope.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { field } from '../../src/syntax/access.ts';
import { THIN_ABOVE } from '../../src/syntax/top-level.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { LocalClass, Match } from './match.ts';

const ID = 'module-name-free';

export function moduleNameFree(one: LocalClass, { names, imports }: Match): Obligation {
  const { file } = one.model;
  const name = names.get(one) ?? one.model.name;
  const walk = namespaceWalk(file);
  if (walk !== undefined)
    return unknown(ID, {
      file,
      node: walk,
      detail: `\`${excerpt(file, walk)}\` would see one name more in the module`,
    });
  const [star] = file.scopes.module.starImports;
  if (star !== undefined)
    return unknown(ID, { file, node: star, detail: `\`${excerpt(file, star)}\` may bind \`${name}\` too` });
  if (file.source.text.length > THIN_ABOVE)
    return unknown(ID, {
      file,
      node: one.model.node,
      detail: 'the file is too long for all of its names to be looked at',
    });
  const hook = file.scopes.module.bindings.get('__getattr__')?.sites[0]?.node;
  if (hook !== undefined)
    return unknown(ID, { file, node: hook, detail: `the module's \`__getattr__\` may answer to \`${name}\`` });
  if (isSubmodule(file, name))
    return unknown(ID, { file, node: one.model.node, detail: `the package may have a module called \`${name}\`` });
  for (const published of [name, ...imports.keys()]) {
    // A private name, and one that `__all__` leaves out, is not star-imported (language reference 7.11).
    if (published.startsWith('_') || isLeftOut(file, published)) continue;
    const checked = freeWhereStarImported(file, published);
    if (checked.holds !== true) return checked;
  }
  return met(ID, `neither the module nor one that star-imports it uses \`${name}\` for something else`);
}

/** Importing a module of a package binds its name in the package (language reference 5.4.2). */
function isSubmodule(file: FileModel, name: string): boolean {
  const { module } = file;
  return module?.isPackage === true && file.surroundings.module(`${module.name}.${name}`, file) !== 'outside';
}

function freeWhereStarImported(file: FileModel, name: string): Obligation {
  const target = { file, names: [name] };
  const { files, incomplete } = file.surroundings.mentioning([target], name, file, (other) => mayReceive(other, name));
  for (const other of files) {
    const use = other.names(name).find((node) => isGlobal(other, node));
    const [star] = other.scopes.module.starImports;
    if (use !== undefined && star !== undefined) {
      const detail = `\`${name}\` means something else here, and \`${excerpt(other, star)}\` may bring the class`;
      return unmet(ID, { file: other, node: use, detail });
    }
  }
  if (incomplete !== undefined) return { id: ID, holds: 'unknown', detail: incomplete };
  return met(ID, `neither the module nor one that star-imports it uses \`${name}\` for something else`);
}

function mayReceive(other: FileModel, name: string): boolean {
  return other.scopes.module.starImports.length > 0 && other.names(name).some((node) => isGlobal(other, node));
}

function isGlobal(file: FileModel, node: PyNode): boolean {
  const scope = file.scopeOf(node);
  const binding = scope === undefined ? undefined : lookup(file.text(node), scope);
  return binding === undefined || binding.scope.kind === 'module';
}

/** True if `__all__` is one list of strings that lacks the name. */
function isLeftOut(file: FileModel, name: string): boolean {
  const binding = file.scopes.module.bindings.get('__all__');
  const value = binding?.sites.length === 1 ? binding.sites[0]?.value : undefined;
  if (value === undefined || (value.kind !== 'list' && value.kind !== 'tuple')) return false;
  return value.children.every((child) => child.kind === 'string') && !file.text(value).includes(name);
}

/** Where the module looks at all of its own names. */
function namespaceWalk(file: FileModel): PyNode | undefined {
  return file.calls.find((call) => {
    const callee = field(call, 'function');
    const name = callee === undefined ? '' : (file.qualifiedName(callee) ?? '');
    if (/^builtins\.(?:vars|dir)$/.test(name))
      return file.argumentsOf(call).positional.length === 0 && file.scopeAround(call)?.kind === 'module';
    return /^(?:builtins\.globals|inspect\.getmembers)$/.test(name);
  });
}
