/** Evidence in what guards the container: a lock that instances share guards something that they share. */
import { isInMethod, type Method } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Classify } from './sharing.ts';

const LOCKS =
  /(?:^|\.)(?:threading|multiprocessing|asyncio|_thread|thread)\.(?:R?Lock|Condition|Semaphore|BoundedSemaphore|allocate_lock)$/;

/** A lock of the class or the module goes with it; so does a queue, which is made to be shared. */
export const monitor: Classify = ({ attribute, container, changes, family }) => {
  if (container.type === 'queue') return { kind: 'monitor', shown: false, reason: 'a queue is made for several users' };
  const bindings = family.flatMap(({ file, scope }) =>
    [...scope.bindings.values()].map((binding) => ({ file, binding })),
  );
  const lock = bindings.find(({ file, binding }) =>
    binding.sites.some((site) => {
      const callee = site.value?.kind === 'call' ? field(site.value, 'function') : undefined;
      return callee !== undefined && LOCKS.test(file.qualifiedName(callee) ?? '');
    }),
  );
  if (lock !== undefined)
    return { kind: 'monitor', shown: true, reason: `the class has a lock of its own, \`${lock.binding.name}\`` };
  const classNames = new Set(bindings.map(({ binding }) => binding.name));
  for (const { file, change, method } of changes) {
    const guard = guardsAround(file, change.node, (method?.class ?? attribute.class).node, method).find((node) =>
      isShared(file, node, classNames),
    );
    if (guard !== undefined)
      return { kind: 'monitor', shown: true, reason: `\`${file.text(guard)}\`, which instances share, guards it` };
    const wrapper = method?.decorators.find(
      (decorator) => file.qualifiedName(decorator) === undefined || /^\./.test(file.qualifiedName(decorator) ?? ''),
    );
    if (wrapper !== undefined)
      return { kind: 'monitor', shown: false, reason: `\`@${file.text(wrapper)}\` wraps a method that changes it` };
  }
  return undefined;
};

/** What the change is made inside a `with` of, and what the method acquires: names and attributes, not calls. */
function guardsAround(file: FileModel, change: PyNode, end: PyNode, method: Method | undefined): readonly PyNode[] {
  const found: PyNode[] = [];
  for (let node = change.parent; node !== undefined && node !== end; node = node.parent) {
    if (node.kind !== 'with_statement') continue;
    const items = node.children.filter((child) => child.kind === 'with_clause').flatMap((clause) => clause.children);
    found.push(...items.flatMap((item) => field(item, 'value') ?? []));
  }
  for (const node of file.attributes('acquire')) {
    const object = field(node, 'object');
    if (object !== undefined && method !== undefined && isInMethod({ file, node }, method)) found.push(object);
  }
  return found;
}

/** A name of the module or an import, an attribute of one, or an attribute that the class body binds. */
function isShared(file: FileModel, guard: PyNode, classNames: ReadonlySet<string>): boolean {
  if (guard.kind === 'identifier') return file.resolve(guard)?.scope.kind === 'module';
  const object = guard.kind === 'attribute' ? field(guard, 'object') : undefined;
  const name = guard.kind === 'attribute' ? field(guard, 'attribute') : undefined;
  if (object === undefined || name === undefined) return false;
  return receiverOf(file, object).kind === 'instance'
    ? classNames.has(file.text(name))
    : isShared(file, object, classNames);
}
