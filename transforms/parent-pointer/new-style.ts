/** In Python 2 a class without bases is old-style: setters of its properties are never called. */
import type { Edit } from '../../src/core/edit.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { isNewStyle, mayRunOnPython2 } from '../../src/plan/init-header.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field } from '../../src/syntax/access.ts';

/** True if the class is old-style where Python 2 runs it. */
export function isOldStyle(model: ClassModel): boolean {
  return mayRunOnPython2(model) && !isNewStyle(model) && resolutionOrder(model).complete;
}

/** Makes it derive from `object`. */
export function newStyle(model: ClassModel): { readonly edits: readonly Edit[] } | Unwritable {
  if (!isOldStyle(model)) return { edits: [] };
  if (model.bases.length > 0)
    return { unwritable: 'it is an old-style class of Python 2 with bases: they would have to become new-style' };
  const name = field(model.node, 'name');
  const list = field(model.node, 'superclasses');
  if (name === undefined) return { unwritable: 'the class has no name' };
  const range = list === undefined ? { start: name.end, end: name.end } : { start: list.start, end: list.end };
  return { edits: [{ path: model.file.source.path, range, text: '(object)' }] };
}
