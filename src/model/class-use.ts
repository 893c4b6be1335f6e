/** Where a class is named: every expression of a file that means it, under whatever name it was imported. */
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, classOf } from './class.ts';
import { relatives } from './class-hierarchy.ts';
import type { FileModel } from './file.ts';

/** The expressions in `file` that name the class; statements that define or import it are none. */
export function usesOfClass(file: FileModel, model: ClassModel): readonly PyNode[] {
  if (file === model.file) {
    const { binding } = model;
    const named = binding === undefined ? [] : file.usesOf(binding).filter((node) => !isBindingSite(file, node));
    return [...named, ...file.attributes(model.name).filter((node) => classOf(file, node) === model)];
  }
  const names = file.surroundings.aliases(model.name);
  return names.flatMap((name) => [
    ...file.names(name).filter((node) => !isBindingSite(file, node) && classOf(file, node) === model),
    ...file.attributes(name).filter((node) => classOf(file, node) === model),
  ]);
}

function isBindingSite(file: FileModel, name: PyNode): boolean {
  return file.resolve(name)?.sites.some((site) => site.node === name) === true;
}

/** True if the file has a class related to the model, or names one. */
export function concerns(file: FileModel, model: ClassModel): boolean {
  const family = relatives(model);
  return [...family].some((member) => member.file === file || usesOfClass(file, member).length > 0);
}
