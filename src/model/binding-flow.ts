/**
 * Follows whether an attribute is bound on the instance through the methods of a class, as an instance of exactly that class runs
 * them: what is read before, and where the instance gets out of sight before.
 */
import { descend, field, isUnconditional } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { ClassModel, Method } from './class.ts';
import { findMethod, resolutionOrder } from './class-hierarchy.ts';
import type { Obstacle } from './construction.ts';
import { type Analysis, runBlock } from './control-flow.ts';
import type { FileModel } from './file.ts';
import { isEndless, isWildcard, runsHere, swallows } from './flow-facts.ts';
import { receiverOf } from './receiver.ts';

export interface AttributeUses {
  /** What binds the attribute on the instance of a method: targets of assignments, calls of `setattr`. */
  readonly writes: ReadonlySet<PyNode>;
  /** What reads it there. */
  readonly reads: ReadonlySet<PyNode>;
}

interface State {
  readonly bound: boolean;
}

const BOUND: State = { bound: true };
const UNBOUND: State = { bound: false };

interface Summary {
  /** What may be read too early. */
  readonly early: ReadonlySet<Obstacle>;
  /** Where the instance gets out of sight too early. */
  readonly escapes: ReadonlySet<Obstacle>;
  readonly boundAtExit: boolean;
}

/** How deep calls of own methods are followed. */
const MAX_DEPTH = 50;

export class BindingFlow implements Analysis<State> {
  private readonly model: ClassModel;
  private readonly uses: AttributeUses;
  private readonly summaries = new Map<Method, Map<boolean, Summary>>();
  private readonly active = new Set<Method>();
  /** Of the method that is being followed. */
  private file: FileModel;
  private early = new Set<Obstacle>();
  private escapes = new Set<Obstacle>();

  constructor(model: ClassModel, uses: AttributeUses) {
    this.model = model;
    this.uses = uses;
    this.file = model.file;
  }

  /** Runs a method from its start. A method that is being followed already (recursion) binds nothing. */
  summary(method: Method, bound: boolean): Summary {
    const known = this.summaries.get(method)?.get(bound);
    if (known !== undefined) return known;
    if (this.active.has(method) || this.active.size > MAX_DEPTH)
      return { early: new Set(), escapes: new Set(), boundAtExit: bound };
    this.active.add(method);
    const outer = { early: this.early, escapes: this.escapes, file: this.file };
    this.file = method.class.file;
    this.early = new Set();
    this.escapes = new Set();
    const exits = runBlock<State>(this, field(method.node, 'body'), bound ? BOUND : UNBOUND);
    const boundAtExit = bound || (exits.length > 0 && exits.every((state) => state.bound));
    const summary = { early: this.early, escapes: this.escapes, boundAtExit };
    ({ early: this.early, escapes: this.escapes, file: this.file } = outer);
    this.active.delete(method);
    this.summaries.set(method, (this.summaries.get(method) ?? new Map<boolean, Summary>()).set(bound, summary));
    return summary;
  }

  join(a: State, b: State): State {
    return b.bound ? a : b;
  }

  thrown(before: State): State {
    return before;
  }

  assume(_condition: PyNode, _outcome: boolean, state: State): State {
    return state;
  }

  swallows(clause: PyNode): boolean {
    return swallows(this.file, clause);
  }

  isEndless(condition: PyNode): boolean {
    return isEndless(this.file, condition);
  }

  isWildcard(pattern: PyNode): boolean {
    return isWildcard(this.file, pattern);
  }

  /** What a function inside binds counts for nothing: it runs later, or never. */
  define(body: PyNode, state: State): void {
    runBlock<State>(this, body, state);
  }

  /** Targets are bound last, after everything in the statement was evaluated. */
  evaluate(root: PyNode, state: State): State {
    let { bound } = state;
    let binds = false;
    for (const node of descend(root)) {
      if (this.uses.writes.has(node)) binds ||= node.kind !== 'call' || isUnconditional(node);
      if (bound) continue;
      if (this.uses.reads.has(node))
        this.note(this.early, node, `\`${this.file.text(node)}\` may be read before it is set`);
      if (node.kind === 'attribute' || node.kind === 'call') bound = this.runs(node);
      else if (node.kind === 'identifier') this.leaves(node);
    }
    return bound || binds ? BOUND : UNBOUND;
  }

