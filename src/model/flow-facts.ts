/** What the text of a statement tells every analysis of control flow. */
import { unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { isAsync, isGenerator, type Method } from './class.ts';
import type { FileModel } from './file.ts';

/** True for a `with` clause that may swallow what is raised inside. */
export function swallows(file: FileModel, clause: PyNode): boolean {
  return /\b(?:suppress|raises|assertRaises\w*)\s*\(/.test(file.text(clause));
}

/** True for a condition that is always true. */
export function isEndless(file: FileModel, condition: PyNode): boolean {
  return /^(?:True|1)$/.test(file.text(unwrap(condition)));
}

/** True for a match pattern that always matches: `_`, or a name that takes whatever comes. */
export function isWildcard(file: FileModel, pattern: PyNode): boolean {
  const text = file.text(pattern).trim();
  return /^\w+$/.test(text) && !/^(?:None|True|False|\d.*)$/.test(text);
}

/** Calling a generator runs nothing of it, and a coroutine runs when it is awaited. */
export function runsHere(method: Method, call: PyNode): boolean {
  if (isGenerator(method)) return false;
  return !isAsync(method) || call.parent?.kind === 'await';
}
