/**
 * A field of a dataclass stays one, so that `__init__`, `repr`, comparison and `fields()` are what they were; the property is put over it
 * once the decorator is done, which makes the generated `__init__` set it (library reference, module dataclasses).
 */
import type { Edit } from '../../src/core/edit.ts';
import { indentation, lineEnding } from '../../src/core/lines.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { generatedBy, isField } from '../../src/model/class-kind.ts';
import { layoutOfNew } from '../../src/plan/class-layout.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, statementOf } from '../../src/syntax/access.ts';
import { accessorBodies } from './accessors.ts';
import type { Group, Pointer } from './match.ts';

/** True if the class body declares the attribute as a field of a generated constructor. */
export function isFieldOf(model: ClassModel, attribute: string): boolean {
  const sites = model.scope.bindings.get(attribute)?.sites ?? [];
  return sites.some(({ operation }) => isField(model, field(operation, 'type')));
}

/** Accessors in the class, and the statement behind it that makes them a property. */
export function dataclassProperty(
  { holder }: Group,
  { attribute }: Pointer,
  stored: string,
  reference: string,
): { readonly edits: readonly Edit[]; readonly requests: readonly [] } | Unwritable {
  const generated = generatedBy(holder);
  if (generated?.by !== 'dataclass') return { unwritable: 'the fields of an attrs class are not known well enough' };
  if (generated.fixed) return { unwritable: 'it is a field of a dataclass that is frozen or has slots' };
  if (holder.scope.parent?.kind === 'function' && holder.decorators.length === 0)
    return { unwritable: 'the class has no decorator' };
  const { file } = holder;
  const { text, path } = file.source;
  const layout = layoutOfNew(holder, `${attribute} field`, () => ({ header: '', tail: [] }), 'end-of-class');
  if ('unwritable' in layout) return layout;
  const { target } = layout;
  if (target.kind !== 'new') return { unwritable: 'the class has no place for a method' };
  const bare = attribute.replace(/^_+/, '');
  const names = [`_get_${bare}`, `_set_${bare}`] as const;
  const [get, set] = names;
  if (names.some((name) => text.includes(name))) return { unwritable: `\`${get}\` or \`${set}\` is there already` };
  const bodies = accessorBodies(attribute, stored, reference);
  const outer = indentation(text, statementOf(holder.node).start);
  const spaced = outer === '' ? ['', ''] : [''];
  const lines = [
    ...['', `${target.indent}def ${get}(self):`, ...bodies.get.map((line) => target.bodyIndent + line)],
    ...[
      '',
      `${target.indent}def ${set}(self, ${bodies.value}):`,
      ...bodies.set.map((line) => target.bodyIndent + line),
    ],
    ...[...spaced, `${outer}# Behind the decorator: what it makes of the field stays as it is.`],
    `${outer}${holder.name}.${attribute} = property(${holder.name}.${get}, ${holder.name}.${set})`,
  ];
  const newline = lineEnding(text);
  const unended = target.at === text.length && !/[\r\n]$/.test(text);
  const written = (unended ? newline : '') + lines.join(newline) + (unended ? '' : newline);
  return { edits: [{ path, range: { start: target.at, end: target.at }, text: written }], requests: [] };
}
