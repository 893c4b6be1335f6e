/**
 * Which object a function makes hold which: `parent.children.append(self)`, `child.parent = self`, `Child(self)` whose constructor keeps what it
 * is given. Calls of functions and methods of the project count with what they do to their arguments.
 */
import { ancestor, field, stringValue, unwrap, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type Called, calledFunction, classOfOwn } from './called-function.ts';
import { classOf, methodAround } from './class.ts';
import { type FileModel, fileOf, type Spot } from './file.ts';
import { generatedParameters } from './generated-fields.ts';
import { blockAround, ELEMENT, extended, isNamed, keyOf, type ObjectPath, pathOf } from './object-path.ts';
import { receiverOf } from './receiver.ts';
import { type Binding, parameterNames, parametersOf } from './scope.ts';
import { alternativesOf, elementsOf, ownNodes } from './written-value.ts';

/** After it runs, `object.attribute` is `value` (`direct`), or a container that has it as an element. */
export interface Link extends Spot {
  readonly object: ObjectPath;
  readonly attribute: string;
  readonly by: 'direct' | 'container';
  readonly value: ObjectPath;
  /** True where the holder of the attribute is given it by its own constructor. */
  readonly atBirth: boolean;
  /** True where that constructor was called with the value. */
  readonly given: boolean;
  /** One of several values that it may be: `parent or self`. */
  readonly alternative: boolean;
}

/** Functions are entered this deep: `attach()` called by `add()` called here. */
const MAX_CALLS = 4;

/** The most links of one body: where there are more, calls are not entered any further. */
const MAX_LINKS = 500;

/** By a body, its links with calls entered so deep: what is found may not hang on who asked before. */
const cache = new WeakMap<PyNode, (readonly Link[])[]>();

/** The links that a function makes, or a module's own statements. `body` is a `function_definition` or the root of a file. */
export function linksIn(file: FileModel, body: PyNode): readonly Link[] {
  return linksAt(file, body, MAX_CALLS);
}

/** The links that the body's own statements make, without those of what it calls. */
export function writtenLinks(file: FileModel, body: PyNode): readonly Link[] {
  return linksAt(file, body, 0);
}

function linksAt(file: FileModel, body: PyNode, depth: number): readonly Link[] {
  const known = cache.get(body) ?? [];
  cache.set(body, known);
  const links = known[depth] ?? new LinkReader(file, body, depth).read();
  known[depth] = links;
  return links;
}

/** Every function of the file and the file itself. */
export function bodiesOf(file: FileModel): readonly PyNode[] {
  file.readAll();
  return bodiesRead(file);
}

/** The file itself, and those of its functions that are not in others whose bodies were not read. */
export function bodiesRead(file: FileModel): readonly PyNode[] {
  const functions = [...file.scopes.ofNode].flatMap(([node, { kind }]) => (kind === 'function' ? [node] : []));
  return [file.syntax.root, ...functions];
}

interface Assigned {
  readonly key: string;
  readonly node: PyNode;
  readonly value: ObjectPath | undefined;
}

const ADDERS: ReadonlySet<string> = new Set(['append', 'appendleft', 'add', 'insert', 'setdefault', 'push']);

const FUNCTION: ReadonlySet<string> = new Set(['function_definition']);

class LinkReader {
  private readonly file: FileModel;
  private readonly body: PyNode;
  private readonly links: Link[] = [];
  private readonly assigned: Assigned[] = [];
  private readonly depth: number;

  constructor(file: FileModel, body: PyNode, depth: number) {
    this.file = file;
    this.body = body;
    this.depth = depth;
  }

  read(): readonly Link[] {
    for (const node of ownNodes(this.body)) {
      if (node.kind === 'assignment') this.assignment(node);
      else if (node.kind === 'call') this.call(node);
      else if (node.kind === 'augmented_assignment') this.augmented(node);
    }
    return this.links;
  }

  /** The path of an expression, with what this function assigned to attributes before put in their place. */
  private path(node: PyNode): ObjectPath | undefined {
    const path = pathOf(this.file, node);
    return path === undefined ? undefined : this.canonical(path, node);
  }

  private canonical(path: ObjectPath, at: PyNode): ObjectPath {
    let current: ObjectPath = { ...path, steps: [] };
    for (const step of path.steps) {
      const next = extended(current, step);
      // What one element was given, another may not have been.
      if (current.steps.includes(ELEMENT)) {
        current = next;
        continue;
      }
      const key = keyOf(next);
      const before = this.assigned.filter((one) => one.key === key && one.node.end <= at.start);
      const last = before.at(-1);
      const block = last === undefined ? undefined : blockAround(last.node);
      const holds = last !== undefined && block !== undefined && within(at, block);
      if (holds && last.value !== undefined) current = last.value;
      // What the attribute meant before it was bound anew is another object.
      else current = before.length === 0 ? next : extended(current, `${step}#${before.length}`);
    }
    return current;
  }

