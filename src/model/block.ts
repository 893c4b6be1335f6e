/** Blocks, and which one a declaration or a binding belongs to where that is not simply the one it stands in (reference 4.1, 4.2.1). */
import type { DeferredBlock, PyNode } from '../syntax/tree.ts';
import type { Binding, Scope, ScopeKind } from './binding.ts';
import { nameSeenFrom } from './name.ts';

/** A scope that is being made. What the body of a function has in it is asked of {@link DeferredBlock} first. */
/** Most blocks declare none. */
const NONE: ReadonlySet<string> = new Set();

export class Block implements Scope {
  readonly kind: ScopeKind;
  readonly node: PyNode;
  readonly parent: Scope | undefined;
  readonly privatePrefix: string;
  /** The body, as long as nobody has read it. */
  body: DeferredBlock | undefined;
  private readonly own = {
    children: [] as Scope[],
    bindings: new Map<string, Binding>(),
    globals: NONE,
    nonlocals: NONE,
    starImports: [] as PyNode[],
  };

  /** Empty, and listed in its parent. */
  constructor(kind: ScopeKind, node: PyNode, parent: Scope | undefined, privatePrefix: string) {
    this.kind = kind;
    this.node = node;
    this.parent = parent;
    this.privatePrefix = privatePrefix;
    parent?.children.push(this);
  }

  get isUnread(): boolean {
    return this.body !== undefined;
  }

  get children(): Scope[] {
    return this.whole().children;
  }

  get bindings(): Map<string, Binding> {
    return this.whole().bindings;
  }

  get globals(): ReadonlySet<string> {
    return this.whole().globals;
  }

  get nonlocals(): ReadonlySet<string> {
    return this.whole().nonlocals;
  }

  get starImports(): PyNode[] {
    return this.whole().starImports;
  }

  declare(name: string, as: 'globals' | 'nonlocals'): void {
    const own = this.whole();
    own[as] = new Set([...own[as], name]);
  }

  private whole(): typeof this.own {
    this.body?.load();
    return this.own;
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

/** The `global` and `nonlocal` statements of a block. */
export function declarationsIn(body: readonly PyNode[]): readonly PyNode[] {
  const found: PyNode[] = [];
  const stack = [...body];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'global_statement' || next.kind === 'nonlocal_statement') found.push(next);
    else if (BLOCKS.has(next.kind)) stack.push(...next.children);
  }
  return found;
}

const FUNCTIONS: ReadonlySet<string> = new Set(['function', 'lambda', 'comprehension']);

/** The function that owns a name declared nonlocal in `scope`; `scope` itself if none does, which Python refuses. */
export function ownerOfNonlocal(name: string, scope: Scope): Scope {
  for (let current = scope.parent; current !== undefined; current = current.parent) {
    if (FUNCTIONS.has(current.kind) && current.bindings.has(nameSeenFrom(scope, current, name))) return current;
  }
  return scope;
}

/** The block that contains the comprehensions around: it owns what `:=` binds in them (PEP 572). */
export function outsideComprehensions(scope: Scope): Scope {
  let current = scope;
  while (current.kind === 'comprehension' && current.parent !== undefined) current = current.parent;
  return current;
}
