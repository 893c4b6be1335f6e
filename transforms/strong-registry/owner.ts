/**
 * Whether the registry lets go of its entries, or is there to own them. Either way there is nothing to report: what is taken out
 * somewhere is somebody's business, and a pool or a table of names that became weak would empty itself.
 */

import { filesAround } from '../../src/model/attribute-files.ts';
import { type ClassModel, classOf, methodAround } from '../../src/model/class.ts';
import { isMetaclass, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { isDeclarative } from '../../src/model/class-kind.ts';
import { usesOfClass } from '../../src/model/class-use.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import type { Scope } from '../../src/model/scope.ts';
import { ancestor, field, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Entry } from './entry.ts';
import { isDecorator } from './instance.ts';
import { functionAround, type Operation } from './operation.ts';
import { type Registry, resets } from './registry.ts';

const REMOVING =
  /^(?:remove|discard|pop|popleft|popitem|clear|difference_update|intersection_update|symmetric_difference_update|__delitem__)$/;
const TEST_FILE = /(?:^|\/)(?:tests?|testing)\/|(?:^|\/)(?:test_[^/]*|[^/]*_tests?|conftest)\.py$/;

/** True if something takes entries out in the ordinary course of things. */
export function letsGo(registry: Registry, entries: readonly Entry[]): boolean {
  if (resets(registry).length > 0) return true;
  const testing = entries.every(({ operation }) => TEST_FILE.test(operation.file.source.path));
  return [...registry.operations, ...registry.perhaps].some(
    (operation) =>
      takesOut(operation) &&
      !inFinalizer(operation) &&
      !undoesEntry(operation, entries) &&
      (testing || !TEST_FILE.test(operation.file.source.path)),
  );
}

function takesOut(operation: Operation): boolean {
  const { file } = operation;
  switch (operation.kind) {
    case 'call':
    case 'method':
      return REMOVING.test(operation.method);
    case 'drop':
      return true;
    case 'bind':
      return functionAround(file, operation.node) !== undefined || operation.value === undefined;
    case 'operator':
      return operation.node.kind === 'augmented_assignment' && /^[-&^]=$/.test(operatorOf(operation));
    case 'store': {
      const { subscript } = operation;
      const value = subscript.parent === undefined ? undefined : field(subscript.parent, 'right');
      return value?.kind === 'none' || field(subscript, 'subscript')?.kind === 'slice';
    }
    default:
      return false;
  }
}

function operatorOf({ file, node }: Operation): string {
  const operator = field(node, 'operator');
  return operator === undefined ? '' : file.text(operator);
}

/** `__del__` cannot run for what the registry holds. */
export function inFinalizer({ file, node }: Operation): boolean {
  return methodAround(file, functionAround(file, node))?.name === '__del__';
}

/** A removal on the way out of a failure, in the function that added the entry: other ways out keep it. */
function undoesEntry({ file, node }: Operation, entries: readonly Entry[]): boolean {
  const handler = ancestor(node, new Set(['except_clause']));
  const around = functionAround(file, node);
  return (
    handler !== undefined && around !== undefined && within(handler, around.node) && functionsOf(entries).has(around)
  );
}

function functionsOf(entries: readonly Entry[]): ReadonlySet<Scope> {
  return new Set(
    entries.flatMap(({ operation, node }) => {
      const around = functionAround(operation.file, node);
      return around === undefined ? [] : [around];
    }),
  );
}

/** True if the registry is what the objects live by, as far as the code shows. */
export function owns(registry: Registry, entries: readonly Entry[]): boolean {
  const classes = entries.flatMap(({ instance }) => (instance.class === undefined ? [] : [instance.class]));
  if (classes.some((model) => isMetaclass(model) || isDeclarative(model))) return true;
  if (entries.every(({ operation, node }) => filledAtImport(operation.file, node))) return true;
  if (classes.length > 0 && classes.every((model) => onlyMadeAtImport(model, registry))) return true;
  if (entries.some(({ instance, operation, node }) => instance.origin === 'built' && isDecorator(operation.file, node)))
    return true;
  return entries.some(({ role }) => role === 'value') && findsByKey(registry, entries, classes);
}

/** `__set_name__` and `__init_subclass__` run while a class is made. */
function filledAtImport(file: FileModel, node: PyNode): boolean {
  const method = methodAround(file, functionAround(file, node));
  return method !== undefined && /^__(?:set_name|init_subclass|class_getitem|prepare)__$/.test(method.name);
}

/** Every instance that the project makes is a constant of a module or class, which nothing deletes. */
function onlyMadeAtImport(model: ClassModel, { name, files: own }: Registry): boolean {
  const family = [model, ...subclassesOf(model)];
  const files = new Set([...own, ...filesAround({ class: model, name, binding: undefined }).files]);
  const made = [...files].flatMap((file) =>
    family.flatMap((member) =>
      usesOfClass(file, member)
        .filter((node) => node.parent?.kind === 'call' && node.field === 'function')
        .map((node) => ({ file, node })),
    ),
  );
  return (
    made.length > 0 &&
    made.every(({ file, node }) => functionAround(file, node) === undefined && isConstant(file, node))
  );
}

function isConstant(file: FileModel, node: PyNode): boolean {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (above.kind === 'if_statement' && /__name__/.test(file.text(field(above, 'condition') ?? above))) return false;
    if (/^(?:with|for|while)_statement$/.test(above.kind)) return false;
  }
  const assignment = node.parent?.parent;
  const target = assignment?.kind === 'assignment' ? field(assignment, 'left') : undefined;
  const binding = target?.kind === 'identifier' ? file.resolve(target) : undefined;
  return binding === undefined || binding.sites.every(({ kind }) => kind !== 'delete');
}