  private assignment(node: PyNode): void {
    const left = field(node, 'left');
    let value = field(node, 'right');
    while (value?.kind === 'assignment') value = field(value, 'right');
    if (left === undefined || value === undefined) return;
    const targets = /^(?:pattern_list|tuple_pattern|list_pattern)$/.test(left.kind) ? left.children : [left];
    const displayed = /^(?:expression_list|tuple|list)$/.test(unwrap(value).kind) ? unwrap(value).children : undefined;
    const values = targets.length === 1 && targets[0] === left ? [value] : (displayed ?? []);
    if (values.length !== targets.length) return;
    targets.forEach((target, index) => {
      const given = values[index];
      if (given !== undefined) this.store(unwrap(target), given, node);
    });
  }

  private store(target: PyNode, value: PyNode, node: PyNode): void {
    if (target.kind === 'subscript') {
      const container = field(target, 'value');
      if (container !== undefined) this.intoContainer(container, [value], node);
      return;
    }
    const object = target.kind === 'attribute' ? field(target, 'object') : undefined;
    const name = target.kind === 'attribute' ? field(target, 'attribute') : undefined;
    const holder = object === undefined ? undefined : this.path(object);
    if (holder === undefined || name === undefined) return;
    this.bind(holder, this.file.identifier(name), value, node);
  }

  private bind(holder: ObjectPath, attribute: string, value: PyNode, node: PyNode): void {
    const alternatives = alternativesOf(value);
    let only: ObjectPath | undefined;
    for (const one of alternatives) {
      for (const element of elementsOf(one)) this.add(holder, attribute, 'container', this.path(element), node);
      const path = this.path(one);
      if (alternatives.length === 1) only = path;
      this.add(holder, attribute, 'direct', path, node, alternatives.length > 1);
    }
    this.assigned.push({ key: keyOf(extended(holder, attribute)), node, value: only });
  }

  private add(
    object: ObjectPath,
    attribute: string,
    by: Link['by'],
    value: ObjectPath | undefined,
    node: PyNode,
    alternative = false,
  ): void {
    if (value === undefined) return;
    // What is made where nothing was given is the object's own.
    const isGiven = isNamed(value) && value.root.sites.length === 1 && value.root.sites[0]?.kind === 'parameter';
    const atBirth = isGiven && this.isBirth(object);
    this.links.push({ file: this.file, node, object, attribute, by, value, alternative, atBirth, given: false });
  }

  /** True in `__init__`, of the object being made. */
  private isBirth(object: ObjectPath): boolean {
    const method = methodAround(this.file, this.file.scopes.ofNode.get(this.body));
    return method?.name === '__init__' && object.steps.length === 0 && object.root === method.first;
  }

