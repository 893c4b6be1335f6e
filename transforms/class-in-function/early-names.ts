/** What the names that a class statement looks up when it runs mean at its new place, where it runs once, at import. */
import { isBuiltinName } from '../../src/model/builtins.ts';
import type { FileModel } from '../../src/model/file.ts';
import { type Binding, type BindingSite, lookup, mayBeStarImported } from '../../src/model/scope.ts';
import { field, unwrap, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { evaluatedEarly, isInAnnotation } from './early.ts';
import { isPureCall } from './known.ts';
import type { LocalClass } from './match.ts';

export interface EarlyName {
  readonly node: PyNode;
  /** `crashes`: it is not bound yet, or nowhere. `changes`: it may mean something else by then. */
  readonly trouble: 'crashes' | 'changes' | 'unknown';
  readonly detail: string;
}

/** Names of the builtins module that not every Python 3 has. */
const NOT_EVERYWHERE =
  /^(?:apply|basestring|buffer|cmp|coerce|execfile|file|intern|long|raw_input|reduce|reload|unichr|unicode|xrange|StandardError|aiter|anext|BaseExceptionGroup|ExceptionGroup|EncodingWarning|PythonFinalizationError|WindowsError)$/;

/** Modules whose attributes are the same on every machine and never set by programs. */
const SETTLED =
  /^(?:abc|argparse|ast|collections(?:\.abc)?|contextlib|dataclasses|datetime|decimal|enum|fractions|functools|html\.parser|io|itertools|json(?:\.encoder|\.decoder)?|logging|math|operator|optparse|queue|random|re|string|struct|threading|typing|typing_extensions|uuid)\./;

/** The names that do not surely mean the same, worst first to be told; `place` is where the statement arrives. */
export function troubleWithNames(
  file: FileModel,
  { statement, model }: LocalClass,
  place: number,
): readonly EarlyName[] {
  const lazy = hasLazyAnnotations(file);
  const found: EarlyName[] = [];
  for (const node of evaluatedEarly(statement)) {
    const scope = node.kind === 'identifier' ? file.scopeOf(node) : undefined;
    if (scope === undefined || node === field(model.node, 'name')) continue;
    const annotates = isInAnnotation(node, statement);
    if (annotates && lazy) continue;
    const binding = lookup(file.text(node), scope);
    if (binding !== undefined && binding.scope.kind !== 'module') continue;
    const trouble = binding === undefined ? unbound(file, node) : bound(file, binding, node, place, annotates);
    if (trouble !== undefined) found.push({ node, ...trouble });
  }
  return found;
}

type Trouble = Omit<EarlyName, 'node'>;

function unbound(file: FileModel, node: PyNode): Trouble | undefined {
  const name = file.text(node);
  const scope = file.scopeOf(node);
  if (scope !== undefined && mayBeStarImported(scope))
    return { trouble: 'unknown', detail: `\`${name}\` may come from a star import` };
  if (!isBuiltinName(name)) return { trouble: 'crashes', detail: `nothing in the module binds \`${name}\`` };
  if (NOT_EVERYWHERE.test(name)) return { trouble: 'crashes', detail: `not every Python has \`${name}\`` };
  return undefined;
}

function bound(
  file: FileModel,
  binding: Binding,
  node: PyNode,
  place: number,
  annotates: boolean,
): Trouble | undefined {
  const { name, sites } = binding;
  const before = sites.filter((site) => site.operation.end <= place && !isInFunction(site));
  if (before.length === 0)
    return { trouble: 'crashes', detail: `\`${name}\` is bound further down than the class would stand` };
  const half = halfImported(file, node);
  if (half !== undefined) return half;
  if (before.every(isConditional)) return { trouble: 'unknown', detail: `\`${name}\` is bound under a condition` };
  if (sites.length > before.length || sites.some(({ kind }) => kind === 'delete'))
    return { trouble: 'changes', detail: `\`${name}\` is bound again later` };
  if (annotates || before.every(({ kind }) => kind === 'class' || kind === 'function')) return ofDefinition(file, node);
  if (before.every(({ kind }) => kind === 'import')) return ofImport(file, node);
  const [site] = before;
  if (sites.length === 1 && site?.value !== undefined && isSettled(file, unwrap(site.value))) return undefined;
  return { trouble: 'unknown', detail: `\`${name}\` may be something else by the time of the call` };
}

/** `Color.RED`: an attribute of a class or function of the module may be set later. */
function ofDefinition(file: FileModel, node: PyNode): Trouble | undefined {
  if (isDotted(node) && !isInAnnotation(node, file.syntax.root))
    return { trouble: 'unknown', detail: `\`${file.text(node.parent ?? node)}\` may be set by the time of the call` };
  return undefined;
}

function ofImport(file: FileModel, node: PyNode): Trouble | undefined {
  if (!isDotted(node)) return undefined;
  const whole = wholeAttribute(node);
  if (SETTLED.test(file.qualifiedName(whole) ?? '')) return undefined;
  return { trouble: 'unknown', detail: `\`${file.text(whole)}\` is looked up at import, not at the call` };
}

/** An attribute of a module of the project: where modules import each other in a circle it may not be bound yet. */
function halfImported(file: FileModel, node: PyNode): Trouble | undefined {
  if (!isDotted(node)) return undefined;
  const whole = wholeAttribute(node);
  const parts = (file.qualifiedName(whole) ?? '').split('.');
  const modules = parts.map((_, index) => parts.slice(0, index).join('.')).filter((name) => name !== '');
  const isOfProject = modules.some((name) => typeof file.surroundings.module(name, file) !== 'string');
  const detail = `\`${file.text(whole)}\` may not be there yet, where modules import each other`;
  return isOfProject ? { trouble: 'crashes', detail } : undefined;
}

/** `a.b.c`, seen from `a`. */
function wholeAttribute(node: PyNode): PyNode {
  let whole = node;
  while (isDotted(whole) && whole.parent !== undefined) whole = whole.parent;
  return whole;
}

function isDotted(node: PyNode): boolean {
  return node.field === 'object' && node.parent?.kind === 'attribute';
}

function isInFunction({ operation }: BindingSite): boolean {
  for (let node = operation.parent; node !== undefined; node = node.parent)
    if (node.kind === 'function_definition' || node.kind === 'lambda' || node.kind === 'class_definition') return true;
  return false;
}

/** True unless the statement stands directly in the module. */
function isConditional({ operation }: BindingSite): boolean {
  for (let node = operation.parent; node !== undefined; node = node.parent) if (node.kind === 'block') return true;
  return false;
}

/** A constant, or what a call gives that nothing changes: `TypeVar("T")`. */
function isSettled(file: FileModel, value: PyNode): boolean {
  return isConstant(value) || (value.kind === 'call' && isPureCall(file, value));
}

function isConstant(node: PyNode): boolean {
  if (node.kind === 'tuple' || node.kind === 'unary_operator' || node.kind === 'binary_operator')
    return node.children.every((child) => child.field === 'operator' || isConstant(child));
  return (
    ['string', 'concatenated_string', 'integer', 'float', 'true', 'false', 'none'].includes(node.kind) &&
    node.children.every((child) => child.kind !== 'interpolation')
  );
}

function hasLazyAnnotations(file: FileModel): boolean {
  return file.nodesOfKind('future_import_statement').some((statement) => /\bannotations\b/.test(file.text(statement)));
}

/** A class of the same match that the header or body needs before it is defined there. */
export function usedBeforeDefined(file: FileModel, classes: readonly LocalClass[]): PyNode | undefined {
  const lazy = hasLazyAnnotations(file);
  for (const { statement } of classes) {
    for (const node of evaluatedEarly(statement)) {
      if (lazy && isInAnnotation(node, statement)) continue;
      const used = classes.find(({ uses }) => uses.includes(node));
      if (used !== undefined && (used.statement.start > statement.start || within(node, used.statement))) return node;
    }
  }
  return undefined;
}
