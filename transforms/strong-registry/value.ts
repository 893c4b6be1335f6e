/**
 * Whether what stands beside a weak key leads back to it. Then the registry would hold the value, the value the key, and the entry
 * would stay for ever: the one leak that `WeakKeyDictionary` does not end.
 */
import type { Obligation } from '../../src/core/finding.ts';
import { classOf, methodAround } from '../../src/model/class.ts';
import { findMethod } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import type { Binding } from '../../src/model/scope.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { descend, field, stringValue, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Entry, Put } from './entry.ts';
import { functionAround, type Operation } from './operation.ts';
import type { Registry } from './registry.ts';

const ID = 'value-does-not-hold-key';

/** `puts` are all that are made, those inside the values among them. */
export function valueHoldsKey(
  { operations }: Pick<Registry, 'operations'>,
  entries: readonly Entry[],
  puts: readonly Put[],
): Obligation | Unwritable {
  const keyed = entries.filter(({ role, inside }) => role === 'key' && inside === undefined);
  const values = keyed.flatMap(({ operation, node, value }) =>
    value === undefined ? [] : [{ file: operation.file, key: node, value }],
  );
  const inside = puts
    .filter(({ operation }) => operation.depth > 0)
    .map(({ operation: { file }, node }) => ({ file, key: keyIn(file, node, keyed), value: node }));
  let doubt: { readonly file: FileModel; readonly node: PyNode; readonly detail: string } | undefined;
  for (const { file, key, value } of [...values, ...inside]) {
    const text = excerpt(file, value);
    const answer = holds(file, unwrap(value), key === undefined ? undefined : file.resolve(key));
    if (answer === true)
      return {
        unwritable: `the value \`${text}\` holds its key, so that an entry with a weak key would stay too: keep in the value only what does not lead back (a \`weakref.ref\`, an id), or set the value on the object itself`,
      };
    if (answer === 'unknown')
      doubt ??= { file, node: value, detail: `whether the value \`${text}\` leads back to its key is not known` };
  }
  // What gets a container from it may put anything in there.
  const given = operations.find((operation) => operation.depth > 0 && isGiven(operation));
  if (given !== undefined && values.some(({ file, value }) => freshContainer(file, value) !== undefined)) {
    const detail = `\`${excerpt(given.file, given.node)}\` may put into a value what leads back to its key`;
    doubt ??= { ...given, detail };
  }
  const augmented = keyed.find(({ operation }) => operation.kind === 'augment');
  if (doubt !== undefined) return unknown(ID, doubt);
  return met(
    ID,
    augmented === undefined ? 'no value leads back to its key' : 'the values are counted, and lead nowhere',
  );
}

function isGiven(operation: Operation): boolean {
  if (operation.kind === 'handed' || operation.kind === 'method') return true;
  return operation.kind === 'passed' && !/^builtins\.(?:len|bool|str|repr|print|isinstance)$/.test(operation.to ?? '');
}

/** The key of the same function: what is put into a value there may lead to it. */
function keyIn(file: FileModel, node: PyNode, keyed: readonly Entry[]): PyNode | undefined {
  const around = functionAround(file, node);
  return keyed.find((entry) => entry.operation.file === file && functionAround(file, entry.node) === around)?.node;
}

const PLAIN: ReadonlySet<string> = new Set([
  ...['integer', 'float', 'string', 'concatenated_string', 'true', 'false', 'none', 'ellipsis'],
  ...['comparison_operator', 'not_operator'],
]);
/** Functions whose result holds nothing of what they are given. */
const PLAIN_CALLS =
  /^(?:builtins\.(?:id|len|hash|str|repr|int|float|bool|bytes|round|abs|ord|chr|type|isinstance|hasattr|format|object|divmod|input)|(?:time|os|math|random\.(?:random|randint|randrange|uniform)|uuid|hashlib|datetime|threading\.(?:get_ident|Lock|RLock|Event|local)|itertools\.count|weakref)(?:\..*)?)$/;

/** True if it certainly does, false if it cannot. */
function holds(file: FileModel, node: PyNode, key: Binding | undefined): boolean | 'unknown' {
  if (PLAIN.has(node.kind)) return false;
  if (freshContainer(file, node)?.empty === true) return false;
  switch (node.kind) {
    case 'identifier':
      return ofName(file, node, key);
    case 'attribute':
      return ofAttribute(file, node, key);
    case 'lambda':
      return mentions(file, node, key) ? true : 'unknown';
    case 'tuple':
    case 'list':
    case 'set':
    case 'dictionary':
    case 'pair':
    case 'expression_list':
    case 'conditional_expression':
    case 'boolean_operator':
    case 'binary_operator':
    case 'unary_operator':
      return either(
        node.children.filter(({ field: role }) => role !== 'operator').map((child) => holds(file, unwrap(child), key)),
      );
    case 'call':
      return ofCall(file, node, key);
    default:
      return 'unknown';
  }
}

function either(answers: readonly (boolean | 'unknown')[]): boolean | 'unknown' {
  if (answers.includes(true)) return true;
  return answers.includes('unknown') ? 'unknown' : false;
}

