/**
 * Which changes made through instances reach the one container that a class attribute holds.
 *
 * For every class that inherits the attribute, its methods are followed as an instance runs them: the constructor first, then
 * the others with what the constructor has bound. Then the container is followed where methods return it or pass it on.
 */

import { field, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type AttributeAccess, type AttributeAccesses, filesWithMember } from './attribute-accesses.ts';
import { type ClassModel, type Method, methodAround } from './class.ts';
import { type ClassAttribute, inheritors } from './class-attribute.ts';
import { findMethod, resolutionOrder } from './class-hierarchy.ts';
import { constructorOf, setUpHooks } from './class-kind.ts';
import type { Container } from './container.ts';
import { type FileModel, fileOf } from './file.ts';
import { definitionAt } from './imports.ts';
import { type Change, InstanceFlow, type Summary } from './instance-flow.ts';
import { receiverOf } from './receiver.ts';
import { type Binding, parameterNames, parametersOf } from './scope.ts';
import { type Use, usesOfValue } from './use.ts';

export interface SharedChange {
  readonly file: FileModel;
  readonly change: Change;
  /** The method the change stands in; undefined outside of classes. */
  readonly method: Method | undefined;
}

/** How many inheriting classes are followed: the work grows with the product of classes and methods. */
const MAX_HEIRS = 16;
/** How far a container is followed through calls. */
const MAX_CALLS = 3;

/** The changes that reach the class's own container: those of its own file first, in the order of the text. Empty: nothing shared is ever changed. */
export function sharedChanges(
  attribute: ClassAttribute,
  container: Container,
  accesses: AttributeAccesses,
): readonly SharedChange[] {
  if (!mayBeChanged(container, accesses)) return [];
  let found = new Collector(attribute, container, accesses).collect();
  // An empty container stays empty as long as nothing changes it; now that something does, no test of it tells anything.
  if (found.size > 0 && container.empty)
    found = new Collector(attribute, { ...container, empty: false }, accesses).collect();
  // One place may be reached along several ways.
  const byNode = new Map([...found].map((change) => [change.node, change]));
  const changes = [...byNode.values()].map((change) => {
    const file = fileOf(change.node);
    return { file, change, method: methodAround(file, file.scopeAround(change.node)) };
  });
  const rank = ({ file }: SharedChange): string => (file === attribute.class.file ? '' : file.source.path);
  return changes.sort((a, b) =>
    rank(a) === rank(b) ? a.change.node.start - b.change.node.start : rank(a) < rank(b) ? -1 : 1,
  );
}

/** False if whatever yields the container is only read, or bound anew, where it stands: then there is nothing to follow. */
function mayBeChanged(container: Container, { instance, byName }: AttributeAccesses): boolean {
  return [...instance, ...byName].some(({ file, node }) =>
    usesOfValue(file, node, container).some(({ kind }) => kind !== 'read' && kind !== 'bind' && kind !== 'delete'),
  );
}

class Collector {
  private readonly attribute: ClassAttribute;
  private readonly container: Container;
  private readonly accesses: AttributeAccesses;
  private readonly found = new Set<Change>();
  private readonly returning = new Map<Method, number>();
  /** The files of the classes whose instances have the attribute, and of what these inherit from. */
  private readonly family: readonly FileModel[];

  constructor(attribute: ClassAttribute, container: Container, accesses: AttributeAccesses) {
    this.attribute = attribute;
    this.container = container;
    this.accesses = accesses;
    const heirs = inheritors(attribute.class, attribute.name);
    this.family = [...new Set(heirs.flatMap((heir) => resolutionOrder(heir).classes.map(({ file }) => file)))];
  }

  collect(): ReadonlySet<Change> {
    const uses = new Set(this.accesses.instance.map((access) => access.node));
    if (uses.size === 0) return this.found;
    const classUses = new Set(this.accesses.byName.map((access) => access.node));
    const heirs = inheritors(this.attribute.class, this.attribute.name);
    let unboundSomewhere = false;
    for (const heir of heirs.slice(0, MAX_HEIRS)) {
      const flow = new InstanceFlow(heir, this.attribute.name, this.container, uses, classUses);
      const bound = this.construct(heir, flow);
      unboundSomewhere ||= !bound;
      this.runMethods(heir, flow, bound);
    }
    if (unboundSomewhere) for (const access of this.accesses.instance) this.fromOutside(access);
    for (const [method, depth] of this.returning) this.throughResult(method, depth);
    return this.found;
  }

