/**
 * Scopes and bindings, as the language reference has them (section 4.2, "Naming and binding").
 *
 * One walk over the tree makes the scopes, notes every binding operation and gives each name that is used its scope. Which
 * binding a use means is answered afterwards, because Python decides it for a whole block: a name that is bound anywhere in a
 * function is local in all of it.
 */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

export type ScopeKind = 'module' | 'class' | 'function' | 'lambda' | 'comprehension' | 'type-parameters';

export type BindingKind =
  | 'assignment'
  | 'annotation'
  | 'augmented'
  | 'parameter'
  | 'import'
  | 'class'
  | 'function'
  | 'for'
  | 'with'
  | 'except'
  | 'walrus'
  | 'pattern'
  | 'delete'
  | 'type-parameter'
  | 'type-alias';

/** One place that binds (or deletes) a name. */
export interface BindingSite {
  readonly kind: BindingKind;
  /** The name's own node; for a star import's names there is none, see {@link Scope.starImports}. */
  readonly node: PyNode;
  /** The whole operation: assignment, definition, import statement, ... */
  readonly operation: PyNode;
  /** The expression whose value the name gets, where it gets exactly that. */
  readonly value: PyNode | undefined;
}

export interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly sites: BindingSite[];
}

export interface Scope {
  readonly kind: ScopeKind;
  /** The definition, lambda, comprehension or module. */
  readonly node: PyNode;
  readonly parent: Scope | undefined;
  readonly children: Scope[];
  readonly bindings: Map<string, Binding>;
  /** Names declared `global` / `nonlocal` in this block. */
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  /** `from m import *` in this block: it may bind any name. */
  readonly starImports: PyNode[];
}

/** Every scope of a file and where each name is looked up. */
export interface ScopeTree {
  readonly module: Scope;
  /** The scope of each definition, lambda, comprehension and of the module. */
  readonly ofNode: ReadonlyMap<PyNode, Scope>;
  /** The scope in which each identifier that is read (or bound) is looked up. */
  readonly ofName: ReadonlyMap<PyNode, Scope>;
}

const COMPREHENSIONS: ReadonlySet<string> = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

/** The binding that `name` means when it is used in `scope`, or undefined: a builtin, a star import's name, or none at all. */
export function lookup(name: string, scope: Scope): Binding | undefined {
  let current: Scope | undefined = scope;
  if (scope.globals.has(name)) return moduleOf(scope).bindings.get(name);
  while (current !== undefined) {
    // A class block is no enclosing scope for the functions in it; it is looked at only from inside itself.
    if (current === scope || current.kind !== 'class') {
      if (current.globals.has(name)) return moduleOf(current).bindings.get(name);
      const binding = current.nonlocals.has(name) ? undefined : current.bindings.get(name);
      if (binding !== undefined) return binding;
    }
    current = current.parent;
  }
  return undefined;
}

/** True if a star import may have bound a name that no visible block binds. */
export function mayBeStarImported(scope: Scope): boolean {
  let current: Scope | undefined = scope;
  while (current !== undefined) {
    if (current.starImports.length > 0) return true;
    current = current.parent;
  }
  return false;
}

export function moduleOf(scope: Scope): Scope {
  let current = scope;
  while (current.parent !== undefined) current = current.parent;
  return current;
}

/** The scope that `return`, parameters and `self` belong to: the nearest function, lambda left out; undefined outside functions. */
export function functionOf(scope: Scope): Scope | undefined {
  let current: Scope | undefined = scope;
  while (current !== undefined && current.kind !== 'function') {
    if (current.kind === 'class' || current.kind === 'module') return undefined;
    current = current.parent;
  }
  return current;
}

/** Makes the scopes of one file. `text` is what `root` was parsed from. */
export function scopesOf(root: PyNode, text: string): ScopeTree {
  return new ScopeBuilder(text).build(root);
}

type Visit = readonly [node: PyNode, scope: Scope];

class ScopeBuilder {
  private readonly text: string;
  private readonly ofNode = new Map<PyNode, Scope>();
  private readonly ofName = new Map<PyNode, Scope>();
  private readonly stack: Visit[] = [];

  constructor(text: string) {
    this.text = text;
  }

