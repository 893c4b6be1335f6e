/** What an imported name means: the definition it leads to, followed through what modules of the project import from each other. */
import type { PyNode } from '../syntax/tree.ts';
import { type Binding, mayBeStarImported } from './binding.ts';
import type { FileModel } from './file.ts';

/** A name that a module binds itself, not by an import. */
export interface Definition {
  readonly file: FileModel;
  readonly binding: Binding;
  /** The attributes asked for below that name: `['Inner']` for `shop.cart.Outer.Inner`. */
  readonly members: readonly string[];
}

/**
 * The definition that a qualified name (see {@link FileModel.qualifiedName}) leads to from `file`; undefined where it lies outside of
 * the project, where several may be meant, and where modules import it from each other in a circle.
 */
export function definitionAt(qualifiedName: string, file: FileModel): Definition | undefined {
  return follow(qualifiedName, file, new Set());
}

/** The definition that an imported name of the file leads to; `members` are the attributes asked for below it. */
export function imported(file: FileModel, binding: Binding, members: readonly string[]): Definition | undefined {
  return throughImports(file, binding, members, new Set());
}

/** The same for a name that nothing in the file binds, where a star import may have brought it. */
export function starImported(name: PyNode, file: FileModel): Definition | undefined {
  const scope = file.scopeOf(name);
  if (scope === undefined || !mayBeStarImported(scope)) return undefined;
  return throughStar(file, file.text(name), [], new Set());
}

function follow(qualifiedName: string, file: FileModel, seen: ReadonlySet<string>): Definition | undefined {
  if (qualifiedName.startsWith('.')) return undefined;
  const parts = qualifiedName.split('.');
  for (let length = parts.length - 1; length > 0; length--) {
    const module = file.surroundings.module(parts.slice(0, length).join('.'), file);
    if (module === 'unknown') return undefined;
    const [name = '', ...members] = parts.slice(length);
    if (module !== 'outside') return inModule(module, name, members, seen);
  }
  return undefined;
}

function inModule(
  module: FileModel,
  name: string,
  members: readonly string[],
  seen: ReadonlySet<string>,
): Definition | undefined {
  const key = `${module.source.path} ${name}`;
  if (seen.has(key)) return undefined;
  const visited = new Set([...seen, key]);
  const binding = module.scopes.module.bindings.get(name);
  if (binding === undefined) return throughStar(module, name, members, visited);
  if (!binding.sites.some(({ kind }) => kind === 'import')) return { file: module, binding, members };
  return throughImports(module, binding, members, visited);
}

/** `try: from a import x` / `except ImportError: from b import x` may lead to one and the same; else it cannot be known. */
function throughImports(
  module: FileModel,
  binding: Binding,
  members: readonly string[],
  seen: ReadonlySet<string>,
): Definition | undefined {
  const found = binding.sites.map((site) => {
    const source = site.kind === 'import' ? module.qualified.ofSite(site, binding) : undefined;
    return source === undefined ? undefined : follow([source, ...members].join('.'), module, seen);
  });
  const [first] = found;
  return found.every((one) => one?.binding === first?.binding) ? first : undefined;
}

/** The last of several star imports counts, and one that cannot be looked into may be it. */
function throughStar(
  file: FileModel,
  name: string,
  members: readonly string[],
  seen: ReadonlySet<string>,
): Definition | undefined {
  for (const statement of file.scopes.module.starImports.toReversed()) {
    const source = file.qualified.importedModule(statement);
    const module = source === undefined ? 'unknown' : file.surroundings.module(source, file);
    if (typeof module === 'string') return undefined;
    const found = inModule(module, name, members, seen);
    if (found !== undefined || module.scopes.module.bindings.has(name)) return found;
  }
  return undefined;
}

/**
 * Whether a qualified name may mean what `target` binds: it leads there, or it cannot be followed to its end inside the project. False
 * is sure.
 */
export function mayLeadTo(target: Binding, qualifiedName: string, file: FileModel, seen = new Set<string>()): boolean {
  if (qualifiedName.startsWith('.')) return true;
  const parts = qualifiedName.split('.');
  for (let length = parts.length - 1; length > 0; length--) {
    const module = file.surroundings.module(parts.slice(0, length).join('.'), file);
    if (module === 'unknown') return true;
    if (module !== 'outside') return mayBeIn(target, module, parts.slice(length), seen);
  }
  return false;
}

function mayBeIn(target: Binding, module: FileModel, names: readonly string[], seen: Set<string>): boolean {
  const [name = '', ...members] = names;
  const key = `${module.source.path} ${names.join('.')}`;
  if (seen.has(key)) return false;
  seen.add(key);
  const binding = module.scopes.module.bindings.get(name);
  if (binding === undefined)
    return module.scopes.module.bindings.has('__getattr__') || mayBeStarred(target, module, names, seen);
  if (binding === target) return true;
  return binding.sites.some((site) => {
    // What an attribute of a class, a call or another name is cannot be told.
    if (site.kind !== 'import') return members.at(-1) === target.name;
    const source = module.qualified.ofSite(site, binding);
    return source === undefined || mayLeadTo(target, [source, ...members].join('.'), module, seen);
  });
}

/** The same for a name that a star import of the file may bring. */
export function mayBeStarred(
  target: Binding,
  file: FileModel,
  names: readonly string[],
  seen = new Set<string>(),
): boolean {
  return file.scopes.module.starImports.some((statement) => {
    const source = file.qualified.importedModule(statement);
    const module = source === undefined ? 'unknown' : file.surroundings.module(source, file);
    return module === 'unknown' || (module !== 'outside' && mayBeIn(target, module, names, seen));
  });
}

/** The qualified names outside of the project that a name may come from: itself, or what modules of the project pass on under it. */
export function origins(qualifiedName: string, file: FileModel, seen = new Set<string>()): readonly string[] {
  const parts = qualifiedName.split('.');
  for (let length = parts.length - 1; length > 0; length--) {
    const module = file.surroundings.module(parts.slice(0, length).join('.'), file);
    if (typeof module === 'string') continue;
    const [name = '', ...members] = parts.slice(length);
    const key = `${module.source.path} ${name}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const binding = module.scopes.module.bindings.get(name);
    const sources =
      binding === undefined
        ? module.scopes.module.starImports.map((statement) => `${module.qualified.importedModule(statement)}.${name}`)
        : binding.sites.map((site) => (site.kind === 'import' ? module.qualified.ofSite(site, binding) : undefined));
    return sources.flatMap((source) =>
      source === undefined ? [] : origins([source, ...members].join('.'), module, seen),
    );
  }
  return [qualifiedName];
}
