/**
 * Which of a class attribute's uses reach the container that all instances share.
 *
 * Reading `self.x` gives the class's container until something binds `x` on the instance. This follows the statements of a
 * method (and the methods it calls on itself) and keeps, for each point, whether `x` is certainly bound on the instance, and
 * which local names may mean the class's container. A change counts only where it can reach that container.
 */
import { descend, field, fields, stringValue, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, findMethod, type Method, resolutionOrder } from './class.ts';
import type { Container } from './container.ts';
import type { FileModel } from './file.ts';
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

/** `undefined` is the state of a point that is never reached. */
type Reached = State | undefined;

interface Frame {
  readonly exits: State[];
  readonly breaks: State[][];
  readonly continues: State[][];
  readonly nested: boolean;
}

const NO_ALIASES: ReadonlyMap<Binding, number> = new Map();

/** The flow of one attribute through the methods of one class, as an instance of exactly that class runs them. */
export class InstanceFlow {
  private readonly file: FileModel;
  private readonly model: ClassModel;
  private readonly container: Container;
  private readonly attributeUses: ReadonlySet<PyNode>;
  private readonly attribute: string;
  private readonly summaries = new Map<Method, Map<boolean, Summary>>();
  private readonly active = new Set<Method>();
  private changes = new Set<Change>();
  private escapes = new Set<Escape>();
  private calls: { name: string; bound: boolean }[] = [];
  private frame: Frame = { exits: [], breaks: [], continues: [], nested: false };

  /** `attributeUses`: every `<instance>.x` expression of the file that may mean the attribute. */
  constructor(model: ClassModel, attribute: string, container: Container, attributeUses: ReadonlySet<PyNode>) {
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
    if (this.active.has(method)) return { changes: new Set(), escapes: new Set(), calls: [], boundAtExit: bound };
    this.active.add(method);
    const outer = { changes: this.changes, escapes: this.escapes, calls: this.calls, frame: this.frame };
    this.changes = new Set();
    this.escapes = new Set();
    this.calls = [];
    this.frame = { exits: [], breaks: [], continues: [], nested: false };
    const end = this.block(field(method.node, 'body'), { bound, aliases: NO_ALIASES });
    const exits = end === undefined ? this.frame.exits : [...this.frame.exits, end];
    const summary: Summary = {
      changes: this.changes,
      escapes: this.escapes,
      calls: this.calls,
      boundAtExit: bound || (exits.length > 0 && exits.every((state) => state.bound)),
    };
    ({ changes: this.changes, escapes: this.escapes, calls: this.calls, frame: this.frame } = outer);
    this.active.delete(method);
    const entries = this.summaries.get(method) ?? new Map<boolean, Summary>();
    this.summaries.set(method, entries.set(bound, summary));
    return summary;
  }

  private block(body: PyNode | undefined, entry: Reached): Reached {
    let state = entry;
    for (const statement of body?.children ?? []) {
      if (state === undefined) return undefined;
      state = this.statement(statement, state);
    }
    return state;
  }

  private statement(node: PyNode, state: State): Reached {
    switch (node.kind) {
      case 'if_statement':
        return this.conditional(node, state);
      case 'while_statement':
      case 'for_statement':
        return this.loop(node, state);
      case 'try_statement':
        return this.attempt(node, state);
      case 'with_statement': {
        const clause = node.children.find((child) => child.kind === 'with_clause');
        return this.block(field(node, 'body'), clause === undefined ? state : this.expression(clause, state));
      }
      case 'match_statement':
        return this.match(node, state);
      case 'return_statement': {
        this.frame.exits.push(this.expression(node, state));
        return undefined;
      }
      case 'raise_statement':
        this.expression(node, state);
        return undefined;
      case 'break_statement':
        this.frame.breaks.at(-1)?.push(state);
        return undefined;
      case 'continue_statement':
        this.frame.continues.at(-1)?.push(state);
        return undefined;
      case 'decorated_definition':
      case 'function_definition':
      case 'class_definition':
        return this.definition(node, state);
      default:
        return this.expression(node, state);
    }
  }

