/**
 * Which of a class attribute's uses reach the container that all instances share.
 *
 * Reading `self.x` gives the class's container until something binds `x` on the instance. This follows the statements of a
 * method (and the methods it calls on itself) and keeps, for each point, whether `x` is certainly bound on the instance, and
 * which local names may mean the class's container. A change counts only where it can reach that container.
 */

import { descend, field, isUnconditional, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { ClassModel, Method } from './class.ts';
import { findMethod, resolutionOrder } from './class-hierarchy.ts';
import type { Container } from './container.ts';
import { type Analysis, runBlock } from './control-flow.ts';
import type { FileModel } from './file.ts';
import { isEndless, isWildcard, runsHere, swallows } from './flow-facts.ts';
import { bindsByCall, bindsEntry, testsAbsence } from './namespace.ts';
import { receiverOf } from './receiver.ts';
import type { Binding } from './scope.ts';
import { type Use, usesOfValue } from './use.ts';

type Escape = Extract<Use, { kind: 'argument' | 'alias' | 'return' }>;
export type Change = Extract<Use, { kind: 'change' }>;

/** What a method does to the shared container when it is entered in a given state. */
export interface Summary {
  /** Changes that may reach the class's container. */
  readonly changes: ReadonlySet<Change>;
  /** Places where the class's container is returned or passed on. */
  readonly escapes: ReadonlySet<Escape>;
  /** Calls of the instance's own methods, and whether the attribute was bound by then. */
  readonly calls: readonly { readonly name: string; readonly bound: boolean }[];
  /** True if the attribute is bound on the instance at every normal end. */
  readonly boundAtExit: boolean;
}

interface State {
  readonly bound: boolean;
  /** Local names that may mean the container (depth 0) or something inside it. */
  readonly aliases: ReadonlyMap<Binding, number>;
}

/** How deep calls of own methods are followed: each method is also analysed for itself. */
const MAX_DEPTH = 50;

const NO_ALIASES: ReadonlyMap<Binding, number> = new Map();

/** The flow of one attribute through the methods of one class, as an instance of exactly that class runs them. */
export class InstanceFlow implements Analysis<State> {
  /** Of the method that is being followed, which may be inherited from a class in another file. */
  private file: FileModel;
  private readonly model: ClassModel;
  private readonly container: Container;
  private readonly attributeUses: ReadonlySet<PyNode>;
  private readonly classUses: ReadonlySet<PyNode>;
  private readonly attribute: string;
  private readonly summaries = new Map<Method, Map<boolean, Summary>>();
  private readonly active = new Set<Method>();
  private changes = new Set<Change>();
  private escapes = new Set<Escape>();
  private calls: { name: string; bound: boolean }[] = [];
  /** How many functions inside the method are being followed. */
  private nested = 0;

  /** `attributeUses`: every `<instance>.x` of the project that may mean the attribute; `classUses`: every `<class>.x` that does. */
  constructor(
    model: ClassModel,
    attribute: string,
    container: Container,
    attributeUses: ReadonlySet<PyNode>,
    classUses: ReadonlySet<PyNode>,
  ) {
    this.classUses = classUses;
    this.file = model.file;
    this.model = model;
    this.attribute = attribute;
    this.container = container;
    this.attributeUses = attributeUses;
  }

  /** Runs a method from its start. A method that is being analysed already (recursion) binds nothing. */
  summary(method: Method, bound: boolean): Summary {
    const known = this.summaries.get(method)?.get(bound);
    if (known !== undefined) return known;
    if (this.active.has(method) || this.active.size > MAX_DEPTH)
      return { changes: new Set(), escapes: new Set(), calls: [], boundAtExit: bound };
    this.active.add(method);
    const outer = {
      changes: this.changes,
      escapes: this.escapes,
      calls: this.calls,
      nested: this.nested,
      file: this.file,
    };
    this.file = method.class.file;
    this.changes = new Set();
    this.escapes = new Set();
    this.calls = [];
    this.nested = 0;
    const exits = runBlock(this, field(method.node, 'body'), { bound, aliases: NO_ALIASES });
    const summary: Summary = {
      changes: this.changes,
      escapes: this.escapes,
      calls: this.calls,
      boundAtExit: bound || (exits.length > 0 && exits.every((state) => state.bound)),
    };
    ({ changes: this.changes, escapes: this.escapes, calls: this.calls, nested: this.nested, file: this.file } = outer);
    this.active.delete(method);
    const entries = this.summaries.get(method) ?? new Map<boolean, Summary>();
    this.summaries.set(method, entries.set(bound, summary));
    return summary;
  }

  join(a: State, b: State): State {
    const known =
      a.bound === (a.bound && b.bound) && [...b.aliases].every(([name, depth]) => a.aliases.get(name) === depth);
    if (known) return a;
    return { bound: a.bound && b.bound, aliases: new Map([...a.aliases, ...b.aliases]) };
  }

  /** An exception may come at any point: bound is what was bound before, aliases are all there may be. */
  thrown(before: State, after: State | undefined): State {
    return after === undefined ? before : { bound: before.bound, aliases: this.join(before, after).aliases };
  }

  /** The class's container is empty as long as nothing changes it: an attribute that is not is the instance's own. */
  assume(condition: PyNode, outcome: boolean, state: State): State {
    const test = unwrap(condition);
    if (test.kind === 'not_operator') {
      const operand = test.children[0];
      return operand === undefined ? state : this.assume(operand, !outcome, state);
    }
    const own = outcome
      ? this.container.empty && this.attributeUses.has(test)
      : test.kind === 'comparison_operator' && testsAbsence(this.file, test, this.attribute);
    return own ? { ...state, bound: true } : state;
  }

  swallows(clause: PyNode): boolean {
    return swallows(this.file, clause);
  }

  /** With what is bound by now; whatever the function binds later does not count. */
  define(body: PyNode, state: State): void {
    this.nested += 1;
    runBlock(this, body, state);
    this.nested -= 1;
  }

  isEndless(condition: PyNode): boolean {
    return isEndless(this.file, condition);
  }

  isWildcard(pattern: PyNode): boolean {
    return isWildcard(this.file, pattern);
  }

  /** Evaluates everything in a simple statement or expression, in the order of the text, targets last. */
  evaluate(root: PyNode, state: State): State {
    let bound = state.bound;
    const aliases = new Map(state.aliases);
    const binds: (() => void)[] = [];
    for (const node of descend(root)) {
      const depth = this.depthOf(node, bound, aliases);
      if (depth !== undefined) {
        for (const use of usesOfValue(this.file, node, this.container, depth)) this.note(use, aliases, binds);
      }
      if (this.attributeUses.has(node)) {
        for (const use of usesOfValue(this.file, node, this.container)) {
          if (use.kind === 'delete') bound = false;
          if (use.kind !== 'bind') continue;
          const shared = use.value !== undefined && this.mayYield(use.value, bound, aliases);
          if (!shared) binds.push(() => (bound = true));
        }
      } else if (node.kind === 'identifier') {
        this.rebound(node, aliases, bound, binds);
      } else if (node.kind === 'call' && this.call(node, bound)) {
        bound = true;
      }
      if (bindsEntry(this.file, node, this.attribute)) binds.push(() => (bound = true));
    }
    for (const bind of binds) bind();
    return { bound, aliases };
  }

  /** The depth at which the expression yields the class's container; undefined when it does not. */
  private depthOf(node: PyNode, bound: boolean, aliases: ReadonlyMap<Binding, number>): number | undefined {
    if (this.attributeUses.has(node)) return bound ? undefined : 0;
    if (node.kind !== 'identifier' || aliases.size === 0) return undefined;
    const binding = this.file.resolve(node);
    return binding === undefined ? undefined : aliases.get(binding);
  }

  private note(use: Use, aliases: Map<Binding, number>, binds: (() => void)[]): void {
    if (use.kind === 'change') this.changes.add(use);
    else if (use.kind === 'alias') {
      const binding = this.file.resolve(use.name);
      if (binding !== undefined) binds.push(() => aliases.set(binding, use.depth));
    } else if (use.kind === 'argument' || (use.kind === 'return' && this.nested === 0)) this.escapes.add(use);
  }

  /** A name that is bound to something else no longer means the container. */
  private rebound(node: PyNode, aliases: Map<Binding, number>, bound: boolean, binds: (() => void)[]): void {
    if (aliases.size === 0) return;
    const binding = this.file.resolve(node);
    const site = binding?.sites.find((candidate) => candidate.node === node);
    if (binding === undefined || site === undefined || site.kind === 'augmented' || !aliases.has(binding)) return;
    if (site.value === undefined || !this.mayYield(site.value, bound, aliases))
      binds.push(() => aliases.delete(binding));
  }

  private mayYield(value: PyNode, bound: boolean, aliases: ReadonlyMap<Binding, number>): boolean {
    const node = unwrap(value);
    if (this.depthOf(node, bound, aliases) !== undefined || this.classUses.has(node)) return true;
    switch (node.kind) {
      case 'boolean_operator':
        // `self.x or []`: the class's container, while it is empty, is passed over.
        if (this.container.empty && field(node, 'operator')?.kind === 'or') {
          const last = node.children.at(-1);
          return last !== undefined && this.mayYield(last, bound, aliases);
        }
        return node.children.some((child) => this.mayYield(child, bound, aliases));
      case 'conditional_expression':
        return [node.children[0], node.children[2]].some(
          (child) => child !== undefined && this.mayYield(child, bound, aliases),
        );
      case 'named_expression': {
        const inner = field(node, 'value');
        return inner !== undefined && this.mayYield(inner, bound, aliases);
      }
      default:
        return false;
    }
  }

  /** Notes a call of an own method; true if the attribute is certainly bound after it. */
  private call(node: PyNode, bound: boolean): boolean {
    const callee = field(node, 'function');
    if (callee === undefined) return false;
    if (bindsByCall(this.file, node, this.attribute)) return isUnconditional(node);
    const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
    const name = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
    if (object === undefined || name === undefined) return false;
    const receiver = receiverOf(this.file, object);
    let method: Method | undefined;
    if (receiver.kind === 'instance' && receiver.method !== undefined) {
      this.calls.push({ name: this.file.text(name), bound });
      method = findMethod(this.model, this.file.text(name)).method;
    } else if (receiver.kind === 'class' && receiver.through === 'super') {
      method = this.inherited(receiver.class, this.file.text(name));
    } else if (receiver.kind === 'class' && receiver.through === 'name') {
      method = findMethod(receiver.class, this.file.text(name)).method;
    }
    if (method === undefined || method.kind !== 'instance') return false;
    const summary = this.summary(method, bound);
    // A base class's version of a method is part of the one that calls it.
    if (receiver.kind === 'class') {
      for (const change of summary.changes) this.changes.add(change);
      this.calls.push(...summary.calls);
    }
    return summary.boundAtExit && isUnconditional(node) && runsHere(method, node);
  }

  private inherited(from: ClassModel, name: string): Method | undefined {
    const order = resolutionOrder(this.model).classes;
    for (const holder of order.slice(order.indexOf(from) + 1)) {
      const method = holder.methods.filter((candidate) => candidate.name === name).at(-1);
      if (method !== undefined) return method;
    }
    return undefined;
  }
}
