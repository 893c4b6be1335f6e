/** Finds the classes of a file that a function builds anew at each call for no reason, and which of them move together. */
import { type ClassModel, classesOf } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { Binding, Scope } from '../../src/model/scope.ts';
import { statementOf, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { effectOf } from './body.ts';
import { capturesIn, isTied } from './captures.ts';
import { isQuiet, isTestFile } from './context.ts';
import { destinyOf, storesOnClass } from './escape.ts';
import { hasPlainHeader, unknownBase } from './known.ts';
import { type LocalImport, localImportsOf } from './local-imports.ts';
import type { LocalClass, Match } from './match.ts';
import { moduleNames } from './module-name.ts';

const cache = new WeakMap<FileModel, readonly Match[]>();

/** Every match of the file, in the order of the text. */
export function matchesIn(file: FileModel): readonly Match[] {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const found = isTestFile(file) ? [] : findMatches(file);
  cache.set(file, found);
  return found;
}

function findMatches(file: FileModel): readonly Match[] {
  const all = classesOf(file).flatMap((model) => localClass(file, model) ?? []);
  const factories = new Set(all.filter((one) => isReturned(file, one)).map(({ holder }) => holder));
  const open = all.filter((one) => !isWithin(one.holder, factories) && isForNothing(file, one));
  const imports = new Map(open.map((one) => [one, localImportsOf(file, one)]));
  const captures = new Map(open.map((one) => [one, capturedBy(file, one, imports.get(one) ?? [])]));
  const movable = closed(open, captures);
  const groups = grouped(movable, captures, imports);
  const holding = open.filter(
    (one) => !movable.includes(one) && isOnlyHandedValues(file, one, captures.get(one) ?? []),
  );
  const brought = new Set(movable.flatMap((one) => [...statementsOf(imports.get(one) ?? []).keys()]));
  const names = moduleNames(file, movable, brought);
  const moving = new Set(movable.map(({ statement }) => statement));
  const matches = [
    ...groups.map((classes): Match => {
      const along = classes.flatMap((one) => imports.get(one) ?? []);
      return { classes, captured: [], imports: statementsOf(along), names, moving };
    }),
    ...holding.map(
      (one): Match => ({ classes: [one], captured: captures.get(one) ?? [], imports: new Map(), names, moving }),
    ),
  ];
  return matches.sort((a, b) => a.classes[0].statement.start - b.classes[0].statement.start);
}

/** A class whose name one function binds, to this class and nothing else. */
function localClass(file: FileModel, model: ClassModel): LocalClass | undefined {
  const around = model.scope.parent?.kind === 'type-parameters' ? model.scope.parent.parent : model.scope.parent;
  const { binding } = model;
  if (around?.kind !== 'function' || binding?.scope !== around || binding.sites.length !== 1) return undefined;
  const statement = statementOf(model.node);
  let outermost = statement;
  while (outermost.parent?.parent !== undefined) outermost = outermost.parent;
  const uses = file.usesOf(binding).filter((node) => node !== binding.sites[0]?.node);
  return { model, statement, holder: around, binding, uses, outermost };
}

function isReturned(file: FileModel, { uses }: LocalClass): boolean {
  return uses.some((use) => destinyOf(file, use) === 'returned');
}

function isWithin(scope: Scope, some: ReadonlySet<Scope>): boolean {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent)
    if (some.has(current)) return true;
  return false;
}

/** True if nothing shows what the function would need a class of its own for at each call. */
function isForNothing(file: FileModel, one: LocalClass): boolean {
  const { model, statement, holder, uses } = one;
  if (isQuiet(file, holder) || !hasPlainHeader(model) || isTied(file, statement, model.scope)) return false;
  if (uses.some((use) => destinyOf(file, use) !== 'stays')) return false;
  if (effectOf(file, one) !== undefined || storesOnClass(model, statement)) return false;
  // Never used: then a base that is not known may be what wants to hear of it.
  return uses.some((use) => !within(use, statement)) || unknownBase(model) === undefined;
}

/** What else than itself the class takes from the functions around it. */
function capturedBy(
  file: FileModel,
  { statement, binding: own }: LocalClass,
  imports: readonly LocalImport[],
): readonly Binding[] {
  const along = new Set(imports.map(({ binding }) => binding));
  const all = new Set(capturesIn(file, statement).map(({ binding }) => binding));
  return [...all].filter((binding) => binding !== own && !along.has(binding));
}