  /** A function defined here runs later: with what is bound by now, and whatever it binds does not count. */
  private definition(node: PyNode, state: State): State {
    const definition = node.kind === 'decorated_definition' ? field(node, 'definition') : node;
    if (definition === undefined) return state;
    const outer = this.frame;
    this.frame = { exits: [], breaks: [], continues: [], nested: true };
    this.block(field(definition, 'body'), state);
    this.frame = outer;
    return state;
  }

  private conditional(node: PyNode, state: State): Reached {
    const condition = field(node, 'condition');
    let rest: Reached = condition === undefined ? state : this.expression(condition, state);
    const first = this.block(field(node, 'consequence'), rest);
    let after: Reached = first;
    let exhaustive = false;
    for (const clause of fields(node, 'alternative')) {
      const test = field(clause, 'condition');
      if (test !== undefined && rest !== undefined) rest = this.expression(test, rest);
      after = join(after, this.block(field(clause, clause.kind === 'elif_clause' ? 'consequence' : 'body'), rest));
      exhaustive ||= clause.kind === 'else_clause';
    }
    if (exhaustive) return after;
    // `if not self.x: self.x = []` leaves no way past with the class's container, as long as that is empty.
    if (condition !== undefined && after === first && this.isMissingTest(condition)) return first ?? rest;
    return join(after, rest);
  }

  /** True for a test that fails only when the attribute is bound on the instance. */
  private isMissingTest(condition: PyNode): boolean {
    const test = unwrap(condition);
    if (test.kind === 'not_operator') {
      const operand = test.children[0];
      return this.container.empty && operand !== undefined && this.attributeUses.has(unwrap(operand));
    }
    if (test.kind !== 'comparison_operator') return false;
    const [left, operator, right] = test.children;
    if (left === undefined || right === undefined || operator === undefined) return false;
    return (
      this.file.text(operator).replace(/\s+/g, ' ') === 'not in' &&
      stringValue(left, this.file.source.text) === this.attribute &&
      /^(?:\w+\.__dict__|vars\(\w+\))$/.test(this.file.text(right))
    );
  }

  private loop(node: PyNode, state: State): Reached {
    const condition = field(node, 'condition') ?? field(node, 'right');
    const left = field(node, 'left');
    let entry = condition === undefined ? state : this.expression(condition, state);
    const endless =
      node.kind === 'while_statement' && condition !== undefined && /^(?:True|1)$/.test(this.file.text(condition));
    let exits: State[] = [];
    let ended: Reached;
    // Twice: what one turn leaves behind (an alias, a deleted attribute) is what the next one meets.
    for (let turn = 0; turn < 2; turn++) {
      this.frame.breaks.push([]);
      this.frame.continues.push([]);
      const inside = left === undefined ? entry : this.expression(left, entry);
      ended = this.block(field(node, 'body'), inside);
      for (const state of this.frame.continues.pop() ?? []) ended = join(ended, state);
      exits = [...exits, ...(this.frame.breaks.pop() ?? [])];
      entry = join(entry, ended) ?? entry;
    }
    let after: Reached = endless ? undefined : entry;
    const otherwise = fields(node, 'alternative')[0];
    if (otherwise !== undefined) after = this.block(field(otherwise, 'body'), after);
    for (const state of exits) after = join(after, state);
    return after;
  }

