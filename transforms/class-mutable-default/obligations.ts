/** What has to hold before the value may move into `__init__`, each looked up in the model. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import {
  type ClassModel,
  findMethod,
  isKnownBase,
  type Method,
  resolutionOrder,
  subclassesOf,
} from '../../src/model/class.ts';
import { escapesOf, inheritors } from '../../src/model/class-attribute.ts';
import { constructorOf } from '../../src/model/class-kind.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { initialiser, type Unwritable } from '../../src/plan/move-to-init.ts';
import { place } from '../../src/plan/place.ts';
import { callArguments, descend, field, statements } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { type Match, missingSelf } from './index.ts';
import { initialiserRepeatable } from './initialiser.ts';

/** The obligations that other files can break. */
export const QUESTIONED: readonly string[] = [
  'no-class-level-access',
  'not-changed-through-class',
  'no-subclass-binding',
  'init-runs',
];

/** Every obligation with its outcome, or why the rewrite would crash. */
export function obligations(match: Match): { readonly obligations: readonly Obligation[] } | Unwritable {
  const { attribute, changes } = match;
  const crash = wouldCrash(attribute.class, attribute.name);
  if (crash !== undefined) return { unwritable: crash };
  const undeclared = missingSelf(changes, attribute);
  const checked = [
    noClassLevelAccess(match),
    notChangedThroughClass(match),
    noSubclassBinding(match),
    initRuns(match),
    instancesByCall(match),
    noAttributeHooks(match),
    initialiserRepeatable(attribute),
    notSharedOnPurpose(match),
  ];
  if (undeclared !== undefined) {
    const detail = `\`${undeclared}\` does not take \`self\`, so it cannot be called on an instance`;
    checked.push({ id: 'method-callable', holds: false, detail });
  }
  return { obligations: checked };
}

/** `__slots__` without the name, a frozen or slotted generated class: setting the attribute would raise. */
function wouldCrash(model: ClassModel, name: string): string | undefined {
  const constructor = constructorOf(model);
  if (constructor.kind === 'generated' && constructor.fixed)
    return `instances of this ${constructor.by} class cannot get new attributes`;
  const order = resolutionOrder(model);
  const slotted = (holder: ClassModel): boolean => holder.scope.bindings.has('__slots__');
  if (!slotted(model) || !order.complete || !order.classes.every(slotted)) return undefined;
  const text = order.classes.map((holder) => {
    const site = holder.scope.bindings.get('__slots__')?.sites[0];
    return site?.value === undefined ? '' : holder.file.text(site.value);
  });
  return text.some((slots) => /__dict__/.test(slots) || slots.includes(`'${name}'`))
    ? undefined
    : '`__slots__` leaves no room for an instance attribute';
}

function noClassLevelAccess({ attribute, accesses }: Match): Obligation {
  const id = 'no-class-level-access';
  const model = attribute.class;
  const { file } = model;
  const read = accesses.classLevel[0];
  if (read !== undefined) {
    return {
      id,
      holds: false,
      detail: `\`${excerpt(file, read.node)}\` reads it from the class`,
      where: place(file, read.node),
    };
  }
  const some = accesses.someClass[0];
  if (some !== undefined) {
    return {
      id,
      holds: 'unknown',
      detail: `\`${excerpt(file, some.node)}\` may read it from this class`,
      where: place(file, some.node),
    };
  }
  for (const member of [model, ...subclassesOf(model)]) {
    const decorator = member.decorators.find((candidate) => !isHarmlessDecorator(file, candidate));
    if (decorator !== undefined) {
      return {
        id,
        holds: 'unknown',
        detail: `\`@${excerpt(file, decorator)}\` gets the class; what it does with it is not known`,
        where: place(file, decorator),
      };
    }
    const escape = escapesOf(member)[0];
    if (escape !== undefined) {
      return {
        id,
        holds: 'unknown',
        detail: `\`${member.name}\` is handed on here, and may be read from there`,
        where: place(file, escape),
      };
    }
    if (member.binding !== undefined && member.binding.sites.length > 1) {
      return {
        id,
        holds: 'unknown',
        detail: `\`${member.name}\` is bound more than once in this file`,
        where: place(file, member.node),
      };
    }
  }
  return { id, holds: true, detail: 'nothing here reads it from the class' };
}

const HARMLESS_DECORATORS =
  /^(?:functools\.total_ordering|(?:typing|typing_extensions)\.(?:final|runtime_checkable)|dataclasses\.dataclass|attrs?\.\w+|six\.\w+)$/;

function isHarmlessDecorator(file: FileModel, decorator: PyNode): boolean {
  const callee = decorator.kind === 'call' ? (field(decorator, 'function') ?? decorator) : decorator;
  return HARMLESS_DECORATORS.test(file.qualifiedName(callee) ?? '');
}

