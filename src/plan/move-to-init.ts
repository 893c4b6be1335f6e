/** Builds the request that moves a class attribute's value into the method that initialises instances. */
import type { MethodRequest } from '../core/finding.ts';
import type { ClassAttribute } from '../model/class-attribute.ts';
import { initialiser, layoutOf, methodRequest } from './class-layout.ts';
import { movedStatement, type Qualification } from './moved-statement.ts';
import type { Unwritable } from './unwritable.ts';

/** See the file's head. `order` is the attribute's place among those of the class body. */
export function moveToInit(
  attribute: ClassAttribute,
  order: number,
  qualifications: readonly Qualification[],
): MethodRequest | Unwritable {
  const model = attribute.class;
  const { name, method } = initialiser(model);
  const self = method === undefined ? 'self' : method.first?.name;
  if (self === undefined) return { unwritable: `\`${name}\` has no parameter for the instance` };
  const layout = layoutOf(model);
  if ('unwritable' in layout) return layout;
  const target = `${self}.${attribute.name}`;
  const moved = movedStatement(attribute, { target, self, qualifications, keepsDeclaration: true });
  if ('unwritable' in moved) return moved;
  return methodRequest(model, layout, { order, ...moved });
}
