/** Where what was taken from a structure leaves the function that holds its root. */
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { type Binding, parameterNames, parametersOf } from '../../src/model/scope.ts';
import { unwrap, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { fateOf } from './fate.ts';
import type { EscapeOptions, Passed } from './fates.ts';

/** Calls of functions of the project are followed this deep. */
const MAX_DEPTH = 6;

/** A place where something that a root leads to leaves the function. */
export interface Escape extends Obstacle {
  /** What leaves: the root itself, or what was reached from there. */
  readonly value: PyNode;
  /** True if it is what the root names, and not what that leads to. */
  readonly isRoot: boolean;
  /** True if it is given back just as it was reached, by names, attributes and elements alone. */
  readonly isTaken: boolean;
}

/** The places where something that `roots` lead to leaves `body`; `returned` are the roots that it gives back as they are. */
export function escapesFrom(
  file: FileModel,
  body: PyNode,
  roots: ReadonlySet<Binding>,
  options: EscapeOptions,
  depth = 0,
): { readonly escapes: readonly Escape[]; readonly returned: readonly PyNode[] } {
  const tainted = new Set(roots);
  /** Names that mean what lies on a way from a root, and nothing made of it. */
  const onTheWay = new Set(roots);
  const escapes: Escape[] = [];
  const returned: PyNode[] = [];
  const seen = new Set<PyNode>();
  const isInside = (scope: PyNode): boolean => within(scope, body);
  for (const binding of tainted) {
    for (const use of file.usesOf(binding)) {
      if (seen.has(use) || binding.sites.some((site) => site.node === use && site.kind !== 'delete')) continue;
      seen.add(use);
      const value = reachedFrom(use);
      const isRoot = value === use && roots.has(binding);
      const leaves = (node: PyNode, detail: string, isTaken = false): void => {
        escapes.push({ file, node, detail, value, isRoot, isTaken });
      };
      if (isInClosure(file, use, body)) {
        leaves(use, `a function inside keeps \`${file.text(use)}\``);
        continue;
      }
      const passed: Passed[] = [];
      const fate = fateOf(file, use, tainted, options, passed);
      for (const one of passed) {
        const [inner] = passedTo(file, one, options, depth);
        if (inner !== undefined) escapes.push({ ...inner, value, isRoot, isTaken: false });
      }
      switch (fate.kind) {
        case 'named':
          for (const name of fate.names) {
            const named = file.resolve(name);
            if (named === undefined) continue;
            if (!isInside(named.scope.node)) {
              leaves(name, `\`${file.text(name)}\` keeps what it is given`);
              continue;
            }
            tainted.add(named);
            if (onTheWay.has(binding) && BINDS.test(value.parent?.kind ?? '')) onTheWay.add(named);
          }
          break;
        case 'kept': {
          const keeper = unwrap(fate.by);
          const named = keeper.kind === 'identifier' ? file.resolve(keeper) : undefined;
          const isOwn = named !== undefined && isInside(named.scope.node) && named.sites[0]?.kind !== 'parameter';
          if (isOwn) tainted.add(named);
          else leaves(fate.by, `\`${file.text(fate.by)}\` keeps what it is given`);
          break;
        }
        case 'returned':
          if (fate.whole && roots.has(binding)) returned.push(fate.node);
          else if (!options.mayReturn)
            leaves(fate.node, 'what is given back here outlives what holds it', onTheWay.has(binding));
          break;
        case 'lost':
          leaves(fate.node, fate.why);
          break;
        case 'done':
          break;
      }
    }
  }
  return { escapes, returned };
}

/** What gives a name to what it is given as it is. */
const BINDS = /^(?:assignment|named_expression|for_statement)$/;

/** The whole of `a.b[0].c()` from its `a`. */
export function reachedFrom(use: PyNode): PyNode {
  let node = use;
  for (;;) {
    const { parent } = node;
    if (parent === undefined) return node;
    const isStep =
      (parent.kind === 'attribute' && node.field === 'object') ||
      (parent.kind === 'subscript' && node.field === 'value') ||
      (parent.kind === 'call' && node.field === 'function') ||
      parent.kind === 'parenthesized_expression';
    if (!isStep) return node;
    node = parent;
  }
}

/** What a function inside uses, it keeps for as long as it is kept. */
function isInClosure(file: FileModel, use: PyNode, body: PyNode): boolean {
  for (let scope = file.scopeOf(use); scope !== undefined && scope.node !== body; scope = scope.parent)
    if (scope.kind === 'function' || scope.kind === 'lambda' || scope.kind === 'class') return true;
  return false;
}

function passedTo(
  file: FileModel,
  { argument, position, definition }: Passed,
  options: EscapeOptions,
  depth: number,
): readonly Obstacle[] {
  const scope = file.scopes.ofNode.get(definition);
  const name = parametersOf(definition).flatMap(parameterNames)[position];
  const binding = name === undefined ? undefined : scope?.bindings.get(file.identifier(name));
  if (binding === undefined || depth >= MAX_DEPTH)
    return [{ file, node: argument, detail: `what becomes of \`${file.text(argument)}\` is not known` }];
  return escapesFrom(file, definition, new Set([binding]), { ...options, mayReturn: true }, depth + 1).escapes;
}