function notChangedThroughClass({ attribute, accesses, container }: Match): Obligation {
  const id = 'not-changed-through-class';
  const { file } = attribute.class;
  for (const { node } of accesses.classLevel) {
    const reflective = node.kind === 'call' && /setattr|delattr|patch/.test(file.text(field(node, 'function') ?? node));
    const uses = usesOfValue(file, node, container);
    if (!reflective && !uses.some((use) => ['change', 'bind', 'delete'].includes(use.kind))) continue;
    return {
      id,
      holds: false,
      detail: `\`${excerpt(file, node)}\` changes it through the class`,
      where: place(file, node),
    };
  }
  return { id, holds: true, detail: 'nothing here changes it through the class' };
}

function noSubclassBinding({ attribute }: Match): Obligation {
  const id = 'no-subclass-binding';
  const { class: model, name } = attribute;
  for (const heir of subclassesOf(model)) {
    const site = heir.scope.bindings.get(name)?.sites[0];
    if (site === undefined) continue;
    const detail = `\`${heir.name}\` binds it in its own body, which \`__init__\` would cover`;
    return { id, holds: false, detail, where: place(model.file, site.node) };
  }
  return { id, holds: true, detail: 'no subclass here binds it in its body' };
}

/** The `__init__` that really runs, for the class and every subclass, has to reach the one that gets the value. */
function initRuns({ attribute }: Match): Obligation {
  const id = 'init-runs';
  const model = attribute.class;
  const { file } = model;
  const unknown = unknownAncestor(model);
  if (unknown !== undefined) {
    return {
      id,
      holds: 'unknown',
      detail: `\`${excerpt(file, unknown)}\` is not known, nor whether it calls \`__init__\``,
      where: place(file, unknown),
    };
  }
  const { name } = initialiser(model);
  for (const heir of inheritors(model, attribute.name)) {
    if (heir === model) continue;
    const unresolved = unknownAncestor(heir);
    if (unresolved !== undefined) {
      return {
        id,
        holds: 'unknown',
        detail: `\`${heir.name}\` also inherits from \`${excerpt(file, unresolved)}\`, which is not known`,
        where: place(file, unresolved),
      };
    }
    const broken = brokenLink(heir, model, attribute.name, name);
    if (broken !== undefined) return { id, holds: false, detail: broken.detail, where: place(file, broken.node) };
  }
  return { id, holds: true, detail: 'every class here that inherits it runs this `__init__` first' };
}

/** The base, metaclass or unpacked base list that keeps the MRO from being known. */
function unknownAncestor(model: ClassModel): PyNode | undefined {
  for (const holder of resolutionOrder(model).classes) {
    const base = holder.bases.find((candidate) => !isKnownBase(candidate));
    if (base !== undefined) return base.node;
    const metaclass = holder.keywords.get('metaclass');
    if (
      metaclass !== undefined &&
      !/^(?:abc\.ABCMeta|builtins\.type)$/.test(holder.file.qualifiedName(metaclass) ?? '')
    )
      return metaclass;
    if (holder.spread) return holder.node;
    // Python 2 names the metaclass in the body.
    const site = holder.scope.bindings.get('__metaclass__')?.sites[0];
    if (site !== undefined) return site.node;
  }
  return resolutionOrder(model).complete ? undefined : model.node;
}

/** The first `__init__` on the way from `heir` to `model` that does not pass the call on before the attribute is used. */
function brokenLink(
  heir: ClassModel,
  model: ClassModel,
  attribute: string,
  name: string,
): { node: PyNode; detail: string } | undefined {
  const order = resolutionOrder(heir).classes;
  for (const holder of order.slice(0, order.indexOf(model))) {
    const method = holder.methods
      .filter((candidate) => candidate.name === name || candidate.name === '__init__')
      .at(-1);
    if (method === undefined) continue;
    const passedOn = statements(field(method.node, 'body')).findIndex((statement) =>
      callsBase(holder, model, statement, method.name),
    );
    if (passedOn < 0) {
      return {
        node: method.node,
        detail: `\`${holder.name}.${method.name}\` does not call \`super().${method.name}()\` on every path`,
      };
    }
    const early = statements(field(method.node, 'body'))
      .slice(0, passedOn)
      .find((statement) => usesInstance(holder, method, statement, attribute));
    if (early !== undefined)
      return {
        node: early,
        detail: `\`${holder.name}.${method.name}\` may use it before it calls \`super().${method.name}()\``,
      };
  }
  return undefined;
}

function callsBase(holder: ClassModel, model: ClassModel, statement: PyNode, name: string): boolean {
  const only = statement.kind === 'expression_statement' ? statement.children[0] : undefined;
  const call = only?.kind === 'assignment' ? field(only, 'right') : only;
  const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  const method = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  if (object === undefined || method === undefined || holder.file.text(method) !== name) return false;
  const receiver = receiverOf(holder.file, object);
  return (
    receiver.kind === 'class' &&
    (receiver.through === 'super' ||
      receiver.class === model ||
      resolutionOrder(receiver.class).classes.includes(model))
  );
}

