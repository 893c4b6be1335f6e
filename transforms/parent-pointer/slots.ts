/** `__slots__` of the class with the pointer, and of its owner: the private name takes the place, and weak references need one. */
import type { Edit } from '../../src/core/edit.ts';
import type { Request } from '../../src/core/finding.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { weakRoomOf } from '../../src/model/weak-room.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { stringValue, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';
import type { Rewritten } from './together.ts';

/** What becomes of `__slots__`, nothing where the classes have none. */
export function slotEdits(group: Group, renamed: ReadonlyMap<string, string>): Rewritten | Unwritable {
  const { holder, owners } = group;
  const edits: Edit[] = [];
  const requests: Request[] = [];
  const own = slotsOf(holder);
  if (own === 'unreadable') return { unwritable: `\`${holder.name}.__slots__\` is no plain list of names` };
  for (const [attribute, stored] of renamed) {
    const slot = own?.names.get(attribute);
    if (slot === undefined) continue;
    const { text, path } = holder.file.source;
    const quote = text.charAt(slot.end - 1);
    edits.push({ path, range: { start: slot.start, end: slot.end }, text: quote + stored + quote });
  }
  for (const owner of new Set(owners)) {
    const added = roomFor(owner);
    if ('unwritable' in added) return added;
    edits.push(
      ...added.edits.filter(
        ({ path, range }) => !edits.some((other) => other.path === path && other.range.start === range.start),
      ),
    );
    requests.push(...added.requests);
  }
  return { edits, requests };
}

function roomFor(owner: ClassModel): Rewritten | Unwritable {
  const room = weakRoomOf(owner);
  if (room.kind !== 'no') return { edits: [], requests: [] };
  if (room.slots === undefined) return { unwritable: `${room.why}, which cannot be weakly referenced` };
  const slots = slotsOf(room.slots);
  if (slots === undefined || slots === 'unreadable' || slots.display === undefined)
    return { unwritable: `${room.why}, and it cannot be added there` };
  const last = slots.display.children.at(-1);
  const { path, text } = room.slots.file.source;
  if (last === undefined) {
    const at = slots.display.start + 1;
    return {
      edits: [
        { path, range: { start: at, end: at }, text: `'__weakref__'${slots.display.kind === 'tuple' ? ',' : ''}` },
      ],
      requests: [],
    };
  }
  const quote = text.charAt(last.end - 1);
  return { edits: [], requests: [{ kind: 'element', path, at: last.end, text: `${quote}__weakref__${quote}` }] };
}

interface Slots {
  readonly names: ReadonlyMap<string, PyNode>;
  /** The tuple, list or set; undefined for a single string. */
  readonly display: PyNode | undefined;
}

function slotsOf(model: ClassModel): Slots | 'unreadable' | undefined {
  const sites = model.scope.bindings.get('__slots__')?.sites;
  if (sites === undefined) return undefined;
  const [site] = sites;
  const value = sites.length === 1 && site?.value !== undefined ? unwrap(site.value) : undefined;
  if (value === undefined) return 'unreadable';
  const isDisplay = /^(?:tuple|list|set|expression_list)$/.test(value.kind);
  const names = new Map<string, PyNode>();
  for (const node of isDisplay ? value.children : [value]) {
    const name = stringValue(node, model.file.source.text);
    if (name === undefined) return 'unreadable';
    names.set(name, node);
  }
  return { names, display: isDisplay ? value : undefined };
}
