import type { Place } from '../core/range.ts';
import type { FileModel } from '../model/file.ts';
import type { PyNode } from '../syntax/tree.ts';

/** Where a node stands, for a person. */
export function place(file: FileModel, node: PyNode): Place {
  return { path: file.source.path, range: { start: node.start, end: node.end } };
}
