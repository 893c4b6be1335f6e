/** The model of a piece of Python, for tests, and ways to point at a place in it. */
import { type ClassModel, classesOf } from '../../src/model/class.ts';
import { FileModel } from '../../src/model/file.ts';
import { descend } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { parsed } from './syntax.ts';

export function modelOf(text: string): FileModel {
  const bytes = Buffer.from(text);
  const source = { path: 'a.py', realPath: '/a.py', bytes, text, encoding: 'utf-8', bom: false, writable: true };
  return new FileModel(source, parsed(text));
}

/** The class of that name. Throws where there is none. */
export function classNamed(file: FileModel, name: string): ClassModel {
  const found = classesOf(file).find((model) => model.name === name);
  if (found === undefined) throw new Error(`no class ${name}`);
  return found;
}

/** The innermost node with exactly this text that stands last in the file. Throws where there is none. */
export function lastExpression(file: FileModel, text: string): PyNode {
  let found: PyNode | undefined;
  for (const node of descend(file.syntax.root)) if (file.text(node) === text) found = node;
  if (found === undefined) throw new Error(`no expression ${text}`);
  return found;
}
