/** Whether the functions that make the objects hold them for as long as anything from them is used. */
import { type ClassModel, methodAround } from '../../src/model/class.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { methodOfFirstParameter } from '../../src/model/receiver.ts';
import type { Binding } from '../../src/model/scope.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { escapesFrom } from './escape.ts';
import { escapeOptions } from './escape-options.ts';
import { isOfOneKind } from './held-surely.ts';
import type { Group } from './match.ts';
import { isForGood, localOf } from './named-once.ts';

/** Where one of the functions that make the objects, or are given such by them, may not hold them for long enough. */
export function unheld(group: Group, family: ReadonlySet<ClassModel>, sites: readonly Spot[]): Obstacle | undefined {
  const roots = new Map<PyNode, { readonly file: FileModel; readonly bindings: Set<Binding> }>();
  const queue: Spot[] = [...sites];
  const given = new Set<Binding>();
  for (let spot = queue.shift(); spot !== undefined; spot = queue.shift()) {
    const { file, node } = spot;
    if (isForGood(file, node)) continue;
    const binding = localOf(file, node);
    if (isAttached(group, node) && (binding === undefined || !mayLackOwner(group, node))) continue;
    if (binding === undefined) {
      // Made and dropped: nobody took anything from it.
      if (node.parent?.kind === 'expression_statement') continue;
      const detail = `how long \`${excerpt(file, node)}\` lives is not followed`;
      return { file, node, detail };
    }
    const body = binding.scope.node;
    const known = roots.get(body) ?? { file, bindings: new Set<Binding>() };
    known.bindings.add(binding);
    roots.set(body, known);
    const { escapes, returned } = escapesFrom(file, body, known.bindings, escapeOptions(file, family, false));
    const [first] = escapes;
    if (first !== undefined) return first;
    if (returned.length === 0 || given.has(binding)) continue;
    given.add(binding);
    const callers = callersOf(group, file, body);
    if ('detail' in callers) return callers;
    queue.push(...callers);
  }
  return undefined;
}

/** The calls of a function that gives the owner away. */
function callersOf({ files }: Group, file: FileModel, body: PyNode): readonly Spot[] | Obstacle {
  const name = field(body, 'name');
  const own = name === undefined ? undefined : file.resolve(name);
  const isMethod = methodAround(file, file.scopes.ofNode.get(body))?.node === body;
  if (name === undefined || own === undefined || isMethod || own.sites.length > 1)
    return { file, node: body, detail: 'who gets what it gives back is not known' };
  const text = file.text(name);
  const other = files.find((one) => one !== file && (one.names(text).length > 0 || one.attributes(text).length > 0));
  const unread = file.surroundings.withWord(text, file)[0];
  if (other !== undefined || unread !== undefined)
    return {
      file,
      node: name,
      detail: `\`${text}\` gives it to ${other?.source.path ?? unread}, where it is not followed`,
    };
  const calls: Spot[] = [];
  for (const use of file.usesOf(own)) {
    if (use === name) continue;
    const call = unwrap(use).parent;
    if (call?.kind !== 'call' || use.field !== 'function')
      return { file, node: use, detail: `\`${text}\` is handed on here` };
    calls.push({ file, node: call });
  }
  return calls;
}

/** True if the object is held by its owner as soon as it is there, or in the same function. */
export function isAttached({ pointers }: Pick<Group, 'pointers'>, site: PyNode): boolean {
  return pointers.some(({ pairs }) => pairs.some(({ childRoot }) => childRoot === site));
}

/** True if the owner may be `None`, so that what is made is a root itself, and holds others: it is a parameter, or found by a way. */
function mayLackOwner(group: Group, site: PyNode): boolean {
  if (!isOfOneKind(group)) return false;
  return group.pointers.some(({ pairs }) =>
    pairs.some(({ childRoot, ownerRoot, file }) => {
      if (childRoot !== site) return false;
      if (ownerRoot === undefined) return true;
      return 'sites' in ownerRoot && methodOfFirstParameter(file, ownerRoot) === undefined;
    }),
  );
}
