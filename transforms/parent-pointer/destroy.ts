/** Strategy `destroy`: a method that breaks the links, for whoever holds the root to call. */
import type { Fix, Obligation } from '../../src/core/finding.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { bindsInBody } from '../../src/model/class.ts';
import { relatives, resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import { freshContainer } from '../../src/model/container.ts';
import { assignedValue } from '../../src/model/use.ts';
import { indentUnit, layoutOfNew, methodRequest } from '../../src/plan/class-layout.ts';
import { isNewStyle, mayRunOnPython2 } from '../../src/plan/init-header.ts';
import { unknown } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { backwardness } from './direction.ts';
import { familyOf } from './group.ts';
import type { Group } from './match.ts';
import { declaresItself, type Pair } from './pair.ts';

const NAME = 'destroy';

/** The request for the method, or why it cannot be written. */
export function destroyRewrite(group: Group): Pick<Fix, 'edits' | 'requests'> | Unwritable {
  const model = destroyedClass(group);
  const members = new Set([group.holder, model].flatMap((one) => [...relatives(one)]));
  const taken = [...members].find((one) => bindsInBody(one, NAME) && !inheritsFrom(model, one));
  if (taken !== undefined) return { unwritable: `\`${taken.name}\` has a \`${NAME}\` already` };
  const ancestor = unknownAncestor(model);
  if (ancestor !== undefined)
    return { unwritable: `what \`${model.name}\` inherits from is not known, and may have a \`${NAME}\`` };
  const lines = linesOf(group, model);
  if ('unwritable' in lines) return lines;
  const layout = layoutOfNew(model, NAME, () => ({ header: `def ${NAME}(self):`, tail: [] }), 'end-of-class');
  if ('unwritable' in layout) return layout;
  const base = resolutionOrder(model)
    .classes.slice(1)
    .find((one) => bindsInBody(one, NAME));
  const tail = base === undefined ? [] : [callOfBase(model)];
  const statement = {
    order: model.node.end,
    lines: [...lines.lines, ...tail].map((text) => ({ text, verbatim: false })),
  };
  return { edits: [], requests: [methodRequest(model, layout, statement)] };
}

/** The class that gets the method. */
export function destroyedClass({ holder, owners }: Group): ClassModel {
  const [owner] = owners;
  return owners.size === 1 && owner?.file === holder.file ? owner : holder;
}

function inheritsFrom(model: ClassModel, other: ClassModel): boolean {
  return model !== other && resolutionOrder(model).classes.includes(other);
}

function callOfBase(model: ClassModel): string {
  const name = model.qualifiedName.replace(/^.*<locals>\./, '');
  if (!mayRunOnPython2(model)) return `super().${NAME}()`;
  const [base] = model.bases;
  return isNewStyle(model) || base === undefined
    ? `super(${name}, self).${NAME}()`
    : `${model.file.text(base.node)}.${NAME}(self)`;
}

/** Nothing tells when the owner is done: it has to say so. */
export function destroyObligation(group: Group): Obligation {
  const model = destroyedClass(group);
  const detail = `nothing is freed earlier until whoever holds the root calls \`${NAME}()\``;
  return unknown('owner-calls-it', { file: model.file, node: model.node, detail });
}

interface Hold {
  readonly attribute: string;
  readonly type: 'list' | 'dict' | 'set' | 'direct';
  /** True for the link to the next of a list: from where the method is called only what hangs below is broken. */
  readonly sideways: boolean;
}

function linesOf(group: Group, model: ClassModel): { readonly lines: readonly string[] } | Unwritable {
  const { holder, pointers } = group;
  const unit = indentUnit(model.file, model);
  const doc = [
    '"""Break the links below this object, so that all of it is freed at once.',
    '',
    'Whoever holds the root must call this when done with it. A second call does no harm.',
    '"""',
  ];
  const names = pointers.map(({ attribute }) => attribute);
  const pairs = pointers.flatMap((pointer) => pointer.pairs);
  if (pairs.every(({ hold }) => hold === undefined) || ![...group.owners].includes(model)) {
    return { lines: [...doc, ...names.map((name) => `self.${name} = None`)] };
  }
  const holds = holdsOf(group, pairs, names);
  if ('unwritable' in holds) return holds;
  const isTree = familyOf(model) === familyOf(holder);
  return { lines: [...doc, ...(isTree ? ofTree(group, holds.holds, unit) : ofOwner(holds.holds, names, unit))] };
}

/** The attributes that hold, with what is known of their containers. */
function holdsOf(
  group: Group,
  pairs: readonly Pair[],
  pointers: readonly string[],
): { readonly holds: readonly Hold[] } | Unwritable {
  const found = new Map<string, Hold>();
  for (const { hold, by, pointer, owner } of pairs) {
    if (hold === undefined || pointers.includes(hold) || found.has(hold)) continue;
    const type = by === 'direct' ? 'direct' : owner === undefined ? undefined : containerOf(group, owner, hold);
    if (type === undefined) return { unwritable: `what kind of container \`${hold}\` is is not known` };
    found.set(hold, { attribute: hold, type, sideways: by === 'direct' && backwardness(pointer) === 2 });
  }
  return { holds: [...found.values()] };
}

function containerOf({ files }: Group, owner: ClassModel, attribute: string): 'list' | 'dict' | 'set' | undefined {
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

/** One kind of node: all of them are found first, without recursion, and let go from the far end. */
function ofTree({ holder, owners, pointers }: Group, all: readonly Hold[], unit: string): readonly string[] {
  const hasBelow = all.some(({ sideways }) => !sideways);
  const everyHas = (name: string): boolean =>
    [holder, ...owners].every((one) => one === holder && declaresItself(one, name)) &&
    subclassesOf(holder).length === 0;
  const lines = ['found = [self]', 'seen = {id(self)}', 'for node in found:', `${unit}below = []`];
  for (const { attribute, type, sideways } of all) {
    if (type === 'direct') {
      const guarded = sideways && hasBelow;
      if (guarded) lines.push(`${unit}if node is not self:`);
      lines.push(`${unit}${guarded ? unit : ''}below.append(getattr(node, "${attribute}", None))`);
    } else {
      const empty = type === 'dict' ? '{}' : '()';
      const value = everyHas(attribute) ? `node.${attribute}` : `getattr(node, "${attribute}", ${empty})`;
      lines.push(`${unit}below.extend(${value}${type === 'dict' ? '.values()' : ''})`);
    }
  }
  lines.push(
    ...[`${unit}for child in below:`, `${unit}${unit}if child is not None and id(child) not in seen:`],
    ...[`${unit}${unit}${unit}seen.add(id(child))`, `${unit}${unit}${unit}found.append(child)`],
  );
  lines.push('for node in reversed(found):');
  for (const { attribute } of pointers) lines.push(`${unit}node.${attribute} = None`);
  for (const { attribute, type } of all) {
    const plain = everyHas(attribute);
    if (type === 'direct') lines.push(`${unit}node.${attribute} = None`);
    else if (type === 'list')
      lines.push(`${unit}del ${plain ? `node.${attribute}` : `getattr(node, "${attribute}", [])`}[:]`);
    else
      lines.push(
        `${unit}${plain ? `node.${attribute}` : `getattr(node, "${attribute}", ${type === 'dict' ? '{}' : 'set()'})`}.clear()`,
      );
  }
  return lines;
}