  build(root: PyNode): ScopeTree {
    const module = this.open('module', root, undefined);
    this.visitAll(root.children, module);
    for (;;) {
      const next = this.stack.pop();
      if (next === undefined) break;
      this.visit(next[0], next[1]);
    }
    return { module, ofNode: this.ofNode, ofName: this.ofName };
  }

  private open(kind: ScopeKind, node: PyNode, parent: Scope | undefined): Scope {
    const scope: Scope = {
      kind,
      node,
      parent,
      children: [],
      bindings: new Map(),
      globals: new Set(),
      nonlocals: new Set(),
      starImports: [],
    };
    parent?.children.push(scope);
    this.ofNode.set(node, scope);
    return scope;
  }

  private name(node: PyNode): string {
    return this.text.slice(node.start, node.end);
  }

  private visitAll(nodes: readonly PyNode[], scope: Scope): void {
    // Last first: the stack gives them back in the order of the text.
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index];
      if (node !== undefined) this.stack.push([node, scope]);
    }
  }

  private bind(node: PyNode, scope: Scope, kind: BindingKind, operation: PyNode, value?: PyNode): void {
    const name = this.name(node);
    const target = scope.globals.has(name)
      ? moduleOf(scope)
      : scope.nonlocals.has(name)
        ? enclosing(name, scope)
        : scope;
    let binding = target.bindings.get(name);
    if (binding === undefined) {
      binding = { name, scope: target, sites: [] };
      target.bindings.set(name, binding);
    }
    binding.sites.push({ kind, node, operation, value });
    this.ofName.set(node, scope);
  }

  private visit(node: PyNode, scope: Scope): void {
    switch (node.kind) {
      case 'identifier':
        this.ofName.set(node, scope);
        return;
      case 'class_definition':
        return this.classDefinition(node, scope);
      case 'function_definition':
        return this.functionDefinition(node, scope);
      case 'lambda':
        return this.lambda(node, scope);
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node, scope);
      case 'attribute': {
        const object = field(node, 'object');
        if (object !== undefined) this.stack.push([object, scope]);
        return;
      }
      case 'keyword_argument': {
        const value = field(node, 'value');
        if (value !== undefined) this.stack.push([value, scope]);
        return;
      }
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
        // PEP 572: inside a comprehension the name is bound in the block that contains it.
        if (target !== undefined) this.bind(target, outsideComprehensions(scope), 'walrus', node, value);
        if (value !== undefined) this.stack.push([value, scope]);
        return;
      }
      case 'for_statement':
      case 'for_in_clause': {
        const left = field(node, 'left');
        if (left !== undefined) this.targets(left, scope, 'for', node);
        return this.visitAll(
          node.children.filter((child) => child !== left),
          scope,
        );
      }
      case 'as_pattern_target':
        return this.targets(
          node.children[0] ?? node,
          scope,
          withinExcept(node) ? 'except' : 'with',
          node.parent ?? node,
        );
      case 'except_clause':
      case 'except_group_clause': {
        // Python 2's `except A, e` comes as an alias without an as-pattern.
        const alias = node.children.find((child) => child.field === 'alias');
        if (alias !== undefined) this.targets(alias, scope, 'except', node);
        return this.visitAll(
          node.children.filter((child) => child !== alias),
          scope,
        );
      }
      case 'delete_statement':
        for (const child of node.children) {
          for (const target of child.kind === 'expression_list' ? child.children : [child]) {
            if (target.kind === 'identifier') this.bind(target, scope, 'delete', node);
            else this.stack.push([target, scope]);
          }
        }
        return;
      case 'global_statement':
        for (const child of node.children) scope.globals.add(this.name(child));
        return;
      case 'nonlocal_statement':
        for (const child of node.children) scope.nonlocals.add(this.name(child));
        return;
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        return this.importStatement(node, scope);
      case 'case_pattern':
        return this.pattern(node, scope);
      case 'type_alias_statement': {
        const left = field(node, 'left');
        const name = left?.children[0];
        if (name?.kind === 'identifier') this.bind(name, scope, 'type-alias', node);
        return;
      }
      default:
        return this.visitAll(node.children, scope);
    }
  }

  private typeParameters(node: PyNode, scope: Scope): Scope {
    const list = field(node, 'type_parameters');
    if (list === undefined) return scope;
    const inner = this.open('type-parameters', list, scope);
    for (const type of list.children) {
      const name = firstIdentifier(type);
      if (name !== undefined) this.bind(name, inner, 'type-parameter', type);
    }
    return inner;
  }

  private classDefinition(node: PyNode, scope: Scope): void {
    const name = field(node, 'name');
    if (name !== undefined) this.bind(name, scope, 'class', node);
    const around = this.typeParameters(node, scope);
    const inner = this.open('class', node, around);
    const body = field(node, 'body');
    if (body !== undefined) this.declareThenVisit(body.children, inner);
    const superclasses = field(node, 'superclasses');
    if (superclasses !== undefined) this.stack.push([superclasses, around]);
  }

  private functionDefinition(node: PyNode, scope: Scope): void {
    const name = field(node, 'name');
    if (name !== undefined) this.bind(name, scope, 'function', node);
    const around = this.typeParameters(node, scope);
    const inner = this.open('function', node, around);
    const body = field(node, 'body');
    if (body !== undefined) this.declareThenVisit(body.children, inner);
    const result = field(node, 'return_type');
    if (result !== undefined) this.stack.push([result, around]);
    this.parameters(field(node, 'parameters'), inner, around);
  }

  private lambda(node: PyNode, scope: Scope): void {
    const inner = this.open('lambda', node, scope);
    const body = field(node, 'body');
    if (body !== undefined) this.stack.push([body, inner]);
    this.parameters(field(node, 'parameters'), inner, scope);
  }

  /** Parameters are bound inside; their defaults and annotations are evaluated outside. */
  private parameters(list: PyNode | undefined, inner: Scope, outer: Scope): void {
    for (const parameter of list?.children ?? []) {
      for (const name of parameterNames(parameter)) this.bind(name, inner, 'parameter', parameter);
      const value = field(parameter, 'value');
      if (value !== undefined) this.stack.push([value, outer]);
      const type = field(parameter, 'type');
      if (type !== undefined) this.stack.push([type, outer]);
    }
  }

  /** The first iterable is evaluated outside; everything else in the comprehension's own block. */
  private comprehension(node: PyNode, scope: Scope): void {
    const inner = this.open('comprehension', node, scope);
    const clauses = node.children.filter((child) => child.kind === 'for_in_clause');
    const first = clauses[0];
    this.visitAll(
      node.children.filter((child) => child !== first),
      inner,
    );
    if (first === undefined) return;
    const left = field(first, 'left');
    if (left !== undefined) this.targets(left, inner, 'for', first);
    for (const child of first.children) {
      if (child !== left) this.stack.push([child, child.field === 'right' ? scope : inner]);
    }
  }

  private assignment(node: PyNode, scope: Scope): void {
    const left = field(node, 'left');
    const right = field(node, 'right');
    const type = field(node, 'type');
    if (type !== undefined) this.stack.push([type, scope]);
    if (right !== undefined) this.stack.push([right, scope]);
    if (left === undefined) return;
    let value = right;
    while (value?.kind === 'assignment') value = field(value, 'right');
    this.targets(left, scope, right === undefined ? 'annotation' : 'assignment', node, value);
  }

  /** Binds every plain name of a target; attributes and subscripts in it are uses of the names they start with. */
  private targets(target: PyNode, scope: Scope, kind: BindingKind, operation: PyNode, value?: PyNode): void {
    switch (target.kind) {
      case 'identifier':
        return this.bind(target, scope, kind, operation, value);
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'list_splat_pattern':
      case 'parenthesized_expression':
      case 'tuple':
      case 'list':
      case 'list_splat':
      case 'expression_list':
        for (const child of target.children) this.targets(child, scope, kind, operation);
        return;
      default:
        this.stack.push([target, scope]);
    }
  }

  private importStatement(node: PyNode, scope: Scope): void {
    for (const child of node.children) {
      if (child.kind === 'wildcard_import') scope.starImports.push(node);
      if (child.field !== 'name') continue;
      const bound = child.kind === 'aliased_import' ? field(child, 'alias') : child.children[0];
      if (bound !== undefined) this.bind(bound, scope, 'import', child);
    }
  }

  /** Captures are bound; dotted names, class names and mapping keys are used. */
  private pattern(node: PyNode, scope: Scope): void {
    const stack: PyNode[] = [node];
    for (;;) {
      const next = stack.pop();
      if (next === undefined) return;
      if (next.kind === 'dotted_name') {
        const first = next.children[0];
        const capture = next.children.length === 1 && next.parent?.kind !== 'class_pattern';
        if (first !== undefined && capture && this.name(first) !== '_') this.bind(first, scope, 'pattern', node);
        else if (first !== undefined) this.ofName.set(first, scope);
      } else if (next.kind === 'splat_pattern' || next.kind === 'as_pattern') {
        for (const child of next.children) {
          if (child.kind === 'identifier' && this.name(child) !== '_') this.bind(child, scope, 'pattern', node);
          else stack.push(child);
        }
      } else if (next.kind === 'keyword_pattern') {
        stack.push(...next.children.slice(1));
      } else {
        stack.push(...next.children);
      }
    }
  }

  /** `global` and `nonlocal` hold for the whole block, also above the statement, so they are noted before anything is bound. */
  private declareThenVisit(body: readonly PyNode[], scope: Scope): void {
    const stack = [...body];
    for (;;) {
      const next = stack.pop();
      if (next === undefined) break;
      if (next.kind === 'global_statement') for (const child of next.children) scope.globals.add(this.name(child));
      else if (next.kind === 'nonlocal_statement')
        for (const child of next.children) scope.nonlocals.add(this.name(child));
      else if (BLOCKS.has(next.kind)) stack.push(...next.children);
    }
    this.visitAll(body, scope);
  }
}

