/** What the classes of the held objects allow: a weak reference needs a slot for it, and a weak key or element is found by its hash. */
import type { Obligation } from '../../src/core/finding.ts';
import { filesAround } from '../../src/model/attribute-files.ts';
import { type ClassModel, classesOf } from '../../src/model/class.ts';
import { resolutionOrder, subclassesOf, unknownSubclasses } from '../../src/model/class-hierarchy.ts';
import { generatedBy } from '../../src/model/class-kind.ts';
import { usesOfClass } from '../../src/model/class-use.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { unwrap } from '../../src/syntax/access.ts';
import type { Entry, Put } from './entry.ts';
import type { Registry } from './registry.ts';

type Outcome = Obligation | Unwritable;

/** The classes of what is held; of a descriptor, those whose bodies have one. Empty where they cannot be known. */
export function heldClasses(registry: Registry, entries: readonly Entry[]): readonly ClassModel[] {
  const found = new Set<ClassModel>();
  for (const { instance } of entries) {
    if (instance.class !== undefined) found.add(instance.class);
    else {
      const users = instance.descriptor === undefined ? [] : usersOf(registry, instance.descriptor);
      if (users.length === 0) return [];
      for (const user of users) found.add(user);
    }
  }
  return [...found];
}

/** The classes that have an instance of the descriptor, or of a subclass of it, in their body. */
function usersOf({ name, files }: Registry, descriptor: ClassModel): readonly ClassModel[] {
  const around = filesAround({ class: descriptor, name, binding: undefined }).files;
  const family = [descriptor, ...subclassesOf(descriptor)];
  return [...new Set([...files, ...around])].flatMap((file) =>
    family.flatMap((member) =>
      usesOfClass(file, member).flatMap((node) => {
        const body = node.parent?.parent?.parent?.parent;
        const holder = body?.kind === 'block' ? body.parent : undefined;
        const scope = holder === undefined ? undefined : file.scopes.ofNode.get(holder);
        return scope?.kind === 'class' && node.parent?.kind === 'call'
          ? classesOf(file).filter((model) => model.node === scope.node)
          : [];
      }),
    ),
  );
}

/** Builtin types whose subclasses have no room for weak references, because their instances differ in size (reference, module weakref). */
const NO_WEAK_REFERENCES = /^(?:builtins\.(?:int|bool|tuple|bytes)|typing\.NamedTuple|collections\.namedtuple)$/;
/** Builtin types that can be subclassed with weak references, and compare by value or not at all. */
const BY_VALUE = /^builtins\.(?:str|float|list|dict|set|frozenset|bytearray|int|tuple|bytes|bool|complex)$/;
const BY_IDENTITY = /^(?:threading\.(?:Thread|local)|builtins\.object|abc\.ABC|typing\.Generic)$/;
const WEAK_LITERALS: ReadonlySet<string> = new Set([
  ...[
    'integer',
    'float',
    'string',
    'concatenated_string',
    'true',
    'false',
    'none',
    'tuple',
    'list',
    'dictionary',
    'set',
  ],
  ...['list_comprehension', 'dictionary_comprehension', 'set_comprehension', 'lambda'],
]);

export function weaklyReferenceable(registry: Registry, entries: readonly Entry[], puts: readonly Put[]): Outcome {
  const id = 'weakly-referenceable';
  const other = puts.find(({ node }) => WEAK_LITERALS.has(unwrap(node).kind) && unwrap(node).kind !== 'lambda');
  if (other !== undefined) {
    const what = excerpt(other.operation.file, other.node);
    return { unwritable: `\`${what}\` is put in too, and cannot be weakly referenced` };
  }
  const models = heldClasses(registry, entries);
  for (const model of models.flatMap((one) => [one, ...subclassesOf(one)])) {
    const refused = withoutRoom(model);
    if (refused !== undefined) return refused;
  }
  const stranger = puts.find((put) => !entries.some(({ node }) => node === unwrap(put.node) || node === put.node));
  if (stranger !== undefined) {
    const { file } = stranger.operation;
    const detail = `what \`${excerpt(file, stranger.node)}\` is, which is put in too, is not known`;
    return unknown(id, { file, node: stranger.node, detail });
  }
  if (models.length === 0) return { id, holds: 'unknown', detail: 'of which class the objects are is not known' };
  for (const model of models) {
    const base = hasRoom(model) ? undefined : unknownAncestor(model);
    if (base !== undefined) {
      const detail = `\`${excerpt(base.file, base.node)}\` is not known, nor whether its instances can be weakly referenced`;
      return unknown(id, { ...base, detail });
    }
  }
  return unlessIncomplete(registry, models, met(id, `instances of ${named(models)} can be weakly referenced`));
}

function named(models: readonly ClassModel[]): string {
  return models.map(({ name }) => `\`${name}\``).join(', ');
}

