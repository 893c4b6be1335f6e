import type { Place } from '../core/range.ts';
import type { FileModel } from '../model/file.ts';
import type { PyNode } from '../syntax/tree.ts';

/** Where a node stands, for a person. */
export function place(file: FileModel, node: PyNode): Place {
  return { path: file.source.path, range: { start: node.start, end: node.end } };
}

/** The same in a sentence: `shop/cart.py:12`. */
export function placed({ source: { path, text } }: FileModel, { start }: PyNode): string {
  return `${path}:${text.slice(0, start).split(/\r\n|\r|\n/).length}`;
}
