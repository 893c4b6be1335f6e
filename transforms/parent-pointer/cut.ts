/** Where a program takes a link off. */
import type { Method } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { parametersOf } from '../../src/model/scope.ts';
import { assignedValue, isDeleted } from '../../src/model/use.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

export const LOOPS: ReadonlySet<string> = new Set(['for_statement', 'while_statement', 'list_comprehension']);

/** Methods that say that an object is done with. */
export const ENDINGS = 'destroy|unlink|dispose|tear_?down|clean_?up|close|release|free|shutdown';

/** True for a method that has to be given something. */
export function needsMore({ node }: Method): boolean {
  return parametersOf(node).filter(({ kind }) => kind === 'identifier' || kind === 'typed_parameter').length > 1;
}

/** True if the expression is deleted, set to `None`, or has something taken out: `self.children.clear()`. */
export function isCut(file: FileModel, node: PyNode): boolean {
  let chain: PyNode | undefined = node.parent;
  if (isDeleted(node)) return true;
  // `del self.master.children[name]`, `self.children.clear()`
  if (chain?.kind === 'subscript' && node.field === 'value' && isDeleted(chain)) return true;
  const method = chain?.kind === 'attribute' ? field(chain, 'attribute') : undefined;
  if (
    method !== undefined &&
    chain?.field === 'function' &&
    /^(?:clear|remove|pop|popitem|discard)$/.test(file.text(method))
  )
    return true;
  const assigned = assignedValue(node);
  if (assigned?.value?.kind === 'none') return true;
  // `node.parent = node.prev = None`
  while (chain?.kind === 'assignment') {
    if (field(chain, 'right')?.kind === 'none') return true;
    const right: PyNode | undefined = field(chain, 'right');
    chain = right?.kind === 'assignment' ? right : undefined;
  }
  return false;
}
