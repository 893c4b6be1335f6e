/** Strategy `property`: the attribute becomes a property over a weak reference, and who reads or writes it stays as it is. */
import type { Edit } from '../../src/core/edit.ts';
import type { Fix, MethodRequest, Request } from '../../src/core/finding.ts';
import { isDeleted } from '../../src/model/use.ts';
import { layoutOfNew, methodRequest } from '../../src/plan/class-layout.ts';
import { ensureImport } from '../../src/plan/ensure-import.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, stringValue } from '../../src/syntax/access.ts';
import { accessorBodies } from './accessors.ts';
import { dataclassProperty, isFieldOf } from './dataclass.ts';
import { declaration } from './declaration.ts';
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
  for (const pointer of pointers) {
    const stored = privateName(group, pointer.attribute);
    if (stored === undefined)
      return { unwritable: `there is no free name for the weak reference of \`${pointer.attribute}\`` };
    renamed.set(pointer.attribute, stored);
    const written = fields.includes(pointer)
      ? dataclassProperty(group, pointer, stored, imported.expression)
      : accessors(group, pointer, { stored, reference: imported.expression });
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
}

function accessors(group: Group, pointer: Pointer, written: Written): Pick<Fix, 'edits' | 'requests'> | Unwritable {
  const { holder } = group;
  const declared = declaration(group, pointer.attribute, written.stored);
  if ('unwritable' in declared) return declared;
  const { attribute } = pointer;
  const { annotation, comments } = declared;
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
  // Behind all else, and the accessors of one attribute together, whichever fixes they belong to.
  const order = holder.node.end + (holder.file.attributes(attribute)[0]?.end ?? 0) * wanted.length;
  for (const [index, [kind, decorator, header, lines]] of wanted.entries()) {
    const layout = layoutOfNew(
      holder,
      `${attribute} ${kind}`,
      () => ({ decorators: kind === 'get' ? [...comments, decorator] : [decorator], header, tail: [] }),
      'end-of-class',
    );
    if ('unwritable' in layout) return layout;
    const statement = {
      order: order + index,
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
