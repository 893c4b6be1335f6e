/** Builds the fix that turns a class attribute into a local name of the one method that uses it. */
import type { Edit } from '../core/edit.ts';
import type { Fix } from '../core/finding.ts';
import type { Method } from '../model/class.ts';
import type { ClassAttribute } from '../model/class-attribute.ts';
import type { PyNode } from '../syntax/tree.ts';
import { layoutAtTop, methodRequest } from './class-layout.ts';
import { localName } from './local-name.ts';
import { movedStatement, type Qualification } from './moved-statement.ts';
import { obstacleTo, replacement } from './replace.ts';
import type { Unwritable } from './unwritable.ts';

/** Where the value goes, and what becomes of the attribute. */
export interface Localised {
  readonly method: Method;
  /** How the method calls the instance. */
  readonly self: string;
  /** Every `self.x`, all of them in the method. */
  readonly uses: readonly PyNode[];
  readonly qualifications: readonly Qualification[];
}

/** `order` is the attribute's place among those of the class body. */
export function moveToLocal(
  attribute: ClassAttribute,
  order: number,
  { method, self, uses, qualifications }: Localised,
): Pick<Fix, 'edits' | 'requests'> | Unwritable {
  const { file } = attribute.class;
  const layout = layoutAtTop(method);
  if ('unwritable' in layout) return layout;
  const target = localName(attribute, method);
  // Nothing is left that it could declare.
  const moved = movedStatement(attribute, { target, self, qualifications, keepsDeclaration: false });
  if ('unwritable' in moved) return moved;
  const edits: Edit[] = [];
  for (const use of uses) {
    const obstacle = obstacleTo(file, use);
    if (obstacle !== undefined) return { unwritable: obstacle };
    edits.push(replacement(file, use, target));
  }
  return { edits, requests: [methodRequest(attribute.class, layout, { order, ...moved })] };
}