/** A class without `__slots__` gives its instances a `__weakref__`, unless the builtin it comes from has no room. */
function hasRoom(model: ClassModel): boolean {
  return resolutionOrder(model).classes.some(
    (holder) =>
      slotsOf(holder) === 'has room' &&
      holder.bases.every((base) => base.class !== undefined || BY_IDENTITY.test(base.qualifiedName ?? '')),
  );
}

function slotsOf(model: ClassModel): 'has room' | 'has none' {
  const generated = generatedBy(model);
  if (generated?.fixed === true && generated.by === 'dataclass') {
    const text = model.decorators.map((decorator) => model.file.text(decorator)).join();
    return /\bslots\s*=\s*True/.test(text) && !/weakref_slot\s*=\s*True/.test(text) ? 'has none' : 'has room';
  }
  const slots = model.scope.bindings.get('__slots__')?.sites.at(-1);
  if (slots === undefined) return 'has room';
  return /__weakref__/.test(model.file.text(slots.operation)) ? 'has room' : 'has none';
}

function withoutRoom(model: ClassModel): Unwritable | undefined {
  const order = resolutionOrder(model);
  const base = order.classes
    .flatMap(({ bases }) => bases)
    .find(({ qualifiedName }) => NO_WEAK_REFERENCES.test(qualifiedName ?? ''));
  if (base !== undefined)
    return { unwritable: `\`${model.name}\` is a \`${base.simpleName}\`, which cannot be weakly referenced` };
  if (!order.complete || order.classes.some((holder) => slotsOf(holder) === 'has room')) return undefined;
  return {
    unwritable: `\`${model.name}\` has \`__slots__\` without \`'__weakref__'\`: add that, and the registry can be made weak`,
  };
}

export function hashedByIdentity(registry: Registry, entries: readonly Entry[]): Outcome {
  const id = 'hashed-by-identity';
  const models = heldClasses(registry, entries);
  if (models.length === 0) return { id, holds: 'unknown', detail: 'of which class the objects are is not known' };
  for (const model of models.flatMap((one) => [one, ...subclassesOf(one)])) {
    const outcome = byValue(id, model);
    if (outcome !== undefined) return outcome;
  }
  return unlessIncomplete(
    registry,
    models,
    met(id, `${named(models)} ${models.length > 1 ? 'are' : 'is'} compared and hashed by identity`),
  );
}

function byValue(id: string, model: ClassModel): Outcome | undefined {
  for (const holder of resolutionOrder(model).classes) {
    const { file, name } = holder;
    const [equal, hash] = ['__eq__', '__hash__'].map((method) => holder.scope.bindings.get(method)?.sites.at(-1));
    const generated = generatedBy(holder);
    if (generated !== undefined && equal === undefined) {
      const text = holder.decorators.map((decorator) => file.text(decorator)).join();
      if (!/\beq\s*=\s*False/.test(text)) {
        const hashable = /\b(?:frozen|unsafe_hash)\s*=\s*True|frozen\b/.test(text) || hash !== undefined;
        if (!hashable)
          return { unwritable: `\`${name}\` is a ${generated.by} class that compares by value, and cannot be hashed` };
        return unmet(id, {
          file,
          node: holder.node,
          detail: `\`${name}\` compares by value: equal objects would share one entry, which goes with the first of them`,
        });
      }
    }
    if (equal !== undefined && (hash === undefined || hash.value?.kind === 'none') && hash?.kind !== 'function')
      return { unwritable: `\`${name}\` has \`__eq__\` and no \`__hash__\`, so it cannot be hashed` };
    if (equal !== undefined) {
      const detail = `\`${name}.__eq__\` compares by value: equal objects would share one entry, which goes with the first of them`;
      return unmet(id, { file, node: equal.node, detail });
    }
    const base = holder.bases.find(({ qualifiedName }) => BY_VALUE.test(qualifiedName ?? ''));
    if (base !== undefined) {
      if (/list|dict|bytearray|\.set$/.test(base.qualifiedName ?? '') && hash === undefined)
        return { unwritable: `\`${name}\` is a \`${base.simpleName}\`, which cannot be hashed` };
      return unmet(id, {
        file,
        node: base.node,
        detail: `\`${name}\` is a \`${base.simpleName}\` and compares by value`,
      });
    }
    if (hash !== undefined)
      return unmet(id, { file, node: hash.node, detail: `\`${name}.__hash__\` has its own idea of what is the same` });
  }
  const base = unknownAncestor(model);
  if (base === undefined || BY_IDENTITY.test(base.file.qualifiedName(base.node) ?? '')) return undefined;
  const detail = `\`${excerpt(base.file, base.node)}\` is not known, nor how its instances compare`;
  return unknown(id, { ...base, detail });
}

function unlessIncomplete({ incomplete }: Registry, models: readonly ClassModel[], obligation: Obligation): Obligation {
  const why = models.map(unknownSubclasses).find((one) => one !== undefined) ?? incomplete;
  return why === undefined ? obligation : { id: obligation.id, holds: 'unknown', detail: why };
}
