/**
 * What a class-level container is for. Most of those that methods change are shared on purpose (a registry, a memo, a Borg, what
 * a lock guards); only per-instance state may be moved without asking.
 */
import type { ClassModel } from '../../src/model/class.ts';
import { methodAround, resolutionOrder, subclassesOf } from '../../src/model/class.ts';
import type { AttributeAccesses, ClassAttribute } from '../../src/model/class-attribute.ts';
import type { Container } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { type SharedChange, scopeAround } from '../../src/model/shared-state.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

export interface Purpose {
  readonly kind: 'registry' | 'memo' | 'borg' | 'monitor' | 'declared';
  /** True if the code shows it, false if only a name or comment says so. */
  readonly shown: boolean;
  /** Completes "it looks shared on purpose: ...". */
  readonly reason: string;
}

type Classify = (context: Context) => Purpose | undefined;

interface Context {
  readonly file: FileModel;
  readonly attribute: ClassAttribute;
  readonly container: Container;
  readonly accesses: AttributeAccesses;
  readonly changes: readonly SharedChange[];
  readonly family: readonly ClassModel[];
}

/** Why the container looks shared on purpose; undefined for per-instance state. */
export function purposeOf(
  attribute: ClassAttribute,
  container: Container,
  accesses: AttributeAccesses,
  changes: readonly SharedChange[],
): Purpose | undefined {
  const model = attribute.class;
  const family = [...new Set([model, ...subclassesOf(model)].flatMap((member) => resolutionOrder(member).classes))];
  const context: Context = { file: model.file, attribute, container, accesses, changes, family };
  for (const classify of [declared, borg, registry, memo, monitor, named, commented]) {
    const purpose = classify(context);
    if (purpose !== undefined) return purpose;
  }
  return undefined;
}

const declared: Classify = ({ file, attribute }) =>
  attribute.annotation !== undefined && /\bClassVar\b/.test(file.text(attribute.annotation))
    ? { kind: 'declared', shown: true, reason: 'it is annotated `ClassVar`' }
    : undefined;

/** `self.__dict__ = self._shared`: all instances are one (Alex Martelli's Borg). */
const borg: Classify = ({ file, family }) => {
  const shares = file.attributes('__dict__').some((node) => {
    const object = field(node, 'object');
    const receiver = object === undefined ? undefined : receiverOf(file, object);
    return (
      node.field === 'left' &&
      node.parent?.kind === 'assignment' &&
      receiver?.kind === 'instance' &&
      family.includes(receiver.class)
    );
  });
  return shares ? { kind: 'borg', shown: true, reason: 'instances share their `__dict__`' } : undefined;
};

const registry: Classify = ({ file, accesses, container }) => {
  for (const { node } of accesses.classLevel) {
    const changed = usesOfValue(file, node, container).some((use) => use.kind === 'change' || use.kind === 'bind');
    const method = methodAround(file, scopeAround(file, node));
    if (changed) {
      const by = method === undefined ? 'code outside the class' : `\`${method.name}\``;
      return { kind: 'registry', shown: true, reason: `${by} also changes it through the class` };
    }
    if (method?.kind === 'class')
      return { kind: 'monitor', shown: true, reason: `the class method \`${method.name}\` uses it` };
  }
  return undefined;
};

const MAPPINGS: ReadonlySet<string> = new Set(['dict', 'OrderedDict', 'defaultdict', 'ChainMap']);