/** What can hold a statement of the same block. */
const BLOCKS: ReadonlySet<string> = new Set([
  'block',
  'if_statement',
  'elif_clause',
  'else_clause',
  'for_statement',
  'while_statement',
  'try_statement',
  'except_clause',
  'except_group_clause',
  'finally_clause',
  'with_statement',
  'match_statement',
  'case_clause',
]);

function enclosing(name: string, scope: Scope): Scope {
  let current = scope.parent;
  while (current !== undefined) {
    if (current.kind !== 'class' && current.kind !== 'module' && current.bindings.has(name)) return current;
    current = current.parent;
  }
  // The enclosing function binds it further down, or nowhere: the nearest function is right for all but broken code.
  current = scope.parent;
  while (current !== undefined && current.kind !== 'function') current = current.parent;
  return current ?? scope;
}

function outsideComprehensions(scope: Scope): Scope {
  let current = scope;
  while (COMPREHENSIONS.has(current.node.kind) && current.parent !== undefined) current = current.parent;
  return current;
}

function withinExcept(target: PyNode): boolean {
  const holder = target.parent?.parent;
  return holder?.kind === 'except_clause' || holder?.kind === 'except_group_clause';
}

function firstIdentifier(node: PyNode): PyNode | undefined {
  let current: PyNode | undefined = node;
  while (current !== undefined && current.kind !== 'identifier') current = current.children[0];
  return current;
}

/** The names that one parameter binds (Python 2 unpacks tuples here). */
export function parameterNames(parameter: PyNode): readonly PyNode[] {
  switch (parameter.kind) {
    case 'identifier':
      return [parameter];
    case 'default_parameter':
    case 'typed_default_parameter': {
      const name = field(parameter, 'name');
      return name === undefined ? [] : parameterNames(name);
    }
    case 'typed_parameter':
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern': {
      const inner = parameter.children[0];
      return inner === undefined ? [] : parameterNames(inner);
    }
    case 'tuple_pattern':
      return parameter.children.flatMap(parameterNames);
    default:
      return [];
  }
}

/** The parameters of a function or lambda, the bare `/` and `*` left out. */
export function parametersOf(definition: PyNode): readonly PyNode[] {
  const list = field(definition, 'parameters')?.children ?? [];
  return list.filter(
    (parameter) => parameter.kind !== 'positional_separator' && parameter.kind !== 'keyword_separator',
  );
}
