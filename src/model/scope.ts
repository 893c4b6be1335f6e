/**
 * One walk over a file's tree makes its scopes, notes every binding operation and gives each name that is used its scope. Bodies that
 * are read later are walked then; only those that bind names of the module are read at once.
 */
import { field, parameterNames } from '../syntax/access.ts';
import { type DeferredBlock, isDeferred, isPython2Alias, type PyNode } from '../syntax/tree.ts';
import type { Binding, BindingKind, BindingSite, Scope, ScopeKind, ScopeTree } from './binding.ts';
import { Block, declarationsIn, outsideComprehensions, ownerOfNonlocal } from './block.ts';
import { nameIn, nameSeenFrom, privatePrefix } from './name.ts';
import { capturesOf, firstIdentifier, importedNames, isWithinExcept, type Target, targetOf } from './target.ts';

export { parameterNames, parametersOf } from '../syntax/access.ts';
export * from './binding.ts';

const GLOBAL = /\bglobal\b/;

/** Makes the scopes of one file. `text` is what `root` was parsed from. */
export function scopesOf(root: PyNode, text: string): ScopeTree {
  return new ScopeBuilder(root, text).build();
}

class ScopeBuilder {
  private readonly text: string;
  private readonly module: Scope;
  private readonly ofNode = new Map<PyNode, Scope>();
  private readonly ofName = new Map<PyNode, Scope>();
  /** What is to be visited, and in which scope each of that. */
  private stack: PyNode[] = [];
  private scopesOfStack: Scope[] = [];
  /** What `nonlocal` names bind: whose they are is known only when every function around has been walked. */
  private outward: { readonly site: BindingSite; readonly scope: Scope }[] = [];

  constructor(root: PyNode, text: string) {
    this.text = text;
    this.module = this.open('module', root, undefined, '');
  }

  build(): ScopeTree {
    this.walk(() => this.visitAll(this.module.node.children, this.module));
    return { module: this.module, ofNode: this.ofNode, ofName: this.ofName };
  }

  /** A body may be asked for in the middle of another walk. */
  private walk(begin: () => void): void {
    const around = { stack: this.stack, scopes: this.scopesOfStack, outward: this.outward };
    this.stack = [];
    this.scopesOfStack = [];
    this.outward = [];
    begin();
    for (let next = this.stack.pop(); next !== undefined; next = this.stack.pop())
      this.visit(next, this.scopesOfStack.pop() ?? this.module);
    for (const { site, scope } of this.outward) {
      this.addSite(site, scope, ownerOfNonlocal(this.name(site.node, scope), scope)).sites.sort(
        (a, b) => a.node.start - b.node.start,
      );
    }
    ({ stack: this.stack, scopes: this.scopesOfStack, outward: this.outward } = around);
  }

  private open(kind: ScopeKind, node: PyNode, parent: Scope | undefined, prefix = parent?.privatePrefix ?? ''): Block {
    const scope = new Block(kind, node, parent, prefix);
    this.ofNode.set(node, scope);
    return scope;
  }

  private name(node: PyNode, scope: Scope): string {
    return nameIn(scope, this.text.slice(node.start, node.end));
  }

  /** What is put off last comes first. */
  private later(node: PyNode | undefined, scope: Scope): void {
    if (node === undefined) return;
    this.stack.push(node);
    this.scopesOfStack.push(scope);
  }

  private visitAll(nodes: readonly PyNode[], scope: Scope): void {
    for (let index = nodes.length - 1; index >= 0; index--) this.later(nodes[index], scope);
  }

  private bind(node: PyNode, scope: Scope, kind: BindingKind, operation: PyNode, value?: PyNode): void {
    const name = this.name(node, scope);
    const site = { kind, node, operation, value };
    this.ofName.set(node, scope);
    if (scope.nonlocals.has(name)) this.outward.push({ site, scope });
    else this.addSite(site, scope, scope.globals.has(name) ? this.module : scope);
  }

