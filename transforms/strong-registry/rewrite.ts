/** The edits that make a registry weak: what it starts from, its annotation, and, where a list becomes a set, every site that adds. */
import type { Edit } from '../../src/core/edit.ts';
import type { Fix } from '../../src/core/finding.ts';
import { lineEnd } from '../../src/core/lines.ts';
import type { FileModel } from '../../src/model/file.ts';
import { ensureImport, type Usage } from '../../src/plan/ensure-import.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isTolerant } from './lost.ts';
import { type Operation, operationsOn } from './operation.ts';
import { inFinalizer } from './owner.ts';
import { isShared, type Registry } from './registry.ts';
import type { WeakType } from './weak-type.ts';

type Rewritten = Pick<Fix, 'edits' | 'requests'>;

/** All of it or nothing. */
export function rewrite(registry: Registry, type: WeakType): Rewritten | Unwritable {
  const { file } = registry;
  if (isShared(registry)) return { unwritable: 'several names share the one object, or are bound by unpacking' };
  const places = valuesOf(registry);
  if ('unwritable' in places) return places;
  const comment = typeComment(file, registry);
  if (comment !== undefined) return { unwritable: `the comment \`${comment}\` says what it is` };
  const imported = ensureImport(
    file,
    'weakref',
    type,
    places.map((node) => usageOf(file, node)),
  );
  if ('unwritable' in imported) return imported;
  const path = file.source.path;
  const edits: Edit[] = places.map((node) => ({ path, range: rangeOf(node), text: `${imported.expression}()` }));
  for (const annotation of annotationsOf(registry)) {
    const edit = annotated(file, annotation, type, imported.expression);
    if (edit === undefined) continue;
    if ('unwritable' in edit) return edit;
    edits.push({ path, ...edit });
  }
  const sites = registry.type === 'list' ? renamed(registry) : [];
  if ('unwritable' in sites) return sites;
  return { edits: [...edits, ...sites], requests: imported.requests };
}

function rangeOf({ start, end }: PyNode): Edit['range'] {
  return { start, end };
}

/** The expressions that make the container, in its own file. */
function valuesOf(registry: Registry): readonly PyNode[] | Unwritable {
  const values = registry.initialisers.flatMap((initialiser) => initialiser.values);
  for (const operation of registry.operations) {
    if (operation.kind !== 'bind' || operation.value === undefined) continue;
    if (operation.file !== registry.file)
      return { unwritable: `${operation.file.source.path} binds it anew, and would have to change too` };
    values.push(unwrap(operation.value));
  }
  return values;
}

function usageOf(file: FileModel, node: PyNode): Usage {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    const scope = file.scopes.ofNode.get(above);
    if (scope !== undefined) return { scope, at: node.start };
  }
  return { scope: file.scopes.module, at: node.start };
}

/** `# type: Dict[Exam, int]` on the line of a value. */
function typeComment(file: FileModel, { initialisers }: Registry): string | undefined {
  const { text } = file.source;
  const ends = initialisers.map(({ site }) => site.operation.end);
  const comment = file.syntax.comments.find(
    ({ start, end }) =>
      ends.some((at) => at <= start && end <= lineEnd(text, at)) &&
      /^#\s*type:\s*(?!ignore)/.test(text.slice(start, end)),
  );
  return comment === undefined ? undefined : text.slice(comment.start, comment.end);
}

function annotationsOf({ binding }: Registry): readonly PyNode[] {
  return binding.sites.flatMap(({ operation }) => field(operation, 'type') ?? []);
}

const BUILTIN: Readonly<Record<string, readonly string[]>> = {
  WeakKeyDictionary: ['builtins.dict', 'typing.Dict'],
  WeakValueDictionary: ['builtins.dict', 'typing.Dict'],
  WeakSet: [
    'builtins.list',
    'builtins.set',
    'typing.List',
    'typing.Set',
    'typing.Sequence',
    'typing.MutableSequence',
    'collections.abc.MutableSequence',
    'collections.abc.Sequence',
  ],
};
/** What the weak types are too. */
const STILL_TRUE =
  /^(?:typing|collections\.abc)\.(?:Any|Mapping|MutableMapping|Collection|Iterable|Sized|Container|AbstractSet|MutableSet|ClassVar|Final)$|^builtins\.object$/;
