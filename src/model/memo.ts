/** Recognises a memo: a mapping that a method looks a key up in, fills when it is missing, and returns from. */
import { descend, field, unwrap, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { Method } from './class.ts';
import type { AttributeAccesses } from './class-attribute.ts';
import type { Container } from './container.ts';
import type { FileModel } from './file.ts';
import type { SharedChange } from './shared-state.ts';
import { usesOfValue } from './use.ts';

const MAPPINGS: ReadonlySet<string> = new Set(['dict', 'OrderedDict', 'defaultdict', 'ChainMap']);

/** The first method that changes the container as a memo is filled, and returns what it found or made; undefined if none does. */
export function memoizing(
  file: FileModel,
  container: Container,
  accesses: AttributeAccesses,
  changes: readonly SharedChange[],
): Method | undefined {
  if (!MAPPINGS.has(container.type)) return undefined;
  return changes.find(({ change, method }) => {
    if (method === undefined) return false;
    const means = containerTest(file, container, accesses, method);
    const body = [...descend(method.node)];
    if (!body.some((node) => looksUp(file, node, means))) return false;
    const stored = storedName(change.node);
    const kept = new Set(body.flatMap((node) => fetchedName(file, node, means)));
    if (stored !== undefined) kept.add(file.text(stored));
    const returned = body
      .filter((node) => node.kind === 'return_statement')
      .flatMap((node) => node.children.map(unwrap));
    return returned.some(
      (value) => entryOf(file, value, means) || (value.kind === 'identifier' && kept.has(file.text(value))),
    );
  })?.method;
}

/** Tells whether an expression in the method yields the container: the attribute itself, or a local name for it. */
function containerTest(file: FileModel, container: Container, accesses: AttributeAccesses, method: Method): Means {
  const uses = accesses.instance.map(({ node }) => node).filter((node) => within(node, method.node));
  const names = uses.flatMap((node) =>
    usesOfValue(file, node, container).flatMap((use) => (use.kind === 'alias' ? [use.name] : [])),
  );
  const aliases = new Set(names.map((name) => file.resolve(name)));
  return (node) => {
    if (node === undefined) return false;
    const binding = node.kind === 'identifier' ? file.resolve(node) : undefined;
    return uses.includes(node) || (binding !== undefined && aliases.has(binding));
  };
}

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
