/** Everything in the project that reads, binds or changes an attribute of a class, through whatever receiver. */
import { once } from '../core/once.ts';
import { field, stringValue } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { filesNaming, filesSaying, mayBeNamed } from './attribute-files.ts';
import { callsOf } from './calls.ts';
import { type ClassModel, classAt, mangled, manglingClass } from './class.ts';
import { inheritors, type NamedAttribute } from './class-attribute.ts';
import { resolutionOrder } from './class-hierarchy.ts';
import { concerns } from './class-use.ts';
import type { FileModel } from './file.ts';
import { type Receiver, receiverOf } from './receiver.ts';

export interface AttributeAccess {
  readonly file: FileModel;
  /** The `<object>.name` expression, or the bare name in the class body, or the call that names it in a string. */
  readonly node: PyNode;
  readonly receiver: Receiver;
}

/** Where an attribute of a class is used in the project: its own file first, then the others by their paths. */
export interface AttributeAccesses {
  /** Through an instance of the class or a relative of it. */
  readonly instance: readonly AttributeAccess[];
  /** Those at class level in files that say both the attribute and the class, or a relative: what names the two in code is among them. */
  readonly byName: readonly AttributeAccess[];
  /** Through the class or a subclass, by name, `cls`, `type(self)`, `super()`; bare in the class body; by string. */
  readonly classLevel: readonly AttributeAccess[];
  /** Through some class that cannot be known. */
  readonly someClass: readonly AttributeAccess[];
  /** Through an object whose class cannot be known. */
  readonly unknown: readonly AttributeAccess[];
}

/** Looks through the project for one attribute: for each kind of use when that is asked for, as it takes more files to tell. */
export function accessesOf(attribute: NamedAttribute): AttributeAccesses {
  const { name } = attribute;
  const search = new AccessSearch(attribute);
  const instance = once(() => filesWithMember(attribute, name).flatMap((file) => search.named(file).instance));
  const byName = once(() => filesNaming(attribute, name, () => true).flatMap((file) => search.all(file).classLevel));
  const all = once(() => filesSaying(attribute, search.words).map((file) => search.all(file)));
  return {
    get instance() {
      return instance();
    },
    get byName() {
      return byName();
    },
    get classLevel() {
      return all().flatMap(({ classLevel }) => classLevel);
    },
    get someClass() {
      return all().flatMap(({ someClass }) => someClass);
    },
    get unknown() {
      return all().flatMap(({ unknown }) => unknown);
    },
  };
}

/** The files that may use something of that name of instances which are known to be of the class, or related to it. */
export function filesWithMember(attribute: NamedAttribute, name: string): readonly FileModel[] {
  return filesNaming(attribute, `.${name}`, (file) => file.attributes(name).length > 0);
}

/** What gets at attributes by strings, or at all of them. */
const REFLECTIVE_WORDS = ['getattr', 'setattr', 'hasattr', 'delattr', 'vars', '.__dict__', '.object', '.delattr'];

type Found = Record<'instance' | 'classLevel' | 'someClass' | 'unknown', AttributeAccess[]>;

/** Looks through one file after the other. */
class AccessSearch {
  private readonly attribute: NamedAttribute;
  /** The name as it is stored. */
  private readonly key: string;
  private readonly heirs: readonly ClassModel[];
  private readonly related: ReadonlySet<ClassModel>;
  /** A file with an access has one of them; see {@link filesSaying}. */
  readonly words: readonly string[];

  constructor(attribute: NamedAttribute) {
    const { class: model, name } = attribute;
    this.attribute = attribute;
    this.key = mangled(name, model);
    this.heirs = inheritors(model, name);
    this.related = new Set(this.heirs.flatMap((heir) => resolutionOrder(heir).classes));
    this.words = [`.${name}`, `.${this.key}`, ...REFLECTIVE_WORDS];
  }

  /** What names the attribute, in the order of the text. */
  named(file: FileModel): Found {
    const { attribute, heirs, related, key } = this;
    const { class: model, name, binding } = attribute;
    const found: Found = { instance: [], classLevel: [], someClass: [], unknown: [] };
    for (const node of file.attributes(name)) {
      const object = field(node, 'object');
      if (
        object === undefined ||
        (name.startsWith('__') && mangled(name, manglingClass(file, file.scopeAround(object))) !== key)
      )
        continue;
      const receiver = receiverOf(file, object);
      const access = { file, node, receiver };
      switch (receiver.kind) {
        case 'instance':
          if (related.has(receiver.class)) found.instance.push(access);
          break;
        case 'class':
          if (reaches(receiver, heirs, related)) found.classLevel.push(access);
          break;
        case 'some-class':
          found.someClass.push(access);
          break;
        default:
          (mayBeNamed(file, object, heirs) ? found.someClass : found.unknown).push(access);
      }
    }
    // `_A__x` is the private name as it is stored.
    if (key !== name)
      for (const node of file.attributes(key)) found.someClass.push({ file, node, receiver: { kind: 'some-class' } });
    if (file === model.file && binding !== undefined) {
      for (const node of file.names(name)) {
        if (file.resolve(node) !== binding || binding.sites.some((site) => site.node === node)) continue;
        found.classLevel.push({ file, node, receiver: { kind: 'class', class: model, through: 'name' } });
      }
    }
    return found;
  }

