/** What the `destroy` method does: all that hangs below is found first, without recursion, and let go from the far end. */
import type { ClassModel } from '../../src/model/class.ts';
import { subclassesOf } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { assignedValue } from '../../src/model/use.ts';
import { indentUnit } from '../../src/plan/class-layout.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { backwardness } from './direction.ts';
import { familyOf } from './group.ts';
import type { Group } from './match.ts';
import { declaresItself, type Pair } from './pair.ts';

const DOCSTRING = [
  '"""Break the links below this object, so that all of it is freed at once.',
  '',
  'Whoever holds the root must call this when done with it. A second call does no harm.',
  '"""',
];

interface Hold {
  readonly attribute: string;
  readonly type: 'list' | 'dict' | 'set' | 'direct';
  /** True for the link to the next of a list: from where the method is called only what hangs below is broken. */
  readonly sideways: boolean;
}

/** The body of the method on `model`, its docstring first. */
export function breakingLines(
  groups: readonly Group[],
  model: ClassModel,
): { readonly lines: readonly string[] } | Unwritable {
  const pointers = groups.flatMap((group) => group.pointers);
  const names = [...new Set(pointers.map(({ attribute }) => attribute))];
  const pairs = pointers.flatMap((pointer) => pointer.pairs);
  const isOwner = groups.some(({ owners }) => owners.has(model));
  if (pairs.every(({ hold }) => hold === undefined) || !isOwner)
    return { lines: [...DOCSTRING, ...names.map((name) => `self.${name} = None`)] };
  const holds = holdsOf(
    groups.flatMap(({ files }) => files),
    pairs,
    names,
  );
  if ('unwritable' in holds) return holds;
  const unit = indentUnit(model.file, model);
  const [{ holder, owners } = { holder: model, owners: new Set([model]) }, ...others] = groups;
  const isTree = groups.some((group) => familyOf(model) === familyOf(group.holder));
  const isFlat = others.length === 0 && owners.size === 1 && !isTree;
  const isPlain = (name: string): boolean =>
    others.length === 0 &&
    [...owners, model].every((one) => one === holder) &&
    declaresItself(holder, name) &&
    subclassesOf(holder).length === 0;
  const body = isFlat ? ofOwner(holds.holds, names, unit) : ofAllBelow(holds.holds, names, unit, { isTree, isPlain });
  return { lines: [...DOCSTRING, ...body] };
}

/** The attributes that hold, with what is known of their containers. */
function holdsOf(
  files: readonly FileModel[],
  pairs: readonly Pair[],
  pointers: readonly string[],
): { readonly holds: readonly Hold[] } | Unwritable {
  const found = new Map<string, Hold>();
  for (const { hold, by, pointer, owner } of pairs) {
    if (hold === undefined || pointers.includes(hold) || found.has(hold)) continue;
    const type = by === 'direct' ? 'direct' : owner === undefined ? undefined : containerOf(files, owner, hold);
    if (type === undefined) return { unwritable: `what kind of container \`${hold}\` is is not known` };
    found.set(hold, { attribute: hold, type, sideways: by === 'direct' && backwardness(pointer) === 2 });
  }
  return { holds: [...found.values()] };
}

function containerOf(
  files: readonly FileModel[],
  owner: ClassModel,
  attribute: string,
): 'list' | 'dict' | 'set' | undefined {
  const types = new Set<string | undefined>();
  for (const file of new Set([owner.file, ...files])) {
    for (const node of file.attributes(attribute)) {
      const value = assignedValue(node)?.value;
      if (value !== undefined && value.kind !== 'none') types.add(freshContainer(file, value)?.type);
    }
  }
  const [only] = types;
  if (types.size !== 1) return undefined;
  if (only === 'list' || only === 'set') return only;
  return only === 'dict' || only === 'defaultdict' || only === 'OrderedDict' ? 'dict' : undefined;
}

/** Owner and child are of different kinds: the children let go of their owner, then the owner of them. */
function ofOwner(holds: readonly Hold[], pointers: readonly string[], unit: string): readonly string[] {
  const cut = (name: string): string[] => pointers.map((pointer) => `${name}.${pointer} = None`);
  return holds.flatMap(({ attribute, type }) => {
    if (type === 'direct')
      return [
        `if self.${attribute} is not None:`,
        ...cut(`self.${attribute}`).map((line) => unit + line),
        `${unit}self.${attribute} = None`,
      ];
    const elements = type === 'dict' ? `list(self.${attribute}.values())` : `list(self.${attribute})`;
    const empty = type === 'list' ? `del self.${attribute}[:]` : `self.${attribute}.clear()`;
    return [`for child in ${elements}:`, ...cut('child').map((line) => unit + line), empty];
  });
}

interface Kinds {
  /** True if the object that the method is called on may lie below another one. */
  readonly isTree: boolean;
  /** True for an attribute that each of the objects has. */
  readonly isPlain: (name: string) => boolean;
}

const EMPTY = { list: '()', set: '()', dict: '{}' };

function ofAllBelow(
  all: readonly Hold[],
  pointers: readonly string[],
  unit: string,
  { isTree, isPlain }: Kinds,
): readonly string[] {
  const hasBelow = all.some(({ sideways }) => !sideways);
  const lines = ['found = [self]', 'seen = {id(self)}', 'for node in found:', `${unit}below = []`];
  for (const { attribute, type, sideways } of all) {
    if (type === 'direct') {
      const isGuarded = sideways && hasBelow && isTree;
      if (isGuarded) lines.push(`${unit}if node is not self:`);
      lines.push(`${unit}${isGuarded ? unit : ''}below.append(getattr(node, "${attribute}", None))`);
    } else {
      const value = isPlain(attribute) ? `node.${attribute}` : `getattr(node, "${attribute}", ${EMPTY[type]})`;
      lines.push(`${unit}below.extend(${value}${type === 'dict' ? '.values()' : ''})`);
    }
  }
  lines.push(
    ...[`${unit}for child in below:`, `${unit}${unit}if child is not None and id(child) not in seen:`],
    ...[`${unit}${unit}${unit}seen.add(id(child))`, `${unit}${unit}${unit}found.append(child)`],
  );
  lines.push('for node in reversed(found):');
  const cut = (name: string): readonly string[] =>
    isPlain(name)
      ? [`${unit}node.${name} = None`]
      : [`${unit}if getattr(node, "${name}", None) is not None:`, `${unit}${unit}node.${name} = None`];
  for (const name of pointers) lines.push(...cut(name));
  for (const { attribute, type } of all) {
    const value = isPlain(attribute)
      ? `node.${attribute}`
      : `getattr(node, "${attribute}", ${type === 'list' ? '[]' : type === 'dict' ? '{}' : 'set()'})`;
    if (type === 'direct') lines.push(...cut(attribute));
    else lines.push(type === 'list' ? `${unit}del ${value}[:]` : `${unit}${value}.clear()`);
  }
  return lines;
}
