/** In which functions the pointers of a class may be set, told by words: to follow every call of every file would read most of a project. */
import type { ClassModel } from '../../src/model/class.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { bodiesOf } from '../../src/model/link.ts';
import { field } from '../../src/syntax/access.ts';

/** The names by which a body may make an object of the class: its own, those of its family, and what stands for the class at hand. */
export function namesOfFamily(model: ClassModel): readonly string[] {
  const names = [...relatives(model)].flatMap(({ name, file }) => file.surroundings.aliases(name));
  return [...names, 'super', 'cls', '__class__', 'type'];
}

/** The functions and modules that have one of the words, or the name of a function that does, and so on. */
export function bodiesAbout(files: readonly FileModel[], words: Iterable<string>): readonly Spot[] {
  const open = new Set(files.flatMap((file) => bodiesOf(file).map((node): Spot => ({ file, node }))));
  const found: Spot[] = [];
  for (let names = [...words]; names.length > 0; ) {
    const pattern = new RegExp(`(?<![\\w\\u0080-\\uffff])(?:${names.join('|')})(?![\\w\\u0080-\\uffff])`);
    names = [];
    for (const spot of open) {
      const { file, node } = spot;
      if (!pattern.test(file.text(node))) continue;
      open.delete(spot);
      found.push(spot);
      const name = field(node, 'name');
      // Who calls a constructor names its class.
      if (name !== undefined && file.text(name) !== '__init__') names.push(file.text(name));
    }
  }
  return found;
}
