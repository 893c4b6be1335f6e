/** Strategy `destroy`: a method that breaks the links, for whoever holds the root to call. */
import type { Obligation } from '../../src/core/finding.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { bindsInBody } from '../../src/model/class.ts';
import { relatives, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import { isStored } from '../../src/model/use.ts';
import { layoutOfNew, methodRequest } from '../../src/plan/class-layout.ts';
import { isNewStyle, mayRunOnPython2 } from '../../src/plan/init-header.ts';
import { unknown } from '../../src/plan/obligation.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { breakingLines } from './break-links.ts';
import { familyOf } from './group.ts';
import type { Group } from './match.ts';
import type { Rewritten } from './together.ts';

type Groups = readonly [Group, ...Group[]];

const NAME = 'destroy';

const DOCSTRING = [
  '"""Break the links below this object, so that all of it is freed at once.',
  '',
  'Whoever holds the root must call this when done with it. A second call does no harm.',
  '"""',
];

/** The request for the method, or why it cannot be written. */
export function destroyRewrite(groups: Groups): Rewritten | Unwritable {
  const model = destroyedClass(groups);
  const members = new Set([...groups.map(({ holder }) => holder), model].flatMap((one) => [...relatives(one)]));
  const taken = [...members].find((one) => bindsInBody(one, NAME) && !inheritsFrom(model, one));
  if (taken !== undefined) return { unwritable: `\`${taken.name}\` has a \`${NAME}\` already` };
  const stored = groups.flatMap(({ files }) => files).find((file) => file.attributes(NAME).some(isStored));
  if (stored !== undefined) return { unwritable: `${stored.source.path} stores something as \`${NAME}\` already` };
  const ancestor = unknownAncestor(model);
  if (ancestor !== undefined)
    return { unwritable: `what \`${model.name}\` inherits from is not known, and may have a \`${NAME}\`` };
  const lines = breakingLines(groups, model);
  if ('unwritable' in lines) return lines;
  const base = resolutionOrder(model)
    .classes.slice(1)
    .find((one) => bindsInBody(one, NAME));
  // First: what the base calls may need the links.
  const lead = [...DOCSTRING, ...(base === undefined ? [] : [callOfBase(model)])];
  const layout = layoutOfNew(model, NAME, () => ({ header: `def ${NAME}(self):`, lead, tail: [] }), 'end-of-class');
  if ('unwritable' in layout) return layout;
  const statement = { order: model.node.end, lines: lines.lines.map((text) => ({ text, verbatim: false })) };
  return { edits: [], requests: [methodRequest(model, layout, statement)] };
}

/** The class that gets the method: the one that owns all, in whatever file; where several do, or none is known, the first with a pointer. */
export function destroyedClass(groups: Groups): ClassModel {
  const owners = new Set(groups.flatMap((group) => [...group.owners]));
  const [only] = owners;
  if (only !== undefined && owners.size === 1) return only;
  // Of a list, and the nodes that own each other, the list.
  const held = new Set(groups.map(({ holder }) => familyOf(holder)));
  const [outer, ...others] = [...owners].filter((owner) => !held.has(familyOf(owner)));
  return outer !== undefined && others.length === 0 ? outer : groups[0].holder;
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
export function destroyObligation(groups: Groups): Obligation {
  const model = destroyedClass(groups);
  const detail = `nothing is freed earlier until whoever holds the root calls \`${NAME}()\``;
  return unknown('owner-calls-it', { file: model.file, node: model.node, detail });
}
