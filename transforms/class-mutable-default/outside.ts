/** Obligation `not-read-from-outside`: nothing but the method that uses the attribute looks for it on an instance. */
import type { Obligation } from '../../src/core/finding.ts';
import { type Method, mangled } from '../../src/model/class.ts';
import { type ClassAttribute, filesAround } from '../../src/model/class-attribute.ts';
import { relatives, subclassesOf } from '../../src/model/class-hierarchy.ts';
import { unknownAncestor } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { namespaceRead } from '../../src/model/reflection.ts';
import { isStored } from '../../src/model/use.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import { descend, field, stringValue } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { filesConcerned, firstIn } from './common-obligations.ts';
import type { Match } from './match.ts';

export function notReadFromOutside(match: Match, method: Method): Obligation {
  const id = 'not-read-from-outside';
  const { attribute, accesses } = match;
  const model = attribute.class;
  const concerned = filesConcerned(match);
  const { files, incomplete } = filesAround(attribute);
  const ancestor = [model, ...subclassesOf(model)].map(unknownAncestor).find((spot) => spot !== undefined);
  const read =
    accesses.unknown[0] ??
    firstIn(files, (file) => (concerned.includes(file) ? undefined : readIn(file, attribute))) ??
    firstIn(files, (file) => namedIn(file, attribute) ?? spelledIn(file, attribute)) ??
    firstIn(concerned, (file) => computedIn(file, attribute)) ??
    ancestor;
  if (read !== undefined) {
    const { file, node } = read;
    return unknown(id, { file, node, detail: `\`${excerpt(file, node)}\` may read it from an instance` });
  }
  const binds = accesses.instance.some(({ node }) => isStored(node));
  const observed = binds ? firstIn(concerned, (file) => namespaceRead(file, model)) : undefined;
  if (observed !== undefined)
    return unknown(id, {
      ...observed,
      detail: `\`${excerpt(observed.file, observed.node)}\` would see one attribute less`,
    });
  if (incomplete !== undefined) return { id, holds: 'unknown', detail: incomplete };
  // An instance may reach files that know nothing of its class, so that any word like the attribute's may mean it there.
  const looked = new Set(files.map(({ source }) => source.path));
  const elsewhere = model.file.surroundings
    .withWord(mangled(attribute.name, model), model.file)
    .find((path) => !looked.has(path));
  if (elsewhere !== undefined)
    return { id, holds: 'unknown', detail: `${elsewhere} says \`${attribute.name}\`, perhaps of an instance` };
  return met(id, `nothing in the project but \`${method.name}\` reads it`);
}

/** `x.lines`, where `x` may be an instance of the class. */
function readIn(file: FileModel, attribute: ClassAttribute): PyNode | undefined {
  return file.attributes(mangled(attribute.name, attribute.class)).find((node) => {
    const object = field(node, 'object');
    return object !== undefined && mayBeInstance(file, object, attribute);
  });
}

function mayBeInstance(file: FileModel, object: PyNode, attribute: ClassAttribute): boolean {
  const receiver = receiverOf(file, object);
  if (receiver.kind === 'unknown') return true;
  return receiver.kind === 'instance' && relatives(attribute.class).has(receiver.class);
}

const BY_NAME = /(?:^|\.)(?:getattr|setattr|hasattr|delattr|attrgetter|object)$/;

/** `getattr(x, "lines")`, `attrgetter("lines")`, `patch.object(x, "lines")`. */
function namedIn(file: FileModel, attribute: ClassAttribute): PyNode | undefined {
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
function computedIn(file: FileModel, attribute: ClassAttribute): PyNode | undefined {
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
function spelledIn(file: FileModel, { name }: ClassAttribute): PyNode | undefined {
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