  /** `container` is the expression `<object>.<attribute>`, or what lies inside it. */
  private intoContainer(container: PyNode, values: readonly PyNode[], node: PyNode): void {
    let path = this.path(container);
    while (path !== undefined && path.steps.at(-1) === ELEMENT) path = { ...path, steps: path.steps.slice(0, -1) };
    const attribute = path?.steps.at(-1);
    if (path === undefined || attribute === undefined) return;
    const object = { ...path, steps: path.steps.slice(0, -1) };
    for (const value of values.flatMap(alternativesOf))
      this.add(object, attribute.replace(/#.*/, ''), 'container', this.path(value), node);
  }

  private augmented(node: PyNode): void {
    const [left, right] = [field(node, 'left'), field(node, 'right')];
    if (left?.kind === 'attribute' && right !== undefined) this.intoContainer(left, elementsOf(unwrap(right)), node);
  }

  private call(call: PyNode): void {
    const callee = field(call, 'function');
    if (callee === undefined) return;
    const { positional } = this.file.argumentsOf(call);
    if (this.file.qualifiedName(callee) === 'builtins.setattr') {
      const [object, named, value] = positional;
      const name = named === undefined ? undefined : stringValue(named, this.file.source.text);
      const holder = object === undefined ? undefined : this.path(object);
      if (name !== undefined && holder !== undefined && value !== undefined) this.bind(holder, name, value, call);
      return;
    }
    const method = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
    const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
    const name = method === undefined ? '' : this.file.identifier(method);
    const isContainer = object !== undefined && unwrap(object).kind !== 'identifier';
    if (object !== undefined && isContainer && ADDERS.has(name)) {
      const value = name === 'insert' || name === 'setdefault' ? positional[1] : positional[0];
      if (value !== undefined) this.intoContainer(object, [value], call);
    } else if (object !== undefined && isContainer && name === 'extend') {
      const [first] = positional;
      if (first !== undefined) this.intoContainer(object, elementsOf(unwrap(first)), call);
    }
    if (this.depth > 0) this.expand(call, callee);
  }

  /** What the called function does to what it is given. */
  private expand(call: PyNode, callee: PyNode): void {
    const { positional, keywords } = this.file.argumentsOf(call);
    // With nothing at hand it makes no link that is not seen in the function itself.
    if (this.links.length > MAX_LINKS || positional.length + keywords.size === 0) return;
    const target = calledFunction(this.file, callee);
    if (target === undefined) return this.construct(call, callee);
    const given = new Map<Binding, ObjectPath>();
    const names = parametersOf(target.node).flatMap((parameter) =>
      isPlainParameter(parameter) ? parameterNames(parameter) : [],
    );
    const scope = fileOf(target.node).scopes.ofNode.get(target.node);
    const receiver = this.receiverPath(call, callee, target);
    const actual = target.method === undefined || target.unbound ? [] : [receiver];
    const values = [...actual, ...positional.map((node) => this.path(node))];
    for (const [index, name] of names.entries()) {
      const text = fileOf(name).identifier(name);
      const keyword = keywords.get(text);
      const path = keyword === undefined ? values[index] : this.path(keyword);
      const binding = scope?.bindings.get(text);
      if (path !== undefined && binding !== undefined) given.set(binding, path);
    }
    const isConstructor = target.class !== undefined;
    for (const link of linksAt(fileOf(target.node), target.node, this.depth - 1)) {
      const [holder, value] = [substituted(link.object, given), substituted(link.value, given)];
      if (holder === undefined || value === undefined) continue;
      // What the function does among objects of its own is seen there.
      if (!isNamed(link.object) && !isNamed(link.value)) continue;
      if (this.makes(link.object) || this.makes(link.value) || isGivenTwice(link, given)) continue;
      const object = this.canonical(holder, call);
      const meant = this.canonical(value, call);
      const isNew = isConstructor && isNamed(link.object) && link.object.root === target.method?.first;
      const atBirth = link.atBirth && (isNew || this.isBirth(holder));
      const bornWith = link.given || (isNew && isNamed(link.value) && link.value.root !== link.object.root);
      this.links.push({ ...link, object, value: meant, file: this.file, node: call, atBirth, given: bornWith });
      if (link.by === 'direct' && !link.alternative)
        this.assigned.push({ key: keyOf(extended(object, link.attribute)), node: call, value: meant });
    }
  }

  /** True for what this function makes: where it is called again by what it calls, it makes others. */
  private makes(path: ObjectPath): boolean {
    return !isNamed(path) && (ancestor(path.root as PyNode, FUNCTION) ?? this.file.syntax.root) === this.body;
  }

  /** A generated constructor sets each field to what it is given. */
  private construct(call: PyNode, callee: PyNode): void {
    const made = classOf(this.file, callee) ?? classOfOwn(this.file, callee);
    const names = made === undefined ? undefined : generatedParameters(made);
    if (names === undefined) return;
    const { positional, keywords } = this.file.argumentsOf(call);
    const object: ObjectPath = { root: call, version: 0, steps: [] };
    for (const [index, attribute] of names.entries()) {
      const argument = keywords.get(attribute) ?? positional[index];
      if (argument === undefined) continue;
      const place = { file: this.file, node: call, object, attribute, atBirth: true, given: true, alternative: false };
      for (const element of elementsOf(unwrap(argument))) {
        const value = this.path(element);
        if (value !== undefined) this.links.push({ ...place, by: 'container', value });
      }
      const value = this.path(argument);
      if (value !== undefined) this.links.push({ ...place, by: 'direct', value });
    }
  }

  /** The object that becomes the called method's `self`. */
  private receiverPath(call: PyNode, callee: PyNode, target: Called): ObjectPath | undefined {
    if (target.class !== undefined) return { root: call, version: 0, steps: [] };
    const object = field(callee, 'object');
    if (object === undefined) return undefined;
    const receiver = receiverOf(this.file, object);
    if (receiver.kind === 'class' && receiver.through === 'super') {
      const first = methodAround(this.file, this.file.scopes.ofNode.get(this.body))?.first;
      return first === undefined ? undefined : { root: first, version: 0, steps: [] };
    }
    return this.path(object);
  }
}

/** True if two parameters are one object here alone: `self.push(self)`. What the function does then hangs on its conditions. */
function isGivenTwice({ object, value }: Link, given: ReadonlyMap<Binding, ObjectPath>): boolean {
  if (!isNamed(object) || !isNamed(value) || object.root === value.root) return false;
  const [one, other] = [given.get(object.root), given.get(value.root)];
  return one !== undefined && other !== undefined && keyOf(one) === keyOf(other);
}

function isPlainParameter({ kind, children }: PyNode): boolean {
  return !/splat/.test(kind) && !/splat/.test(children[0]?.kind ?? '');
}

function substituted(path: ObjectPath, given: ReadonlyMap<Binding, ObjectPath>): ObjectPath | undefined {
  if (!isNamed(path)) return path;
  const base = given.get(path.root);
  if (base === undefined) return undefined;
  return extended(base, ...path.steps.map((step) => step.replace(/#.*/, '')));
}
