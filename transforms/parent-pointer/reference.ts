/** Strategies `ref` and `proxy`: what is stored becomes a weak reference, or a proxy, where it is stored. */
import type { Edit } from '../../src/core/edit.ts';
import { methodAround } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { ensureImport } from '../../src/plan/ensure-import.ts';
import { placed } from '../../src/plan/place.ts';
import { obstacleTo } from '../../src/plan/replace.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';
import { proxyLeak } from './proxy.ts';
import { slotEdits } from './slots.ts';
import { type Rewritten, together } from './together.ts';
import { type PointerUses, pointerUses } from './uses.ts';
import { isPlainPath, partsOf } from './wrapped.ts';

/** All of it or nothing, in every file. */
export function referenceRewrite(groups: readonly Group[], type: 'ref' | 'proxy'): Rewritten | Unwritable {
  const uses = pointerUses(groups);
  if ('unwritable' in uses) return uses;
  if (uses.size === 0) return { unwritable: 'nothing that is stored there could be made weak' };
  const parts = [...uses].map(([file, ofFile]) => inFile(file, ofFile, type));
  return together([...parts, ...groups.map((group) => slotEdits(group, new Map()))]);
}

function inFile(file: FileModel, { reads, values }: PointerUses, type: 'ref' | 'proxy'): Rewritten | Unwritable {
  const stored = [...values];
  const parts = stored.map((value) => ({ value, parts: partsOf(file, value, reads, selfAt(file, value)) }));
  const stuck = parts.find((one) => one.parts === undefined);
  if (stuck !== undefined)
    return {
      unwritable: `\`${file.text(stuck.value)}\` is stored without a name of its own: a weak reference to it needs one (${placed(file, stuck.value)})`,
    };
  const wrapped = parts.flatMap((one) => one.parts ?? []).flatMap((one) => (one.kind === 'wrapped' ? [one] : []));
  if (new Set(wrapped.map(({ node }) => node)).size < wrapped.length)
    return { unwritable: 'one value is stored in several pointers by one statement' };
  const usages = wrapped.map(({ node }) => ({ scope: file.scopeAround(node) ?? file.scopes.module, at: node.start }));
  const imported = usages.length === 0 ? { expression: '', requests: [] } : ensureImport(file, 'weakref', type, usages);
  if ('unwritable' in imported) return { unwritable: `${imported.unwritable} (${file.source.path})` };
  const copied = new Set(stored.flatMap((value) => copiesIn(value, reads)));
  const read = type === 'ref' ? called(file, reads, copied) : bearing(file, reads, copied);
  if ('unwritable' in read) return read;
  const path = file.source.path;
  const edits: Edit[] = [...read.edits];
  for (const { node, never } of wrapped) {
    // A condition inside another one binds to the right.
    const isPart = node.parent?.kind === 'conditional_expression' && !never;
    const guard = never ? '' : `None if ${rendered(file, node, read.calls)} is None else `;
    const { start, end } = node;
    edits.push({ path, range: { start, end: start }, text: `${isPart ? '(' : ''}${guard}${imported.expression}(` });
    edits.push({ path, range: { start: end, end }, text: isPart ? '))' : ')' });
  }
  return { edits, requests: imported.requests };
}

function selfAt(file: FileModel, node: PyNode): string | undefined {
  const scope = file.scopeAround(node);
  const method = scope === undefined ? undefined : methodAround(file, scope);
  return method?.kind === 'instance' && method.first?.sites.length === 1 ? method.first.name : undefined;
}

/** The reads whose reference is stored as it is. */
function copiesIn(value: PyNode, reads: ReadonlySet<PyNode>): readonly PyNode[] {
  const node = unwrap(value);
  if (reads.has(node)) return [node];
  if (node.kind !== 'conditional_expression') return [];
  return [node.children[0], node.children[2]].flatMap((one) => (one === undefined ? [] : copiesIn(one, reads)));
}

interface ReadEdits {
  readonly edits: readonly Edit[];
  /** Reads that are followed by a call from now on. */
  readonly calls: ReadonlySet<PyNode>;
}

