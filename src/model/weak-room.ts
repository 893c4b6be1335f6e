/** Whether instances of a class can be weakly referenced (reference, module weakref; language reference 3.3.2.4, `__slots__`). */
import { type ClassModel, isKnownBase } from './class.ts';
import { resolutionOrder, subclassesOf } from './class-hierarchy.ts';
import { generatedBy } from './class-kind.ts';
import { isKnownDecorator } from './construction.ts';
import type { Spot } from './file.ts';

/** Builtin types whose subclasses have no room for weak references, because their instances differ in size. */
const WITHOUT_ROOM = /^(?:builtins\.(?:int|bool|tuple|bytes)|typing\.NamedTuple|collections\.namedtuple)$/;

export type WeakRoom =
  | { readonly kind: 'yes' }
  /** `slots` is set where the `__slots__` of the class could be given one. */
  | ({ readonly kind: 'no'; readonly why: string; readonly slots: ClassModel | undefined } & Spot)
  | ({ readonly kind: 'unknown'; readonly why: string } & Spot);

/** Of the class and everything that inherits from it. */
export function weakRoomOf(model: ClassModel): WeakRoom {
  for (const member of [model, ...subclassesOf(model)]) {
    const { file, node } = member;
    const order = resolutionOrder(member);
    const bases = order.classes.flatMap((holder) => holder.bases);
    const fixed = bases.find(({ qualifiedName }) => WITHOUT_ROOM.test(qualifiedName ?? ''));
    if (fixed !== undefined)
      return { kind: 'no', why: `\`${member.name}\` is a \`${fixed.simpleName}\``, slots: undefined, file, node };
    const roomy = order.classes.some((holder) => !isCramped(holder));
    // A decorator may build the class anew, with slots.
    const decorator = member.decorators.find((one) => !isKnownDecorator(file, one));
    if (roomy && decorator === undefined) continue;
    if (roomy && decorator !== undefined)
      return { kind: 'unknown', why: `what \`@${file.text(decorator)}\` makes of it is not known`, file, node };
    if (!order.complete || bases.some((base) => !isKnownBase(base)))
      return { kind: 'unknown', why: `what \`${member.name}\` inherits from is not known`, file, node };
    const why = `\`${member.name}\` has \`__slots__\` without \`'__weakref__'\``;
    return { kind: 'no', why, slots: order.classes.findLast(hasSlots), file, node };
  }
  return { kind: 'yes' };
}

function hasSlots(model: ClassModel): boolean {
  return model.scope.bindings.has('__slots__');
}

/** True if the class statement adds no room of its own. */
function isCramped(model: ClassModel): boolean {
  const { file } = model;
  const generated = generatedBy(model);
  const decorated = model.decorators.map((decorator) => file.text(decorator)).join();
  if (generated?.by === 'dataclass' && /\bslots\s*=\s*True/.test(decorated))
    return !/weakref_slot\s*=\s*True/.test(decorated);
  const slots = model.scope.bindings.get('__slots__')?.sites.at(-1);
  return slots !== undefined && !/__weakref__/.test(file.text(slots.operation));
}
