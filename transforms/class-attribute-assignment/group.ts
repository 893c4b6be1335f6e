/** Which class an attribute belongs to that methods of several related classes put on their class. */
import { bindsInBody, type ClassModel, isInMethod } from '../../src/model/class.ts';
import type { NamedAttribute } from '../../src/model/class-attribute.ts';
import { resolutionOrder, subclassesOf } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { field } from '../../src/syntax/access.ts';
import { type Assignment, assignmentsIn } from './assignment.ts';

/** All assignments of one attribute in one file. */
export interface Group {
  /** On the class of the file that all of them are about. */
  readonly subject: NamedAttribute;
  /** That class, and those of the file that inherit the attribute from it. */
  readonly members: ReadonlySet<ClassModel>;
  /** In the order of the text. */
  readonly assignments: readonly Assignment[];
}

/** In the order of the text of their first assignments. */
export function groupsIn(file: FileModel): readonly Group[] {
  const byOwner = new Map<ClassModel, Map<string, Assignment[]>>();
  for (const assignment of assignmentsIn(file)) {
    const owner = ownerOf(assignment.on.method.class, assignment.name);
    const byName = byOwner.get(owner) ?? new Map<string, Assignment[]>();
    byOwner.set(owner, byName.set(assignment.name, [...(byName.get(assignment.name) ?? []), assignment]));
  }
  const groups = [...byOwner].flatMap(([owner, byName]) =>
    [...byName].map(([name, assignments]): Group => {
      const heirs = subclassesOf(owner).filter((heir) => heir.file === file && ownerOf(heir, name) === owner);
      const subject = { class: owner, name, binding: owner.scope.bindings.get(name) };
      return { subject, members: new Set([owner, ...heirs]), assignments };
    }),
  );
  const start = ({ assignments }: Group): number => assignments[0]?.node.start ?? 0;
  return groups.sort((a, b) => start(a) - start(b));
}

/** The nearest class of the file that binds the name in its body, or else the farthest one whose methods use it. */
function ownerOf(model: ClassModel, name: string): ClassModel {
  // A private name is another one in each class.
  if (name.startsWith('__')) return model;
  const order = resolutionOrder(model).classes.filter(({ file }) => file === model.file);
  const binding = order.find((holder) => bindsInBody(holder, name));
  return binding ?? order.findLast((holder) => uses(holder, name)) ?? model;
}

function uses(model: ClassModel, name: string): boolean {
  const { file } = model;
  return file.attributes(name).some((node) => {
    const object = field(node, 'object');
    if (object === undefined || !model.methods.some((method) => isInMethod({ file, node }, method))) return false;
    const { kind } = receiverOf(file, object);
    return kind === 'instance' || kind === 'class';
  });
}
