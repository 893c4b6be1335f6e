/** What modules are called, and what a relative import means. */

/** What a file is called when it is imported (language reference 5.2, 5.7). */
export interface ModuleName {
  /** Absolute and dotted: `shop.cart`. */
  readonly name: string;
  /** True for an `__init__.py`: relative imports start from the module itself. */
  readonly isPackage: boolean;
}

/** The absolute name of a module that `importer` names, relative or not (`..base`); undefined where it leads out of all packages. */
export function absoluteName(module: string, importer: ModuleName): string | undefined {
  const level = /^\.*/.exec(module)?.[0].length ?? 0;
  if (level === 0) return module;
  const parts = importer.name.split('.');
  const depth = parts.length - level + Number(importer.isPackage);
  if (depth <= 0) return undefined;
  return [...parts.slice(0, depth), ...module.slice(level).split('.')].filter((part) => part !== '').join('.');
}
