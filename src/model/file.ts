/**
 * What one file means: its scopes, imports, classes and attribute uses, made from its tree when asked for.
 */
import type { SourceFile } from '../core/source-file.ts';
import { callArguments, descend, field, unwrap } from '../syntax/access.ts';
import type { PyNode, Syntax } from '../syntax/tree.ts';
import { isBuiltinName } from './builtins.ts';
import {
  type Binding,
  type BindingSite,
  lookup,
  mayBeStarImported,
  type Scope,
  type ScopeTree,
  scopesOf,
} from './scope.ts';

/** One file's model. Nodes and offsets refer to `source.text`. */
export class FileModel {
  readonly source: SourceFile;
  readonly syntax: Syntax;
  readonly scopes: ScopeTree;
  private attributeIndex: Map<string, PyNode[]> | undefined;
  private nameIndex: Map<string, PyNode[]> | undefined;
  private callList: PyNode[] | undefined;
  private readonly qualifiedNames = new Map<PyNode, string | undefined>();

  constructor(source: SourceFile, syntax: Syntax) {
    this.source = source;
    this.syntax = syntax;
    this.scopes = scopesOf(syntax.root, source.text);
  }

  text(node: PyNode): string {
    return this.source.text.slice(node.start, node.end);
  }

  /** Every `<object>.name` expression. */
  attributes(name: string): readonly PyNode[] {
    if (this.attributeIndex === undefined) this.indexNodes();
    return this.attributeIndex?.get(name) ?? [];
  }

  /** Every identifier that is read or bound as a name. */
  names(name: string): readonly PyNode[] {
    if (this.nameIndex === undefined) this.indexNodes();
    return this.nameIndex?.get(name) ?? [];
  }

  /** Every call expression. */
  get calls(): readonly PyNode[] {
    if (this.callList === undefined) this.indexNodes();
    return this.callList ?? [];
  }

  /** Every node of a kind that no other index has; looked for anew each time. */
  nodesOfKind(kind: string): readonly PyNode[] {
    return [...descend(this.syntax.root)].filter((node) => node.kind === kind);
  }

  private indexNodes(): void {
    const calls: PyNode[] = [];
    const attributes = new Map<string, PyNode[]>();
    const names = new Map<string, PyNode[]>();
    for (const node of descend(this.syntax.root)) {
      if (node.kind === 'attribute') {
        const name = field(node, 'attribute');
        if (name !== undefined) push(attributes, normalForm(this.text(name)), node);
      } else if (node.kind === 'identifier' && this.scopes.ofName.has(node)) {
        push(names, normalForm(this.text(node)), node);
      } else if (node.kind === 'call') {
        calls.push(node);
      }
    }
    this.callList = calls;
    this.attributeIndex = attributes;
    this.nameIndex = names;
  }

  /** The scope a name is looked up in; undefined for identifiers that are no names (attributes, keywords). */
  scopeOf(name: PyNode): Scope | undefined {
    return this.scopes.ofName.get(name);
  }

  /** The scope an expression is evaluated in, found through the first name in it. */
  scopeAround(expression: PyNode): Scope | undefined {
    let node: PyNode | undefined = expression;
    while (node !== undefined && !this.scopes.ofName.has(node)) node = node.children[0];
    return node === undefined ? undefined : this.scopes.ofName.get(node);
  }

  /** The binding a name means; undefined for builtins, star-imported and unknown names. */
  resolve(name: PyNode): Binding | undefined {
    const scope = this.scopes.ofName.get(name);
    return scope === undefined ? undefined : lookup(this.text(name), scope);
  }

  /** The uses of a binding: every name that resolves to it, binding sites included. */
  usesOf(binding: Binding): readonly PyNode[] {
    return this.names(binding.name).filter((name) => this.resolve(name) === binding);
  }

  /**
   * The qualified name an expression means, through imports: `collections.deque`, `builtins.list`, `abc.ABC`. A class or
   * function of this file is `.` and its name. Undefined when it cannot be known: rebound names, star imports, parameters, calls.
   */
  qualifiedName(expression: PyNode): string | undefined {
    const node = unwrap(expression);
    if (this.qualifiedNames.has(node)) return this.qualifiedNames.get(node);
    const name = this.qualify(node);
    this.qualifiedNames.set(node, name);
    return name;
  }

  private qualify(node: PyNode): string | undefined {
    if (node.kind === 'attribute') {
      const object = field(node, 'object');
      const name = field(node, 'attribute');
      const holder = object === undefined ? undefined : this.qualifiedName(object);
      return holder === undefined || name === undefined ? undefined : `${holder}.${this.text(name)}`;
    }
    if (node.kind !== 'identifier') return undefined;
    const scope = this.scopes.ofName.get(node);
    if (scope === undefined) return undefined;
    const name = this.text(node);
    const binding = lookup(name, scope);
    if (binding === undefined) return !mayBeStarImported(scope) && isBuiltinName(name) ? `builtins.${name}` : undefined;
    return this.qualifiedNameOfBinding(binding);
  }

  /** See {@link qualifiedName}. Several import sites (`try`/`except ImportError`) count when they import the same last name. */
  qualifiedNameOfBinding(binding: Binding): string | undefined {
    const names = binding.sites.map((site) => this.qualifiedNameOfSite(site, binding));
    const first = names[0];
    if (first === undefined || names.includes(undefined)) return undefined;
    const last = first.slice(first.lastIndexOf('.') + 1);
    return names.every((name) => name === first || name?.endsWith(`.${last}`)) ? first : undefined;
  }

  private qualifiedNameOfSite(site: BindingSite, binding: Binding): string | undefined {
    if (site.kind === 'class' || site.kind === 'function')
      return binding.scope.kind === 'module' ? `.${binding.name}` : undefined;
    if (site.kind !== 'import') return undefined;
    const statement = site.operation.parent;
    const imported = site.operation.kind === 'aliased_import' ? field(site.operation, 'name') : site.operation;
    if (statement === undefined || imported === undefined) return undefined;
    const path = this.text(imported).replace(/\s/g, '');
    if (statement.kind === 'import_statement') {
      // `import a.b` binds `a`; `import a.b as c` binds the module itself.
      return site.operation.kind === 'aliased_import' ? path : path.split('.')[0];
    }
    if (statement.kind === 'future_import_statement') return `__future__.${path}`;
    const from = field(statement, 'module_name');
    return from === undefined ? undefined : `${this.text(from).replace(/\s/g, '')}.${path}`;
  }

  /** The arguments of a call node. */
  argumentsOf(call: PyNode): ReturnType<typeof callArguments> {
    return callArguments(field(call, 'arguments'), this.source.text);
  }
}

/** Identifiers are compared in normal form KC (language reference 2.3). */
function normalForm(identifier: string): string {
  return /[^\0-\x7f]/.test(identifier) ? identifier.normalize('NFKC') : identifier;
}

function push(index: Map<string, PyNode[]>, name: string, node: PyNode): void {
  const list = index.get(name);
  if (list === undefined) index.set(name, [node]);
  else list.push(node);
}