/** Looked up by key and made where it is missing; or put there by something else than its constructor and looked up elsewhere. */
function findsByKey(registry: Registry, entries: readonly Entry[], classes: readonly ClassModel[]): boolean {
  const filling = functionsOf(entries);
  const lookups = registry.operations.filter(isLookup);
  const around = lookups.map(({ file, node }) => functionAround(file, node));
  if (around.some((scope) => scope !== undefined && filling.has(scope))) return true;
  const makes = lookups.some(({ file, node }) => {
    const scope = functionAround(file, node);
    return scope !== undefined && file.calls.some((call) => within(call, scope.node) && isMade(file, call, classes));
  });
  return makes || (lookups.length > 0 && !entries.every(fromConstructor));
}

function isLookup(operation: Operation): boolean {
  if (operation.depth > 0) return false;
  if (operation.kind === 'contains') return !guardsAgainst(operation);
  return operation.kind === 'load' || (operation.kind === 'call' && /^(?:get|setdefault)$/.test(operation.method));
}

/** `if name in _by_name: raise ...`: what is there already is refused, not used. */
function guardsAgainst({ node }: Operation): boolean {
  const { parent } = node;
  const body = parent?.kind === 'if_statement' ? field(parent, 'consequence') : undefined;
  return body?.children.at(-1)?.kind === 'raise_statement';
}

function isMade(file: FileModel, call: PyNode, classes: readonly ClassModel[]): boolean {
  const callee = field(call, 'function');
  if (callee === undefined) return false;
  const named = classOf(file, callee);
  if (named !== undefined) return classes.includes(named);
  const receiver = receiverOf(file, callee);
  return receiver.kind === 'class' && receiver.through !== 'super';
}

/** True for what every instance puts in itself as soon as it is made. */
export function fromConstructor({ instance, operation, node }: Entry): boolean {
  const method = methodAround(operation.file, functionAround(operation.file, node));
  return (
    (instance.origin === 'self' &&
      (method === undefined || /^__(?:init|post_init|attrs_post_init|enter)__$/.test(method.name))) ||
    method?.name === '__new__'
  );
}
