/** Recognises what is remembered for later: a memo, a table filled once, a set of what was seen, a list of objects to use again. */
import { ancestor, descend, field, unwrap, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { AttributeAccesses } from './attribute-accesses.ts';
import { isInMethod, type Method } from './class.ts';
import { type Container, freshContainer } from './container.ts';
import type { FileModel } from './file.ts';
import type { Change } from './instance-flow.ts';
import type { SharedChange } from './shared-state.ts';
import { usesOfValue } from './use.ts';

/**
 * The first method that looks whether something is in the container and then adds it, itself or through a method it calls; undefined
 * if none does. What is remembered that way is as good for one instance as for another.
 */
export function memoizing(
  container: Container,
  accesses: AttributeAccesses,
  changes: readonly SharedChange[],
): Method | undefined {
  const filling = changes
    .filter(({ file, change }) => fills(file, change))
    .flatMap(({ method }) => (method === undefined ? [] : [method]));
  const callers = filling.flatMap((method) => method.class.methods.filter((other) => callsOwn(other, method.name)));
  return [...filling, ...callers].find((method) => {
    const { file } = method.class;
    const means = containerTest(container, accesses, method);
    return [...descend(method.node)].some((node) => looksUp(file, node, means) || isEmptinessTest(file, node, means));
  });
}

/** The first method that takes an object out if there is one and makes one otherwise. */
export function recycling(
  container: Container,
  accesses: AttributeAccesses,
  changes: readonly SharedChange[],
): Method | undefined {
  return changes.find(({ file, change, method }) => {
    if (method === undefined || !/^\.(?:pop|popleft|popitem)\(\)$/.test(change.how)) return false;
    const means = containerTest(container, accesses, method);
    const body = [...descend(method.node)];
    const makes = body.some(
      (node) => node.kind === 'return_statement' && node.children[0]?.kind === 'call' && !within(change.node, node),
    );
    return makes && body.some((node) => isEmptinessTest(file, node, means));
  })?.method;
}

/** True for a change that puts something in, but for one that starts an entry to be added to: `0`, `[]`, a group, a count. */
function fills(file: FileModel, { how, node }: Change): boolean {
  if (/^\.(?:append|appendleft|add|extend|insert|update|put|put_nowait)\(\)$/.test(how)) return true;
  if (how !== '[...] =' && how !== '.setdefault()') return false;
  const value =
    node.kind === 'call'
      ? file.argumentsOf(node).positional[1]
      : node.parent === undefined
        ? undefined
        : field(node.parent, 'right');
  return value !== undefined && !STARTING_VALUES.has(unwrap(value).kind) && freshContainer(file, value)?.empty !== true;
}

const STARTING_VALUES: ReadonlySet<string> = new Set(['integer', 'float', 'string', 'none', 'true', 'false', 'tuple']);

function callsOwn(method: Method, name: string): boolean {
  return method.class.file.attributes(name).some((node) => node.field === 'function' && within(node, method.node));
}

/** Tells whether an expression in the method yields the container: the attribute itself, or a local name for it. */
function containerTest(container: Container, accesses: AttributeAccesses, method: Method): Means {
  const { file } = method.class;
  const uses = accesses.instance.filter((access) => isInMethod(access, method)).map(({ node }) => node);
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

/** `key in self.x`, `self.x.get(key)`, `self.x[key]` where a KeyError is caught. */
function looksUp(file: FileModel, node: PyNode, means: Means): boolean {
  if (node.kind === 'comparison_operator') {
    const operator = node.children[1];
    return operator !== undefined && /\bin\b/.test(file.text(operator)) && means(node.children[2]);
  }
  if (node.kind === 'subscript' && node.field !== 'left' && means(field(node, 'value'))) return isInTry(file, node);
  if (isPartOfItsSuccessor(node, means)) return false;
  const callee = node.kind === 'call' ? field(node, 'function') : undefined;
  const method = callee?.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  return (
    callee !== undefined &&
    method !== undefined &&
    /^(?:get|setdefault)$/.test(file.text(method)) &&
    means(field(callee, 'object'))
  );
}

/** `self.x[key] = self.x.get(key, 0) + 1`: what was there is added to. */
function isPartOfItsSuccessor(node: PyNode, means: Means): boolean {
  const assignment = ancestor(node, ASSIGNMENT);
  const target = assignment === undefined ? undefined : field(assignment, 'left');
  return target?.kind === 'subscript' && means(field(target, 'value'));
}

const ASSIGNMENT: ReadonlySet<string> = new Set(['assignment']);

function isInTry(file: FileModel, node: PyNode): boolean {
  const statement = ancestor(node, TRY);
  return (
    statement?.children.some(
      (clause) => clause.kind === 'except_clause' && /KeyError|LookupError/.test(file.text(clause)),
    ) === true
  );
}

const TRY: ReadonlySet<string> = new Set(['try_statement']);

/** `if not self.x`, `if self.x`, `if len(self.x) == 0`, `self.x or ...`: but not the condition of a loop that works it off. */
function isEmptinessTest(file: FileModel, node: PyNode, means: Means): boolean {
  if (!means(node)) return false;
  let above = node.parent;
  if (above?.kind === 'argument_list') above = above.parent;
  if (above?.kind === 'call' && file.text(field(above, 'function') ?? above) === 'len') above = above.parent;
  if (above?.kind === 'comparison_operator' && /(?:==|>|!=)\s*0$|<\s*1$/.test(file.text(above))) above = above.parent;
  while (above?.kind === 'not_operator' || above?.kind === 'parenthesized_expression') above = above.parent;
  return (
    above?.kind === 'if_statement' || above?.kind === 'boolean_operator' || above?.kind === 'conditional_expression'
  );
}
