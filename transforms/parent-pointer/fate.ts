/** What becomes, at one place, of a value that leads into a structure. */
import type { FileModel } from '../../src/model/file.ts';
import type { Binding } from '../../src/model/scope.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { givesFlat } from './flat.ts';

/** What becomes of the value of an expression. */
export type Fate =
  | { readonly kind: 'done' }
  /** It is given one more name. */
  | { readonly kind: 'named'; readonly names: readonly PyNode[] }
  /** It is kept by what the expression means. */
  | { readonly kind: 'kept'; readonly by: PyNode }
  | { readonly kind: 'returned'; readonly node: PyNode; readonly whole: boolean }
  | { readonly kind: 'lost'; readonly node: PyNode; readonly why: string };

/** An argument of a function of the file, which is looked into; what the function gives back is followed too. */
export interface Passed {
  readonly argument: PyNode;
  readonly position: number;
  readonly definition: PyNode;
}

const DONE: Fate = { kind: 'done' };
/** Builtins that give back nothing of what they are given. */
const CONSUMES =
  /^builtins\.(?:print|len|str|repr|int|float|bool|isinstance|issubclass|hasattr|id|hash|any|all|format|callable|type|ascii|unicode)$/;
/** Builtins that give back what they are given, or something of it, and keep nothing. */
const GIVES_BACK =
  /^builtins\.(?:list|tuple|set|frozenset|dict|sorted|reversed|iter|next|enumerate|zip|min|max|sum|filter|map|getattr)$/;

export interface EscapeOptions {
  /** True if who calls the function holds what it was given: then what it returns is theirs to hold. */
  readonly mayReturn: boolean;
  /** True for the name of a method of the classes in question. */
  readonly isMethod: (name: string) => boolean;
  /** True for an attribute that all objects of one of the classes share. */
  readonly isShared: (name: string) => boolean;
  /** True for a callee that is known to keep nothing but in the structure itself. */
  readonly isOwn: (callee: PyNode) => boolean;
}

const CONTAINER_METHODS =
  /^(?:append|appendleft|add|insert|extend|remove|discard|index|count|get|pop|setdefault|update|__contains__|__getitem__)$/;

/** Follows the value from `use` through the expressions around it; `passed` receives the functions that it is handed to. */
export function fateOf(
  file: FileModel,
  use: PyNode,
  tainted: ReadonlySet<Binding>,
  options: EscapeOptions,
  passed: Passed[],
): Fate {
  let node = use;
  for (;;) {
    const parent = node.parent;
    if (parent === undefined) return DONE;
    switch (parent.kind) {
      case 'expression_statement':
      case 'comparison_operator':
      case 'not_operator':
      case 'interpolation':
      case 'assert_statement':
      case 'if_statement':
      case 'elif_clause':
      case 'while_statement':
      case 'if_clause':
      case 'if_expression':
      case 'print_statement':
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'global_statement':
      case 'chevron':
        return DONE;
      case 'delete_statement':
        return node === use ? { kind: 'lost', node: parent, why: `\`${file.text(use)}\` is let go of here` } : DONE;
      case 'return_statement':
      case 'yield':
        return { kind: 'returned', node: parent, whole: node === use && parent.kind === 'return_statement' };
      case 'binary_operator':
        if (parent.children.some(({ kind }) => /^(?:string|concatenated_string|integer|float)$/.test(kind)))
          return DONE;
        break;
      case 'conditional_expression':
        if (parent.children[1] === node) return DONE;
        break;
      case 'named_expression': {
        const name = field(parent, 'name');
        if (node.field === 'value' && name !== undefined) return { kind: 'named', names: [name] };
        break;
      }
      case 'for_statement':
      case 'for_in_clause':
        return node.field === 'right' ? { kind: 'named', names: namesIn(field(parent, 'left')) } : DONE;
      case 'augmented_assignment':
        return augmented(file, node, parent, tainted, options);
      case 'assignment':
        return assigned(file, node, parent, tainted, options);
      case 'subscript':
        if (node.field !== 'value') return keyedBy(parent, tainted, file, options);
        break;
      case 'keyword_argument':
      case 'argument_list': {
        const fate = argument(file, node, tainted, options, passed);
        if (fate !== undefined) return fate;
        const list = parent.kind === 'argument_list' ? parent : parent.parent;
        const call = list?.parent;
        if (call === undefined) return DONE;
        node = call;
        continue;
      }
      case 'call':
        if (node.field === 'function' && givesFlat(file, node)) return DONE;
        break;
      case 'attribute':
      case 'parenthesized_expression':
      case 'boolean_operator':
      case 'unary_operator':
      case 'await':
      case 'list':
      case 'tuple':
      case 'set':
      case 'expression_list':
      case 'dictionary':
      case 'pair':
      case 'list_splat':
      case 'dictionary_splat':
      case 'list_comprehension':
      case 'set_comprehension':
      case 'generator_expression':
      case 'dictionary_comprehension':
      case 'slice':
        break;
      default:
        return { kind: 'lost', node: use, why: `where \`${file.text(use)}\` goes is not followed` };
    }
    node = parent;
  }
}

function namesIn(target: PyNode | undefined): readonly PyNode[] {
  return target === undefined ? [] : [...descend(target)].filter(({ kind }) => kind === 'identifier');
}

