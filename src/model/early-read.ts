/**
 * Where an attribute of an instance may be read before anything has bound it there, so that what is found is the class's.
 *
 * The methods are followed as an instance runs them: the constructor first, then, unless that binds the attribute for certain,
 * every method by itself.
 */
import type { PyNode } from '../syntax/tree.ts';
import { type AttributeUses, BindingFlow } from './binding-flow.ts';
import type { ClassModel, Method } from './class.ts';
import { findMethod, resolutionOrder } from './class-hierarchy.ts';
import { constructorOf } from './class-kind.ts';
import type { Obstacle } from './construction.ts';

export interface EarlyReads {
  /** The first place, in the order in which methods run; undefined if there is none. */
  readonly first: Obstacle | undefined;
  /** True if constructing an instance binds the attribute for certain. */
  readonly constructed: boolean;
}

/** As an instance of exactly this class runs its methods. */
export function earlyReads(model: ClassModel, uses: AttributeUses): EarlyReads {
  const flow = new BindingFlow(model, uses);
  const generated = constructorOf(model);
  let constructed = false;
  for (const hook of ['__init__', ...(generated.kind === 'generated' ? [generated.hook] : [])]) {
    const { method, certain } = findMethod(model, hook);
    if (method === undefined || method.kind !== 'instance') continue;
    const { early, escapes, boundAtExit } = flow.summary(method, constructed);
    // Where the constructor does not bind it, every method is looked at by itself.
    const [first] = boundAtExit ? [...early, ...escapes] : early;
    if (first !== undefined) return { first, constructed: false };
    constructed ||= boundAtExit && certain && method.decorators.length === 0;
  }
  const methods = resolutionOrder(model).classes.flatMap((holder) => holder.methods);
  // A constructor that fails leaves an instance to be finalised.
  const open = constructed ? methods.filter(({ name }) => name === '__del__') : methods;
  for (const method of open) {
    const [first] = flow.summary(method, false).early;
    if (first !== undefined) return { first, constructed };
  }
  return { first: undefined, constructed };
}

/** Where running the method may read one of the nodes, itself or in what it calls; undefined if nowhere. */
export function mayRead(model: ClassModel, method: Method, reads: ReadonlySet<PyNode>): Obstacle | undefined {
  const { early, escapes } = new BindingFlow(model, { writes: new Set(), reads }).summary(method, false);
  return [...early, ...escapes][0];
}
