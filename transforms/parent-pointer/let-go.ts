/** Objects that are let go of by the program when they are done with: their cycle is gone by then. */
import type { Method } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { ancestor, descend, field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { ENDINGS, isCut, LOOPS, needsMore } from './cut.ts';
import { ownAttributes } from './own-attribute.ts';
import type { Pair } from './pair.ts';

/** True if the owner lets go of the child when it is closed, the child of the owner, or the function of what it took hold of. */
export function isTakenBack(pair: Pair): boolean {
  return isLetGo(pair) || takesItselfOut(pair) || isWithinCall(pair);
}

/** Methods after which an object is of no more use. */
const LAST = new RegExp(`^_*(?:${ENDINGS}|stop|finish|exit|quit|disconnect|detach)_*$`, 'i');

function isLast(method: Method): boolean {
  return LAST.test(method.name) && !needsMore(method);
}

/** True if the owner lets go of all it holds when it is closed: `self.child = None`, `self.children.clear()`. */
function isLetGo({ owner, hold, by }: Pair): boolean {
  if (owner === undefined || hold === undefined) return false;
  return [...ownAttributes(owner, hold)].some(
    ({ method, node }) =>
      isLast(method) && isCut(method.class.file, node) && (by === 'direct' || isWhole(method.class.file, node)),
  );
}

/** True if a child that is closed takes itself out of what holds it: `self.server.clients.remove(self)`. Nodes of a tree are moved like that. */
function takesItselfOut({ child, owner, pointer, hold }: Pair): boolean {
  if (owner === undefined || hold === undefined || relatives(child).has(owner)) return false;
  return [...relatives(child)].some((model) => {
    const { file } = model;
    const taken = file.attributes(hold).filter((node) => {
      const object = field(node, 'object');
      const name = object?.kind === 'attribute' ? field(object, 'attribute') : undefined;
      return name !== undefined && file.identifier(name) === pointer && isCut(file, node);
    });
    return model.methods.some((method) => isLast(method) && taken.some((node) => within(node, method.node)));
  });
}

/** False where one element is taken out, and others may stay. */
function isWhole(file: FileModel, node: PyNode): boolean {
  const method = node.parent?.kind === 'attribute' ? field(node.parent, 'attribute') : undefined;
  if (node.parent?.kind === 'subscript') return false;
  return method === undefined || file.text(method) === 'clear' || ancestor(node, LOOPS) !== undefined;
}

/** True if the function that puts the child in takes it out again: it is held while that runs. */
function isWithinCall({ file, holdNode, hold, by }: Pair): boolean {
  const body = ancestor(holdNode, FUNCTION);
  if (body === undefined || hold === undefined) return false;
  return file.attributes(hold).some((node) => {
    const isBehind = node.start > holdNode.end && ancestor(node, FUNCTION) === body && isCut(file, node);
    return isBehind && (by === 'direct' || isWhole(file, node) || isOfSame(file, holdNode, node));
  });
}

/** `visits.append(visit)` and `visits.remove(visit)`, `open[key] = x` and `del open[key]`, or the last on a stack: not another one. */
function isOfSame(file: FileModel, put: PyNode, taken: PyNode): boolean {
  const call = taken.parent?.parent?.kind === 'call' ? taken.parent.parent : undefined;
  const what = call === undefined ? field(taken.parent ?? taken, 'subscript') : file.argumentsOf(call).positional[0];
  if (what === undefined) return call !== undefined;
  const text = file.text(what);
  return [...descend(put)].some((node) => node.kind === what.kind && file.text(node) === text);
}

const FUNCTION: ReadonlySet<string> = new Set(['function_definition']);
