/** Accessors for Python nodes: what the grammar calls children, in the words of the language reference. */
import { isDeferred } from './deferred-block.ts';
import type { PyNode } from './node.ts';

/** The first child in the given role. */
export function field(node: PyNode, name: string): PyNode | undefined {
  for (const child of node.children) if (child.field === name) return child;
  return undefined;
}

/** All children in the given role. */
export function fields(node: PyNode, name: string): readonly PyNode[] {
  return node.children.filter((child) => child.field === name);
}

/** The expression inside any parentheses that only group. */
export function unwrap(node: PyNode): PyNode {
  let inner = node;
  while (inner.kind === 'parenthesized_expression') {
    const next = inner.children[0];
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** All nodes below and including `node`, parents before children, in the order of the text. No recursion. */
export function descend(node: PyNode): IterableIterator<PyNode> {
  return new Descent(node, true);
}

/** The same without what stands in bodies that nobody has read yet. */
export function descendRead(node: PyNode): IterableIterator<PyNode> {
  return new Descent(node, false);
}

/** Is its own result of each step: a generator makes one for every node, which was a tenth of all memory that was made. */
class Descent implements IterableIterator<PyNode> {
  private readonly stack: PyNode[] = [];
  private readonly reads: boolean;
  private isBegun = false;
  done = false;
  value: PyNode;

  /** `reads`: bodies that nobody has read are read. */
  constructor(node: PyNode, reads: boolean) {
    this.value = node;
    this.reads = reads;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<PyNode> {
    const { value, stack } = this;
    if (!this.isBegun) this.isBegun = true;
    else {
      // Only now, because who got it may have read it.
      if (this.reads || !isDeferred(value) || value.isRead) pushReversed(stack, value.children);
      const next = stack.pop();
      if (next === undefined) this.done = true;
      else this.value = next;
    }
    return this as IteratorResult<PyNode>;
  }
}

function pushReversed(stack: PyNode[], nodes: readonly PyNode[]): void {
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    if (node !== undefined) stack.push(node);
  }
}

/** The nearest ancestor of one of the kinds, not `node` itself. */
export function ancestor(node: PyNode, kinds: ReadonlySet<string>): PyNode | undefined {
  let above = node.parent;
  while (above !== undefined && !kinds.has(above.kind)) above = above.parent;
  return above;
}

/** True if `inner` lies in `outer` or is it. */
export function within(inner: PyNode, outer: PyNode): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** A decorated function or class is wrapped by its decorators: the statement is the wrapper. */
export function statementOf(definition: PyNode): PyNode {
  const parent = definition.parent;
  return parent?.kind === 'decorated_definition' ? parent : definition;
}

/** The decorator expressions of a function or class, in the order of the text. */
export function decorators(definition: PyNode): readonly PyNode[] {
  const statement = statementOf(definition);
  if (statement === definition) return [];
  return statement.children
    .filter((child) => child.kind === 'decorator')
    .flatMap((child) => child.children.slice(0, 1));
}

export interface Arguments {
  readonly positional: readonly PyNode[];
  readonly keywords: ReadonlyMap<string, PyNode>;
  /** True if `*x` or `**x` is passed: then what else arrives is unknown. */
  readonly spread: boolean;
}

/** The arguments of a call or the bases of a class. `text` is the file's text. */
export function callArguments(list: PyNode | undefined, text: string): Arguments {
  const positional: PyNode[] = [];
  const keywords = new Map<string, PyNode>();
  let spread = false;
  if (list?.kind === 'generator_expression') return { positional: [list], keywords, spread };
  for (const child of list?.children ?? []) {
    if (child.kind === 'keyword_argument') {
      const name = field(child, 'name');
      const value = field(child, 'value');
      if (name !== undefined && value !== undefined) keywords.set(text.slice(name.start, name.end), value);
    } else if (child.kind === 'list_splat' || child.kind === 'dictionary_splat') {
      spread = true;
    } else {
      positional.push(child);
    }
  }
  return { positional, keywords, spread };
}

/** The value of a plain string literal without interpolation, escapes or implicit concatenation; `undefined` for any other. */
export function stringValue(node: PyNode, text: string): string | undefined {
  if (node.kind !== 'string') return undefined;
  const raw = text.slice(node.start, node.end);
  const match = /^[uU]?('''|"""|'|")([\s\S]*)\1$/.exec(raw);
  const body = match?.[2];
  return body === undefined || body.includes('\\') ? undefined : body;
}

/** True for an expression statement that is only a string literal: a docstring, or the documentation of the name above it. */
export function isStringStatement(statement: PyNode): boolean {
  const only =
    statement.kind === 'expression_statement' && statement.children.length === 1 ? statement.children[0] : undefined;
  return only?.kind === 'string' || only?.kind === 'concatenated_string';
}

/** The statements of a module or block. */
export function statements(body: PyNode | undefined): readonly PyNode[] {
  return body?.children ?? [];
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

/** True if the expression is evaluated whenever its statement is. */
export function isUnconditional(node: PyNode): boolean {
  for (let current = node; ; ) {
    const parent = current.parent;
    if (parent === undefined) return false;
    switch (parent.kind) {
      case 'boolean_operator':
        if (parent.children[0] !== current) return false;
        break;
      case 'conditional_expression':
        if (parent.children[1] !== current) return false;
        break;
      case 'lambda':
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return false;
      case 'block':
      case 'module':
        return true;
    }
    current = parent;
  }
}