  /** What may reach it by strings too. */
  all(file: FileModel): Found {
    const { attribute, heirs, related } = this;
    const { class: model, name } = attribute;
    const found = this.named(file);
    const reflections = reflective(file, name);
    for (const access of [
      ...(reflections.length > 0 && concerns(file, model) ? reflections : []),
      ...patches(file, name, heirs),
    ]) {
      if (access.receiver.kind === 'class' && reaches(access.receiver, heirs, related)) found.classLevel.push(access);
      else if (access.receiver.kind === 'some-class') found.someClass.push(access);
    }
    return found;
  }
}

function reaches(
  receiver: Extract<Receiver, { kind: 'class' }>,
  heirs: readonly ClassModel[],
  related: ReadonlySet<ClassModel>,
): boolean {
  if (receiver.through === 'name' || receiver.through === 'super') {
    // `Sub.x` finds it by inheritance; `Base.x` is another attribute.
    return heirs.includes(receiver.class);
  }
  // `cls` and `type(self)` in a base class may be any heir.
  return related.has(receiver.class);
}

const REFLECTION: ReadonlySet<string> = new Set(
  ['getattr', 'setattr', 'hasattr', 'delattr'].map((name) => `builtins.${name}`),
);

/** `patch("pkg.C.x")`, also in a file that has nothing else to do with the class. */
function patches(file: FileModel, name: string, heirs: readonly ClassModel[]): readonly AttributeAccess[] {
  return reflectiveCalls(file).patches.flatMap((node): readonly AttributeAccess[] => {
    const [target] = file.argumentsOf(node).positional;
    const model =
      target === undefined ? undefined : patchedClass(file, stringValue(target, file.source.text), name, heirs);
    return model === undefined ? [] : [{ file, node, receiver: { kind: 'class', class: model, through: 'name' } }];
  });
}

/** `getattr(C, "x")`, `vars(C)`, `C.__dict__` and `patch.object(C, "x")`. */
function reflective(file: FileModel, name: string): readonly AttributeAccess[] {
  const found: AttributeAccess[] = [];
  for (const { node, object, named } of reflectiveCalls(file).byName) {
    const names = named === undefined ? 'no' : namesAttribute(file, named, name);
    if (names === 'no') continue;
    const receiver = receiverOf(file, object);
    if (names === 'yes') found.push({ file, node, receiver });
    else if (receiver.kind === 'class') found.push({ file, node, receiver: { kind: 'some-class' } });
  }
  for (const node of callsOf(file, 'builtins.vars')) {
    const [object] = file.argumentsOf(node).positional;
    if (object !== undefined) found.push({ file, node, receiver: receiverOf(file, object) });
  }
  for (const node of file.attributes('__dict__')) {
    const object = field(node, 'object');
    if (object !== undefined) found.push({ file, node, receiver: receiverOf(file, object) });
  }
  return found;
}

interface ReflectiveCalls {
  /** Calls of what is called `patch`. */
  readonly patches: readonly PyNode[];
  /** Calls that take an object and an expression for the name of an attribute. */
  readonly byName: readonly { readonly node: PyNode; readonly object: PyNode; readonly named: PyNode | undefined }[];
}

const reflectiveIn = new WeakMap<FileModel, ReflectiveCalls>();

/** The calls of a file that may reach an attribute of whatever class by a string. */
function reflectiveCalls(file: FileModel): ReflectiveCalls {
  const known = reflectiveIn.get(file);
  if (known !== undefined) return known;
  const found = { patches: [] as PyNode[], byName: [] as ReflectiveCalls['byName'][number][] };
  for (const node of file.callsNear('getattr', 'setattr', 'hasattr', 'delattr', 'patch')) {
    const callee = field(node, 'function');
    if (callee === undefined) continue;
    const text = file.text(callee);
    if (/\bpatch$/.test(text)) found.patches.push(node);
    const isByName =
      REFLECTION.has(file.qualifiedName(callee) ?? '') || /\bpatch\.object$|^monkeypatch\.(?:set|del)attr$/.test(text);
    const [object, named] = isByName ? file.argumentsOf(node).positional : [];
    if (object !== undefined) found.byName.push({ node, object, named });
  }
  reflectiveIn.set(file, found);
  return found;
}

/** `patch("shop.cart.Basket.lines")`: the class whose attribute is replaced, by its path or, where that leads nowhere, by its name. */
function patchedClass(
  file: FileModel,
  target: string | undefined,
  name: string,
  heirs: readonly ClassModel[],
): ClassModel | undefined {
  if (target?.endsWith(`.${name}`) !== true) return undefined;
  const owner = target.slice(0, -name.length - 1);
  const named = owner.slice(owner.lastIndexOf('.') + 1);
  return classAt(owner, file) ?? heirs.find((heir) => heir.name === named);
}

/** Whether the expression that names an attribute in a reflective call can be this name: `'do_' + x` never gives `lines`. */
function namesAttribute(file: FileModel, expression: PyNode, name: string): 'yes' | 'no' | 'maybe' {
  const literal = stringValue(expression, file.source.text);
  if (literal !== undefined) return literal === name ? 'yes' : 'no';
  const left = expression.kind === 'binary_operator' ? field(expression, 'left') : undefined;
  const prefix = left === undefined ? undefined : stringValue(left, file.source.text);
  return prefix === undefined || name.startsWith(prefix) ? 'maybe' : 'no';
}
