/**
 * Of which class of the project an object is, told by what the code does: what is assigned to a name or attribute, which arguments a
 * parameter is given, and what annotations say. None of it is proof: an object of another class may come from code that nobody sees.
 */
import { descend, field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, classesOf, classOf, methodAround } from './class.ts';
import { resolutionOrder } from './class-hierarchy.ts';
import { usesOfClass } from './class-use.ts';
import { type FileModel, fileOf } from './file.ts';
import { bodiesRead, type Link, writtenLinks } from './link.ts';
import { ELEMENT, isNamed, type ObjectPath, pathOf } from './object-path.ts';
import { methodOfFirstParameter, receiverOf } from './receiver.ts';
import { type Binding, parameterNames, parametersOf } from './scope.ts';

export interface ObjectType {
  /** The classes it may be of; empty where nothing tells. */
  readonly classes: ReadonlySet<ClassModel>;
  /** False where some value of it could not be told. */
  readonly complete: boolean;
}

const NOTHING: ObjectType = { classes: new Set(), complete: true };
const UNKNOWN: ObjectType = { classes: new Set(), complete: false };

const MAX_STEPS = 1_000;

/** Asks about several paths of the same files; what is being asked already adds nothing. */
export class TypeQuery {
  private readonly files: readonly FileModel[];
  private readonly active = new Set<object | string>();
  private readonly known = new Map<string, ObjectType>();
  /** How many steps the question that is being asked may still take: what leads through all of a program tells little. */
  private fuel = 0;
  private depth = 0;

  /** `files`: where calls and assignments are looked for. */
  constructor(files: readonly FileModel[]) {
    this.files = files;
  }

  /** The class of the object that an expression yields. */
  ofExpression(file: FileModel, expression: PyNode): ObjectType {
    const node = unwrap(expression);
    if (/^(?:none|integer|float|string|concatenated_string|true|false)$/.test(node.kind)) return NOTHING;
    if (node.kind === 'conditional_expression')
      return union([node.children[0], node.children[2]].map((one) => this.maybe(file, one)));
    if (node.kind === 'boolean_operator')
      return union(
        node.children.filter((child) => child.field !== 'operator').map((one) => this.ofExpression(file, one)),
      );
    const path = pathOf(file, node);
    return path === undefined ? UNKNOWN : this.ofPath(path);
  }

  private maybe(file: FileModel, node: PyNode | undefined): ObjectType {
    return node === undefined ? NOTHING : this.ofExpression(file, node);
  }

  /** The class of what a path leads to. */
  ofPath(path: ObjectPath): ObjectType {
    if (this.depth === 0) this.fuel = MAX_STEPS;
    if (this.fuel-- <= 0) return UNKNOWN;
    this.depth += 1;
    const type = this.followed(path);
    this.depth -= 1;
    return type;
  }

