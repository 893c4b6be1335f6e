/**
 * What a class-level container is for. Most of those that methods change are shared on purpose (a registry, a memo, a Borg, what
 * a lock guards); only per-instance state may be moved without asking.
 */

import { type ClassModel, type Method, methodAround } from '../../src/model/class.ts';
import { type AttributeAccesses, type ClassAttribute, inheritors } from '../../src/model/class-attribute.ts';
import { resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import type { Container } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { memoizing, recycling } from '../../src/model/memo.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { type SharedChange, scopeAround } from '../../src/model/shared-state.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { storedValues } from './stored.ts';

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
  for (const classify of [
    declared,
    borg,
    registry,
    weakRegistry,
    memo,
    monitor,
    severalInstances,
    perInstance,
    readFromOneOfMany,
    besideClassState,
    named,
    commented,
  ]) {
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

/**
 * Several places in the file make instances, a method that uses it makes another one, or an instance is dropped as soon as it was
 * used: they may be meant to see each other's.
 */
const severalInstances: Classify = ({ file, attribute, accesses }) => {
  const made = file.calls.filter((call) => {
    const receiver = receiverOf(file, call);
    return receiver.kind === 'instance' && inheritors(attribute.class, attribute.name).includes(receiver.class);
  });
  const dropped = made.find(
    ({ field: role, parent }) =>
      role === 'object' || (role === 'value' && parent?.kind === 'subscript') || isReceiverArgument(file, parent),
  );
  const reason = (call: PyNode, what: string): Purpose => ({
    kind: 'registry',
    shown: false,
    reason: `\`${file.text(call).slice(0, 40)}\` ${what}`,
  });
  if (dropped !== undefined) return reason(dropped, 'makes an instance that is used once');
  const users = accesses.instance.flatMap(({ receiver }) =>
    receiver.kind === 'instance' && receiver.method !== undefined ? [receiver.method] : [],
  );
  const inside = made.find((call) => users.some((method) => within(call, method.node)));
  if (inside !== undefined) return reason(inside, 'makes another instance while one is at work');
  const [first, second] = made;
  if (first === undefined || second === undefined) return undefined;
  return reason(first, 'is not the only place here that makes instances, which may be meant to share it');
};

/** `C.put(C(), x)`: the instance is passed where `self` goes. */
function isReceiverArgument(file: FileModel, list: PyNode | undefined): boolean {
  const callee =
    list?.kind === 'argument_list' && list.parent?.kind === 'call' ? field(list.parent, 'function') : undefined;
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  return object !== undefined && receiverOf(file, object).kind === 'class';
}

/** `steps[0].log`: what several instances of a collection left behind is read from one of them. */
const readFromOneOfMany: Classify = ({ file, accesses }) => {
  const read = accesses.unknown.map(({ node }) => node).find((node) => field(node, 'object')?.kind === 'subscript');
  return read === undefined
    ? undefined
    : { kind: 'registry', shown: false, reason: `\`${file.text(read)}\` reads it from one of several objects` };
};

/** A method that changes it sets another attribute on the class as well. */
const besideClassState: Classify = ({ file, changes }) => {
  for (const { method } of changes) {
    if (method === undefined) continue;
    const names = [...method.class.scope.bindings.keys()];
    const bound = names
      .flatMap((name) => file.attributes(name))
      .find((node) => {
        const object = field(node, 'object');
        return (
          node.field === 'left' &&
          within(node, method.node) &&
          object !== undefined &&
          receiverOf(file, object).kind === 'class'
        );
      });
    if (bound !== undefined)
      return { kind: 'registry', shown: false, reason: `\`${method.name}\` also sets \`${file.text(bound)}\`` };
  }
  return undefined;
};

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__init__', '__new__', '__post_init__', '__attrs_post_init__']);
const CONTEXTS: ReadonlySet<string> = new Set(['__enter__', '__exit__', '__aenter__', '__aexit__']);

/** Changed and read by the constructor, it numbers or lists the instances; by a context manager, it may be of a new one each time. */
const perInstance: Classify = ({ changes, accesses }) => {
  const context = changes.find(({ method }) => method !== undefined && CONTEXTS.has(method.name))?.method;
  if (context !== undefined)
    return {
      kind: 'registry',
      shown: false,
      reason: `\`${context.name}\` changes it, perhaps of a new instance each time`,
    };
  for (const { change, method } of changes) {
    if (method === undefined || !CONSTRUCTORS.has(method.name)) continue;
    const taken = /pop|get|\[\.\.\.\]$|augmented/.test(change.how);
    const read = accesses.instance.some(({ node }) => within(node, method.node) && !within(node, change.node));
    if (taken || read)
      return {
        kind: 'registry',
        shown: false,
        reason: `\`${method.name}\` looks at what earlier instances left in it`,
      };
  }
  return undefined;
};

const MAPPINGS: ReadonlySet<string> = new Set(['dict', 'OrderedDict', 'defaultdict', 'ChainMap']);

const memo: Classify = ({ file, container, changes, accesses }) => {
  const filled = memoizing(file, container, accesses, changes);
  if (filled !== undefined)
    return {
      kind: 'memo',
      shown: MAPPINGS.has(container.type),
      reason: `\`${filled.name}\` looks whether something is there and adds what is not`,
    };
  const reused = recycling(file, container, accesses, changes);
  if (reused === undefined) return undefined;
  return { kind: 'memo', shown: true, reason: `\`${reused.name}\` takes from it what can be used again` };
};

const LOCKS =
  /(?:^|\.)(?:threading|multiprocessing|asyncio|_thread|thread)\.(?:R?Lock|Condition|Semaphore|BoundedSemaphore|allocate_lock)$/;

/** A lock of the class or the module goes with it; so does a queue, which is made to be shared. */
const monitor: Classify = ({ file, attribute, container, changes, family }) => {
  if (container.type === 'queue') return { kind: 'monitor', shown: false, reason: 'a queue is made for several users' };
  const bindings = family.flatMap((member) => [...member.scope.bindings.values()]);
  const lock = bindings.find((binding) =>
    binding.sites.some((site) => {
      const callee = site.value?.kind === 'call' ? field(site.value, 'function') : undefined;
      return callee !== undefined && LOCKS.test(file.qualifiedName(callee) ?? '');
    }),
  );
  if (lock !== undefined)
    return { kind: 'monitor', shown: true, reason: `the class has a lock of its own, \`${lock.name}\`` };
  const classNames = new Set(bindings.map((binding) => binding.name));
  for (const { change, method } of changes) {
    const guard = guardsAround(file, change.node, attribute.class.node, method).find((node) =>
      isShared(file, node, classNames),
    );
    if (guard !== undefined)
      return { kind: 'monitor', shown: true, reason: `\`${file.text(guard)}\`, which instances share, guards it` };
    const wrapper = method?.decorators.find(
      (decorator) => file.qualifiedName(decorator) === undefined || /^\./.test(file.qualifiedName(decorator) ?? ''),
    );
    if (wrapper !== undefined)
      return { kind: 'monitor', shown: false, reason: `\`@${file.text(wrapper)}\` wraps a method that changes it` };
  }
  return undefined;
};

/** What the change is made inside a `with` of, and what the method acquires: names and attributes, not calls. */
function guardsAround(file: FileModel, change: PyNode, end: PyNode, method: Method | undefined): readonly PyNode[] {
  const found: PyNode[] = [];
  for (let node = change.parent; node !== undefined && node !== end; node = node.parent) {
    if (node.kind !== 'with_statement') continue;
    const items = node.children.filter((child) => child.kind === 'with_clause').flatMap((clause) => clause.children);
    found.push(...items.flatMap((item) => field(item, 'value') ?? []));
  }
  for (const node of file.attributes('acquire')) {
    const object = field(node, 'object');
    if (object !== undefined && method !== undefined && within(node, method.node)) found.push(object);
  }
  return found;
}

/** A name of the module or an import, an attribute of one, or an attribute that the class body binds. */
function isShared(file: FileModel, guard: PyNode, classNames: ReadonlySet<string>): boolean {
  if (guard.kind === 'identifier') return file.resolve(guard)?.scope.kind === 'module';
  const object = guard.kind === 'attribute' ? field(guard, 'object') : undefined;
  const name = guard.kind === 'attribute' ? field(guard, 'attribute') : undefined;
  if (object === undefined || name === undefined) return false;
  return receiverOf(file, object).kind === 'instance'
    ? classNames.has(file.text(name))
    : isShared(file, object, classNames);
}

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