/** Looked up by key, filled when missing, and what was found or made is returned. */
const memo: Classify = ({ file, container, changes, accesses }) => {
  if (!MAPPINGS.has(container.type)) return undefined;
  for (const { change, method } of changes) {
    if (method === undefined) continue;
    const body = [...descend(method.node)];
    const uses = accesses.instance.filter(({ node }) => node.start >= method.node.start && node.end <= method.node.end);
    const aliases = new Set(
      uses.flatMap(({ node }) =>
        usesOfValue(file, node, container).flatMap((use) => (use.kind === 'alias' ? [file.resolve(use.name)] : [])),
      ),
    );
    const means = (node: PyNode | undefined): boolean =>
      node !== undefined &&
      (uses.some((use) => use.node === node) ||
        (node.kind === 'identifier' && aliases.has(file.resolve(node)) && file.resolve(node) !== undefined));
    if (!body.some((node) => looksUp(file, node, means))) continue;
    const stored = storedName(change.node);
    const fetched = body.flatMap((node) => fetchedName(file, node, means));
    const kept = new Set([...(stored === undefined ? [] : [file.text(stored)]), ...fetched]);
    const returned = body
      .filter((node) => node.kind === 'return_statement')
      .flatMap((node) => node.children.map(unwrap));
    if (
      returned.some(
        (value) => (value.kind === 'identifier' && kept.has(file.text(value))) || entryOf(file, value, means),
      )
    ) {
      return {
        kind: 'memo',
        shown: true,
        reason: `\`${method.name}\` looks a key up, fills it when missing and returns it`,
      };
    }
  }
  return undefined;
};

type Means = (node: PyNode | undefined) => boolean;

/** `key in self.x`, `self.x[key]`, `self.x.get(key)`. */
function looksUp(file: FileModel, node: PyNode, means: Means): boolean {
  if (node.kind === 'comparison_operator') {
    const operator = node.children[1];
    return operator !== undefined && /\bin\b/.test(file.text(operator)) && means(node.children[2]);
  }
  return entryOf(file, node, means) && node.field !== 'left';
}

function entryOf(file: FileModel, node: PyNode, means: Means): boolean {
  if (node.kind === 'subscript') return means(field(node, 'value')) && node.field !== 'left';
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  const method = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  return (
    callee !== undefined &&
    method !== undefined &&
    /^(?:get|setdefault)$/.test(file.text(method)) &&
    means(field(callee, 'object'))
  );
}

/** `self.x[key] = name`. */
function storedName(change: PyNode): PyNode | undefined {
  const value = change.parent?.kind === 'assignment' ? field(change.parent, 'right') : undefined;
  return value?.kind === 'identifier' ? value : undefined;
}

/** `name = self.x[key]`, `name = self.x.get(key)`, `name = self.x[key] = ...`. */
function fetchedName(file: FileModel, node: PyNode, means: Means): readonly string[] {
  if (node.kind !== 'assignment' && node.kind !== 'named_expression') return [];
  const target = field(node, node.kind === 'assignment' ? 'left' : 'name');
  const value = field(node, node.kind === 'assignment' ? 'right' : 'value');
  if (target?.kind !== 'identifier' || value === undefined) return [];
  const inner = value.kind === 'assignment' ? field(value, 'left') : unwrap(value);
  const entry =
    inner !== undefined &&
    (entryOf(file, inner, means) || (inner.kind === 'subscript' && means(field(inner, 'value'))));
  return entry ? [file.text(target)] : [];
}

const LOCKS =
  /(?:^|\.)(?:threading|multiprocessing|asyncio|_thread|thread)\.(?:R?Lock|Condition|Semaphore|BoundedSemaphore|allocate_lock)$/;

/** A lock of the class or the module goes with it. */
const monitor: Classify = ({ file, attribute, changes, family }) => {
  const lock = family
    .flatMap((member) => [...member.scope.bindings.values()])
    .find((binding) =>
      binding.sites.some((site) => {
        const callee = site.value?.kind === 'call' ? field(site.value, 'function') : undefined;
        return callee !== undefined && LOCKS.test(file.qualifiedName(callee) ?? '');
      }),
    );
  if (lock !== undefined)
    return { kind: 'monitor', shown: true, reason: `the class has a lock of its own, \`${lock.name}\`` };
  for (const { change } of changes) {
    for (let node = change.node.parent; node !== undefined && node !== attribute.class.node; node = node.parent) {
      if (node.kind !== 'with_statement') continue;
      const items = node.children.filter((child) => child.kind === 'with_clause').flatMap((clause) => clause.children);
      for (const item of items) {
        const value = field(item, 'value');
        const binding = value?.kind === 'identifier' ? file.resolve(value) : undefined;
        if (value !== undefined && binding?.scope.kind === 'module' && /lock|mutex/i.test(binding.name)) {
          return { kind: 'monitor', shown: true, reason: `the module's \`${binding.name}\` guards it` };
        }
      }
    }
  }
  return undefined;
};

