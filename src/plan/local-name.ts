/** What attributes of an instance are called once they are local names of the method that uses them. */

import type { Method } from '../model/class.ts';
import { type ClassAttribute, classAttributes, freeNames } from '../model/class-attribute.ts';
import { freshContainer } from '../model/container.ts';
import type { FileModel } from '../model/file.ts';
import { descend, within } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

/** Language reference 2.3.1, and the statements that Python 2 had. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and as assert async await break class continue def del elif else except exec False finally for from global if import in is ' +
    'lambda None nonlocal not or pass print raise return True try while with yield'
  ).split(' '),
);

/**
 * The name without its leading underscores, with underscores behind it until nothing else in the method, or in what may be moved
 * there, is called that. The other attributes that may become local to the method are thought of, whether they do or not: each
 * is called the same whichever of them were accepted.
 */
export function localName(attribute: ClassAttribute, method: Method): string {
  const { file } = method.class;
  const all = classAttributes(method.class);
  const taken = namesIn(file, method.node);
  for (const { value } of all) for (const free of freeNames(file, value)) taken.add(file.text(free.node));
  for (const other of all) {
    if (other.site !== attribute.site && other.name === attribute.name) continue;
    const used = file.attributes(other.name).some((use) => within(use, method.node));
    if (!used || freshContainer(file, other.value) === undefined) continue;
    const name = freeName(other.name, taken);
    if (other.site === attribute.site) return name;
    taken.add(name);
  }
  throw new TypeError(`\`${method.name}\` does not use \`${attribute.name}\``);
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const bare = name.replace(/^_+/, '');
  let free = /^(?:\d|$)/.test(bare) ? name : bare;
  while (taken.has(free) || KEYWORDS.has(free)) free += '_';
  return free;
}

/** Every name in the method and the blocks inside it, whatever it means there. */
function namesIn(file: FileModel, method: PyNode): Set<string> {
  const names = new Set<string>();
  for (const node of descend(method)) {
    const isMember = node.field === 'attribute' || (node.field === 'name' && node.parent?.kind === 'keyword_argument');
    // The method's own name is not seen from inside it.
    const isOwn = node.field === 'name' && node.parent === method;
    if (node.kind === 'identifier' && !isMember && !isOwn) names.add(file.text(node).normalize('NFKC'));
  }
  return names;
}