  private note(where: Set<Obstacle>, node: PyNode, detail: string): void {
    where.add({ file: this.file, node, detail });
  }

  /** Runs the own method that the expression calls, or the property it reads; true if that binds the attribute for certain. */
  private runs(node: PyNode): boolean {
    const callee = node.kind === 'call' ? field(node, 'function') : node;
    const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
    const name = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
    if (object === undefined || name === undefined) return false;
    const receiver = receiverOf(this.file, object);
    const own = receiver.kind === 'instance' && receiver.method !== undefined;
    const inherited = receiver.kind === 'class' && receiver.through !== 'cls';
    if (!own && !(inherited && node.kind === 'call')) return false;
    const method = this.methodMeant(receiver, this.file.text(name));
    if (node.kind === 'attribute') {
      if (method === undefined || !own) return false;
      if (method.property) this.follow(method);
      else if (node.field !== 'function' && isArgument(node))
        this.note(this.escapes, node, `\`${this.file.text(node)}\` is handed on before it is set, and may be called`);
      return false;
    }
    if (method === undefined) {
      // What `object` has does nothing.
      if (own || !resolutionOrder(this.model).complete)
        this.note(this.escapes, node, `\`${this.file.text(node)}\` runs before it is set, and may read it`);
      return false;
    }
    if (method.kind !== 'instance') return false;
    return this.follow(method).boundAtExit && isUnconditional(node) && runsHere(method, node);
  }

  private follow(method: Method): Summary {
    const summary = this.summary(method, false);
    for (const obstacle of summary.early) this.early.add(obstacle);
    for (const obstacle of summary.escapes) this.escapes.add(obstacle);
    return summary;
  }

  private methodMeant(receiver: ReturnType<typeof receiverOf>, name: string): Method | undefined {
    if (receiver.kind === 'instance') return findMethod(this.model, name).method;
    if (receiver.kind !== 'class') return undefined;
    if (receiver.through !== 'super') return findMethod(receiver.class, name).method;
    const order = resolutionOrder(this.model).classes;
    const after = order.slice(order.indexOf(receiver.class) + 1);
    return after.flatMap(({ methods }) => methods.filter((method) => method.name === name).slice(-1))[0];
  }

  /** The instance itself, handed to something that may read the attribute. */
  private leaves(node: PyNode): void {
    const receiver = receiverOf(this.file, node);
    if (receiver.kind !== 'instance' || receiver.method === undefined) return;
    const { parent } = node;
    if (parent === undefined || (parent.kind === 'attribute' && node.field === 'object') || !isArgument(node)) return;
    const call = parent.kind === 'argument_list' ? parent.parent : undefined;
    const callee = call === undefined ? undefined : field(call, 'function');
    if (callee !== undefined && this.isHarmless(callee)) return;
    this.note(this.escapes, node, `\`${this.file.text(node)}\` is handed on before it is set, and may be read`);
  }

  /** `type(self)`, `super(C, self)`, `setattr(self, ...)`; `Base.__init__(self)` was followed. */
  private isHarmless(callee: PyNode): boolean {
    if (HARMLESS.test(this.file.qualifiedName(callee) ?? '')) return true;
    const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
    return object !== undefined && receiverOf(this.file, object).kind === 'class';
  }
}

/** What is only kept, in a name, an attribute or a container, cannot read anything yet. */
function isArgument(node: PyNode): boolean {
  for (let outer = node.parent; outer !== undefined && outer.kind !== 'block'; outer = outer.parent)
    if (outer.kind === 'argument_list') return true;
  return false;
}

const HARMLESS = /^builtins\.(?:type|super|isinstance|issubclass|id|setattr|getattr|hasattr|delattr)$/;
