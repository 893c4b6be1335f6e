/** The header of a `__del__` that has to be written, and the call of the one that it hides. */
import type { ClassModel } from '../model/class.ts';
import { resolutionOrder } from '../model/class-hierarchy.ts';
import { indentUnit } from './class-layout.ts';
import { type Header, isMixedIn, isNewStyle, mayRunOnPython2 } from './init-header.ts';
import type { Unwritable } from './unwritable.ts';

/** As {@link Header} of a class that has no `__del__` of its own. */
export function delHeader(model: ClassModel): Header | Unwritable {
  const header = 'def __del__(self):';
  const { classes, complete } = resolutionOrder(model);
  const inherits = classes.slice(1).some(({ methods }) => methods.some(({ name }) => name === '__del__'));
  if (!inherits && complete && !isMixedIn(model)) return { header, tail: [] };
  const { file, bases, qualifiedName } = model;
  if (mayRunOnPython2(model) && !isNewStyle(model)) {
    const [base, second] = bases;
    if (!inherits || base === undefined || second !== undefined)
      return { unwritable: 'an old-style class cannot pass `__del__` on to bases that are not known' };
    return { header, tail: [`${file.text(base.node)}.__del__(self)`] };
  }
  const name = qualifiedName.replace(/^.*<locals>\./, '');
  const parent = mayRunOnPython2(model) ? `super(${name}, self)` : 'super()';
  if (inherits) return { header, tail: [`${parent}.__del__()`] };
  // Most classes have none, and what the instance's own class inherits from besides is not known here.
  return {
    header,
    tail: [
      `finalizer = getattr(${parent}, "__del__", None)`,
      'if finalizer is not None:',
      `${indentUnit(file, model)}finalizer()`,
    ],
  };
}
