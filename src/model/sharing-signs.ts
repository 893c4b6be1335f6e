/** Signs that an attribute of a class is shared by its instances on purpose: a lock that they share too, its name, a comment. */
import { field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type ClassModel, isInMethod, type Method } from './class.ts';
import type { FileModel, Spot } from './file.ts';
import { receiverOf } from './receiver.ts';

const LOCKS =
  /(?:^|\.)(?:threading|multiprocessing|asyncio|_thread|thread)\.(?:R?Lock|Condition|Semaphore|BoundedSemaphore|allocate_lock)$/;

/** The name under which one of the classes binds a lock in its body. */
export function lockOfClasses(family: readonly ClassModel[]): string | undefined {
  for (const { file, scope } of family) {
    for (const { name, sites } of scope.bindings.values()) {
      const callees = sites.map(({ value }) => (value?.kind === 'call' ? field(value, 'function') : undefined));
      if (callees.some((callee) => callee !== undefined && LOCKS.test(file.qualifiedName(callee) ?? ''))) return name;
    }
  }
  return undefined;
}

/** What the node stands inside a `with` of, or what its method acquires, where instances of the family share that. */
export function sharedGuard(
  { file, node }: Spot,
  method: Method | undefined,
  holder: ClassModel,
  family: readonly ClassModel[],
): PyNode | undefined {
  const names = new Set(family.flatMap(({ scope }) => [...scope.bindings.keys()]));
  return guardsAround(file, node, (method?.class ?? holder).node, method).find((guard) => isShared(file, guard, names));
}

/** What the node is inside a `with` of, and what the method acquires: names and attributes, not calls. */
function guardsAround(file: FileModel, inner: PyNode, end: PyNode, method: Method | undefined): readonly PyNode[] {
  const found: PyNode[] = [];
  for (let node = inner.parent; node !== undefined && node !== end; node = node.parent) {
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

const SHARED_WORD =
  /^(?:cached?|caches|memo(?:s|ized)?|registry|registries|registered|singletons?|shared|globals?|instances|pools?|interned|plugins)$/i;

/** How the name tells, for a person; undefined if it does not. */
export function namedAsShared(name: string): string | undefined {
  const bare = name.replace(/^_+/, '');
  if (wordsOf(name).some((word) => SHARED_WORD.test(word))) return `its name says so (\`${name}\`)`;
  return /^[A-Z][A-Z0-9_]+$/.test(bare) ? 'it is named like a constant of the class' : undefined;
}

/** `_httpPool` and `http_pool` are `http` and `Pool`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/^_+/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .split('_');
}

const SHARED_COMMENT =
  /\b(?:shared?|sharing|cache[sd]?|global|singleton|(?:all|across|between|every) (?:the )?(?:instances?|objects?)|class[- ](?:wide|level|variables?|attributes?))\b/i;

/** True if a comment on the statement's last line, or directly above it, says that it is shared. */
export function commentedAsShared(file: FileModel, { start, end }: PyNode): boolean {
  const { text } = file.source;
  return file.syntax.comments.some((comment) => {
    if (!SHARED_COMMENT.test(file.text(comment))) return false;
    if (comment.start >= end) return !/[\r\n]/.test(text.slice(end, comment.start));
    return (
      comment.end <= start &&
      /^(?:\s*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*\s*$/.test(text.slice(comment.end, start)) &&
      !/(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/.test(text.slice(comment.end, start))
    );
  });
}
