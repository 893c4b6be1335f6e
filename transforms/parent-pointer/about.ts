/**
 * In which functions the pointers of a class may be set, told by words; and so on with the names of those
 * functions. To follow every call of every file would read most of a project.
 */
import type { ClassModel } from '../../src/model/class.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { bodiesRead } from '../../src/model/link.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** The functions and modules, of those files, that may make an object of one of the classes or set one of the attributes. */
export function bodiesAbout(
  files: readonly FileModel[],
  family: ReadonlySet<ClassModel>,
  attributes: readonly string[],
): readonly Spot[] {
  const homes = new Set([...family].map(({ file }) => file));
  for (const file of homes) for (const word of OWN_CLASS) file.scopesNear(word);
  const done = new Set<PyNode>();
  const found: Spot[] = [];
  let names = [...attributes, ...[...family].flatMap(({ name, file }) => file.surroundings.aliases(name))];
  while (names.length > 0) {
    const words = names;
    const [pattern, ownClass] = [anyOf(words), anyOf(OWN_CLASS)];
    names = [];
    for (const file of files) {
      for (const word of words) file.scopesNear(word);
      for (const node of bodiesRead(file)) {
        const text = file.text(node);
        if (done.has(node) || (!pattern.test(text) && !(homes.has(file) && ownClass.test(text)))) continue;
        done.add(node);
        found.push({ file, node });
        const name = field(node, 'name');
        // Who calls a constructor names its class.
        if (name !== undefined && file.text(name) !== '__init__') names.push(file.text(name));
      }
    }
  }
  return found;
}

/** What may stand for the class that the function belongs to. */
const OWN_CLASS = ['super', 'cls', '__class__', 'type'];

function anyOf(words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\w\\u0080-\\uffff])(?:${words.join('|')})(?![\\w\\u0080-\\uffff])`);
}
