/** The calls of a file by what they call, so that who asks about one function need not look at every call. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { FileModel } from './file.ts';

const indexes = new WeakMap<FileModel, ReadonlyMap<string, readonly PyNode[]>>();

/** The calls of functions whose qualified name is the one given, or matches; in the order of the text. */
export function callsOf(file: FileModel, function_: string | RegExp): readonly PyNode[] {
  const index = indexes.get(file) ?? indexCalls(file);
  indexes.set(file, index);
  if (typeof function_ === 'string') return index.get(function_) ?? [];
  const found = [...index].flatMap(([name, calls]) => (function_.test(name) ? calls : []));
  return found.sort(byStart);
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
