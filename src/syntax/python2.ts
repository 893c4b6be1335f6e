/** Syntax that only Python 2 accepts, as the grammar shows it. */
import type { PyNode } from './node.ts';

/** Statements and clauses that no Python 3 parser accepts. */
const PYTHON_2_KINDS: ReadonlySet<string> = new Set(['print_statement', 'exec_statement', 'chevron']);

/** Kinds of nodes that {@link isPython2} may say yes to. */
export const MAYBE_PYTHON_2: ReadonlySet<string> = new Set([
  ...PYTHON_2_KINDS,
  'integer',
  'string_start',
  '<>',
  'expression_list',
  'tuple_pattern',
  'identifier',
  'tuple',
]);

/** `print x`, `exec x`, `0777`, `10L`, `` `x` ``, `ur''`, `<>`, `raise A, b`, `def f((a, b))` and `except A, e:`. */
export function isPython2(entered: PyNode, text: string): boolean {
  if (PYTHON_2_KINDS.has(entered.kind)) return true;
  switch (entered.kind) {
    case 'integer':
      return /^0\d*[1-9]\d*$|[lL]$/.test(text.slice(entered.start, entered.end));
    case 'string_start':
      return /^(`|ur)/i.test(text.slice(entered.start, entered.end));
    case '<>':
      return true;
    case 'expression_list':
      return entered.parent?.kind === 'raise_statement';
    case 'tuple_pattern':
      return entered.parent !== undefined && PARAMETER_LISTS.has(entered.parent.kind);
    default:
      return isPython2Alias(entered, text);
  }
}

const PARAMETER_LISTS: ReadonlySet<string> = new Set(['parameters', 'lambda_parameters', 'default_parameter']);

/**
 * True for the `e` of Python 2's `except A, e:`. Since PEP 758 Python 3 reads `except A, B:` as a list of classes; what tells them
 * apart is that names of classes are capitalised or dotted, and names of caught exceptions are not.
 */
export function isPython2Alias(node: PyNode, text: string): boolean {
  if (node.field !== 'alias' || node.parent?.kind !== 'except_clause') return false;
  return node.kind === 'tuple' || (node.kind === 'identifier' && !/^[A-Z]/.test(text.slice(node.start, node.end)));
}
