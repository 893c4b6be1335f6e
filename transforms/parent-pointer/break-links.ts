/** What the `destroy` method does: all that hangs below is found first, without recursion, and let go from the far end. */
import type { ClassModel } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { bodiesOf } from '../../src/model/link.ts';
import type { TypeQuery } from '../../src/model/object-type.ts';
import { assignedValue } from '../../src/model/use.ts';
import { indentUnit } from '../../src/plan/class-layout.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { backwardness } from './direction.ts';
import { familyOf, holderOf, isStrong } from './group.ts';
import type { Group } from './match.ts';
import { declaresItself, type Pair, pairsIn } from './pair.ts';

interface Hold {
  readonly attribute: string;
  readonly type: 'list' | 'dict' | 'set' | 'direct';
  /** True for the link to the next of a list: from where the method is called only what hangs below is broken. */
  readonly sideways: boolean;
  /** True where it may be `None` as well. */
  readonly optional: boolean;
}

/** The statements of the method on `model`: all links below it are broken, those of its other cycles too. */
export function breakingLines(
  groups: readonly [Group, ...Group[]],
  model: ClassModel,
): { readonly lines: readonly string[] } | Unwritable {
  const own = groups.flatMap((group) => group.pointers.flatMap(({ pairs }) => pairs));
  const isOwner = groups.some(({ owners }) => owners.has(model));
  if (own.every(({ hold }) => hold === undefined) || !isOwner)
    return { lines: [...new Set(own.map(({ pointer }) => `self.${pointer} = None`))] };
  const files = [...new Set(groups.flatMap((group) => group.files))];
  const all = pairsAmong(files, groups[0].types);
  const ofModel = all.filter(({ owner }) => owner !== undefined && familyOf(owner) === familyOf(model));
  // In the order of the text: another cycle of the class asks for the same method.
  const pairs = [...new Set([...own, ...ofModel])].sort(byPlace);
  const names = [...new Set(pairs.map(({ pointer }) => pointer))];
  const holds = holdsOf(files, pairs, names);
  if ('unwritable' in holds) return holds;
  // The end of a list is a pointer, and no way to what lies below.
  const children = new Set(pairs.filter(({ hold = '' }) => !names.includes(hold)).map(({ child }) => familyOf(child)));
  const owners = new Set(own.flatMap(({ owner }) => owner ?? []));
  const isTree = children.has(familyOf(model));
  const isFlat = owners.size === 1 && !isTree;
  const isPlain = (name: string): boolean =>
    isTree && children.size === 1 && relatives(model).size === 1 && declaresItself(model, name);
  const below = isFlat ? ownersBelow(model, children, all) : [];
  if ('unwritable' in below) return below;
  const marks = new Map<ClassModel, string>();
  for (const { child, pointer } of pairs) if (!marks.has(familyOf(child))) marks.set(familyOf(child), pointer);
  const breaking = {
    holds: holds.holds,
    names,
    marks: [...new Set(marks.values())],
    unit: indentUnit(model.file, model),
    goesOn: below.length > 0,
  };
  return { lines: isFlat ? ofOwner(breaking) : ofAllBelow(breaking, { isTree, isPlain }) };
}

function byPlace(a: Pair, b: Pair): number {
  const [one, other] = [a.file.source.path, b.file.source.path];
  return one < other ? -1 : one > other ? 1 : a.pointerNode.start - b.pointerNode.start;
}

function pairsAmong(files: readonly FileModel[], types: TypeQuery): readonly Pair[] {
  const pairs = files.flatMap((file) => bodiesOf(file).flatMap((body) => pairsIn(file, body, types)));
  return pairs.filter((pair) => pair.hold !== undefined && isStrong(pair, holderOf(pair.child, pair.pointer)));
}

/** The families of children that own others in turn, with a `destroy` of their own; not where these lead back to the class. */
function ownersBelow(
  model: ClassModel,
  children: ReadonlySet<ClassModel>,
  all: readonly Pair[],
): readonly ClassModel[] | Unwritable {
  const below = new Set<ClassModel>();
  const queue = [...children];
  for (let family = queue.pop(); family !== undefined; family = queue.pop()) {
    for (const { owner, child } of all) {
      if (owner === undefined || familyOf(owner) !== family || below.has(family)) continue;
      queue.push(familyOf(child));
      if (familyOf(child) === familyOf(model))
        return {
          unwritable: `\`${model.name}\` and \`${owner.name}\` hold each other in turn: one method would have to go through both`,
        };
    }
    if (all.some(({ owner }) => owner !== undefined && familyOf(owner) === family)) below.add(family);
  }
  return [...children].filter((family) => below.has(family));
}

interface Breaking {
  readonly holds: readonly Hold[];
  /** The pointers. */
  readonly names: readonly string[];
  /** What has one of these attributes is one of the objects. */
  readonly marks: readonly string[];
  readonly unit: string;
  /** True if the children have others below them, and a method for these. */
  readonly goesOn: boolean;
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
    const kind = owner === undefined ? undefined : containerOf(files, owner, hold);
    const type = by === 'direct' ? 'direct' : kind?.type;
    if (type === undefined) return { unwritable: `what kind of container \`${hold}\` is is not known` };
    const sideways = by === 'direct' && backwardness(pointer) === 2;
    found.set(hold, { attribute: hold, type, sideways, optional: kind?.optional === true });
  }
  return { holds: [...found.values()] };
}

