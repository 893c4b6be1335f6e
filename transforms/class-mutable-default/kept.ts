/**
 * Obligation `not-kept-between-calls`: nothing that one call leaves in the container is used by another. It holds only where every
 * call certainly empties or rebinds the container before anything else looks at it, and hands it to nobody.
 */
import type { Obligation } from '../../src/core/finding.ts';
import { isAsync, isGenerator, type Method } from '../../src/model/class.ts';
import type { Container } from '../../src/model/container.ts';
import { type Analysis, runBlock } from '../../src/model/control-flow.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { Scope } from '../../src/model/scope.ts';
import { isStored } from '../../src/model/use.ts';
import { filesConcerned } from '../../src/plan/attribute-obligations.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import { descend, field, isUnconditional } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isOnlyRead, runsAtOnce } from './confined.ts';
import type { Match } from './match.ts';
import { mayReenter } from './reentry.ts';

export function notKeptBetweenCalls(match: Match, method: Method): Obligation {
  const id = 'not-kept-between-calls';
  const { accesses, container } = match;
  const { file } = method.class;
  const uses = accesses.instance.map(({ node }) => node);
  const open = (node: PyNode, detail: string): Obligation => unknown(id, { file, node, detail });
  const kept = usedAsLeft(file, method, uses, container);
  if (kept !== undefined) return open(kept, `\`${excerpt(file, kept)}\` is used as the call before has left it`);
  const deferred = uses.find((node) => !runsInCall(file, file.scopeAround(node), method.scope));
  if (deferred !== undefined) return open(deferred, `\`${excerpt(file, deferred)}\` may run in a later call`);
  const handed = uses.find((node) => !isOnlyRead(file, node));
  if (handed !== undefined)
    return open(handed, `\`${excerpt(file, handed)}\` is handed on, and may be kept until the next call`);
  if (isGenerator(method) || isAsync(method))
    return open(method.node, `two runs of \`${method.name}\` at a time share it`);
  const again = mayReenter(method, filesConcerned(match.attribute));
  if (again === undefined) return met(id, `every call of \`${method.name}\` empties it before it uses it`);
  const detail = `\`${excerpt(again.file, again.node)}\` may run \`${method.name}\` while it is at work`;
  return unknown(id, { ...again, detail });
}

/** True if what stands in `scope` runs, if at all, before the method's block goes on. */
function runsInCall(file: FileModel, scope: Scope | undefined, method: Scope): boolean {
  for (let current = scope; current !== method; current = current.parent) {
    if (current?.kind !== 'comprehension') return false;
    if (current.node.kind === 'generator_expression' && !runsAtOnce(file, current.node)) return false;
  }
  return true;
}

/** The first use that a call may come to before it has emptied or rebound the container. */
function usedAsLeft(
  file: FileModel,
  method: Method,
  uses: readonly PyNode[],
  container: Container,
): PyNode | undefined {
  const flow = new ResetFlow(file, new Set(uses), container);
  runBlock(flow, field(method.node, 'body'), { reset: false });
  return flow.early;
}

interface State {
  /** True if the container is certainly new or empty since the call began. */
  readonly reset: boolean;
}

class ResetFlow implements Analysis<State> {
  early: PyNode | undefined;
  private readonly file: FileModel;
  private readonly uses: ReadonlySet<PyNode>;
  private readonly container: Container;

  constructor(file: FileModel, uses: ReadonlySet<PyNode>, container: Container) {
    this.file = file;
    this.uses = uses;
    this.container = container;
  }

  /** In the order of the text; what a statement stores it stores last. */
  evaluate(root: PyNode, state: State): State {
    let { reset } = state;
    let stored = false;
    for (const node of descend(root)) {
      if (reset || !this.uses.has(node)) continue;
      const how = resetBy(this.file, node, this.container);
      if (how === 'at once') reset = isUnconditional(node);
      else if (how === 'stored') stored = true;
      else if (how === 'used') this.early ??= node;
    }
    return reset || stored ? RESET : state;
  }

  join(a: State, b: State): State {
    return a.reset && !b.reset ? b : a;
  }

  thrown(before: State): State {
    return before;
  }

  assume(_condition: PyNode, _outcome: boolean, state: State): State {
    return state;
  }

  // Whether a block ends early, a loop goes on for ever or a pattern always matches is left open: the answer is then the careful one.
  swallows(): boolean {
    return true;
  }

  define(): void {}

  isEndless(): boolean {
    return false;
  }

  isWildcard(): boolean {
    return false;
  }
}

const RESET: State = { reset: true };

/** What a use does to what was left: `self.x.clear()`, `self.x = ...`, `self.x[:] = ...`, `del self.x[:]`. */
function resetBy(file: FileModel, node: PyNode, { type }: Container): 'at once' | 'stored' | 'used' | 'neither' {
  const { parent } = node;
  if (parent?.kind === 'augmented_assignment' || parent === undefined) return 'used';
  if (parent.kind === 'assignment' && field(parent, 'right') === undefined) return 'neither';
  if (isStored(node)) return 'stored';
  if (parent.kind === 'subscript' && node.field === 'value') {
    const all = /^\[\s*::?\s*\]$/.test(file.source.text.slice(node.end, parent.end).trim());
    return all && isStored(parent) && parent.parent?.kind !== 'augmented_assignment' ? 'stored' : 'used';
  }
  const call = parent.kind === 'attribute' && parent.field === 'function' ? parent.parent : undefined;
  const name = call === undefined ? undefined : field(parent, 'attribute');
  // A chain of maps empties its first one only; a queue has no such method.
  const empties = name !== undefined && file.text(name) === 'clear' && type !== 'ChainMap' && type !== 'queue';
  return empties ? 'at once' : 'used';
}
