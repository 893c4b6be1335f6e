/** What the `destroy` method does: all that hangs below is found first, without recursion, and let go from the far end. */
import type { ClassModel } from '../../src/model/class.ts';
import { subclassesOf } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { assignedValue } from '../../src/model/use.ts';
import { indentUnit } from '../../src/plan/class-layout.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { backwardness } from './direction.ts';
import { familyOf } from './group.ts';
import type { Group } from './match.ts';
import { declaresItself, type Pair } from './pair.ts';

interface Hold {
  readonly attribute: string;
  readonly type: 'list' | 'dict' | 'set' | 'direct';
  /** True for the link to the next of a list: from where the method is called only what hangs below is broken. */
  readonly sideways: boolean;
  /** True where it may be `None` as well. */
  readonly optional: boolean;
}

/** The statements of the method on `model`. */
export function breakingLines(
  groups: readonly Group[],
  model: ClassModel,
): { readonly lines: readonly string[] } | Unwritable {
  const pointers = groups.flatMap((group) => group.pointers);
  const names = [...new Set(pointers.map(({ attribute }) => attribute))];
  const pairs = pointers.flatMap((pointer) => pointer.pairs);
  const isOwner = groups.some(({ owners }) => owners.has(model));
  if (pairs.every(({ hold }) => hold === undefined) || !isOwner)
    return { lines: names.map((name) => `self.${name} = None`) };
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
  // What else lies in a container, a text between elements, has no pointer.
  const marks = [...new Set(groups.flatMap((group) => group.pointers[0]?.attribute ?? []))];
  const breaking = { holds: holds.holds, names, marks, unit };
  return { lines: isFlat ? ofOwner(breaking) : ofAllBelow(breaking, { isTree, isPlain }) };
}

interface Breaking {
  readonly holds: readonly Hold[];
  /** The pointers. */
  readonly names: readonly string[];
  /** What has one of these attributes is one of the objects. */
  readonly marks: readonly string[];
  readonly unit: string;
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
  const [only] = types;
  const plain = only === 'defaultdict' || only === 'OrderedDict' ? 'dict' : only;
  const isKnown = types.size === 1 && (plain === 'list' || plain === 'set' || plain === 'dict');
  return { type: isKnown ? plain : undefined, optional };
}

/** Owner and child are of different kinds: the children let go of their owner, then the owner of them. */
function ofOwner({ holds, names, unit }: Breaking): readonly string[] {
  const cut = (child: string): string[] =>
    names.flatMap((name) => [`if hasattr(${child}, "${name}"):`, `${unit}${child}.${name} = None`]);
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
