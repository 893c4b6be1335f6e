/** The classes of a file, and which class of the project a name means. */
import { callArguments, decorators, field, unwrap, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { isBuiltinException } from './builtins.ts';
import type { Base, ClassModel, Method } from './class-model.ts';
import type { FileModel, Named, Spot } from './file.ts';
import { type Definition, definitionAt, imported, starImported } from './imports.ts';
import { methodsOf } from './method.ts';
import { nameIn } from './name.ts';
import type { Binding, Scope } from './scope.ts';

export * from './class-model.ts';
export { bindsInBody, isAsync, isGenerator } from './method.ts';

/** Bases that add nothing a rule would trip over: no attributes of the program, no hooks, an `__init__` that takes what is left. */
const PLAIN_BASES: ReadonlySet<string> = new Set([
  'builtins.object',
  'abc.ABC',
  'typing.Generic',
  'typing.Protocol',
  'typing_extensions.Generic',
  'typing_extensions.Protocol',
]);

/** True for `object` and the few bases that behave like it. */
export function isPlainBase(base: Base): boolean {
  return base.qualifiedName !== undefined && PLAIN_BASES.has(base.qualifiedName);
}

/** True for a base whose whole behaviour is known: of the project, plain, or a builtin exception. */
export function isKnownBase(base: Base): boolean {
  if (base.class !== undefined || isPlainBase(base)) return true;
  return base.qualifiedName !== undefined && isBuiltinException(base.qualifiedName);
}

interface FileClasses {
  /** All of them, once somebody has asked for all. */
  list: readonly ClassModel[] | undefined;
  /** Those that somebody has asked for, by their statements. */
  readonly ofNode: Map<PyNode, ClassModel>;
}

const cache = new WeakMap<FileModel, FileClasses>();

/** Every class of the file, outer before inner, in the order of the text. */
export function classesOf(file: FileModel): readonly ClassModel[] {
  const classes = fileClasses(file);
  classes.list ??= file.classScopes.map(([node, scope]) => classAtNode(file, node, scope));
  return classes.list;
}

function fileClasses(file: FileModel): FileClasses {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const classes = { list: undefined, ofNode: new Map<PyNode, ClassModel>() };
  cache.set(file, classes);
  return classes;
}

/** The class of one statement; of the others nothing has to be read for it. */
function classAtNode(file: FileModel, node: PyNode, scope: Scope): ClassModel {
  const { ofNode } = fileClasses(file);
  const known = ofNode.get(node);
  if (known !== undefined) return known;
  const model = new ClassOfFile(file, node, scope);
  ofNode.set(node, model);
  return model;
}

class ClassOfFile implements ClassModel {
  readonly file: FileModel;
  readonly node: PyNode;
  readonly name: string;
  readonly qualifiedName: string;
  readonly scope: Scope;
  readonly binding: Binding | undefined;
  readonly keywords: ReadonlyMap<string, PyNode>;
  readonly spread: boolean;
  readonly decorators: readonly PyNode[];
  private methodList: readonly Method[] | undefined;
  private baseList: readonly Base[] | undefined;
  private readonly baseNodes: readonly PyNode[];

  constructor(file: FileModel, node: PyNode, scope: Scope) {
    this.file = file;
    this.node = node;
    this.scope = scope;
    const name = field(node, 'name');
    this.name = name === undefined ? '' : file.identifier(name);
    this.qualifiedName = qualifiedNameIn(file, scope.parent, this.name);
    this.binding = name === undefined ? undefined : file.resolve(name);
    const bases = callArguments(field(node, 'superclasses'), file.source.text);
    this.baseNodes = bases.positional;
    this.keywords = bases.keywords;
    this.spread = bases.spread;
    this.decorators = decorators(node);
  }

  get bases(): readonly Base[] {
    this.baseList ??= this.baseNodes.map((node) => new BaseOfClass(this.file, node));
    return this.baseList;
  }

  get methods(): readonly Method[] {
    this.methodList ??= methodsOf(this);
    return this.methodList;
  }
}

/** Looked up when asked for: the class may stand in another file. */
class BaseOfClass implements Base {
  readonly node: PyNode;
  private readonly file: FileModel;
  readonly named: PyNode;
  private found: { readonly class: ClassModel | undefined } | undefined;

  constructor(file: FileModel, node: PyNode) {
    this.file = file;
    this.node = node;
    const target = unwrap(node);
    this.named = target.kind === 'subscript' ? (field(target, 'value') ?? target) : target;
  }

  get class(): ClassModel | undefined {
    this.found ??= { class: classOf(this.file, this.named) };
    return this.found.class;
  }

  get qualifiedName(): string | undefined {
    return this.file.qualifiedName(this.named);
  }

  get simpleName(): string {
    const last = this.named.kind === 'attribute' ? (field(this.named, 'attribute') ?? this.named) : this.named;
    return this.file.identifier(last);
  }
}

/** The class of the project that an expression names, if the name can mean nothing else. */
export function classOf(file: FileModel, expression: PyNode): ClassModel | undefined {
  const node = unwrap(expression);
  const names: string[] = [];
  let root = node;
  while (root.kind === 'attribute') {
    const name = field(root, 'attribute');
    const object = field(root, 'object');
    if (name === undefined || object === undefined) return undefined;
    names.unshift(file.identifier(name));
    root = unwrap(object);
  }
  if (root.kind !== 'identifier') return undefined;
  const binding = file.resolve(root);
  const isImported = binding === undefined || binding.sites.some(({ kind }) => kind === 'import');
  // Asked of every `os.path` and `np.array`: a module is read only if it may have a class of that name.
  if (isImported && !file.surroundings.mayBeClass(names.at(-1) ?? file.text(root))) return undefined;
  if (binding === undefined) {
    const definition = starImported(root, file);
    return definition === undefined ? undefined : classOfDefinition({ ...definition, members: names });
  }
  const definition = isImported ? imported(file, binding, names) : { file, binding, members: names };
  return definition === undefined ? undefined : classOfDefinition(definition);
}

/** The class of the project that a qualified name means, as seen from `file`. */
export function classAt(qualifiedName: string, file: FileModel): ClassModel | undefined {
  const definition = definitionAt(qualifiedName, file);
  return definition === undefined ? undefined : classOfDefinition(definition);
}

function classOfDefinition({ file, binding, members }: Definition): ClassModel | undefined {
  return innerClass(classOfBinding(file, binding), members);
}

function innerClass(outer: ClassModel | undefined, names: readonly string[]): ClassModel | undefined {
  let current = outer;
  for (const name of names) {
    const binding = current?.scope.bindings.get(name);
    current = current === undefined || binding === undefined ? undefined : classOfBinding(current.file, binding);
  }
  return current;
}

function classOfBinding(file: FileModel, binding: Binding): ClassModel | undefined {
  const site = binding.sites[0];
  if (binding.sites.length !== 1 || site?.kind !== 'class') return undefined;
  const scope = file.scopes.ofNode.get(site.operation);
  return scope?.kind === 'class' ? classAtNode(file, site.operation, scope) : undefined;
}

/** The class whose body directly holds the scope's definition. */
export function classOfScope(file: FileModel, scope: Scope | undefined): ClassModel | undefined {
  return scope?.kind === 'class' ? classAtNode(file, scope.node, scope) : undefined;
}

/** The method whose own block `scope` is, or is nested in (lambda, comprehension, inner function). */
export function methodAround(file: FileModel, scope: Scope | undefined): Method | undefined {
  let current = scope;
  while (current !== undefined) {
    if (current.kind === 'function') {
      const holder = classOfScope(file, outsideTypeParameters(current.parent));
      if (holder !== undefined) return holder.methods.find((method) => method.scope === current);
    } else if (current.kind === 'class') {
      return undefined;
    }
    current = current.parent;
  }
  return undefined;
}

function outsideTypeParameters(scope: Scope | undefined): Scope | undefined {
  return scope?.kind === 'type-parameters' ? scope.parent : scope;
}

function qualifiedNameIn(file: FileModel, scope: Scope | undefined, name: string): string {
  const parts = [name];
  let inner = name;
  for (let current = scope; current !== undefined; current = current.parent) {
    if (current.kind !== 'class' && current.kind !== 'function') continue;
    // What is declared global is named as if it stood in the module.
    if (current.globals.has(nameIn(current, inner))) break;
    if (current.kind === 'function') parts.unshift('<locals>');
    const outer = field(current.node, 'name');
    inner = outer === undefined ? '' : file.identifier(outer);
    parts.unshift(inner);
  }
  return parts.join('.');
}

/** The class as other files may know it. */
export function asNamed({ file, name, qualifiedName }: ClassModel): Named {
  const names = file.surroundings.aliases(name);
  const [outermost = name] = qualifiedName.split('.');
  return outermost === name ? { file, names } : { file, names, around: file.surroundings.aliases(outermost) };
}

/** True if other files can name the class: nothing outside a function sees what is defined in it. */
export function isImportable(model: ClassModel): boolean {
  // `global C` in the function makes it one of the module.
  if (model.binding?.scope.kind === 'module') return true;
  let scope = model.scope.parent;
  while (scope !== undefined && scope.kind !== 'function') scope = scope.parent;
  return scope === undefined;
}

/** True if the node stands in the method's definition. */
export function isInMethod({ file, node }: Spot, method: Method): boolean {
  return file === method.class.file && within(node, method.node);
}

/** An attribute name as Python stores it: private names are mangled with the class they are written in (reference 6.2.1). */
export function mangled(name: string, model: ClassModel | undefined): string {
  if (model === undefined || !name.startsWith('__') || name.endsWith('__')) return name;
  const stripped = model.name.replace(/^_+/, '');
  return stripped === '' ? name : `_${stripped}${name}`;
}

/** The class whose name mangles private names written at `scope`: the nearest class around it. */
export function manglingClass(file: FileModel, scope: Scope | undefined): ClassModel | undefined {
  let current = scope;
  while (current !== undefined && current.kind !== 'class') current = current.parent;
  return classOfScope(file, current);
}
