/**
 * What a class-level container is for. Most of those that methods change are shared on purpose (a registry, a memo, a Borg, what
 * a lock guards); only per-instance state may be moved without asking.
 */

import type { AttributeAccesses } from '../../src/model/attribute-accesses.ts';
import { methodAround } from '../../src/model/class.ts';
import type { ClassAttribute } from '../../src/model/class-attribute.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { isClassVariable } from '../../src/model/class-kind.ts';
import type { Container } from '../../src/model/container.ts';
import { memoizing, recycling } from '../../src/model/memo.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import type { SharedChange } from '../../src/model/shared-state.ts';
import { commentedAsShared, namedAsShared } from '../../src/model/sharing-signs.ts';
import { storedValues } from '../../src/model/stored.ts';
import { usesOfValue } from '../../src/model/use.ts';
import { field } from '../../src/syntax/access.ts';
import { monitor } from './guards.ts';
import { besideClassState, perInstance, readFromOneOfMany, severalInstances } from './instances.ts';
import type { Classify, Context, Purpose } from './sharing.ts';

/** Why the container looks shared on purpose; undefined for per-instance state. */
export function purposeOf(
  attribute: ClassAttribute,
  container: Container,
  accesses: AttributeAccesses,
  changes: readonly SharedChange[],
): Purpose | undefined {
  const model = attribute.class;
  const family = [...relatives(model)];
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
  attribute.annotation !== undefined && isClassVariable(file, attribute.annotation)
    ? { kind: 'declared', shown: true, reason: 'it is annotated `ClassVar`' }
    : undefined;

/** `self.__dict__ = self._shared`: all instances are one (Alex Martelli's Borg). */
const borg: Classify = ({ family }) => {
  const files = [...new Set(family.map(({ file }) => file))];
  const dictionaries = files.flatMap((file) => file.attributes('__dict__').map((node) => ({ file, node })));
  const shares = dictionaries.some(({ file, node }) => {
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

const registry: Classify = ({ accesses, container }) => {
  for (const { file, node } of accesses.classLevel) {
    const changed = usesOfValue(file, node, container).some((use) => use.kind === 'change' || use.kind === 'bind');
    const method = methodAround(file, file.scopeAround(node));
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
const weakRegistry: Classify = ({ changes }) => {
  const stored = changes.flatMap(({ file, change }) =>
    storedValues(file, change.node).map((value) => ({ file, value })),
  );
  const own = stored.find(({ file, value }) => {
    if (receiverOf(file, value).kind === 'class') return true;
    const callee = value.kind === 'call' ? field(value, 'function') : undefined;
    const name = callee === undefined ? undefined : file.qualifiedName(callee);
    const argument = value.kind === 'call' ? file.argumentsOf(value).positional[0] : undefined;
    const tells = name !== undefined && /^(?:weakref\.\w+|builtins\.id)$/.test(name);
    return tells && argument !== undefined && receiverOf(file, argument).kind === 'instance';
  });
  return own === undefined
    ? undefined
    : { kind: 'registry', shown: true, reason: `it keeps track of instances (\`${own.file.text(own.value)}\`)` };
};

const MAPPINGS: ReadonlySet<string> = new Set(['dict', 'OrderedDict', 'defaultdict', 'ChainMap']);

const memo: Classify = ({ container, changes, accesses }) => {
  const filled = memoizing(container, accesses, changes);
  if (filled !== undefined)
    return {
      kind: 'memo',
      shown: MAPPINGS.has(container.type),
      reason: `\`${filled.name}\` looks whether something is there and adds what is not`,
    };
  const reused = recycling(container, accesses, changes);
  if (reused === undefined) return undefined;
  return { kind: 'memo', shown: true, reason: `\`${reused.name}\` takes from it what can be used again` };
};

const named: Classify = ({ attribute }) => {
  const reason = namedAsShared(attribute.name);
  return reason === undefined ? undefined : { kind: 'declared', shown: false, reason };
};

const commented: Classify = ({ file, attribute }) =>
  commentedAsShared(file, attribute.statement)
    ? { kind: 'declared', shown: false, reason: 'the comment beside it says so' }
    : undefined;