function containerOf(
  files: readonly FileModel[],
  owner: ClassModel,
  attribute: string,
): { readonly type: 'list' | 'dict' | 'set' | undefined; readonly optional: boolean } {
  const types = new Set<string | undefined>();
  const isNone = (value: PyNode | undefined): boolean => value?.kind === 'none';
  let optional = owner.scope.bindings.get(attribute)?.sites.some(({ value }) => isNone(value)) === true;
  for (const file of new Set([owner.file, ...files])) {
    for (const node of file.attributes(attribute)) {
      const value = assignedValue(node)?.value;
      optional ||= isNone(value);
      if (value !== undefined && !isNone(value)) types.add(freshContainer(file, value)?.type);
    }
  }
  const holder = [...new Set([owner.file, ...files])].find((file) =>
    file.attributes(attribute).some((node) => isNested(file, node)),
  );
  if (holder !== undefined) return { type: undefined, optional };
  const [only] = types;
  const plain = only === 'defaultdict' || only === 'OrderedDict' ? 'dict' : only;
  const isKnown = types.size === 1 && (plain === 'list' || plain === 'set' || plain === 'dict');
  return { type: isKnown ? plain : undefined, optional };
}

/** `self.children[key].append(child)`: what it holds are containers themselves. */
function isNested(file: FileModel, node: PyNode): boolean {
  const { parent } = node;
  const method = parent?.kind === 'attribute' ? field(parent, 'attribute') : undefined;
  const isGet =
    method !== undefined && /^(?:get|setdefault)$/.test(file.text(method)) && parent?.parent?.kind === 'call';
  const element = parent?.kind === 'subscript' && node.field === 'value' ? parent : isGet ? parent?.parent : undefined;
  const used = element?.parent?.kind === 'attribute' ? field(element.parent, 'attribute') : undefined;
  return used !== undefined && /^(?:append|appendleft|add|extend|insert|setdefault|update)$/.test(file.text(used));
}

/** Owner and child are of different kinds: the children let go of their owner, then the owner of them. */
function ofOwner({ holds, names, unit, goesOn }: Breaking): readonly string[] {
  const cut = (child: string): string[] => [
    ...(goesOn ? [`if hasattr(${child}, "destroy"):`, `${unit}${child}.destroy()`] : []),
    ...names.flatMap((name) => [`if hasattr(${child}, "${name}"):`, `${unit}${child}.${name} = None`]),
  ];
  return holds.flatMap(({ attribute, type, optional }) => {
    if (type === 'direct') return [...cut(`self.${attribute}`), `self.${attribute} = None`];
    const elements = type === 'dict' ? `list(self.${attribute}.values())` : `list(self.${attribute})`;
    const empty = type === 'list' ? `del self.${attribute}[:]` : `self.${attribute}.clear()`;
    const lines = [`for child in ${elements}:`, ...cut('child').map((line) => unit + line), empty];
    return optional ? [`if self.${attribute} is not None:`, ...lines.map((line) => unit + line)] : lines;
  });
}

interface Kinds {
  /** True if the object that the method is called on may lie below another one. */
  readonly isTree: boolean;
  /** True for an attribute that each of the objects has. */
  readonly isPlain: (name: string) => boolean;
}

const EMPTY = { list: '[]', set: 'set()', dict: '{}' };

function ofAllBelow({ holds, names, marks, unit }: Breaking, { isTree, isPlain }: Kinds): readonly string[] {
  const hasBelow = holds.some(({ sideways }) => !sideways);
  const lines = ['found = [self]', 'seen = {id(self)}', 'for node in found:', `${unit}below = []`];
  for (const hold of holds) {
    const { attribute, type, sideways } = hold;
    if (type === 'direct') {
      const isGuarded = sideways && hasBelow && isTree;
      if (isGuarded) lines.push(`${unit}if node is not self:`);
      lines.push(`${unit}${isGuarded ? unit : ''}below.append(getattr(node, "${attribute}", None))`);
    } else if (type === 'dict') lines.push(`${unit}below.extend(${contentOf(hold, isPlain, '{}')}.values())`);
    else lines.push(`${unit}below.extend(${contentOf(hold, isPlain, '()').replace(/^\((.*)\)$/, '$1')})`);
  }
  const isOne = marks.map((name) => `hasattr(child, "${name}")`).join(' or ');
  lines.push(
    ...[
      `${unit}for child in below:`,
      `${unit}${unit}if id(child) not in seen and ${marks.length > 1 ? `(${isOne})` : isOne}:`,
    ],
    ...[`${unit}${unit}${unit}seen.add(id(child))`, `${unit}${unit}${unit}found.append(child)`],
  );
  lines.push('for node in reversed(found):');
  const cut = (name: string): readonly string[] =>
    isPlain(name)
      ? [`${unit}node.${name} = None`]
      : [`${unit}if getattr(node, "${name}", None) is not None:`, `${unit}${unit}node.${name} = None`];
  for (const name of names) lines.push(...cut(name));
  for (const hold of holds) {
    const { attribute, type } = hold;
    if (type === 'direct') {
      lines.push(...cut(attribute));
      continue;
    }
    const value = contentOf(hold, isPlain, EMPTY[type]);
    lines.push(type === 'list' ? `${unit}del ${value}[:]` : `${unit}${value}.clear()`);
  }
  return lines;
}

/** The container of a node, or `empty` where it has none. */
function contentOf({ attribute, optional }: Hold, isPlain: (name: string) => boolean, empty: string): string {
  if (isPlain(attribute)) return optional ? `(node.${attribute} or ${empty})` : `node.${attribute}`;
  return optional ? `(getattr(node, "${attribute}", None) or ${empty})` : `getattr(node, "${attribute}", ${empty})`;
}
