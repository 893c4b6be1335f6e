/**
 * Ways round the names: code that reaches a class, or an attribute, without writing it down where it could be seen.
 *
 * Such code rarely means the attribute in question; that it might makes what other checks found out unknown.
 */
import type { Range } from '../core/range.ts';
import { field, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { callsOf } from './calls.ts';
import { type ClassModel, classOf, isInMethod } from './class.ts';
import { findMethod, relatives, subclassesOf } from './class-hierarchy.ts';
import { usesOfClass } from './class-use.ts';
import type { FileModel, Spot } from './file.ts';
import { receiverOf } from './receiver.ts';

/** Functions and modules that look at names, scopes or members at run time. */
const REFLECTIVE =
  /^(?:builtins\.(?:globals|locals|eval|exec|execfile|dir|__import__)|inspect\.\w+|operator\.(?:attrgetter|methodcaller)|importlib\.\w+|pydoc\.\w+|timeit\.\w+)$/;
/** Attributes that lead from one class to others. */
const CLASS_WALKS = ['__subclasses__', '__mro__', 'mro', '__bases__', '__base__'] as const;
const BY_NAME = /^builtins\.(?:getattr|setattr|delattr|hasattr)$/;

/** The first place where the file may reach any attribute of any class unseen. */
export function reflection(file: FileModel): PyNode | undefined {
  const known = cache.get(file);
  if (known !== undefined) return known.node;
  const node = find(file);
  cache.set(file, { node });
  return node;
}

const cache = new WeakMap<FileModel, { readonly node: PyNode | undefined }>();

function find(file: FileModel): PyNode | undefined {
  for (const name of CLASS_WALKS) {
    const walk = file.attributes(name)[0];
    if (walk !== undefined) return walk;
  }
  for (const node of file.attributes('modules')) if (file.qualifiedName(node) === 'sys.modules') return node;
  for (const call of reflectiveCalls(file)) {
    const callee = field(call, 'function');
    const name = callee === undefined ? undefined : file.qualifiedName(callee);
    if (name === undefined) continue;
    if (REFLECTIVE.test(name)) return call;
    const [object, attribute] = BY_NAME.test(name) ? file.argumentsOf(call).positional : [];
    // On an instance the attribute is found as before; on a class it is gone.
    const computed = attribute !== undefined && attribute.kind !== 'string';
    if (object !== undefined && computed && receiverOf(file, object).kind !== 'instance') return call;
  }
  return file.source.text.includes('exec') ? file.nodesOfKind('exec_statement')[0] : undefined;
}

/** Those among which the calls of {@link REFLECTIVE} and {@link BY_NAME} are. */
function reflectiveCalls(file: FileModel): readonly PyNode[] {
  // What is imported from these may be called anything.
  if (/\b(?:inspect|importlib|pydoc|timeit)\b/.test(file.source.text)) return file.calls;
  return file.callsNear(...NAMES);
}

const NAMES =
  'globals locals eval exec execfile dir __import__ attrgetter methodcaller getattr setattr delattr hasattr'.split(' ');

/** Where a string or comment of the file spells the attribute as one of the class: a doctest, code for `eval`, a path to patch. */
export function spelledOut(file: FileModel, model: ClassModel, name: string): Range | undefined {
  const { text } = file.source;
  const member = `.${name}`;
  let owned: RegExp | undefined;
  let seen: ReadonlySet<number> | undefined;
  for (let dot = text.indexOf(member); dot >= 0; dot = text.indexOf(member, dot + 1)) {
    const end = dot + member.length;
    if (/\w/.test(text.charAt(end))) continue;
    seen ??= new Set(file.attributes(name).map((node) => node.end));
    if (seen.has(end)) continue;
    owned ??= new RegExp(`\\b(?:${[model, ...subclassesOf(model)].map((one) => one.name).join('|')})(?:\\(\\))?$`, 'u');
    const owner = owned.exec(text.slice(Math.max(0, dot - LONGEST_OWNER), dot));
    if (owner !== null) return { start: dot - owner[0].length, end };
  }
  return undefined;
}

/** How far what stands before a dot is looked at, in UTF-16 units. */
const LONGEST_OWNER = 200;

const HARMLESS_PARENTS: ReadonlySet<string> = new Set([
  ...[
    'type',
    'generic_type',
    'union_type',
    'type_parameter',
    'raise_statement',
    'comparison_operator',
    'class_pattern',
  ],
  ...['except_clause', 'except_group_clause', 'dotted_name', 'interpolation'],
]);
const HARMLESS_CALLS: ReadonlySet<string> = new Set(
  ['isinstance', 'issubclass', 'super', 'id', 'repr', 'str', 'print'].map((name) => `builtins.${name}`),
);

/**
 * The first place in the file where the class, a subclass, or what may be one of them (`cls`, `type(self)`) goes where its uses can
 * no longer be followed. `known` are expressions of which that is not asked.
 */
export function handedOn(file: FileModel, model: ClassModel, known?: ReadonlySet<PyNode>): PyNode | undefined {
  const leaves = (node: PyNode): boolean => known?.has(node) !== true && escapes(file, node);
  for (const member of [model, ...subclassesOf(model)]) {
    const named = usesOfClass(file, member).find(leaves);
    if (named !== undefined) return named;
    if (member.file !== file || member.scope.parent?.kind !== 'class') continue;
    // `self.Inner`: the nested class, as far as can be known.
    const nested = file.attributes(member.name).find((node) => classOf(file, node) === undefined && leaves(node));
    if (nested !== undefined) return nested;
  }
  const unnamed = [...classParameters(file, model), ...typesOfInstances(file, model)];
  return unnamed.find((node) => leaves(node) || isBase(node)) ?? superObjects(file, model)[0];
}

/** `class Variant(cls)`: a subclass that nobody can name. */
function isBase(node: PyNode): boolean {
  let outer = node.parent;
  while (outer?.kind === 'parenthesized_expression') outer = outer.parent;
  return outer?.kind === 'argument_list' && outer.parent?.kind === 'class_definition';
}

/** `parent = super()`: an object through which the class is read unseen. */
function superObjects(file: FileModel, model: ClassModel): readonly PyNode[] {
  const members = [...relatives(model)].filter((member) => member.file === file);
  return callsOf(file, 'builtins.super').filter(
    (call) => call.field !== 'object' && members.some(({ node }) => within(call, node)),
  );
}

/** The uses of the first parameter of class methods, `__new__` and the like, in the class or a relative. */
function classParameters(file: FileModel, model: ClassModel): readonly PyNode[] {
  const members = [...relatives(model)].filter((member) => member.file === file);
  return members.flatMap((member) =>
    member.methods.flatMap(({ kind, name, first }) => {
      if (first === undefined || (kind !== 'class' && name !== '__new__')) return [];
      return file.usesOf(first).filter((node) => !first.sites.some((site) => site.node === node));
    }),
  );
}

/** `type(x)` and `x.__class__`, where `x` may be an instance of the class. */
function typesOfInstances(file: FileModel, model: ClassModel): readonly PyNode[] {
  const family = relatives(model);
  const found: PyNode[] = [];
  const consider = (node: PyNode, object: PyNode | undefined): void => {
    const receiver = object === undefined ? undefined : receiverOf(file, object);
    if (receiver?.kind === 'unknown' || (receiver?.kind === 'instance' && family.has(receiver.class))) found.push(node);
  };
  for (const node of file.attributes('__class__')) if (node.field !== 'left') consider(node, field(node, 'object'));
  for (const call of callsOf(file, 'builtins.type')) {
    const { positional } = file.argumentsOf(call);
    if (positional.length === 1) consider(call, positional[0]);
  }
  return found;
}

function escapes(file: FileModel, use: PyNode): boolean {
  let node = use;
  for (;;) {
    const parent = node.parent;
    if (parent === undefined || HARMLESS_PARENTS.has(parent.kind)) return false;
    switch (parent.kind) {
      case 'attribute':
        return node.field !== 'object';
      case 'call':
        return node.field !== 'function';
      case 'subscript':
        // `C[int]` is an alias of the class, mostly in annotations.
        if (node.field !== 'value') return true;
        node = parent;
        continue;
      case 'parenthesized_expression':
      case 'tuple':
        // isinstance(x, (A, B)), except (A, B):
        node = parent;
        continue;
      case 'argument_list': {
        const holder = parent.parent;
        if (holder?.kind === 'class_definition') return false;
        const callee = holder?.kind === 'call' ? field(holder, 'function') : undefined;
        const name = callee === undefined ? undefined : file.qualifiedName(callee);
        if (name !== undefined && HARMLESS_CALLS.has(name)) return false;
        // super().__new__(cls), object.__new__(cls)
        return !(callee?.kind === 'attribute' && file.text(callee).endsWith('__new__'));
      }
      default:
        return true;
    }
  }
}

const DESCRIPTOR_METHODS = ['__get__', '__set__', '__delete__', '__set_name__'] as const;

/** An attribute of the class or a relative that holds a descriptor of the project: its methods receive the class (reference 3.3.2.2). */
export function ownDescriptor(model: ClassModel): Spot | undefined {
  for (const { file, scope } of relatives(model)) {
    for (const { sites } of scope.bindings.values()) {
      for (const { value } of sites) {
        const callee = value?.kind === 'call' ? field(value, 'function') : undefined;
        const made = callee === undefined ? undefined : classOf(file, callee);
        if (value === undefined || made === undefined) continue;
        if (DESCRIPTOR_METHODS.some((name) => findMethod(made, name).method !== undefined))
          return { file, node: value };
      }
    }
  }
  return undefined;
}

const KNOWN_METHOD_DECORATORS =
  /^(?:builtins\.(?:property|staticmethod|classmethod)|abc\.abstract\w+|functools\.(?:wraps|lru_cache|cache|cached_property|singledispatchmethod)|typing\.\w+|typing_extensions\.\w+|contextlib\.\w+|asyncio\.coroutine|types\.coroutine|unittest\.\w+|unittest\.mock\.\w+|pytest\.\w+(?:\.\w+)*)$/;

/** A decorator on a method of the class or a relative of which it is not known what it does with the first parameter. */
export function unknownMethodDecorator(model: ClassModel, uses: readonly Spot[]): Spot | undefined {
  for (const member of relatives(model)) {
    const { file } = member;
    for (const method of member.methods) {
      if (!uses.some((use) => isInMethod(use, method))) continue;
      const decorator = method.decorators.find((candidate) => {
        const callee = candidate.kind === 'call' ? (field(candidate, 'function') ?? candidate) : candidate;
        if (/\.(?:setter|getter|deleter)$/.test(file.text(callee))) return false;
        return !KNOWN_METHOD_DECORATORS.test(file.qualifiedName(callee) ?? '');
      });
      if (decorator !== undefined) return { file, node: decorator };
      // `size_of_class = classmethod(size)` in the class body.
      const again = file.names(method.name).find((node) => {
        const binding = file.resolve(node);
        const inBody = binding?.scope === member.scope && !binding.sites.some((site) => site.node === node);
        return inBody && node.parent?.kind !== 'attribute';
      });
      if (again !== undefined) return { file, node: again };
    }
  }
  return undefined;
}

/** Where the file looks at the attributes of an instance all together, so that one more would be seen. */
export function namespaceRead(file: FileModel, model: ClassModel): PyNode | undefined {
  const family = relatives(model);
  const mayBeInstance = (object: PyNode | undefined): boolean => {
    const receiver = object === undefined ? undefined : receiverOf(file, object);
    return receiver?.kind === 'unknown' || (receiver?.kind === 'instance' && family.has(receiver.class));
  };
  const dictionary = file.attributes('__dict__').find((node) => mayBeInstance(field(node, 'object')));
  if (dictionary !== undefined) return dictionary;
  return callsOf(file, /^builtins\.(?:vars|delattr)$/).find((call) =>
    mayBeInstance(file.argumentsOf(call).positional[0]),
  );
}
