/**
 * Whether something holds the owner for as long as its child is used: the question that a weak pointer stands and falls with.
 *
 * It is answered from where the objects are made. What a module names lives as long as the program; what a function names lives until the
 * function ends, and then nothing that was taken from it may have left. Everything else is not known.
 */
import type { Obligation } from '../../src/core/finding.ts';
import { type ClassModel, classOf, methodAround } from '../../src/model/class.ts';
import { findMethod, relatives, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { usesOfClass } from '../../src/model/class-use.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { methodOfFirstParameter, receiverOf } from '../../src/model/receiver.ts';
import { reflection } from '../../src/model/reflection.ts';
import type { Binding } from '../../src/model/scope.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { ancestor, field, unwrap, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { escapeFrom } from './escape.ts';
import type { EscapeOptions } from './fate.ts';
import { heldUnder, isOfOneKind } from './held-surely.ts';
import type { Group } from './match.ts';
import { removal } from './removal.ts';

const ID = 'owner-outlives';

/** The obligation `owner-outlives`. */
export function ownerOutlives(group: Group): Obligation {
  const { holder, owners, beside, files, incomplete } = group;
  const family = new Set([holder, ...owners, ...beside].flatMap((one) => [...relatives(one)]));
  const finalizer = usedByFinalizer(group);
  if (finalizer !== undefined) return unmet(ID, finalizer);
  const sites: Spot[] = [];
  for (const file of files) {
    const made = sitesIn(file, family);
    if ('detail' in made) return unknown(ID, made);
    sites.push(...made);
  }
  const temporary = sites.find(({ node }) => isTemporary(group, node));
  if (temporary !== undefined) {
    const detail = `nothing holds \`${excerpt(temporary.file, temporary.node)}\` but the child that is made of it`;
    return unmet(ID, { ...temporary, detail });
  }
  if (incomplete !== undefined) return { id: ID, holds: 'unknown', detail: incomplete };
  if (!sites.some(({ node }) => !isAttached(group, node) && isOwner(group, node, sites))) {
    const detail = `nothing in the project makes a \`${ownerName(group)}\`: who does, and what it keeps, is not known`;
    return unknown(ID, { file: holder.file, node: holder.node, detail });
  }
  if (sites.every(({ file, node }) => isForGood(file, node)))
    return met(ID, 'every object is named by a module, which holds it for good');
  const unfollowed = methodsKeep(group, family) ?? removal(group) ?? heldUnder(group);
  if (unfollowed !== undefined) return unknown(ID, unfollowed);
  return (
    ofFunctions(group, family, sites) ??
    met(ID, 'whoever makes the owner holds it for as long as anything from it is used')
  );
}

function ownerName({ holder, owners }: Group): string {
  return [...owners][0]?.name ?? holder.name;
}

/** True if what is made there may own others. */
function isOwner({ owners }: Group, site: PyNode, sites: readonly Spot[]): boolean {
  const spot = sites.find(({ node }) => node === site);
  const callee = field(site, 'function');
  const made = spot === undefined || callee === undefined ? undefined : classOf(spot.file, callee);
  return made === undefined || [...owners].some((owner) => relatives(owner).has(made));
}

/** By the time `__del__` of a child runs, the owner is gone. */
function usedByFinalizer({ holder, pointers }: Group): Obstacle | undefined {
  for (const model of [holder, ...subclassesOf(holder)]) {
    const { method } = findMethod(model, '__del__');
    if (method === undefined) continue;
    const { file } = method.class;
    const read = pointers
      .flatMap(({ attribute }) => file.attributes(attribute))
      .find((node) => within(node, method.node));
    const detail = `\`${method.class.name}.__del__\` follows it, when the owner is gone already`;
    if (read !== undefined) return { file, node: read, detail };
  }
  return undefined;
}

const HARMLESS =
  /^(?:type|generic_type|union_type|type_parameter|except_clause|class_pattern|dotted_name|member_type)$/;

/** The calls that make objects of the family, or what keeps them from being known. */
function sitesIn(file: FileModel, family: ReadonlySet<ClassModel>): readonly Spot[] | Obstacle {
  const sites: Spot[] = [];
  for (const model of family) {
    for (const use of usesOfClass(file, model)) {
      const { parent } = use;
      if (parent?.kind === 'call' && use.field === 'function') {
        sites.push({ file, node: parent });
        continue;
      }
      // What a class method makes is seen there.
      const isMember = parent?.kind === 'attribute' && use.field === 'object';
      if (parent === undefined || isMember || HARMLESS.test(parent.kind)) continue;
      const list = parent.kind === 'tuple' ? parent.parent : parent;
      const called = list?.parent?.kind === 'call' ? field(list.parent, 'function') : undefined;
      const isAsked =
        called !== undefined && /^builtins\.(?:isinstance|issubclass|super)$/.test(file.qualifiedName(called) ?? '');
      if (isAsked || list?.parent?.kind === 'class_definition') continue;
      return { file, node: use, detail: `\`${excerpt(file, use.parent ?? use)}\` may make one` };
    }
  }
  for (const call of file.calls) {
    const callee = field(call, 'function');
    const receiver = callee === undefined ? undefined : receiverOf(file, callee);
    if (receiver?.kind !== 'class' || receiver.through === 'name' || receiver.through === 'super') continue;
    if (family.has(receiver.class)) sites.push({ file, node: call });
  }
  return sites;
}

/** `Leaf(Branch())`: the owner is an argument, and nothing else has it. */
function isTemporary(group: Group, site: PyNode): boolean {
  const list = site.parent?.kind === 'keyword_argument' ? site.parent.parent : site.parent;
  const call = list?.kind === 'argument_list' && list.parent?.kind === 'call' ? list.parent : undefined;
  if (call === undefined) return false;
  return group.pointers.some(({ pairs }) =>
    pairs.some(({ pointerNode, ownerRoot }) => pointerNode === call && ownerRoot === site),
  );
}

const LOOPS: ReadonlySet<string> = new Set([
  ...['for_statement', 'while_statement', 'list_comprehension', 'set_comprehension', 'generator_expression'],
  ...['dictionary_comprehension', 'lambda', 'function_definition', 'class_definition'],
]);

/** True if the object gets a name of the module that is never bound again, here or from another file, nor by a way round its name. */
function isForGood(file: FileModel, site: PyNode): boolean {
  const name = nameOf(site);
  const binding = name === undefined ? undefined : file.resolve(name);
  if (binding?.scope.kind !== 'module' || binding.sites.length > 1 || ancestor(site, LOOPS) !== undefined) return false;
  return reflection(file) === undefined && file.surroundings.setting(binding.name, file).length === 0;
}

/** The name that an assignment gives to what the call makes. */
function nameOf(site: PyNode): PyNode | undefined {
  let value = site;
  while (value.parent?.kind === 'parenthesized_expression') value = value.parent;
  const assignment = value.parent?.kind === 'assignment' && value.field === 'right' ? value.parent : undefined;
  const left = assignment === undefined ? undefined : field(assignment, 'left');
  return left?.kind === 'identifier' ? left : undefined;
}

/** True if the object is held by its owner as soon as it is there, or in the same function. */
function isAttached({ pointers }: Group, site: PyNode): boolean {
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

function optionsFor(file: FileModel, family: ReadonlySet<ClassModel>, mayReturn: boolean): EscapeOptions {
  const members = [...family];
  return {
    mayReturn,
    isMethod: (name) => members.some((model) => model.methods.some((method) => method.name === name)),
    isShared: (name) =>
      members.some((model) =>
        model.scope.bindings
          .get(name)
          ?.sites.some(({ kind, value }) => kind !== 'function' && value !== undefined && value.kind !== 'none'),
      ),
    isOwn: (callee) => {
      const made = classOf(file, callee);
      if (made !== undefined) return family.has(made);
      const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
      const receiver = object === undefined ? receiverOf(file, callee) : receiverOf(file, object);
      return (receiver.kind === 'instance' || receiver.kind === 'class') && family.has(receiver.class);
    },
  };
}

/** Where a method of the classes hands its object, or what it is given, to something that may keep it. */
function methodsKeep({ holder, owners, types }: Group, family: ReadonlySet<ClassModel>): Obstacle | undefined {
  for (const model of new Set([holder, ...owners].flatMap((one) => [...relatives(one)]))) {
    for (const method of model.methods) {
      const { file } = model;
      const isOfFamily = (binding: Binding): boolean =>
        [...types.ofPath({ root: binding, version: 0, steps: [] }).classes].some((one) => family.has(one));
      const objects = [...method.scope.bindings.values()].filter(
        (binding) => binding.sites[0]?.kind === 'parameter' && isOfFamily(binding),
      );
      const { obstacle } = escapeFrom(file, method.node, new Set(objects), optionsFor(file, family, true));
      if (obstacle !== undefined) return obstacle;
    }
  }
  return undefined;
}

/** Every function that makes one of the objects, and those that are given such by it. */
function ofFunctions(group: Group, family: ReadonlySet<ClassModel>, sites: readonly Spot[]): Obligation | undefined {
  const roots = new Map<PyNode, { readonly file: FileModel; readonly bindings: Set<Binding> }>();
  const queue: Spot[] = [...sites];
  const given = new Set<Binding>();
  for (let spot = queue.shift(); spot !== undefined; spot = queue.shift()) {
    const { file, node } = spot;
    if (isForGood(file, node)) continue;
    const name = nameOf(node);
    const binding = name === undefined ? undefined : file.resolve(name);
    const isLocal = binding !== undefined && binding.sites.length === 1 && binding.scope.kind === 'function';
    const isOnce = isLocal && ancestor(node, LOOPS) === binding.scope.node;
    if (isAttached(group, node) && (!isOnce || !mayLackOwner(group, node))) continue;
    if (!isOnce) {
      // Made and dropped: nobody took anything from it.
      if (node.parent?.kind === 'expression_statement') continue;
      const detail = `how long \`${excerpt(file, node)}\` lives is not followed`;
      return unknown(ID, { file, node, detail });
    }
    const body = binding.scope.node;
    const known = roots.get(body) ?? { file, bindings: new Set<Binding>() };
    known.bindings.add(binding);
    roots.set(body, known);
    const { obstacle, returned } = escapeFrom(file, body, known.bindings, optionsFor(file, family, false));
    if (obstacle !== undefined) {
      return isChild(group, file, obstacle.node, family) ? unmet(ID, obstacle) : unknown(ID, obstacle);
    }
    if (returned.length === 0 || given.has(binding)) continue;
    given.add(binding);
    const callers = callersOf(group, file, body);
    if ('detail' in callers) return unknown(ID, callers);
    queue.push(...callers);
  }
  return undefined;
}

/** True if what a statement gives back is one of the objects, and no name or number of it. */
function isChild({ types }: Group, file: FileModel, node: PyNode, family: ReadonlySet<ClassModel>): boolean {
  const value = /^(?:return_statement|yield)$/.test(node.kind) ? node.children[0] : undefined;
  return value !== undefined && [...types.ofExpression(file, value).classes].some((model) => family.has(model));
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