/** By name, each once, in the order of the text. */
function statementsOf(imports: readonly LocalImport[]): ReadonlyMap<string, string> {
  const start = ({ binding: { sites } }: LocalImport): number => sites[0]?.node.start ?? 0;
  return new Map(
    [...imports]
      .sort((a, b) => start(a) - start(b))
      .flatMap(({ binding, statement }) => (statement === undefined ? [] : [[binding.name, statement] as const])),
  );
}

/** Those that capture nothing but each other. */
function closed(
  open: readonly LocalClass[],
  captures: ReadonlyMap<LocalClass, readonly Binding[]>,
): readonly LocalClass[] {
  let left = open;
  for (;;) {
    const bindings = new Set(left.map(({ binding }) => binding));
    const next = left.filter((one) => captures.get(one)?.every((binding) => bindings.has(binding)) === true);
    if (next.length === left.length) return next;
    left = next;
  }
}

/** Classes that use each other or bring the same import, and those that are all there is in a block, which gets its `pass` once. */
function grouped(
  movable: readonly LocalClass[],
  captures: ReadonlyMap<LocalClass, readonly Binding[]>,
  imports: ReadonlyMap<LocalClass, readonly LocalImport[]>,
): readonly Match['classes'][] {
  const groups = new Map(movable.map((one) => [one, new Set([one])]));
  const join = (a: LocalClass, b: LocalClass | undefined): void => {
    const [first, second] = [groups.get(a), b === undefined ? undefined : groups.get(b)];
    if (first === undefined || second === undefined || first === second) return;
    for (const member of second) {
      first.add(member);
      groups.set(member, first);
    }
  };
  const byBinding = new Map(movable.map((one) => [one.binding, one]));
  const byImport = new Map<string, LocalClass>();
  const byStatement = new Map(movable.map((one) => [one.statement, one]));
  for (const one of movable) {
    for (const binding of captures.get(one) ?? []) join(one, byBinding.get(binding));
    for (const name of statementsOf(imports.get(one) ?? []).keys()) {
      join(one, byImport.get(name));
      byImport.set(name, one);
    }
    const siblings = one.statement.parent?.children ?? [];
    if (siblings.every((sibling) => byStatement.has(sibling)))
      for (const sibling of siblings) join(one, byStatement.get(sibling));
  }
  return [...new Set(groups.values())].flatMap((group) => {
    const [first, ...others] = [...group].sort((a, b) => a.statement.start - b.statement.start);
    return first === undefined ? [] : [[first, ...others] as const];
  });
}

/** The most values that are worth passing in. */
const MOST_CAPTURED = 2;

/**
 * True for a class that only reads a few values of the function, in its methods, where each is bound once, and of which the function
 * itself makes instances: it could be given them.
 */
function isOnlyHandedValues(
  file: FileModel,
  { model, statement, uses }: LocalClass,
  captured: readonly Binding[],
): boolean {
  if (captured.length === 0 || captured.length > MOST_CAPTURED || unknownBase(model) !== undefined) return false;
  const own = uses.filter((use) => !within(use, statement));
  if (own.length === 0 || !own.every((use) => use.field === 'function')) return false;
  return captured.every((binding) => {
    const [site] = binding.sites;
    if (binding.sites.length !== 1 || site === undefined || !isPlainValue(site.kind)) return false;
    return readsOf(file, binding, statement).every((node) => isInMethodBody(node, statement) && !isCalled(node));
  });
}

function isPlainValue(kind: string): boolean {
  return kind === 'parameter' || kind === 'assignment';
}

function readsOf(file: FileModel, binding: Binding, statement: PyNode): readonly PyNode[] {
  return file.usesOf(binding).filter((node) => within(node, statement));
}

function isInMethodBody(node: PyNode, statement: PyNode): boolean {
  for (let current = node; current.parent !== undefined && current !== statement; current = current.parent)
    if (current.parent.kind === 'function_definition') return current.field === 'body';
  return false;
}

/** A function that is called is part of what the class does, and no value that it works on. */
function isCalled(node: PyNode): boolean {
  return node.field === 'function';
}
