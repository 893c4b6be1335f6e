/** A program that breaks its cycles itself has decided otherwise. */
import { type ClassModel, classesOf, type Method } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { parametersOf } from '../../src/model/scope.ts';
import { assignedValue, isDeleted } from '../../src/model/use.ts';
import { nodesIn } from '../../src/model/written-value.ts';
import { ancestor, field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';
import type { Pair } from './pair.ts';

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
  if ([...held].every((pair) => isLetGo(pair) || isWithinCall(pair))) return true;
  const others = files.flatMap((file) => classesOf(file)).filter((model) => !classes.has(model));
  return others.some((model) =>
    model.methods.some(
      (method) => ENDINGS.test(method.name) && cutsInLoop(method, names) && breaks(method, names, holds),
    ),
  );
}

/** Methods after which an object is of no more use. */
const LAST =
  /^_*(?:destroy|unlink|dispose|tear_?down|clean_?up|close|release|free|shutdown|stop|finish|exit|quit|disconnect|detach)_*$/i;

/** True if the owner lets go of all it holds when it is closed: `self.child = None`, `self.children.clear()`. */
function isLetGo({ owner, hold, by }: Pair): boolean {
  if (owner === undefined || hold === undefined) return false;
  return [...relatives(owner)].some((model) => {
    const { file } = model;
    const cuts = file.attributes(hold).filter((node) => isCut(file, node) && (by === 'direct' || isWhole(file, node)));
    const last = model.methods.filter(({ name }) => LAST.test(name));
    return last.some((method) => cuts.some((node) => within(node, method.node) && isOfFirst(method, node)));
  });
}

/** False where one element is taken out, and others may stay. */
function isWhole(file: FileModel, node: PyNode): boolean {
  const method = node.parent?.kind === 'attribute' ? field(node.parent, 'attribute') : undefined;
  if (node.parent?.kind === 'subscript') return false;
  return method === undefined || file.text(method) === 'clear' || ancestor(node, LOOPS) !== undefined;
}

/** True if the function that puts the child in takes it out again: it is held while that runs. */
function isWithinCall({ file, holdNode, hold }: Pair): boolean {
  const body = ancestor(holdNode, FUNCTION);
  if (body === undefined || hold === undefined) return false;
  return file
    .attributes(hold)
    .some((node) => node.start > holdNode.end && ancestor(node, FUNCTION) === body && isCut(file, node));
}

const FUNCTION: ReadonlySet<string> = new Set(['function_definition']);

function isOfFirst({ class: { file }, first }: Method, node: PyNode): boolean {
  const object = field(node, 'object');
  return object?.kind === 'identifier' && first !== undefined && file.resolve(object) === first;
}

function cutsInLoop(method: Method, names: readonly string[]): boolean {
  const { file } = method.class;
  return [...nodesIn(method.node)].some((node) => {
    const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
    const isPointer = name !== undefined && names.includes(file.identifier(name));
    return isPointer && isCut(file, node) && isWithin(node, method.node);
  });
}

/** Methods that say that an object is done with. */
const ENDINGS = /^(?:destroy|unlink|dispose|tear_?down|clean_?up|close|release|free|shutdown)$/;
const LOOPS: ReadonlySet<string> = new Set(['for_statement', 'while_statement', 'list_comprehension']);

function breaks(method: Method, names: readonly string[], holds: readonly string[]): boolean {
  const { file } = method.class;
  const required = parametersOf(method.node).filter(({ kind }) => kind === 'identifier' || kind === 'typed_parameter');
  if (method.kind !== 'instance' || required.length > 1 || method.name === '__init__') return false;
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
  return cut && (goesOn || (ENDINGS.test(method.name) && cutsPointer));
}

function isWithin(node: PyNode, method: PyNode): boolean {
  const loop = ancestor(node, LOOPS);
  return loop !== undefined && loop.start > method.start;
}

function isCut(file: FileModel, node: PyNode): boolean {
  let chain: PyNode | undefined = node.parent;
  if (isDeleted(node)) return true;
  // `del self.master.children[name]`, `self.children.clear()`
  if (chain?.kind === 'subscript' && node.field === 'value' && isDeleted(chain)) return true;
  const method = chain?.kind === 'attribute' ? field(chain, 'attribute') : undefined;
  if (
    method !== undefined &&
    chain?.field === 'function' &&
    /^(?:clear|remove|pop|popitem|discard)$/.test(file.text(method))
  )
    return true;
  const assigned = assignedValue(node);
  if (assigned?.value?.kind === 'none') return true;
  // `node.parent = node.prev = None`
  while (chain?.kind === 'assignment') {
    if (field(chain, 'right')?.kind === 'none') return true;
    const right: PyNode | undefined = field(chain, 'right');
    chain = right?.kind === 'assignment' ? right : undefined;
  }
  return false;
}