  private addSite(site: BindingSite, from: Scope, target: Scope): Binding {
    const name = nameSeenFrom(from, target, this.name(site.node, from));
    let binding = target.bindings.get(name);
    if (binding === undefined) {
      binding = { name, scope: target, sites: [] };
      target.bindings.set(name, binding);
    }
    binding.sites.push(site);
    return binding;
  }

  private bindAll({ names, uses }: Target, scope: Scope, kind: BindingKind, operation: PyNode): void {
    for (const name of names) this.bind(name, scope, kind, operation);
    this.visitAll(uses, scope);
  }

  private visit(node: PyNode, scope: Scope): void {
    switch (node.kind) {
      case 'identifier':
        return void this.ofName.set(node, scope);
      case 'class_definition':
        return this.classDefinition(node, scope);
      case 'function_definition':
        return this.functionDefinition(node, scope);
      case 'lambda': {
        const inner = this.open('lambda', node, scope);
        this.later(field(node, 'body'), inner);
        return this.parameters(field(node, 'parameters'), inner, scope, scope);
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node, scope);
      case 'attribute':
      case 'member_type':
        return this.later(node.children[0], scope);
      case 'keyword_argument':
        return this.later(field(node, 'value'), scope);
      case 'assignment':
        return this.assignment(node, scope);
      case 'augmented_assignment': {
        const left = field(node, 'left');
        if (left?.kind === 'identifier') this.bind(left, scope, 'augmented', node);
        return this.visitAll(node.children, scope);
      }
      case 'named_expression': {
        const target = field(node, 'name');
        const value = field(node, 'value');
        if (target !== undefined) this.bind(target, outsideComprehensions(scope), 'walrus', node, value);
        return this.later(value, scope);
      }
      case 'for_statement':
      case 'for_in_clause':
        return this.targetThenRest(field(node, 'left'), 'for', node, scope);
      case 'as_pattern_target': {
        const target = targetOf(node.children[0] ?? node);
        return this.bindAll(target, scope, isWithinExcept(node) ? 'except' : 'with', node.parent ?? node);
      }
      case 'except_clause': {
        const alias = node.children.find((child) => isPython2Alias(child, this.text));
        return this.targetThenRest(alias, 'except', node, scope);
      }
      case 'delete_statement':
        for (const child of node.children) this.bindAll(targetOf(child), scope, 'delete', node);
        return;
      case 'global_statement':
      case 'nonlocal_statement': {
        const as = node.kind === 'global_statement' ? 'globals' : 'nonlocals';
        for (const child of node.children) scope.declare(this.name(child, scope), as);
        return;
      }
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        if (node.children.some((child) => child.kind === 'wildcard_import')) scope.starImports.push(node);
        for (const { name, operation } of importedNames(node)) this.bind(name, scope, 'import', operation);
        return;
      case 'case_pattern':
        return this.bindAll(capturesOf(node, this.text), scope, 'pattern', node);
      case 'type_alias_statement':
        return this.typeAlias(node, scope);
      default:
        return this.visitAll(node.children, scope);
    }
  }

  private targetThenRest(target: PyNode | undefined, kind: BindingKind, operation: PyNode, scope: Scope): void {
    const rest = operation.children.filter((child) => child !== target);
    this.visitAll(rest, scope);
    if (target !== undefined) this.bindAll(targetOf(target), scope, kind, operation);
  }

  private classDefinition(node: PyNode, scope: Scope): void {
    const name = field(node, 'name');
    if (name !== undefined) this.bind(name, scope, 'class', node);
    const prefix = name === undefined ? '' : privatePrefix(this.name(name, scope));
    const around = this.typeParameters(field(node, 'type_parameters'), scope, prefix);
    const inner = this.open('class', node, around, prefix);
    this.declareThenVisit(field(node, 'body')?.children ?? [], inner);
    this.later(field(node, 'superclasses'), around);
  }