function mentions(file: FileModel, node: PyNode, key: Binding | undefined): boolean {
  return key !== undefined && [...descend(node)].some((one) => one.kind === 'identifier' && file.resolve(one) === key);
}

function ofName(file: FileModel, node: PyNode, key: Binding | undefined): boolean | 'unknown' {
  const binding = file.resolve(node);
  if (binding === undefined) return 'unknown';
  if (binding === key) return true;
  const [site] = binding.sites;
  if (binding.sites.length !== 1 || site === undefined) return 'unknown';
  if (site.kind === 'function') return mentions(file, site.operation, key) ? true : 'unknown';
  if (site.kind === 'assignment' && site.value !== undefined && binding.scope.kind === 'function') {
    const isFilled = freshContainer(file, site.value) !== undefined && file.usesOf(binding).length > 2;
    if (isFilled) return 'unknown';
    return holds(file, unwrap(site.value), key);
  }
  if (site.kind === 'parameter') return isPlainParameter(file, binding, node, site.operation) ? false : 'unknown';
  return 'unknown';
}

const PLAIN_TYPES = /^(?:int|float|str|bool|bytes|complex|None|Decimal|datetime|date)$/;

/** Annotated as a number or a text, or anything else is refused in the function: `if not isinstance(value, int): raise ...`. */
function isPlainParameter(file: FileModel, binding: Binding, use: PyNode, parameter: PyNode): boolean {
  const type = field(parameter, 'type');
  const words = type === undefined ? [] : (file.text(type).match(/[\w.]+/g) ?? []);
  if (words.length > 0)
    return words.every((word) => PLAIN_TYPES.test(word) || /^(?:typing\.)?(?:Optional|Union)$/.test(word));
  return [...descend(binding.scope.node)].some((node) => {
    if (node.kind !== 'if_statement' || node.end > use.start) return false;
    const [condition, body] = [field(node, 'condition'), field(node, 'consequence')];
    const test = condition?.kind === 'not_operator' ? unwrap(condition.children[0] ?? condition) : undefined;
    const callee = test?.kind === 'call' ? field(test, 'function') : undefined;
    if (test === undefined || callee === undefined || file.qualifiedName(callee) !== 'builtins.isinstance')
      return false;
    const [subject, types] = file.argumentsOf(test).positional;
    const named = types === undefined ? [] : (file.text(types).match(/\w+/g) ?? []);
    const isRefused = body?.children.at(-1)?.kind === 'raise_statement';
    return (
      isRefused &&
      subject !== undefined &&
      file.resolve(subject) === binding &&
      named.every((one) => PLAIN_TYPES.test(one))
    );
  });
}

/** `self.close` is a bound method and holds `self`; other attributes may hold anything. */
function ofAttribute(file: FileModel, node: PyNode, key: Binding | undefined): boolean | 'unknown' {
  const [object, name] = [field(node, 'object'), field(node, 'attribute')];
  if (object === undefined || name === undefined || object.kind !== 'identifier') return 'unknown';
  const method = methodAround(file, file.scopeOf(object));
  if (key === undefined || file.resolve(object) !== key || method?.first !== key) return 'unknown';
  const found = findMethod(method.class, file.text(name)).method;
  return found !== undefined && !found.property && found.kind === 'instance' ? true : 'unknown';
}

function ofCall(file: FileModel, node: PyNode, key: Binding | undefined): boolean | 'unknown' {
  const callee = field(node, 'function');
  if (callee === undefined) return 'unknown';
  if (PLAIN_CALLS.test(file.qualifiedName(callee) ?? '')) return false;
  // "...".format(x), "".join(x)
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (object !== undefined && stringValue(object, file.source.text) !== undefined) return false;
  const model = classOf(file, callee);
  if (model === undefined) return 'unknown';
  const { positional, keywords, spread } = file.argumentsOf(node);
  const passed = [...positional, ...keywords.values()];
  const index = positional.findIndex((argument) => key !== undefined && file.resolve(unwrap(argument)) === key);
  const init = findMethod(model, '__init__').method;
  if (index >= 0 && init !== undefined) return keepsParameter(init.class.file, init.node, index + 1) ? true : 'unknown';
  if (spread) return 'unknown';
  // What it is made of does not lead back; what its constructor gets elsewhere is not known.
  return passed.length === 0 && init === undefined ? false : 'unknown';
}

/** `self.owner = owner` in a constructor. */
function keepsParameter(file: FileModel, init: PyNode, index: number): boolean {
  const parameter = field(init, 'parameters')?.children[index];
  if (parameter === undefined) return false;
  const name = parameter.kind === 'identifier' ? parameter : (field(parameter, 'name') ?? parameter.children[0]);
  const binding = name === undefined ? undefined : file.resolve(name);
  return (
    binding !== undefined &&
    file
      .usesOf(binding)
      .some(
        ({ parent, field: role }) =>
          parent?.kind === 'assignment' && role === 'right' && field(parent, 'left')?.kind === 'attribute',
      )
  );
}
