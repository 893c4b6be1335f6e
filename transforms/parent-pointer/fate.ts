/** What becomes, at one place, of a value that leads into a structure. */
import type { FileModel } from '../../src/model/file.ts';
import type { Binding } from '../../src/model/scope.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { argumentFate } from './argument-fate.ts';
import { DONE, type EscapeOptions, type Fate, membersOf, type Passed, rootOf } from './fates.ts';
import { givesFlat } from './flat.ts';

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
        const fate = argumentFate(file, node, tainted, options, passed);
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
