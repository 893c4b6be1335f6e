/** Whether what is put on the class keeps the instance alive that puts it there. */
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { isBoundMethod, kindOf } from './value.ts';

/** How far local names are followed. */
const MAX_NAMES = 4;

/** `yes`: the instance is in the value; `maybe`: it was given to what makes it. */
export function holdsInstance(file: FileModel, value: PyNode, names = 0): 'yes' | 'maybe' | 'no' {
  const node = unwrap(value);
  if (isBoundMethod(file, node) || (node.kind === 'identifier' && kindOf(file, node) === 'self')) return 'yes';
  if (['tuple', 'list', 'set', 'expression_list', 'dictionary', 'pair'].includes(node.kind)) {
    return most(node.children.map((child) => holdsInstance(file, child, names)));
  }
  if (node.kind === 'identifier' && names < MAX_NAMES) {
    const given = file.resolve(node)?.sites.flatMap((site) => site.value ?? []) ?? [];
    return most(given.map((one) => holdsInstance(file, one, names + 1)));
  }
  const given = [...descend(node)].some((part) => {
    const receiver = part.kind === 'identifier' ? receiverOf(file, part) : undefined;
    if (receiver?.kind !== 'instance' || receiver.method === undefined) return false;
    if (part.parent?.kind === 'attribute') return isBoundMethod(file, part.parent);
    const call = part.parent?.kind === 'argument_list' ? part.parent.parent : undefined;
    const callee = call === undefined ? undefined : field(call, 'function');
    return callee === undefined || file.qualifiedName(callee) !== 'builtins.type';
  });
  return given ? 'maybe' : 'no';
}

function most(answers: readonly ('yes' | 'maybe' | 'no')[]): 'yes' | 'maybe' | 'no' {
  return answers.includes('yes') ? 'yes' : answers.includes('maybe') ? 'maybe' : 'no';
}