  private attempt(node: PyNode, state: State): Reached {
    const body = this.block(field(node, 'body'), state);
    // An exception may come at any point of the body: bound is what was bound before, aliases are all there may be.
    const thrown: State = { bound: state.bound, aliases: join(state, body)?.aliases ?? state.aliases };
    let after = body;
    let final: PyNode | undefined;
    for (const clause of node.children) {
      if (clause.kind === 'except_clause' || clause.kind === 'except_group_clause') {
        after = join(
          after,
          this.block(
            clause.children.find((child) => child.kind === 'block'),
            thrown,
          ),
        );
      } else if (clause.kind === 'else_clause' && body !== undefined) {
        const otherwise = this.block(field(clause, 'body'), body);
        after = after === body ? otherwise : join(after, otherwise);
      } else if (clause.kind === 'finally_clause') {
        final = clause.children.find((child) => child.kind === 'block');
      }
    }
    if (final === undefined) return after;
    this.block(final, thrown);
    return after === undefined ? undefined : this.block(final, after);
  }

  private match(node: PyNode, state: State): Reached {
    const subject = field(node, 'subject');
    const entry = subject === undefined ? state : this.expression(subject, state);
    let after: Reached;
    let exhaustive = false;
    for (const clause of field(node, 'body')?.children ?? []) {
      if (clause.kind !== 'case_clause') continue;
      const guard = field(clause, 'guard');
      after = join(
        after,
        this.block(field(clause, 'consequence'), guard === undefined ? entry : this.expression(guard, entry)),
      );
      const pattern = clause.children.find((child) => child.kind === 'case_pattern');
      exhaustive ||= guard === undefined && pattern !== undefined && this.file.text(pattern).trim() === '_';
    }
    return exhaustive ? after : join(after, entry);
  }

  /** Evaluates everything in a simple statement or expression, in the order of the text, targets last. */
  private expression(root: PyNode, state: State): State {
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
      if (node.kind === 'subscript' && this.isDictionaryEntry(node)) binds.push(() => (bound = true));
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
    } else if (use.kind === 'argument' || (use.kind === 'return' && !this.frame.nested)) this.escapes.add(use);
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
    if (this.depthOf(node, bound, aliases) !== undefined) return true;
    switch (node.kind) {
      case 'boolean_operator':
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
    if (this.file.qualifiedName(callee) === 'builtins.setattr') return this.isSetattr(node);
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
    return summary.boundAtExit && isUnconditional(node);
  }

  private inherited(from: ClassModel, name: string): Method | undefined {
    const order = resolutionOrder(this.model).classes;
    for (const holder of order.slice(order.indexOf(from) + 1)) {
      const method = holder.methods.filter((candidate) => candidate.name === name).at(-1);
      if (method !== undefined) return method;
    }
    return undefined;
  }

  private isSetattr(node: PyNode): boolean {
    const [object, name] = this.file.argumentsOf(node).positional;
    return (
      object !== undefined &&
      name !== undefined &&
      isUnconditional(node) &&
      receiverOf(this.file, object).kind === 'instance' &&
      stringValue(name, this.file.source.text) === this.attribute
    );
  }

  /** `self.__dict__['x'] = ...` */
  private isDictionaryEntry(subscript: PyNode): boolean {
    const value = field(subscript, 'value');
    const key = field(subscript, 'subscript');
    if (value?.kind !== 'attribute' || key === undefined || subscript.parent?.kind !== 'assignment') return false;
    return (
      subscript.field === 'left' &&
      /\.__dict__$/.test(this.file.text(value)) &&
      stringValue(key, this.file.source.text) === this.attribute
    );
  }
}

function join(a: Reached, b: Reached): Reached {
  if (a === undefined) return b;
  if (b === undefined || a === b) return a;
  return { bound: a.bound && b.bound, aliases: new Map([...a.aliases, ...b.aliases]) };
}

/** True if the expression is evaluated whenever its statement is. */
function isUnconditional(node: PyNode): boolean {
  for (let current = node; ; ) {
    const parent = current.parent;
    if (parent === undefined) return false;
    switch (parent.kind) {
      case 'boolean_operator':
        if (parent.children[0] !== current) return false;
        break;
      case 'conditional_expression':
        if (parent.children[1] !== current) return false;
        break;
      case 'lambda':
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return false;
      case 'block':
      case 'module':
        return true;
    }
    current = parent;
  }
}