  private followed({ root, steps }: ObjectPath): ObjectType {
    let type = isNamed({ root, version: 0, steps }) ? this.ofBinding(root as Binding) : this.ofCall(root as PyNode);
    for (let index = 0; index < steps.length; index++) {
      const step = (steps[index] ?? '').replace(/#.*/, '');
      if (step === ELEMENT) return UNKNOWN;
      // `None`, or what is being asked already: it adds nothing.
      if (type.classes.size === 0) return type.complete ? NOTHING : UNKNOWN;
      const isContainer = steps[index + 1] === ELEMENT;
      const next = union([...type.classes].map((model) => this.ofAttribute(model, step, isContainer)));
      type = { classes: next.classes, complete: next.complete && type.complete };
      if (isContainer) index += 1;
    }
    return type;
  }

  private ofCall(call: PyNode): ObjectType {
    const file = fileOf(call);
    const callee = field(call, 'function');
    if (callee === undefined) return UNKNOWN;
    const receiver = receiverOf(file, callee);
    const model = classOf(file, callee) ?? (receiver.kind === 'class' ? receiver.class : undefined);
    return model === undefined ? UNKNOWN : { classes: new Set([model]), complete: true };
  }

  private ofBinding(binding: Binding): ObjectType {
    if (this.active.has(binding)) return NOTHING;
    const file = fileOf(binding.scope.node);
    const method = methodOfFirstParameter(file, binding);
    if (method !== undefined)
      return method.kind === 'instance' ? { classes: new Set([method.class]), complete: true } : UNKNOWN;
    this.active.add(binding);
    const types = binding.sites.map((site) => {
      if (site.kind === 'parameter') return this.ofParameter(file, site.operation, binding);
      if (site.kind === 'delete') return NOTHING;
      if (site.kind === 'for') return this.ofLoop(file, site.operation, site.node);
      return site.value === undefined ? UNKNOWN : this.ofExpression(file, site.value);
    });
    this.active.delete(binding);
    return union(types);
  }

  private ofLoop(file: FileModel, loop: PyNode, name: PyNode): ObjectType {
    const right = field(loop, 'right');
    const path = right === undefined || field(loop, 'left') !== name ? undefined : pathOf(file, right);
    return path === undefined ? UNKNOWN : this.ofPath({ ...path, steps: [...path.steps, ELEMENT] });
  }

  private ofParameter(file: FileModel, parameter: PyNode, binding: Binding): ObjectType {
    const annotated = classInAnnotation(file, field(parameter, 'type'));
    if (annotated !== undefined) return { classes: new Set([annotated]), complete: true };
    const definition = binding.scope.node;
    const index = parametersOf(definition)
      .flatMap((one) => (/splat/.test(one.kind) ? [] : parameterNames(one)))
      .findIndex((node) => file.identifier(node) === binding.name);
    const arguments_ = index < 0 ? [] : this.argumentsFor(file, definition, index, binding.name);
    if (arguments_.length === 0) return UNKNOWN;
    return union(arguments_.map((one) => this.ofExpression(one.file, one.node)));
  }

  /** What calls of the function give a parameter. */
  private argumentsFor(
    file: FileModel,
    definition: PyNode,
    index: number,
    name: string,
  ): readonly { readonly file: FileModel; readonly node: PyNode }[] {
    const scope = file.scopes.ofNode.get(definition);
    const method = methodAround(file, scope);
    const own = method !== undefined && method.scope === scope ? method : undefined;
    const found: { file: FileModel; node: PyNode }[] = [];
    for (const other of this.files) {
      const callees: readonly PyNode[] =
        own?.name === '__init__'
          ? this.derived(own.class).flatMap((member) => usesOfClass(other, member))
          : own !== undefined
            ? other.attributes(own.name)
            : other.names(file.text(field(definition, 'name') ?? definition));
      for (const callee of callees) {
        const call = callee.parent;
        if (call?.kind !== 'call' || callee.field !== 'function') continue;
        const { positional, keywords } = other.argumentsOf(call);
        const node = keywords.get(name) ?? positional[own === undefined ? index : index - 1];
        if (node !== undefined) found.push({ file: other, node });
      }
    }
    return found;
  }

  /** The class of an attribute's values; of the elements where it is a container. */
  ofAttribute(model: ClassModel, name: string, isContainer: boolean): ObjectType {
    const key = `${model.file.source.path} ${model.node.start} ${name} ${isContainer}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.active.has(key)) return NOTHING;
    this.active.add(key);
    const bases = resolutionOrder(model).classes;
    const types: ObjectType[] = [];
    for (const member of bases) {
      for (const { operation } of member.scope.bindings.get(name)?.sites ?? []) {
        const annotated = classInAnnotation(member.file, field(operation, 'type'));
        if (annotated !== undefined) types.push({ classes: new Set([annotated]), complete: true });
      }
    }
    for (const file of new Set([...this.files, ...bases.map((member) => member.file)])) {
      for (const link of linksTo(file, name)) {
        if ((link.by === 'container') !== isContainer || !this.isOf(link.object, model)) continue;
        types.push(this.ofPath(link.value));
      }
    }
    this.active.delete(key);
    const type = types.length === 0 ? UNKNOWN : union(types);
    if (this.active.size === 0) this.known.set(key, type);
    return type;
  }

  /** The class and those of the files that inherit from it: to look for all would take the whole project. */
  private derived(model: ClassModel): readonly ClassModel[] {
    const classes = new Set([model.file, ...this.files].flatMap((file) => classesOf(file)));
    return [...classes].filter((one) => one === model || resolutionOrder(one).classes.includes(model));
  }

  /** True if the path starts at an instance of the class, of one that it inherits from or that inherits from it. */
  private isOf(path: ObjectPath, model: ClassModel): boolean {
    if (path.steps.length > 0) return false;
    return [...this.ofPath(path).classes].some(
      (one) => resolutionOrder(one).classes.includes(model) || resolutionOrder(model).classes.includes(one),
    );
  }
}

const byAttribute = new WeakMap<FileModel, Map<string, readonly Link[]>>();

/** The links of a file that something is held by under the name; what a parameter is given is asked of who calls. */
function linksTo(file: FileModel, attribute: string): readonly Link[] {
  const index = byAttribute.get(file) ?? new Map<string, readonly Link[]>();
  byAttribute.set(file, index);
  const known = index.get(attribute);
  if (known !== undefined) return known;
  // What a body writes, it names.
  file.scopesNear(attribute);
  const bodies = bodiesRead(file).filter((body) => file.text(body).includes(attribute));
  const links = bodies.flatMap((body) => writtenLinks(file, body)).filter((link) => link.attribute === attribute);
  index.set(attribute, links);
  return links;
}

function union(types: readonly ObjectType[]): ObjectType {
  return {
    classes: new Set(types.flatMap((type) => [...type.classes])),
    complete: types.every((type) => type.complete),
  };
}

/** True for `type[Node]`, `Type[Node]`: what is annotated is the class itself (PEP 484, typing documentation "The type of class objects"). */
export function isTypeOf(file: FileModel, annotation: PyNode): boolean {
  return /^["']?(?:typing\.|t\.)?[Tt]ype\s*\[/.test(file.text(annotation));
}

/** `Node`, `Optional[Node]`, `'Node'`, `list[Node]`, `Node | None`: the only class of the project that an annotation names. */
export function classInAnnotation(file: FileModel, annotation: PyNode | undefined): ClassModel | undefined {
  if (annotation === undefined || isTypeOf(file, annotation)) return undefined;
  const found = new Set<ClassModel>();
  for (const node of descend(annotation)) {
    if (node.kind === 'identifier' || node.kind === 'attribute') {
      const model = classOf(file, node);
      if (model !== undefined) found.add(model);
    } else if (node.kind === 'string') {
      for (const [word] of file.text(node).matchAll(/[\w\u0080-\uffff]+/g)) {
        const model = classesOf(file).find((one) => one.name === word);
        if (model !== undefined) found.add(model);
      }
    }
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
