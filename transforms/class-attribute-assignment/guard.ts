/**
 * Recognises an assignment that looks first whether the class has something already: a pool made once, a cache filled when empty.
 *
 * A test of anything that methods set on the class counts: `if not C._ready: C.pool = Pool(); C._ready = True`.
 */
import { isInMethod, type Method } from '../../src/model/class.ts';
import { findMethod } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { isStored } from '../../src/model/use.ts';
import { descend, field, fields, stringValue, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** How far local names and own methods are followed from a condition. */
const MAX_STEPS = 2;

/** The condition that decides whether `node` runs and looks at the attribute, or at other state of the class; undefined if none does. */
export function guardOf(file: FileModel, node: PyNode, name: string, method: Method): PyNode | undefined {
  const looks = (expression: PyNode | undefined): boolean =>
    expression !== undefined && looksAtState(file, expression, name, method, 0);
  for (let inner = node; inner !== method.node; ) {
    const outer = inner.parent;
    if (outer === undefined) return undefined;
    const condition = [...conditionsOf(outer, inner), ...exitsBefore(outer, inner)].find(looks);
    if (condition !== undefined) return condition;
    inner = outer;
  }
  return undefined;
}

/** The value chooses between what is there and something new: `C.x = C.x or A()`. */
export function choosesByState(file: FileModel, value: PyNode, name: string, method: Method): boolean {
  return (
    ['boolean_operator', 'conditional_expression'].includes(value.kind) && looksAtState(file, value, name, method, 0)
  );
}

/** What is looked at before a part of a statement runs. */
function conditionsOf(outer: PyNode, inner: PyNode): readonly PyNode[] {
  switch (outer.kind) {
    case 'if_statement':
      return [outer, ...fields(outer, 'alternative')].flatMap((clause) => field(clause, 'condition') ?? []);
    case 'elif_clause':
    case 'while_statement':
      return [field(outer, 'condition')].filter((condition) => condition !== undefined);
    case 'conditional_expression':
      return outer.children.slice(1, 2);
    case 'boolean_operator':
      return outer.children.slice(0, 1);
    case 'match_statement':
      return fields(outer, 'subject');
    case 'case_clause':
      return fields(outer, 'guard');
    case 'try_statement':
      // `try: C.x` / `except AttributeError: C.x = A()`
      return /^except/.test(inner.kind) ? fields(outer, 'body') : [];
    default:
      return [];
  }
}

/** The conditions of the statements before `inner` in its block that may leave it: `if C.x is not None: return`. */
function exitsBefore(block: PyNode, inner: PyNode): readonly PyNode[] {
  if (block.kind !== 'block') return [];
  const before = block.children.slice(0, block.children.indexOf(inner));
  return before.flatMap((statement) => {
    switch (statement.kind) {
      case 'if_statement': {
        const leaves = [...descend(statement)].some(({ kind }) => LEAVES.has(kind));
        return leaves ? fields(statement, 'condition') : [];
      }
      case 'try_statement': {
        const body = field(statement, 'body');
        return body !== undefined && [...descend(body)].some(({ kind }) => LEAVES.has(kind)) ? [body] : [];
      }
      case 'assert_statement':
        return statement.children.slice(0, 1);
      default:
        return [];
    }
  });
}

const LEAVES: ReadonlySet<string> = new Set([
  'return_statement',
  'raise_statement',
  'continue_statement',
  'break_statement',
]);

/** True if the expression reads the attribute in any way, or something else that methods set on the class. */
function looksAtState(file: FileModel, expression: PyNode, name: string, method: Method, steps: number): boolean {
  const state = stateOnClasses(file);
  for (const node of descend(expression)) {
    if (node.kind === 'string' && stringValue(node, file.source.text) === name) return true;
    if (node.kind === 'attribute') {
      const member = field(node, 'attribute');
      const object = field(node, 'object');
      if (member === undefined || object === undefined || isStored(node)) continue;
      const text = file.text(member);
      if (text === name || (state.has(text) && receiverOf(file, object).kind !== 'unknown')) return true;
      if (steps < MAX_STEPS && ownMethodLooks(file, node, text, name, method, steps)) return true;
    }
    if (node.kind === 'identifier' && steps < MAX_STEPS && valuesOf(file, node).some((value) => !within(node, value))) {
      const seen = valuesOf(file, node).some((value) => looksAtState(file, value, name, method, steps + 1));
      if (seen) return true;
    }
  }
  return false;
}

/** `if self.is_open():` where that method looks. */
function ownMethodLooks(
  file: FileModel,
  node: PyNode,
  called: string,
  name: string,
  method: Method,
  steps: number,
): boolean {
  const object = field(node, 'object');
  const receiver = object === undefined ? undefined : receiverOf(file, object);
  if (receiver?.kind !== 'instance' && receiver?.kind !== 'class') return false;
  const target = findMethod(receiver.class, called).method;
  const body = target === undefined || target === method ? undefined : field(target.node, 'body');
  if (target === undefined || body === undefined) return false;
  if (!target.property && node.field !== 'function') return false;
  return looksAtState(target.class.file, body, name, target, steps + 1);
}

/** What a local name was given. */
function valuesOf(file: FileModel, name: PyNode): readonly PyNode[] {
  const binding = file.resolve(name);
  if (binding === undefined || binding.scope.kind !== 'function') return [];
  return binding.sites.flatMap((site) => site.value ?? []);
}

/** The names of the attributes that code of the file sets on a class: an object that is known to be one. */
function stateOnClasses(file: FileModel): ReadonlySet<string> {
  const known = states.get(file);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const node of descend(file.syntax.root)) {
    if (node.kind !== 'attribute' || !isStored(node)) continue;
    const object = field(node, 'object');
    const member = field(node, 'attribute');
    if (object !== undefined && member !== undefined && receiverOf(file, object).kind === 'class')
      names.add(file.text(member));
  }
  states.set(file, names);
  return names;
}

const states = new WeakMap<FileModel, ReadonlySet<string>>();

/** The call, in another method, that runs `method` only after such a test. */
export function guardedCall(method: Method, name: string, methods: readonly Method[]): PyNode | undefined {
  const { file } = method.class;
  const calls = file.attributes(method.name).filter((node) => node.field === 'function');
  return calls.find((node) => {
    const caller = methods.find((other) => other !== method && isInMethod({ file, node }, other));
    return caller !== undefined && guardOf(file, node, name, caller) !== undefined;
  });
}
