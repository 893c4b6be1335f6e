/** Where what was taken from a structure leaves the function that holds its root. */
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { type Binding, parameterNames, parametersOf } from '../../src/model/scope.ts';
import { unwrap, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { type EscapeOptions, fateOf, type Passed } from './fate.ts';

/** Calls of functions of the project are followed this deep. */
const MAX_DEPTH = 6;

/** The first place where something that `roots` lead to leaves `body`; `returned` are the roots that it gives back as they are. */
export function escapeFrom(
  file: FileModel,
  body: PyNode,
  roots: ReadonlySet<Binding>,
  options: EscapeOptions,
  depth = 0,
): { readonly obstacle: Obstacle | undefined; readonly returned: readonly PyNode[] } {
  const tainted = new Set(roots);
  const returned: PyNode[] = [];
  const seen = new Set<PyNode>();
  for (const binding of tainted) {
    for (const use of file.usesOf(binding)) {
      if (seen.has(use) || binding.sites.some((site) => site.node === use && site.kind !== 'delete')) continue;
      seen.add(use);
      if (isInClosure(file, use, body))
        return { obstacle: { file, node: use, detail: `a function inside keeps \`${file.text(use)}\`` }, returned };
      const passed: Passed[] = [];
      const fate = fateOf(file, use, tainted, options, passed);
      for (const one of passed) {
        const inner = passedTo(file, one, options, depth);
        if (inner !== undefined) return { obstacle: inner, returned };
      }
      switch (fate.kind) {
        case 'named':
          for (const name of fate.names) {
            const named = file.resolve(name);
            if (named === undefined) continue;
            if (!within(named.scope.node, body))
              return {
                obstacle: { file, node: name, detail: `\`${file.text(name)}\` keeps what it is given` },
                returned,
              };
            tainted.add(named);
          }
          break;
        case 'kept': {
          const keeper = unwrap(fate.by);
          const named = keeper.kind === 'identifier' ? file.resolve(keeper) : undefined;
          const isOutside =
            named === undefined || !within(named.scope.node, body) || named.sites[0]?.kind === 'parameter';
          if (named === undefined || isOutside)
            return {
              obstacle: { file, node: fate.by, detail: `\`${file.text(fate.by)}\` keeps what it is given` },
              returned,
            };
          tainted.add(named);
          break;
        }
        case 'returned': {
          const isRoot = fate.whole && roots.has(binding);
          if (isRoot) returned.push(fate.node);
          else if (!options.mayReturn)
            return {
              obstacle: { file, node: fate.node, detail: 'what is given back here outlives what holds it' },
              returned,
            };
          break;
        }
        case 'lost':
          return { obstacle: { file, node: fate.node, detail: fate.why }, returned };
        case 'done':
          break;
      }
    }
  }
  return { obstacle: undefined, returned };
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
): Obstacle | undefined {
  const scope = file.scopes.ofNode.get(definition);
  const name = parametersOf(definition).flatMap(parameterNames)[position];
  const binding = name === undefined ? undefined : scope?.bindings.get(file.identifier(name));
  if (binding === undefined || depth >= MAX_DEPTH)
    return { file, node: argument, detail: `what becomes of \`${file.text(argument)}\` is not known` };
  return escapeFrom(file, definition, new Set([binding]), { ...options, mayReturn: true }, depth + 1).obstacle;
}