/** `text += node.dump()` where the name started as a string or a number. */
function augmented(
  file: FileModel,
  node: PyNode,
  parent: PyNode,
  tainted: ReadonlySet<Binding>,
  options: EscapeOptions,
): Fate {
  if (node.field === 'left') return DONE;
  const left = field(parent, 'left');
  const binding = left?.kind === 'identifier' ? file.resolve(left) : undefined;
  const isFlat = binding?.sites.every(
    ({ kind, value }) =>
      kind === 'augmented' ||
      (value !== undefined && /^(?:string|concatenated_string|integer|float)$/.test(unwrap(value).kind)),
  );
  if (isFlat === true) return DONE;
  return left === undefined ? DONE : stored(file, left, tainted, options);
}

function assigned(
  file: FileModel,
  node: PyNode,
  parent: PyNode,
  tainted: ReadonlySet<Binding>,
  options: EscapeOptions,
): Fate {
  if (node.field === 'left') return DONE;
  const names: PyNode[] = [];
  for (let outer: PyNode | undefined = parent; outer?.kind === 'assignment'; outer = outer.parent) {
    const left = field(outer, 'left');
    const targets = left === undefined ? [] : /pattern/.test(left.kind) ? left.children : [left];
    for (const target of targets) {
      const fate = stored(file, target, tainted, options);
      if (fate.kind === 'named') names.push(...fate.names);
      else if (fate.kind !== 'done') return fate;
    }
  }
  return names.length > 0 ? { kind: 'named', names } : DONE;
}

/** What is stored in an attribute or element of the structure stays in it. */
function stored(file: FileModel, target: PyNode, tainted: ReadonlySet<Binding>, options: EscapeOptions): Fate {
  if (target.kind === 'identifier') return { kind: 'named', names: [target] };
  const holder = rootOf(target);
  const binding = holder === undefined ? undefined : file.resolve(holder);
  const isShared = membersOf(file, target).some(options.isShared) && target.kind !== 'attribute';
  if (binding !== undefined && tainted.has(binding) && !isShared) return DONE;
  return { kind: 'kept', by: target.kind === 'subscript' ? (field(target, 'value') ?? target) : target };
}

/** A dict that it is a key of keeps it. */
function keyedBy(subscript: PyNode, tainted: ReadonlySet<Binding>, file: FileModel, options: EscapeOptions): Fate {
  const isTarget = subscript.field === 'left' && subscript.parent?.kind === 'assignment';
  return isTarget ? stored(file, subscript, tainted, options) : DONE;
}

/** The name that a chain of attributes, elements and calls starts at. */
function rootOf(node: PyNode): PyNode | undefined {
  let current: PyNode | undefined = unwrap(node);
  while (current !== undefined && current.kind !== 'identifier')
    current = field(current, 'object') ?? field(current, 'value') ?? field(current, 'function');
  return current;
}

/** The attributes on the way to an expression. */
function membersOf(file: FileModel, expression: PyNode): readonly string[] {
  return [...descend(expression)].flatMap((node) => {
    const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
    return name === undefined ? [] : [file.identifier(name)];
  });
}

/** What a call does with its argument; undefined where its result is as good as the argument. */
function argument(
  file: FileModel,
  node: PyNode,
  tainted: ReadonlySet<Binding>,
  options: EscapeOptions,
  passed: Passed[],
): Fate | undefined {
  const keyword = node.parent?.kind === 'keyword_argument' ? node.parent : undefined;
  const list = keyword?.parent ?? node.parent;
  const call = list?.parent;
  const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
  if (list === undefined || call === undefined || callee === undefined) return DONE;
  const name = file.qualifiedName(callee) ?? '';
  if (CONSUMES.test(name)) return DONE;
  if (GIVES_BACK.test(name) || options.isOwn(callee)) return undefined;
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (object !== undefined && /^(?:string|concatenated_string)$/.test(unwrap(object).kind)) return DONE;
  if (callee.kind === 'identifier') {
    const binding = file.resolve(callee);
    const [site] = binding?.sites ?? [];
    const position = list.children.indexOf(keyword ?? node);
    if (binding?.sites.length === 1 && site?.kind === 'function' && keyword === undefined) {
      passed.push({ argument: node, position, definition: site.operation });
      return undefined;
    }
  }
  const method = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  const root = object === undefined ? undefined : rootOf(object);
  const binding = root === undefined ? undefined : file.resolve(root);
  const isKnown =
    method !== undefined && (CONTAINER_METHODS.test(file.text(method)) || options.isMethod(file.identifier(method)));
  if (
    binding !== undefined &&
    tainted.has(binding) &&
    isKnown &&
    object !== undefined &&
    !membersOf(file, object).some(options.isShared)
  )
    return undefined;
  if (method !== undefined && /^assert/.test(file.text(method))) return DONE;
  // `found.append(node)`, where `found` is a name of the function.
  if (
    method !== undefined &&
    object?.kind === 'identifier' &&
    /^(?:append|appendleft|add|insert|extend)$/.test(file.text(method))
  )
    return { kind: 'kept', by: object };
  return {
    kind: 'lost',
    node: call,
    why: `what \`${file.text(callee)}\` does with \`${file.text(node)}\` is not known`,
  };
}
