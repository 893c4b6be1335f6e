/** A program that breaks its cycles itself has decided otherwise. */
import { type ClassModel, classesOf, type Method } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { nodesIn } from '../../src/model/written-value.ts';
import { ancestor, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { ENDINGS, isCut, LOOPS, needsMore } from './cut.ts';
import { isTakenBack } from './let-go.ts';
import type { Group } from './match.ts';

/**
 * True if a method without arguments takes the pointers off: of all that is below, in a loop or by calling itself there, or at least its own
 * where its name says that it is for the end. What holds the whole may do it too: in a loop, and by such a name.
 */
export function isTornDown({
  holder,
  owners,
  pointers,
  files,
}: Pick<Group, 'holder' | 'owners' | 'pointers' | 'files'>): boolean {
  const names = pointers.map(({ attribute }) => attribute);
  const holds = pointers.flatMap(({ pairs }) => pairs.flatMap(({ hold }) => hold ?? []));
  const classes = new Set<ClassModel>([holder, ...owners].flatMap((one) => [...relatives(one)]));
  for (const model of classes) for (const method of model.methods) if (breaks(method, names, holds)) return true;
  const held = new Set(pointers.flatMap(({ pairs }) => pairs));
  if ([...held].every((pair) => isTakenBack(pair))) return true;
  const others = files.flatMap((file) => classesOf(file)).filter((model) => !classes.has(model));
  return others.some((model) =>
    model.methods.some((method) => ENDS.test(method.name) && cutsInLoop(method, names) && breaks(method, names, holds)),
  );
}

function cutsInLoop(method: Method, names: readonly string[]): boolean {
  const { file } = method.class;
  return [...nodesIn(method.node)].some((node) => {
    const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
    const isPointer = name !== undefined && names.includes(file.identifier(name));
    return isPointer && isCut(file, node) && isWithin(node, method.node);
  });
}

const ENDS = new RegExp(`^(?:${ENDINGS})$`);
function breaks(method: Method, names: readonly string[], holds: readonly string[]): boolean {
  const { file } = method.class;
  if (method.kind !== 'instance' || needsMore(method) || method.name === '__init__') return false;
  let cut = false;
  let goesOn = false;
  let cutsPointer = false;
  for (const node of nodesIn(method.node)) {
    const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
    if (name === undefined) continue;
    const text = file.identifier(name);
    const inLoop = isWithin(node, method.node);
    if (isCut(file, node) && (names.includes(text) || holds.includes(text))) {
      cut = true;
      cutsPointer ||= names.includes(text);
      goesOn ||= inLoop && names.includes(text);
    }
    if (text === method.name && node.field === 'function' && inLoop) goesOn = true;
  }
  return cut && (goesOn || (ENDS.test(method.name) && cutsPointer));
}

function isWithin(node: PyNode, method: PyNode): boolean {
  const loop = ancestor(node, LOOPS);
  return loop !== undefined && loop.start > method.start;
}
