/**
 * Every place of the project that reads or binds one of the pointers, with the receiver resolved: what `ref` and `proxy` have to change,
 * or to bear.
 */
import { methodAround } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { isNamed, pathOf } from '../../src/model/object-path.ts';
import { TypeQuery } from '../../src/model/object-type.ts';
import { assignedValue, isDeleted, isStored } from '../../src/model/use.ts';
import { placed } from '../../src/plan/place.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { descend, field, stringValue } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isFieldOf } from './dataclass.ts';
import type { Group } from './match.ts';

/** In one file. */
export interface PointerUses {
  /** `<object>.<pointer>` expressions that yield a pointer. */
  readonly reads: ReadonlySet<PyNode>;
  /** What is stored in a pointer. */
  readonly values: ReadonlySet<PyNode>;
}

/** All of them, by the files that have any, or why they cannot be told from others. */
export function pointerUses(groups: readonly Group[]): ReadonlyMap<FileModel, PointerUses> | Unwritable {
  const found = new Map<FileModel, { reads: Set<PyNode>; values: Set<PyNode> }>();
  for (const group of groups) {
    for (const { attribute } of group.pointers) {
      const looked = filesReading(group, attribute);
      if ('unwritable' in looked) return looked;
      const types = new TypeQuery(looked.files);
      for (const file of looked.files) {
        const uses = found.get(file) ?? { reads: new Set(), values: new Set() };
        const obstacle = noteUses({ ...group, types }, file, attribute, uses, looked.files);
        if (obstacle !== undefined) return { unwritable: obstacle };
        if (uses.reads.size + uses.values.size > 0) found.set(file, uses);
      }
    }
  }
  return found;
}

/** The files of the group, and what else has an attribute of that name: an object may come to where its class is never named. */
function filesReading(group: Group, attribute: string): { readonly files: readonly FileModel[] } | Unwritable {
  const { holder, files, incomplete } = group;
  if (incomplete !== undefined) return { unwritable: `not every use can be seen: ${incomplete}` };
  if (isFieldOf(holder, attribute)) return { unwritable: `a generated constructor sets \`${attribute}\`` };
  // Before more files are read: most often what stands in the way is near.
  for (const file of files) {
    const stuck = noteUses(group, file, attribute, { reads: new Set(), values: new Set() }, undefined);
    if (stuck !== undefined) return { unwritable: stuck };
  }
  const reading = holder.file.surroundings.reading(attribute, holder.file);
  if (reading.incomplete !== undefined) return { unwritable: `not every use can be seen: ${reading.incomplete}` };
  return { files: [...new Set([...files, ...reading.files])] };
}

/** Adds the uses of one file; what keeps one of them from being told or rewritten, if anything does. `looked`: all files, once they are known. */
function noteUses(
  group: Group,
  file: FileModel,
  attribute: string,
  { reads, values }: { readonly reads: Set<PyNode>; readonly values: Set<PyNode> },
  looked: readonly FileModel[] | undefined,
): string | undefined {
  for (const node of file.attributes(attribute)) {
    const own = isOwn(group, file, node, looked);
    if (own === false) continue;
    if (own !== true) return `what \`${file.text(node)}\` is read from is not known (${own ?? placed(file, node)})`;
    if (isDeleted(node)) continue;
    if (!isStored(node)) {
      reads.add(node);
      continue;
    }
    const value = node.parent?.kind === 'augmented_assignment' ? undefined : assignedValue(node)?.value;
    if (value === undefined)
      return `what is stored by \`${file.text(node.parent ?? node)}\` cannot be rewritten (${placed(file, node)})`;
    values.add(value);
  }
  const named = file.callsNear(...BY_NAME).find((call) => namesIt(file, call, attribute)) ?? namedIn(file, attribute);
  return named === undefined ? undefined : `\`${file.text(named)}\` reaches it by its name (${placed(file, named)})`;
}

