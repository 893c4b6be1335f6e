/** What name an object is given where it is made, and for how long that name holds it. */
import type { FileModel } from '../../src/model/file.ts';
import { reflection } from '../../src/model/reflection.ts';
import type { Binding } from '../../src/model/scope.ts';
import { ancestor, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

const LOOPS: ReadonlySet<string> = new Set([
  ...['for_statement', 'while_statement', 'list_comprehension', 'set_comprehension', 'generator_expression'],
  ...['dictionary_comprehension', 'lambda', 'function_definition', 'class_definition'],
]);

/** True if the object gets a name of the module that is never bound again, here or from another file, nor by a way round its name. */
export function isForGood(file: FileModel, site: PyNode): boolean {
  const name = nameOf(site);
  const binding = name === undefined ? undefined : file.resolve(name);
  if (binding?.scope.kind !== 'module' || binding.sites.length > 1 || ancestor(site, LOOPS) !== undefined) return false;
  return reflection(file) === undefined && file.surroundings.setting(binding.name, file).length === 0;
}

/** The name that an assignment gives to what the call makes. */
function nameOf(site: PyNode): PyNode | undefined {
  let value = site;
  while (value.parent?.kind === 'parenthesized_expression') value = value.parent;
  const assignment = value.parent?.kind === 'assignment' && value.field === 'right' ? value.parent : undefined;
  const left = assignment === undefined ? undefined : field(assignment, 'left');
  return left?.kind === 'identifier' ? left : undefined;
}

/** The local name that the object is given, and that is bound just there; undefined where it has none, or others run through it. */
export function localOf(file: FileModel, site: PyNode): Binding | undefined {
  const name = nameOf(site);
  const binding = name === undefined ? undefined : file.resolve(name);
  const isOnce = binding?.sites.length === 1 && binding.scope.kind === 'function';
  return isOnce && ancestor(site, LOOPS) === binding.scope.node ? binding : undefined;
}
