/** The calls of a file by what they call, so that who asks about one function need not look at every call. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel } from './file.ts';

const indexes = new WeakMap<FileModel, ReadonlyMap<string, readonly PyNode[]>>();
const byName = new WeakMap<FileModel, Map<string, readonly PyNode[]>>();

/** The calls of functions whose qualified name is the one given, or matches; in the order of the text. */
export function callsOf(file: FileModel, function_: string | RegExp): readonly PyNode[] {
  if (typeof function_ === 'string') return callsOfName(file, function_);
  const index = indexes.get(file) ?? indexCalls(file);
  indexes.set(file, index);
  const found = [...index].flatMap(([name, calls]) => (function_.test(name) ? calls : []));
  return found.sort(byStart);
}

/** Looks only at what has the last part of the name, or another name that an import gives it. */
function callsOfName(file: FileModel, qualifiedName: string): readonly PyNode[] {
  const known = byName.get(file) ?? new Map<string, readonly PyNode[]>();
  byName.set(file, known);
  const before = known.get(qualifiedName);
  if (before !== undefined) return before;
  const last = qualifiedName.slice(qualifiedName.lastIndexOf('.') + 1);
  const calls = file.callsNear(last).filter((call) => {
    const callee = field(call, 'function');
    return callee !== undefined && file.qualifiedName(callee) === qualifiedName;
  });
  known.set(qualifiedName, calls);
  return calls;
}

function indexCalls(file: FileModel): ReadonlyMap<string, readonly PyNode[]> {
  const index = new Map<string, PyNode[]>();
  for (const call of file.calls) {
    const callee = field(call, 'function');
    const name = callee === undefined ? undefined : file.qualifiedName(callee);
    if (name === undefined) continue;
    const calls = index.get(name);
    if (calls === undefined) index.set(name, [call]);
    else calls.push(call);
  }
  return index;
}

/** The calls of a method of that name, of whatever object: `x.__new__(...)`; in the order of the text. */
export function methodCalls(file: FileModel, name: string): readonly PyNode[] {
  return file
    .attributes(name)
    .flatMap((node) => (node.field === 'function' && node.parent?.kind === 'call' ? [node.parent] : []));
}

export function byStart(a: PyNode, b: PyNode): number {
  return a.start - b.start;
}