/** `x.parent` becomes `x.parent()` where it is followed, and `x.parent and x.parent()` where it may be `None`. */
function called(file: FileModel, reads: ReadonlySet<PyNode>, copied: ReadonlySet<PyNode>): ReadEdits | Unwritable {
  const calls = new Set([...reads].filter((node) => !copied.has(node)));
  const { path } = file.source;
  const edits: Edit[] = [];
  for (const node of calls) {
    const obstacle = obstacleTo(file, node);
    if (obstacle !== undefined) return { unwritable: `${obstacle} (${placed(file, node)})` };
    if (isFollowed(node) && !asksForNone(file, node)) {
      edits.push({ path, range: { start: node.end, end: node.end }, text: '()' });
      continue;
    }
    if (!isPlainPath(node))
      return { unwritable: `\`${file.text(node)}\` would have to be evaluated twice (${placed(file, node)})` };
    const bare = isWhole(node);
    const text = rendered(file, node, calls, node);
    edits.push({ path, range: { start: node.start, end: node.start }, text: `${bare ? '' : '('}${text} and ` });
    edits.push({ path, range: { start: node.end, end: node.end }, text: bare ? '()' : '())' });
  }
  return { edits, calls };
}

const CATCHES_NONE = /^except\*?\s*(?::|[^:]*\b(?:AttributeError|Exception|BaseException|StandardError)\b)/;

/** Where a handler waits for what `None` has not, it has to be asked as before: to call it would be a `TypeError`. */
function asksForNone(file: FileModel, node: PyNode): boolean {
  for (let inner = node; inner.parent !== undefined; inner = inner.parent) {
    const { parent } = inner;
    if (parent.kind === 'function_definition' || parent.kind === 'lambda') return false;
    if (parent.kind === 'with_statement' && /\bAttributeError\b/.test(file.text(parent))) return true;
    if (parent.kind !== 'try_statement' || inner.field !== 'body') continue;
    const caught = parent.children.filter(({ kind }) => kind.startsWith('except'));
    if (caught.some((handler) => CATCHES_NONE.test(file.text(handler)))) return true;
  }
  return false;
}

/** True where an attribute, element or call of it comes next: `None` has none, before as after. */
function isFollowed({ parent, field: role }: PyNode): boolean {
  if (parent?.kind === 'attribute') return role === 'object';
  if (parent?.kind === 'subscript') return role === 'value';
  return parent?.kind === 'call' && role === 'function';
}

/** True where `and` needs no parentheses. */
function isWhole({ parent, field: role }: PyNode): boolean {
  if (parent === undefined) return false;
  if (/^(?:if_statement|while_statement|elif_clause)$/.test(parent.kind)) return role === 'condition';
  return (
    parent.kind === 'return_statement' ||
    parent.kind === 'expression_statement' ||
    (parent.kind === 'assignment' && role === 'right')
  );
}

/** The text of an expression with the calls in it, but for that of `except`. */
function rendered(file: FileModel, node: PyNode, calls: ReadonlySet<PyNode>, except?: PyNode): string {
  const ends = [...calls]
    .filter((one) => one !== except && one.start >= node.start && one.end <= node.end)
    .map(({ end }) => end);
  let text = '';
  let at = node.start;
  for (const end of ends.sort((a, b) => a - b)) {
    text += `${file.source.text.slice(at, end)}()`;
    at = end;
  }
  return text + file.source.text.slice(at, node.end);
}

/** A proxy stands in for the object where it is followed; anywhere else it is another object. */
function bearing(file: FileModel, reads: ReadonlySet<PyNode>, copied: ReadonlySet<PyNode>): ReadEdits | Unwritable {
  const leak = [...reads].find((node) => !copied.has(node) && proxyLeak(file, node));
  if (leak !== undefined)
    return {
      unwritable: `\`${file.text(field(leak, 'object') ?? leak)}\` gives its pointer away or compares it: \`${file.text(leak.parent ?? leak).slice(0, 60)}\`, and a proxy is another object (${placed(file, leak)})`,
    };
  return { edits: [], calls: new Set() };
}
