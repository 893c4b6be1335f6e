/** Turns what reaches the attribute through the class into what reaches it through the instance: `type(self).x` into `self.x`. */
import type { Edit } from '../../src/core/edit.ts';
import type { AttributeAccess } from '../../src/model/attribute-accesses.ts';
import type { Method } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { lookup, type Scope } from '../../src/model/scope.ts';
import { isDeleted, isStored } from '../../src/model/use.ts';
import { obstacleTo, replacement } from '../../src/plan/replace.ts';
import { field, stringValue } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { ownClass } from './assignment.ts';
import type { Match } from './match.ts';

/** One access that becomes one through the instance. */
export interface Rewrite extends AttributeAccess {
  readonly method: Method;
  readonly through: 'type' | 'name';
  /** What stands where the class goes, and what will. */
  readonly holder: PyNode;
  readonly self: string;
  /** True for what binds the attribute. */
  readonly binds: boolean;
  readonly deletes: boolean;
}

export interface Rewrites {
  readonly done: readonly Rewrite[];
  /** In a method of an instance, but the instance has no name there. */
  readonly unreachable: readonly AttributeAccess[];
}

/** What the methods of instances do with the attribute through the class, in this file. */
export function rewritesOf({ subject, members, accesses }: Match): Rewrites {
  const { file } = subject.class;
  const done: Rewrite[] = [];
  const unreachable: AttributeAccess[] = [];
  for (const access of accesses.classLevel) {
    const holder = access.file === file ? holderOf(access, subject.name) : undefined;
    const on = holder === undefined ? undefined : ownClass(file, holder);
    if (holder === undefined || on === undefined || !members.has(on.method.class)) continue;
    const self = on.through === 'type' ? file.text(on.instance) : selfAt(file, holder, on.method);
    if (self === undefined) unreachable.push(access);
    else done.push({ ...access, method: on.method, through: on.through, holder, self, ...effectOf(access) });
  }
  return { done, unreachable };
}

/** `C` of `C.x` and of `getattr(C, "x")`; undefined for what names the attribute in other ways. */
function holderOf({ file, node }: AttributeAccess, name: string): PyNode | undefined {
  if (node.kind === 'attribute') return field(node, 'object');
  if (node.kind !== 'call' || !/^builtins\.(?:get|set|has|del)attr$/.test(calledBy({ file, node }))) return undefined;
  const [holder, named] = file.argumentsOf(node).positional;
  return named !== undefined && stringValue(named, file.source.text) === name ? holder : undefined;
}

function calledBy({ file, node }: Pick<AttributeAccess, 'file' | 'node'>): string {
  const callee = field(node, 'function');
  return callee === undefined ? '' : (file.qualifiedName(callee) ?? '');
}

function effectOf({ file, node }: AttributeAccess): Pick<Rewrite, 'binds' | 'deletes'> {
  if (node.kind === 'call') {
    const called = calledBy({ file, node });
    return { binds: called.endsWith('.setattr'), deletes: called.endsWith('.delattr') };
  }
  const augmented = node.parent?.kind === 'augmented_assignment' && node.field === 'left';
  const deletes = isDeleted(node);
  return { binds: isStored(node) && !deletes && !augmented, deletes };
}

/** What the instance is called at a place in its method; undefined where it has no name, or the name means something else. */
function selfAt(file: FileModel, node: PyNode, method: Method): string | undefined {
  const { first } = method;
  const scope: Scope | undefined = file.scopeAround(node);
  if (first === undefined || first.sites.length > 1 || scope === undefined) return undefined;
  return lookup(first.name, scope) === first ? first.name : undefined;
}

/** The edits, or why one cannot be made. */
export function editsOf(rewrites: readonly Rewrite[]): readonly Edit[] | { readonly unwritable: string } {
  for (const { file, holder } of rewrites) {
    const obstacle = obstacleTo(file, holder);
    if (obstacle !== undefined) return { unwritable: obstacle };
  }
  return rewrites.map(({ file, holder, self }) => replacement(file, holder, self));
}
