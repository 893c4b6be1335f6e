/** Where it shows that a proxy is not the object itself: identity, hash, exact type, and a life of its own. */
import type { FileModel } from '../../src/model/file.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** Functions to which a proxy is as good as its object. */
const BEARS = /^builtins\.(?:print|str|len|bool|iter|list|tuple|sorted)$/;
/** Those to which only the first argument is: another one is kept, or compared. */
const BEARS_FIRST = /^builtins\.(?:getattr|hasattr|setattr|isinstance)$/;

/** True if the read does more than follow the pointer, or ask whether there is one. */
export function proxyLeak(file: FileModel, read: PyNode): boolean {
  const { parent } = read;
  if (parent === undefined) return true;
  switch (parent.kind) {
    case 'attribute':
      return read.field !== 'object';
    case 'subscript':
      return read.field !== 'value';
    case 'call':
    case 'not_operator':
    case 'if_statement':
    case 'elif_clause':
    case 'while_statement':
    case 'expression_statement':
      return false;
    case 'conditional_expression':
      return parent.children[1] !== read;
    case 'comparison_operator':
      return !/\bis\s+(?:not\s+)?None\s*$/.test(file.text(parent));
    case 'boolean_operator': {
      const above = parent.parent;
      return !(above !== undefined && /^(?:if_statement|while_statement|elif_clause)$/.test(above.kind));
    }
    case 'for_statement':
    case 'for_in_clause':
      return read.field !== 'right';
    case 'argument_list': {
      const callee = parent.parent?.kind === 'call' ? field(parent.parent, 'function') : undefined;
      const name = callee === undefined ? '' : (file.qualifiedName(callee) ?? '');
      return !BEARS.test(name) && !(BEARS_FIRST.test(name) && parent.children[0] === read);
    }
    default:
      return true;
  }
}
