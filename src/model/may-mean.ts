/** Whether a name that is not known to mean a class may mean it all the same: one of several imports, a module that cannot be told. */
import { field, unwrap } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { Binding } from './binding.ts';
import { type ClassModel, classOf } from './class.ts';
import type { FileModel } from './file.ts';
import { mayBeStarred, mayLeadTo } from './imports.ts';

/** True if an expression with the class's name is not known to mean the class, nor anything else. */
export function mayMean(file: FileModel, node: PyNode, model: ClassModel): boolean {
  const target = model.binding;
  if (target === undefined || isBindingSite(file, node) || classOf(file, node) !== undefined) return false;
  const members: string[] = [];
  let root = node;
  while (root.kind === 'attribute') {
    const name = field(root, 'attribute');
    const object = field(root, 'object');
    if (name === undefined || object === undefined) return false;
    members.unshift(file.text(name));
    root = unwrap(object);
  }
  if (root.kind !== 'identifier') return members.length > 0;
  const binding = file.resolve(root);
  const names = [file.text(root), ...members];
  if (binding === undefined) return mayBeStarred(target, file, names);
  if (members.length > 0 && isNoModule(binding)) return false;
  return binding.sites.some((site) => {
    if (site.kind !== 'import') return members.length > 0;
    const source = file.qualified.ofSite(site, binding);
    return source === undefined || mayLeadTo(target, [source, ...members].join('.'), file);
  });
}

/** `self`, `cls`, classes and functions are no modules. */
function isNoModule({ sites, name }: Binding): boolean {
  const isFirst = sites.some(({ kind }) => kind === 'parameter') && /^(?:self|cls|klass|mcs|this)$/.test(name);
  return isFirst || sites.every(({ kind }) => kind === 'class' || kind === 'function');
}

/** True for the name in an operation that binds it. */
export function isBindingSite(file: FileModel, name: PyNode): boolean {
  return file.resolve(name)?.sites.some((site) => site.node === name) === true;
}
