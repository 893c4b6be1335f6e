/** Attributes that hold weakly already. */
import type { FileModel } from '../../src/model/file.ts';
import { field } from '../../src/syntax/access.ts';

const cache = new WeakMap<FileModel, ReadonlySet<string>>();

/** The names of attributes to which the file assigns a weak reference, or a container of such. */
export function weakAttributes(file: FileModel): ReadonlySet<string> {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const calls = file.source.text.includes('weakref') ? file.calls : [];
  for (const call of calls) {
    const callee = field(call, 'function');
    if (callee === undefined || file.qualifiedName(callee)?.startsWith('weakref.') !== true) continue;
    let node = call.parent;
    while (node !== undefined && !/(?:statement|definition|block|module)$/.test(node.kind)) {
      const target = node.kind === 'assignment' ? field(node, 'left') : undefined;
      const holder = target?.kind === 'subscript' ? field(target, 'value') : target;
      const name = holder?.kind === 'attribute' ? field(holder, 'attribute') : undefined;
      if (name !== undefined) names.add(file.identifier(name));
      // `self.nodes.append(weakref.ref(x))`
      const method = node.kind === 'call' ? field(node, 'function') : undefined;
      const container = method?.kind === 'attribute' ? field(method, 'object') : undefined;
      const held = container?.kind === 'attribute' ? field(container, 'attribute') : undefined;
      if (held !== undefined) names.add(file.identifier(held));
      node = node.parent;
    }
  }
  cache.set(file, names);
  return names;
}
