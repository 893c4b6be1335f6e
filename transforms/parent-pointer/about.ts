/**
 * In which functions the pointers of a class may be set, told by words; and so on with the names of those
 * functions. To follow every call of every file would read most of a project.
 */
import type { ClassModel } from '../../src/model/class.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { bodiesOf } from '../../src/model/link.ts';
import { field } from '../../src/syntax/access.ts';

/** The functions and modules, of those files, that may make an object of one of the classes or set one of the attributes. */
export function bodiesAbout(
  files: readonly FileModel[],
  family: ReadonlySet<ClassModel>,
  attributes: readonly string[],
): readonly Spot[] {
  const homes = new Set([...family].map(({ file }) => file));
  const open = new Set(files.flatMap((file) => bodiesOf(file).map((node): Spot => ({ file, node }))));
  const found: Spot[] = [];
  let names = [...attributes, ...[...family].flatMap(({ name, file }) => file.surroundings.aliases(name))];
  while (names.length > 0) {
    const pattern = new RegExp(`(?<![\\w\\u0080-\\uffff])(?:${names.join('|')})(?![\\w\\u0080-\\uffff])`);
    names = [];
    for (const spot of open) {
      const { file, node } = spot;
      const text = file.text(node);
      if (!pattern.test(text) && !(homes.has(file) && OWN_CLASS.test(text))) continue;
      open.delete(spot);
      found.push(spot);
      const name = field(node, 'name');
      // Who calls a constructor names its class.
      if (name !== undefined && file.text(name) !== '__init__') names.push(file.text(name));
    }
  }
  return found;
}

/** What may stand for the class that the function belongs to. */
const OWN_CLASS = /\b(?:super|cls|__class__|type)\b/;