  /** Runs what constructs an instance; true if the attribute is bound on it by the end. */
  private construct(model: ClassModel, flow: InstanceFlow): boolean {
    if (this.boundInNew(model)) return true;
    const generated = constructorOf(model);
    const hooks = ['__init__', ...(generated.kind === 'generated' ? [generated.hook] : []), ...setUpHooks(model)];
    let bound = false;
    for (const hook of hooks) {
      const { method } = findMethod(model, hook);
      if (method === undefined || method.kind !== 'instance') continue;
      this.run(model, flow, method, bound, new Set());
      bound = flow.summary(method, bound).boundAtExit;
    }
    return bound;
  }

  /** `obj = super().__new__(cls); obj.x = []`. */
  private boundInNew(model: ClassModel): boolean {
    const { method } = findMethod(model, '__new__');
    if (method === undefined) return false;
    return method.class.file.attributes(this.attribute.name).some((node) => {
      return within(node, method.node) && node.field === 'left' && node.parent?.kind === 'assignment';
    });
  }

  private runMethods(model: ClassModel, flow: InstanceFlow, constructed: boolean): void {
    const { classes, complete } = resolutionOrder(model);
    const methods = classes.flatMap((holder) => holder.methods);
    const instance = methods.filter((method) => method.kind === 'instance' || this.usesForgottenSelf(method));
    const entries = new Map(instance.map((method) => [method, constructed || this.isPrivate(method, complete)]));
    for (let changed = true; changed; ) {
      changed = false;
      for (const [method, bound] of entries) {
        for (const call of flow.summary(method, bound).calls) {
          const target = call.bound ? undefined : findMethod(model, call.name).method;
          if (target === undefined || constructed || entries.get(target) !== true) continue;
          entries.set(target, false);
          changed = true;
        }
      }
    }
    for (const [method, bound] of entries) this.note(method, flow.summary(method, bound));
  }

  private usesForgottenSelf(method: Method): boolean {
    return this.accesses.instance.some(
      ({ receiver }) => receiver.kind === 'instance' && receiver.method === method && !receiver.declared,
    );
  }

  /**
   * A method that only the classes themselves call, or nobody, runs in the states of those calls; any other may be called first. Where not
   * all bases are known (`complete`), one that nobody calls is there for such a base.
   */
  private isPrivate(method: Method, complete: boolean): boolean {
    if (!method.name.startsWith('_') || method.name.endsWith('__')) return false;
    const uses = this.family.flatMap((file) => file.attributes(method.name).map((node) => ({ file, node })));
    if (uses.length === 0) return complete;
    return uses.every(({ file, node }) => {
      const object = field(node, 'object');
      const receiver = object === undefined ? undefined : receiverOf(file, object);
      return node.field === 'function' && receiver?.kind === 'instance' && receiver.method !== undefined;
    });
  }

  /** Runs a method and, in their own state, the methods it calls before the attribute is bound. */
  private run(model: ClassModel, flow: InstanceFlow, method: Method, bound: boolean, seen: Set<Method>): void {
    if (seen.has(method)) return;
    seen.add(method);
    const summary = flow.summary(method, bound);
    this.note(method, summary);
    for (const call of summary.calls) {
      const target = call.bound ? undefined : findMethod(model, call.name).method;
      if (target !== undefined && target.kind === 'instance') this.run(model, flow, target, false, seen);
    }
  }

  private note(method: Method, summary: Summary): void {
    for (const change of summary.changes) this.found.add(change);
    for (const use of summary.escapes) {
      if (use.kind === 'return') this.returning.set(method, use.depth);
      else if (use.kind === 'argument') this.throughCall(use, 0);
    }
  }

  /** `basket.lines.append(1)` where `basket` is known to be an instance. */
  private fromOutside({ file, node, receiver }: AttributeAccess): void {
    if (receiver.kind !== 'instance' || receiver.method !== undefined) return;
    const object = field(node, 'object');
    const rebinds = this.accesses.instance.some((other) => {
      const same = field(other.node, 'object');
      return (
        object !== undefined &&
        same !== undefined &&
        other.file === file &&
        file.text(same) === file.text(object) &&
        other.node.field === 'left'
      );
    });
    if (!rebinds) this.followAll(file, usesOfValue(file, node, this.container), 0);
  }

