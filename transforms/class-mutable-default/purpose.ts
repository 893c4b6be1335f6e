/**
 * What a class-level container is for. Most of those that methods change are shared on purpose (a registry, a memo, a Borg, what
 * a lock guards); only per-instance state may be moved without asking.
 */

import type { ClassModel } from '../../src/model/class.ts';
import { methodAround } from '../../src/model/class.ts';
import type { AttributeAccesses, ClassAttribute } from '../../src/model/class-attribute.ts';
import { resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import type { Container } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { memoizing } from '../../src/model/memo.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { type SharedChange, scopeAround } from '../../src/model/shared-state.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
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
  for (const classify of [declared, borg, registry, weakRegistry, memo, monitor, discarded, named, commented]) {
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

/** Keyed by the class of the instance, or holding weak references to instances. */
const weakRegistry: Classify = ({ file, changes }) => {
  const stored = changes.flatMap(({ change }) => storedValues(file, change.node));
  const own = stored.find((value) => {
    if (receiverOf(file, value).kind === 'class') return true;
    const callee = value.kind === 'call' ? field(value, 'function') : undefined;
    const name = callee === undefined ? undefined : file.qualifiedName(callee);
    const argument = value.kind === 'call' ? file.argumentsOf(value).positional[0] : undefined;
    const tells = name !== undefined && /^(?:weakref\.\w+|builtins\.id)$/.test(name);
    return tells && argument !== undefined && receiverOf(file, argument).kind === 'instance';
  });
  return own === undefined
    ? undefined
    : { kind: 'registry', shown: true, reason: `it keeps track of instances (\`${file.text(own)}\`)` };
};

/** `Basket().add(line)` as a statement, `Basket().lines`: an instance made for one call has no state of its own worth keeping. */
const discarded: Classify = ({ file, attribute, family, changes }) => {
  const changing = new Set(changes.map(({ method }) => method?.name));
  for (const call of file.calls) {
    const made = receiverOf(file, call);
    const use = call.parent;
    if (
      made.kind !== 'instance' ||
      !family.includes(made.class) ||
      use?.kind !== 'attribute' ||
      call.field !== 'object'
    )
      continue;
    const member = field(use, 'attribute');
    const name = member === undefined ? '' : file.text(member);
    const reads = name === attribute.name && use.field !== 'left';
    const drops = changing.has(name) && use.field === 'function' && use.parent?.parent?.kind === 'expression_statement';
    if (reads || drops)
      return {
        kind: 'registry',
        shown: false,
        reason: `\`${file.text(use)}\` uses it through an instance that is dropped at once`,
      };
  }
  return undefined;
};

const memo: Classify = ({ file, container, changes, accesses }) => {
  const method = memoizing(file, container, accesses, changes);
  if (method === undefined) return undefined;
  return {
    kind: 'memo',
    shown: true,
    reason: `\`${method.name}\` looks a key up, fills it when missing and returns it`,
  };
};

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
  // `self.refs[type(self)].add(x)`: the keys on the way are part of it.
  const callee = change.kind === 'call' ? field(change, 'function') : undefined;
  const way = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (way?.kind === 'subscript') found.push(...way.children.slice(1));
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
