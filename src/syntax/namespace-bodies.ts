/** The lines of the module, and those of its classes, that may bind a name, as the outline of the text tells. */
import { outlineOf } from './outline.ts';

export interface NamespaceBody {
  /** Undefined for the module. */
  readonly className: string | undefined;
  /** Logical lines without their indentation. */
  readonly lines: readonly string[];
}

const CLASS_NAME = /^class[ \t\f\\\r\n]+([\w\u0080-\uffff]+)/;

/** The module, and each class statement that stands in no other and in no function. None for a text that does not read as Python. */
export function namespaceBodies(text: string): readonly NamespaceBody[] {
  const outline = outlineOf(text);
  if (outline === undefined) return [];
  const ends = new Map(outline.classes.map(({ start, end }) => [start, end]));
  const ofModule: string[] = [];
  const bodies: NamespaceBody[] = [{ className: undefined, lines: ofModule }];
  /** The classes around, the innermost last; without lines for those that other files cannot reach. */
  const around: { readonly end: number; readonly lines: string[] | undefined }[] = [];
  for (const { start, end, inModule } of outline.lines) {
    while (start >= (around.at(-1)?.end ?? Number.POSITIVE_INFINITY)) around.pop();
    const line = text.slice(start, end);
    const classEnd = ends.get(start);
    if (classEnd === undefined) {
      (inModule ? ofModule : around.at(-1)?.lines)?.push(line);
      continue;
    }
    const className = CLASS_NAME.exec(line)?.[1];
    const lines = inModule && className !== undefined ? [] : undefined;
    if (lines !== undefined) bodies.push({ className, lines });
    around.push({ end: classEnd, lines });
  }
  return bodies;
}