/** `case Node(parent=p)` reads the attribute (language reference 8.6.4.10), and so does `'{0.parent.name}'.format(node)`. */
function namedIn(file: FileModel, attribute: string): PyNode | undefined {
  const { text } = file.source;
  const inFormat = new RegExp(`\\{[^{}\\n]*\\.${attribute}(?![\\w\\u0080-\\uffff])`);
  if (!/\bcase\b/.test(text) && !inFormat.test(text)) return undefined;
  return [...descend(file.syntax.root)].find((node) => {
    const [name] = node.children;
    if (node.kind === 'keyword_pattern') return name !== undefined && file.identifier(name) === attribute;
    // What a formatted string reads stands in it as an expression.
    return node.kind === 'string' && !node.children.some(isInterpolation) && inFormat.test(file.text(node));
  });
}

function isInterpolation({ kind }: PyNode): boolean {
  return kind === 'interpolation';
}

/** True if the object is of the family; where that is not known undefined, or a place that would have to be known. */
function isOwn(
  { holder, types }: Group,
  file: FileModel,
  node: PyNode,
  looked: readonly FileModel[] | undefined,
): boolean | string | undefined {
  const object = field(node, 'object');
  if (object === undefined) return undefined;
  const family = relatives(holder);
  const type = types.ofExpression(file, object);
  const all = [...type.classes];
  if (!type.complete || all.length === 0) return undefined;
  const isOfFamily = all.every((model) => family.has(model));
  if (!isOfFamily && all.some((model) => family.has(model))) return undefined;
  return (looked === undefined ? undefined : calledElsewhere(file, object, looked)) ?? isOfFamily;
}

/** Where a function may be called that gets the object, in a file that was not looked at. */
function calledElsewhere(file: FileModel, object: PyNode, files: readonly FileModel[]): string | undefined {
  const path = pathOf(file, object);
  if (path === undefined || !isNamed(path)) return undefined;
  const { root } = path;
  const parameter = root.sites.find(({ kind }) => kind === 'parameter');
  if (parameter === undefined || field(parameter.operation, 'type') !== undefined) return undefined;
  const method = methodAround(file, root.scope);
  if (method?.scope === root.scope && method.first === root) return undefined;
  const name = field(root.scope.node, 'name');
  if (name === undefined) return placed(file, root.scope.node);
  const looked = new Set(files.map(({ source }) => source.path));
  const called = method?.name === '__init__' ? method.class.name : file.text(name);
  const other = file.surroundings.withWord(called, file).find((one) => !looked.has(one));
  return other === undefined ? undefined : `\`${called}\` may be called in ${other}`;
}

/** What reaches an attribute by its name. */
const BY_NAME = [
  ...['getattr', 'setattr', 'hasattr', 'delattr', 'attrgetter'],
  ...['__getattribute__', '__getattr__', '__setattr__', '__delattr__'],
];

function namesIt(file: FileModel, call: PyNode, attribute: string): boolean {
  const callee = field(call, 'function');
  const called = callee === undefined ? '' : (file.qualifiedName(callee) ?? '');
  if (called === 'operator.attrgetter') {
    const paths = file.argumentsOf(call).positional.map((one) => stringValue(one, file.source.text));
    return paths.some((path) => path === undefined || path.split('.').includes(attribute));
  }
  const isBuiltin = /^builtins\.(?:get|set|has|del)attr$/.test(called);
  // `object.__getattribute__(node, 'parent')`, `node.__setattr__('parent', other)`
  const isHook = callee !== undefined && /\.__(?:getattribute|getattr|setattr|delattr)__$/.test(file.text(callee));
  if (!isBuiltin && !isHook) return false;
  const { positional } = file.argumentsOf(call);
  const names = isBuiltin ? positional.slice(1, 2) : positional.slice(0, 2);
  const values = names.map((named) => stringValue(named, file.source.text));
  return values.includes(attribute) || (isBuiltin && values.includes(undefined));
}
