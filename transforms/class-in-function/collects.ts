/** A class that collects its own instances. */
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { type ClassAttribute, classAttributes } from '../../src/model/class-attribute.ts';
import { freshContainer } from '../../src/model/container.ts';
import { storesInstances } from '../../src/model/stored.ts';
import { usesOfValue } from '../../src/model/use.ts';
import type { LocalClass } from './match.ts';

/**
 * The attribute of a class that collects the class's instances: with the class in the function they go together, at module level it
 * would keep them all until the process ends.
 */
export function instancesKept({ model }: LocalClass): string | undefined {
  const keeps = (attribute: ClassAttribute): boolean => {
    const container = freshContainer(model.file, attribute.value);
    if (container === undefined) return false;
    const { instance, classLevel } = accessesOf(attribute);
    return storesInstances(
      [...instance, ...classLevel].flatMap(({ file, node }) =>
        usesOfValue(file, node, container).flatMap((use) => (use.kind === 'change' ? [{ file, change: use }] : [])),
      ),
    );
  };
  return classAttributes(model).find(keeps)?.name;
}
