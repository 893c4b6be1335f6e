/** Where code that is no method of its class may read an attribute of an instance, by whatever way. */
import { descend, field, stringValue } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { AttributeAccesses } from './attribute-accesses.ts';
import { filesAround } from './attribute-files.ts';
import { mangled } from './class.ts';
import type { NamedAttribute } from './class-attribute.ts';
import { relatives } from './class-hierarchy.ts';
import type { FileModel, Spot } from './file.ts';
import { receiverOf } from './receiver.ts';

/** The first place in the files around; `concerned` are those that have to do with the class. */
export function outsideRead(
  attribute: NamedAttribute,
  accesses: AttributeAccesses,
  concerned: readonly FileModel[],
): Spot | undefined {
  const { files } = filesAround(attribute);
  return (
    accesses.unknown[0] ??
    firstIn(files, (file) => (concerned.includes(file) ? undefined : readIn(file, attribute))) ??
    firstIn(files, (file) => namedIn(file, attribute) ?? spelledIn(file, attribute)) ??
    firstIn(concerned, (file) => computedIn(file, attribute))
  );
}

/**
 * A file that is none of those around and has a word like the attribute: an instance may reach files that know nothing of its class,
 * so that the word may mean it there. The path of the first.
 */
export function wordElsewhere(attribute: NamedAttribute): string | undefined {
  const { class: model, name } = attribute;
  const looked = new Set(filesAround(attribute).files.map(({ source }) => source.path));
  const paths = model.file.surroundings.withWord(mangled(name, model), model.file);
  return paths.find((path) => !looked.has(path));
}

/** The first file in which something is found, with what was found. */
export function firstIn(files: readonly FileModel[], find: (file: FileModel) => PyNode | undefined): Spot | undefined {
  for (const file of files) {
    const node = find(file);
    if (node !== undefined) return { file, node };
  }
  return undefined;
}

/** `x.lines`, where `x` may be an instance of the class. */
function readIn(file: FileModel, attribute: NamedAttribute): PyNode | undefined {
  return file.attributes(mangled(attribute.name, attribute.class)).find((node) => {
    const object = field(node, 'object');
    return object !== undefined && mayBeInstance(file, object, attribute);
  });
}

function mayBeInstance(file: FileModel, object: PyNode, attribute: NamedAttribute): boolean {
  const receiver = receiverOf(file, object);
  if (receiver.kind === 'unknown') return true;
  return receiver.kind === 'instance' && relatives(attribute.class).has(receiver.class);
}

const BY_NAME = /(?:^|\.)(?:getattr|setattr|hasattr|delattr|attrgetter|object)$/;

/** `getattr(x, "lines")`, `attrgetter("lines")`, `patch.object(x, "lines")`. */
function namedIn(file: FileModel, attribute: NamedAttribute): PyNode | undefined {
  return file.calls.find((call) => {
    const callee = field(call, 'function');
    if (callee === undefined || !BY_NAME.test(file.text(callee))) return false;
    const { positional } = file.argumentsOf(call);
    const [object] = positional;
    const names = positional.some((node) => stringValue(node, file.source.text) === attribute.name);
    return names && object !== undefined && (positional.length === 1 || mayBeInstance(file, object, attribute));
  });
}

/** `getattr(x, name)`, where the name is not written down, or begins as this one does. */
function computedIn(file: FileModel, attribute: NamedAttribute): PyNode | undefined {
  return file.calls.find((call) => {
    const callee = field(call, 'function');
    if (callee === undefined || !/^builtins\.\w+attr$/.test(file.qualifiedName(callee) ?? '')) return false;
    const [object, name] = file.argumentsOf(call).positional;
    if (object === undefined || name === undefined || name.kind === 'string') return false;
    const left = name.kind === 'binary_operator' ? field(name, 'left') : undefined;
    const prefix = left === undefined ? undefined : stringValue(left, file.source.text);
    return attribute.name.startsWith(prefix ?? '') && mayBeInstance(file, object, attribute);
  });
}

/** `"{0.lines}".format(x)`, `>>> x.lines` in a docstring. */
function spelledIn(file: FileModel, { name }: NamedAttribute): PyNode | undefined {
  const end = memberPattern(name);
  if (!new RegExp(end).test(file.source.text)) return undefined;
  const spelled = new RegExp(`\\{[^{}\\n\\r]*${end}|>>>[^\\n\\r]*${end}`);
  const isInterpolated = ({ children }: PyNode): boolean => children.some(({ kind }) => kind === 'interpolation');
  return (
    file.nodesOfKind('string').find((node) => !isInterpolated(node) && spelled.test(file.text(node))) ??
    readUnseen(file, name)
  );
}

/** `case x.lines:` and, in Python 2, `` `x.lines` ``: reads that are no expressions to the grammar. */
export function readUnseen(file: FileModel, name: string): PyNode | undefined {
  const member = new RegExp(memberPattern(name));
  if (!member.test(file.source.text)) return undefined;
  const isRead = (node: PyNode): boolean =>
    node.kind === 'string'
      ? file.source.text.startsWith('`', node.start)
      : node.kind === 'dotted_name' && node.parent?.kind.endsWith('_pattern') === true;
  return [...descend(file.syntax.root)].find((node) => isRead(node) && member.test(file.text(node)));
}

function memberPattern(name: string): string {
  return `\\.\\s*${name}(?![\\w\\u0080-\\uffff])`;
}