  private functionDefinition(node: PyNode, scope: Scope): void {
    const name = field(node, 'name');
    if (name !== undefined) this.bind(name, scope, 'function', node);
    const around = this.typeParameters(field(node, 'type_parameters'), scope);
    const inner = this.open('function', node, around);
    const body = field(node, 'body');
    const isLater = body !== undefined && isDeferred(body) && !body.isRead && !this.mayDeclareGlobals(body);
    if (!isLater) this.declareThenVisit(body?.children ?? [], inner);
    this.later(field(node, 'return_type'), around);
    this.parameters(field(node, 'parameters'), inner, around, scope);
    if (isLater) this.whenRead(body, inner);
  }

  private mayDeclareGlobals({ start, end }: PyNode): boolean {
    return GLOBAL.test(this.text.slice(start, end));
  }

  private whenRead(body: DeferredBlock, scope: Block): void {
    scope.body = body;
    body.whenRead(({ children }) => {
      scope.body = undefined;
      this.walk(() => this.declareThenVisit(children, scope));
    });
  }

  /** Parameters are bound inside; annotations are evaluated outside, where the type parameters are known, defaults where they are not. */
  private parameters(list: PyNode | undefined, inner: Scope, around: Scope, outer: Scope): void {
    for (const parameter of list?.children ?? []) {
      for (const name of parameterNames(parameter)) this.bind(name, inner, 'parameter', parameter);
      this.later(field(parameter, 'value'), outer);
      this.later(field(parameter, 'type'), around);
    }
  }

  /** PEP 695: a block of their own around the definition; a bound is evaluated in another one inside it, when asked for. */
  private typeParameters(list: PyNode | undefined, scope: Scope, prefix = scope.privatePrefix): Scope {
    if (list === undefined) return scope;
    const inner = this.open('type-parameters', list, scope, prefix);
    for (const type of list.children) {
      const constrained = type.children[0]?.kind === 'constrained_type' ? type.children[0].children : undefined;
      const name = firstIdentifier(constrained?.[0] ?? type);
      if (name !== undefined) this.bind(name, inner, 'type-parameter', type);
      const bound = constrained?.[1];
      if (bound !== undefined) this.later(bound, this.open('annotation', bound, inner));
    }
    return inner;
  }

  private typeAlias(node: PyNode, scope: Scope): void {
    const named = field(node, 'left')?.children[0];
    const name = named === undefined ? undefined : firstIdentifier(named);
    if (name !== undefined) this.bind(name, scope, 'type-alias', node);
    const around = this.typeParameters(
      named?.children.find(({ kind }) => kind === 'type_parameter'),
      scope,
    );
    const value = field(node, 'right');
    if (value !== undefined) this.later(value, this.open('annotation', value, around));
  }

  /** The first iterable is evaluated outside; everything else in the comprehension's own block. */
  private comprehension(node: PyNode, scope: Scope): void {
    const inner = this.open('comprehension', node, scope);
    const first = node.children.find((child) => child.kind === 'for_in_clause');
    for (const child of node.children.toReversed()) if (child !== first) this.later(child, inner);
    if (first === undefined) return;
    for (const child of first.children.toReversed()) {
      if (child.field === 'left') this.bindAll(targetOf(child), inner, 'for', first);
      else this.later(child, child.field === 'right' ? scope : inner);
    }
  }

  private assignment(node: PyNode, scope: Scope): void {
    const left = field(node, 'left');
    const right = field(node, 'right');
    this.later(field(node, 'type'), scope);
    this.later(right, scope);
    if (left === undefined) return;
    let value = right;
    while (value?.kind === 'assignment') value = field(value, 'right');
    if (left.kind === 'identifier')
      this.bind(left, scope, right === undefined ? 'annotation' : 'assignment', node, value);
    // Only a plain name is declared by an annotation without a value: `(x): int` does nothing (reference 7.2.2).
    else if (right !== undefined) this.bindAll(targetOf(left), scope, 'assignment', node);
    else this.visitAll(targetOf(left).uses, scope);
  }

  /** `global` and `nonlocal` hold for the whole block, also above the statement, so they are noted before anything is bound. */
  private declareThenVisit(body: readonly PyNode[], scope: Scope): void {
    for (const declaration of declarationsIn(body)) this.visit(declaration, scope);
    this.visitAll(body, scope);
  }
}