const WRAPPERS = /^(?:typing|typing_extensions)\.(?:ClassVar|Final|Optional)$/;

/** The annotation with the weak type in it; undefined where it stays true as it is. */
function annotated(
  file: FileModel,
  annotation: PyNode,
  type: WeakType,
  expression: string,
): Pick<Edit, 'range' | 'text'> | Unwritable | undefined {
  const inner = innermost(file, annotation);
  const name = inner === undefined ? undefined : headOf(inner);
  const qualified = name === undefined ? undefined : file.qualifiedName(name);
  if (inner === undefined || name === undefined || qualified === undefined)
    return { unwritable: `its annotation \`${file.text(annotation)}\` says something else` };
  if (STILL_TRUE.test(qualified)) return undefined;
  if (BUILTIN[type]?.includes(qualified) !== true)
    return { unwritable: `its annotation \`${file.text(annotation)}\` says something else` };
  const isPlain = name.start === inner.start && name.end === inner.end;
  // Before Python 3.9 the weak types take no types; who writes `dict[...]` has left it behind.
  if (isPlain || qualified.startsWith('builtins.') || isPostponed(file))
    return { range: rangeOf(name), text: expression };
  const written = expression + file.text(inner).slice(name.end - inner.start);
  const quote = ['"', "'"].find((one) => !written.includes(one));
  return quote === undefined || /[\r\n]/.test(written)
    ? { unwritable: `its annotation \`${file.text(annotation)}\` would need quotes of a third kind` }
    : { range: rangeOf(inner), text: quote + written + quote };
}

/** The type inside `ClassVar[...]` and its like. */
function innermost(file: FileModel, annotation: PyNode): PyNode | undefined {
  let node: PyNode | undefined = annotation;
  for (;;) {
    if (node === undefined) return undefined;
    if (node.kind === 'type') {
      node = node.children[0];
      continue;
    }
    const head = headOf(node);
    const qualified = head === undefined ? undefined : file.qualifiedName(head);
    if (head === node || qualified === undefined || !WRAPPERS.test(qualified)) return node;
    const [, parameters] = node.children;
    node = parameters?.kind === 'type_parameter' ? parameters.children[0] : parameters;
  }
}

function headOf(node: PyNode): PyNode | undefined {
  if (node.kind === 'identifier' || node.kind === 'attribute') return node;
  return node.kind === 'generic_type' || node.kind === 'subscript' ? node.children[0] : undefined;
}

function isPostponed(file: FileModel): boolean {
  const binding = file.scopes.module.bindings.get('annotations');
  return binding?.sites.some((site) => file.qualified.ofSite(site, binding) === '__future__.annotations') === true;
}

const RENAMED: Readonly<Record<string, string>> = { append: 'add', extend: 'update' };

/** `append` becomes `add`, and `remove` `discard` where that means the same. */
function renamed(registry: Registry): readonly Edit[] | Unwritable {
  const edits: Edit[] = [];
  const doubtful = registry.doubtful.flatMap(({ file, node }) => operationsOn(file, node));
  const open = doubtful.find((operation) => operation.kind === 'call' && RENAMED[operation.method] !== undefined);
  if (open !== undefined)
    return {
      unwritable: `a list becomes a set, and whether \`${open.file.text(open.node)}\` adds to this one is not known`,
    };
  for (const operation of registry.operations) {
    const text = operation.kind === 'call' && operation.depth === 0 ? newName(operation) : undefined;
    if (operation.kind !== 'call' || text === undefined) continue;
    const { path } = operation.file.source;
    if (operation.file !== registry.file)
      return {
        unwritable: `a list becomes a set, and \`${operation.file.text(operation.call)}\` in ${path} would have to change too`,
      };
    edits.push({ path, range: rangeOf(operation.name), text });
  }
  return edits;
}

function newName(operation: Operation & { readonly kind: 'call' }): string | undefined {
  if (operation.method !== 'remove') return RENAMED[operation.method];
  return isTolerant(operation.file, operation.call) || inFinalizer(operation) ? 'discard' : undefined;
}