const SHARED_WORD =
  /^(?:cached?|caches|memo(?:s|ized)?|registry|registries|registered|singletons?|shared|globals?|instances|pools?|interned|plugins)$/i;

const named: Classify = ({ attribute }) => {
  const bare = attribute.name.replace(/^_+/, '');
  const words = bare.replace(/([a-z])([A-Z])/g, '$1_$2').split('_');
  if (words.some((word) => SHARED_WORD.test(word)))
    return { kind: 'declared', shown: false, reason: `its name says so (\`${attribute.name}\`)` };
  if (/^[A-Z][A-Z0-9_]+$/.test(bare))
    return { kind: 'declared', shown: false, reason: `it is named like a constant of the class` };
  return undefined;
};

const SHARED_COMMENT =
  /\b(?:shared?|sharing|cache[sd]?|global|singleton|(?:all|across|between|every) (?:the )?(?:instances?|objects?)|class[- ](?:wide|level|variables?|attributes?))\b/i;

const commented: Classify = ({ file, attribute }) => {
  const { text } = file.source;
  const comment = file.syntax.comments.find((candidate) => {
    if (!SHARED_COMMENT.test(file.text(candidate))) return false;
    const { start, end } = attribute.statement;
    // On the statement's last line, or in the lines directly above it.
    if (candidate.start >= end) return !/[\r\n]/.test(text.slice(end, candidate.start));
    return (
      candidate.end <= start &&
      /^(?:\s*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*\s*$/.test(text.slice(candidate.end, start)) &&
      !/(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/.test(text.slice(candidate.end, start))
    );
  });
  return comment === undefined
    ? undefined
    : { kind: 'declared', shown: false, reason: 'the comment beside it says so' };
};

/** True if an instance of the class (or the object a descriptor serves) is put into the container. */
export function storesInstances(file: FileModel, changes: readonly SharedChange[]): boolean {
  return changes.some(({ change }) => storedValues(file, change.node).some((value) => isInstance(file, value)));
}

/** What an operation puts in: arguments of a call, key and value of an assignment, elements of a display among them. */
function storedValues(file: FileModel, change: PyNode): readonly PyNode[] {
  const found: PyNode[] = [];
  if (change.kind === 'call') found.push(...file.argumentsOf(change).positional);
  if (change.kind === 'subscript') {
    const key = field(change, 'subscript');
    const value = change.parent?.kind === 'assignment' ? field(change.parent, 'right') : undefined;
    found.push(...[key, value].filter((node) => node !== undefined));
  }
  if (change.kind === 'augmented_assignment') {
    const value = field(change, 'right');
    if (value !== undefined) found.push(value);
  }
  return found
    .map(unwrap)
    .flatMap((value) => (['tuple', 'list', 'set'].includes(value.kind) ? value.children.map(unwrap) : [value]));
}

const DESCRIPTOR_METHODS: ReadonlySet<string> = new Set(['__get__', '__set__', '__delete__']);

function isInstance(file: FileModel, value: PyNode): boolean {
  if (value.kind !== 'identifier') return false;
  const receiver = receiverOf(file, value);
  if (receiver.kind === 'instance' && receiver.method !== undefined) return true;
  const method = methodAround(file, file.scopeOf(value));
  if (method === undefined) return false;
  const binding = file.resolve(value);
  const second = field(method.node, 'parameters')?.children[1];
  if (DESCRIPTOR_METHODS.has(method.name) && binding?.sites[0]?.operation === second && second !== undefined)
    return true;
  // obj = super().__new__(cls); obj = cls()
  return (
    binding?.sites.some(
      (site) =>
        site.value?.kind === 'call' &&
        /(?:\.__new__|^cls)$/.test(file.text(field(site.value, 'function') ?? site.value)),
    ) === true
  );
}