/** True if the statement uses the attribute, or calls a method that may. */
function usesInstance(holder: ClassModel, method: Method, statement: PyNode, attribute: string): boolean {
  for (const node of descend(statement)) {
    if (node.kind !== 'identifier' || method.first === undefined || holder.file.resolve(node) !== method.first)
      continue;
    const parent = node.parent;
    if (parent?.kind !== 'attribute') return true;
    const name = field(parent, 'attribute');
    const used = name === undefined ? '' : holder.file.text(name);
    if (used === attribute || parent.field === 'function') return true;
  }
  return false;
}

const COPY_HOOKS: ReadonlySet<string> = new Set([
  ...[
    '__reduce__',
    '__reduce_ex__',
    '__getstate__',
    '__setstate__',
    '__copy__',
    '__deepcopy__',
    '__getnewargs__',
    '__getnewargs_ex__',
  ],
]);

function instancesByCall({ attribute }: Match): Obligation {
  const id = 'instances-by-call';
  const model = attribute.class;
  const { file } = model;
  const family = new Set([model, ...subclassesOf(model)].flatMap((member) => resolutionOrder(member).classes));
  for (const member of family) {
    const hook = member.methods.find((method) => method.name === '__new__' || COPY_HOOKS.has(method.name));
    if (hook !== undefined) {
      return {
        id,
        holds: false,
        detail: `\`${member.name}.${hook.name}\` makes instances in its own way`,
        where: place(file, hook.node),
      };
    }
    const slots = member.scope.bindings.get('__slots__')?.sites[0];
    if (slots !== undefined && member === model) {
      return {
        id,
        holds: 'unknown',
        detail: '`__slots__` may leave no room for an instance attribute',
        where: place(file, slots.node),
      };
    }
  }
  for (const call of file.calls) {
    const callee = field(call, 'function');
    if (callee === undefined) continue;
    const made = instanceMadeWithoutInit(file, call, callee);
    if (made === undefined || !family.has(made)) continue;
    return {
      id,
      holds: false,
      detail: `\`${excerpt(file, call)}\` makes an instance without \`__init__\``,
      where: place(file, call),
    };
  }
  return { id, holds: true, detail: 'instances here are made by calling the class' };
}

/** `C.__new__(C)`, `object.__new__(C)` outside `__new__`; `copy.copy(instance)`, `copy.deepcopy(instance)`. */
function instanceMadeWithoutInit(file: FileModel, call: PyNode, callee: PyNode): ClassModel | undefined {
  const { positional } = callArguments(field(call, 'arguments'), file.source.text);
  const first = positional[0];
  if (first === undefined) return undefined;
  const receiver = receiverOf(file, first);
  if (callee.kind === 'attribute' && file.text(callee).endsWith('.__new__'))
    return receiver.kind === 'class' ? receiver.class : undefined;
  const name = file.qualifiedName(callee);
  if (name === 'copy.copy' || name === 'copy.deepcopy' || name === 'copy.replace')
    return receiver.kind === 'instance' ? receiver.class : undefined;
  return undefined;
}

const ATTRIBUTE_HOOKS = ['__setattr__', '__getattr__', '__getattribute__', '__delattr__'] as const;

function noAttributeHooks({ attribute }: Match): Obligation {
  const id = 'no-attribute-hooks';
  const model = attribute.class;
  const { file } = model;
  const family = [model, ...subclassesOf(model)];
  for (const member of family) {
    for (const hook of ATTRIBUTE_HOOKS) {
      const { method } = findMethod(member, hook);
      if (method === undefined) continue;
      return {
        id,
        holds: false,
        detail: `\`${method.class.name}.${hook}\` gets in between`,
        where: place(file, method.node),
      };
    }
  }
  for (const member of family) {
    const unknown = unknownAncestor(member);
    if (unknown === undefined) continue;
    return {
      id,
      holds: 'unknown',
      detail: `\`${excerpt(file, unknown)}\` is not known and may have \`__setattr__\` or \`__getattr__\``,
      where: place(file, unknown),
    };
  }
  return { id, holds: true, detail: 'no `__setattr__` or `__getattr__` gets in between' };
}

function notSharedOnPurpose({ purpose }: Match): Obligation {
  const id = 'not-shared-on-purpose';
  if (purpose === undefined) return { id, holds: true, detail: 'it is used as state of each instance' };
  return { id, holds: purpose.shown ? false : 'unknown', detail: `${purpose.kind}: ${purpose.reason}` };
}

/** One line of source, cut to what fits a sentence. */
function excerpt(file: FileModel, node: PyNode): string {
  const text = file.text(node).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
