/** Strategy `property`: the attribute becomes a property over a weak reference, and who reads or writes it stays as it is. */
import type { Edit } from '../../src/core/edit.ts';
import type { Fix, MethodRequest, Request } from '../../src/core/finding.ts';
import { lineEnd, lineStart, nextLine, startsLine } from '../../src/core/lines.ts';
import type { BindingSite } from '../../src/model/scope.ts';
import { isDeleted } from '../../src/model/use.ts';
import { layoutOfNew, methodRequest } from '../../src/plan/class-layout.ts';
import { ensureImport } from '../../src/plan/ensure-import.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, stringValue } from '../../src/syntax/access.ts';
import { accessorBodies } from './accessors.ts';
import { dataclassProperty, isFieldOf } from './dataclass.ts';
import type { Group, Pointer } from './match.ts';
import { newStyle } from './new-style.ts';
import { privateName } from './private-name.ts';
import { slotEdits } from './slots.ts';

/** The edits, or why one of them cannot be made. */
export function propertyRewrite(group: Group): Pick<Fix, 'edits' | 'requests'> | Unwritable {
  const { holder, pointers } = group;
  const { file } = holder;
  if (holder.scope.bindings.has('property') || file.scopes.module.bindings.has('property'))
    return { unwritable: '`property` means something else here' };
  const edits: Edit[] = [];
  const requests: Request[] = [];
  const body = field(holder.node, 'body');
  const imported = ensureImport(file, 'weakref', 'ref', [
    { scope: holder.scope.parent ?? file.scopes.module, at: body?.start ?? holder.node.start },
  ]);
  if ('unwritable' in imported) return imported;
  requests.push(...imported.requests);
  const renamed = new Map<string, string>();
  const fields = pointers.filter(({ attribute }) => isFieldOf(holder, attribute));
  if (fields.length > 0 && pointers.length > 1)
    return { unwritable: 'several fields of a dataclass would have to change together' };
  for (const [order, pointer] of pointers.entries()) {
    const stored = privateName(group, pointer.attribute);
    if (stored === undefined)
      return { unwritable: `there is no free name for the weak reference of \`${pointer.attribute}\`` };
    renamed.set(pointer.attribute, stored);
    const written = fields.includes(pointer)
      ? dataclassProperty(group, pointer, stored, imported.expression)
      : accessors(group, pointer, { stored, reference: imported.expression, order });
    if ('unwritable' in written) return written;
    edits.push(...written.edits);
    requests.push(...written.requests);
  }
  const slots = slotEdits(group, renamed);
  if ('unwritable' in slots) return slots;
  const header = newStyle(holder);
  if ('unwritable' in header) return header;
  return { edits: [...edits, ...slots.edits, ...header.edits], requests: [...requests, ...slots.requests] };
}

interface Written {
  readonly stored: string;
  /** How `weakref.ref` is written here. */
  readonly reference: string;
  readonly order: number;
}

function accessors(group: Group, pointer: Pointer, written: Written): Pick<Fix, 'edits' | 'requests'> | Unwritable {
  const { holder } = group;
  const declared = declaration(group, pointer.attribute, written.stored);
  if ('unwritable' in declared) return declared;
  const { attribute } = pointer;
  const { annotation } = declared;
  const result = annotation === undefined ? '' : ` -> ${annotation}`;
  const given = annotation === undefined ? '' : `: ${annotation}`;
  const { value, get, set } = accessorBodies(attribute, written.stored, written.reference);
  const wanted: [string, string, string, readonly string[]][] = [
    ['get', '@property', `def ${attribute}(self)${result}:`, get],
    ['set', `@${attribute}.setter`, `def ${attribute}(self, ${value}${given}):`, set],
  ];
  if (isDeletedAnywhere(group, attribute))
    wanted.push(['delete', `@${attribute}.deleter`, `def ${attribute}(self):`, [`del self.${written.stored}`]]);
  const requests: MethodRequest[] = [];
  for (const [index, [kind, decorator, header, lines]] of wanted.entries()) {
    const layout = layoutOfNew(
      holder,
      `${attribute} ${kind}`,
      () => ({ decorators: [decorator], header, tail: [] }),
      'end-of-class',
    );
    if ('unwritable' in layout) return layout;
    const statement = {
      order: holder.node.end + written.order * wanted.length + index,
      lines: lines.map((text) => ({ text, verbatim: false })),
    };
    requests.push(methodRequest(holder, layout, statement));
  }
  return { edits: declared.edits, requests };
}

function isDeletedAnywhere({ files }: Group, attribute: string): boolean {
  return files.some(
    (file) =>
      file.attributes(attribute).some(isDeleted) ||
      file.callsNear('delattr').some((call) => {
        const callee = field(call, 'function');
        const [, named] = file.argumentsOf(call).positional;
        if (callee === undefined || named === undefined || file.qualifiedName(callee) !== 'builtins.delattr')
          return false;
        return stringValue(named, file.source.text) === attribute;
      }),
  );
}

/** What the class body says of the attribute: a default moves to the private name, an annotation to the property. */
function declaration(
  { holder }: Group,
  attribute: string,
  stored: string,
): { readonly edits: readonly Edit[]; readonly annotation: string | undefined } | Unwritable {
  const { file } = holder;
  const { path, text } = file.source;
  const sites = holder.scope.bindings.get(attribute)?.sites ?? [];
  const edits: Edit[] = [];
  let annotation: string | undefined;
  for (const site of sites) {
    const type = field(site.operation, 'type');
    if (type !== undefined) annotation = file.text(type);
    if (annotation !== undefined && /[\r\n]/.test(annotation))
      return { unwritable: `the annotation of \`${attribute}\` goes over several lines` };
    if (!isPlainDeclaration(site))
      return { unwritable: `the class body binds \`${attribute}\` in a way that is not a plain default` };
    const { start, end } = site.node;
    if (site.kind === 'annotation') edits.push({ path, range: wholeLine(text, site.operation), text: '' });
    else if (type === undefined) edits.push({ path, range: { start, end }, text: stored });
    else edits.push({ path, range: { start, end: type.end }, text: stored });
  }
  if (sites.length > 1) return { unwritable: `the class body binds \`${attribute}\` more than once` };
  return { edits, annotation };
}

function isPlainDeclaration(site: BindingSite): boolean {
  const statement = site.operation.parent;
  const isStatement = statement?.kind === 'expression_statement' && site.node.parent === site.operation;
  if (!isStatement || site.operation.children.some((child) => child.field === 'right' && child.kind === 'assignment'))
    return false;
  return site.kind === 'annotation' || (site.kind === 'assignment' && site.value?.kind === 'none');
}

function wholeLine(text: string, { start, end }: { readonly start: number; readonly end: number }): Edit['range'] {
  const alone = startsLine(text, start) && /^[ \t\f]*(?:#.*)?$/.test(text.slice(end, lineEnd(text, end)));
  return alone ? { start: lineStart(text, start), end: nextLine(text, end) } : { start, end };
}
