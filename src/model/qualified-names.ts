/** What names and attributes of a file mean by the names under which everybody knows it: `collections.deque`. */
import { oncePer } from '../core/once.ts';
import { field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { isBuiltinName } from './builtins.ts';
import { absoluteName, type ModuleName } from './module-name.ts';
import { type Binding, type BindingSite, lookup, mayBeStarImported, type ScopeTree } from './scope.ts';

/** The qualified names of one file, told by itself. */
export class QualifiedNames {
  private readonly text: string;
  private readonly scopes: ScopeTree;
  private readonly module: ModuleName | undefined;

  /** `text` is that of the file, `module` what it is called; undefined where nothing tells. */
  constructor(text: string, scopes: ScopeTree, module: ModuleName | undefined) {
    this.text = text;
    this.scopes = scopes;
    this.module = module;
  }

  /**
   * The qualified name an expression means, through imports: `collections.deque`, `builtins.list`, `abc.ABC`. A class or
   * function of this file is `.` and its name; so starts what a relative import brings where the file's module is not known.
   * Undefined when it cannot be known: rebound names, star imports, parameters, calls.
   */
  of(expression: PyNode): string | undefined {
    return this.ofNode(unwrap(expression));
  }

  /** Without recursion: chains of attributes may be of any length. */
  private readonly ofNode = oncePer((node: PyNode): string | undefined => {
    const members: string[] = [];
    let root = node;
    while (root.kind === 'attribute') {
      const object = field(root, 'object');
      const name = field(root, 'attribute');
      if (object === undefined || name === undefined) return undefined;
      members.unshift(normalForm(this.written(name)));
      root = unwrap(object);
    }
    const holder = root.kind === 'identifier' ? this.ofName(root) : undefined;
    return holder === undefined ? undefined : [holder, ...members].join('.');
  });

  private ofName(node: PyNode): string | undefined {
    const scope = this.scopes.ofName.get(node);
    if (scope === undefined) return undefined;
    const name = normalForm(this.written(node));
    const binding = lookup(name, scope);
    if (binding === undefined) return !mayBeStarImported(scope) && isBuiltinName(name) ? `builtins.${name}` : undefined;
    return this.ofBinding(binding);
  }

  /** See {@link of}. Several import sites (`try`/`except ImportError`) count when they import the same last name. */
  ofBinding(binding: Binding): string | undefined {
    const names = binding.sites.map((site) => this.ofSite(site, binding));
    const first = names[0];
    if (first === undefined || names.includes(undefined)) return undefined;
    const last = first.slice(first.lastIndexOf('.') + 1);
    return names.every((name) => name === first || name?.endsWith(`.${last}`)) ? first : undefined;
  }

  /** The qualified name that one binding operation gives its name; undefined where it is none or cannot be known. */
  ofSite(site: BindingSite, binding: Binding): string | undefined {
    if (site.kind === 'class' || site.kind === 'function')
      return binding.scope.kind === 'module' ? `.${binding.name}` : undefined;
    if (site.kind !== 'import') return undefined;
    const statement = site.operation.parent;
    const imported = site.operation.kind === 'aliased_import' ? field(site.operation, 'name') : site.operation;
    if (statement === undefined || imported === undefined) return undefined;
    const path = this.dottedName(imported);
    if (statement.kind === 'import_statement') {
      // `import a.b` binds `a`; `import a.b as c` binds the module itself.
      return site.operation.kind === 'aliased_import' ? path : path.split('.')[0];
    }
    if (statement.kind === 'future_import_statement') return `__future__.${path}`;
    const from = this.importedModule(statement);
    return from === undefined ? undefined : `${from}${from.endsWith('.') ? '' : '.'}${path}`;
  }

  /** The module that a `from` import names, absolute where the file's own module is known (language reference 5.7). */
  importedModule(statement: PyNode): string | undefined {
    const written = field(statement, 'module_name');
    if (written === undefined) return undefined;
    const text = this.dottedName(written);
    return (this.module === undefined ? undefined : absoluteName(text, this.module)) ?? text;
  }

  /** A dotted name without the blanks and joined lines that may stand around its dots. */
  private dottedName(node: PyNode): string {
    return normalForm(this.written(node).replace(/[\s\\]/g, ''));
  }

  private written({ start, end }: PyNode): string {
    return this.text.slice(start, end);
  }
}

/** Identifiers are compared in normal form KC (language reference 2.3). */
export function normalForm(identifier: string): string {
  return /[^\0-\x7f]/.test(identifier) ? identifier.normalize('NFKC') : identifier;
}
