/** Where a class is named: every expression of a file that means it, under whatever name it was imported. */
import { field, stringValue } from '../syntax/access.ts';
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

/** Where the class may be fetched by its name from a module that only running the program tells: `module.Name`, `getattr(module, "Name")`. */
export function usesUnseen(file: FileModel, { name }: ClassModel): readonly PyNode[] {
  const members = file.attributes(name).filter((node) => {
    const object = field(node, 'object');
    return object !== undefined && classOf(file, node) === undefined && isUnknownModule(file, object);
  });
  const fetched = file.calls.filter((call) => {
    const callee = field(call, 'function');
    const [, attribute] = file.argumentsOf(call).positional;
    if (callee === undefined || attribute === undefined) return false;
    return file.qualifiedName(callee) === 'builtins.getattr' && stringValue(attribute, file.source.text) === name;
  });
  return [...members, ...fetched];
}

/** True for what a call gives, itself or by a name, which may be a module. */
function isUnknownModule(file: FileModel, object: PyNode): boolean {
  if (object.kind === 'call' || object.kind === 'subscript') return true;
  const sites = object.kind === 'identifier' ? (file.resolve(object)?.sites ?? []) : [];
  return sites.some(({ value }) => value?.kind === 'call' || value?.kind === 'subscript');
}

function isBindingSite(file: FileModel, name: PyNode): boolean {
  return file.resolve(name)?.sites.some((site) => site.node === name) === true;
}

/** True if the file has a class related to the model, or names one. */
export function concerns(file: FileModel, model: ClassModel): boolean {
  const family = relatives(model);
  return [...family].some((member) => member.file === file || usesOfClass(file, member).length > 0);
}