  /** `self.get_lines().append(1)`, or `self.lines_view.append(1)` where that is a property. */
  private throughResult(method: Method, depth: number): void {
    for (const file of filesWithMember(this.attribute, method.name)) {
      for (const node of file.attributes(method.name)) {
        const object = field(node, 'object');
        if (object === undefined || receiverOf(file, object).kind !== 'instance') continue;
        const result = method.property ? node : node.field === 'function' ? node.parent : undefined;
        if (result !== undefined) this.followAll(file, usesOfValue(file, result, this.container, depth), 0);
      }
    }
  }

  private throughCall(argument: Extract<Use, { kind: 'argument' }>, calls: number): void {
    if (calls >= MAX_CALLS) return;
    const parameter = parameterOf(argument);
    if (parameter !== undefined) this.followBinding(parameter.file, parameter.binding, argument.depth, calls + 1);
  }

  /** A name that means the container from its only binding on. */
  private followBinding(file: FileModel, binding: Binding, depth: number, calls: number): void {
    if (binding.sites.filter((site) => site.kind !== 'augmented').length !== 1) return;
    for (const node of file.usesOf(binding)) {
      this.followAll(file, usesOfValue(file, node, this.container, depth), calls);
    }
  }

  private followAll(file: FileModel, uses: readonly Use[], calls: number): void {
    for (const use of uses) {
      if (use.kind === 'change') this.found.add(use);
      else if (use.kind === 'argument') this.throughCall(use, calls);
      else if (use.kind === 'alias' && calls < MAX_CALLS) {
        const binding = file.resolve(use.name);
        if (binding !== undefined) this.followBinding(file, binding, use.depth, calls + 1);
      }
    }
  }
}

/** A name that is bound to an argument. */
export interface Parameter {
  readonly file: FileModel;
  readonly binding: Binding;
}

interface Called {
  readonly file: FileModel;
  readonly definition: PyNode;
  /** How many parameters the call fills before its first argument. */
  readonly shift: number;
}

/** The parameter that receives an argument, where the function is known and cannot be another. */
export function parameterOf({ call, position }: Extract<Use, { kind: 'argument' }>): Parameter | undefined {
  const file = fileOf(call);
  const callee = field(call, 'function');
  const called = callee === undefined ? undefined : functionCalled(file, callee);
  if (called === undefined) return undefined;
  const { definition, shift } = called;
  const scope = called.file.scopes.ofNode.get(definition);
  const bound = (name: string): Parameter | undefined => {
    const binding = scope?.bindings.get(name);
    return binding === undefined ? undefined : { file: called.file, binding };
  };
  if (typeof position === 'string') return bound(position);
  const parameter = parametersOf(definition)[position + shift];
  const name = parameter === undefined || parameter.kind.includes('splat') ? undefined : parameterNames(parameter)[0];
  return name === undefined ? undefined : bound(called.file.text(name));
}

/** The function that a call runs: one of a module of the project, or a method of a class there. */
function functionCalled(file: FileModel, callee: PyNode): Called | undefined {
  if (callee.kind === 'identifier') {
    const binding = file.resolve(callee);
    const qualifiedName = binding?.sites[0]?.kind === 'import' ? file.qualifiedName(callee) : undefined;
    const imported = qualifiedName === undefined ? undefined : definitionAt(qualifiedName, file);
    const [site, ...others] = (imported?.binding ?? binding)?.sites ?? [];
    if (site?.kind !== 'function' || others.length > 0) return undefined;
    return { file: imported?.file ?? file, definition: site.operation, shift: 0 };
  }
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  const name = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  const receiver = object === undefined ? undefined : receiverOf(file, object);
  if (name === undefined || (receiver?.kind !== 'instance' && receiver?.kind !== 'class')) return undefined;
  const { method } = findMethod(receiver.class, file.text(name));
  if (method === undefined) return undefined;
  const shift = method.kind === 'static' || (receiver.kind === 'class' && method.kind === 'instance') ? 0 : 1;
  return { file: method.class.file, definition: method.node, shift };
}
