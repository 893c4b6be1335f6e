/**
 * Whether objects with the pointer are copied deeply or pickled. A weak reference is copied as it is, so that the deep copy would point to the
 * old owner, and it cannot be pickled. A shallow copy (`copy.copy`) points where the object itself points, weakly as it did strongly.
 */
import type { Obligation } from '../../src/core/finding.ts';
import { callsOf } from '../../src/model/calls.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { relatives, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel } from '../../src/model/file.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import type { Group } from './match.ts';

const ID = 'not-copied';

const HOOKS = /^__(?:copy|deepcopy|getnewargs|getnewargs_ex|getstate|reduce|reduce_ex|replace|setstate)__$/;

/** What writes objects down. */
const PICKLERS = /^(?:pickle|cPickle|_pickle|copyreg|copy_reg|shelve|dill|cloudpickle|joblib|jsonpickle)(?:\.|$)/;
/** What does that, or copies deeply. */
const COPIERS = new RegExp(`^copy\\.deepcopy$|${PICKLERS.source}`);

/** Texts and numbers, and what is made of them. */
const FLAT = /^(?:string|concatenated_string|integer|float|true|false|none)$/;
const DISPLAY = /^(?:dictionary|list|tuple|set|pair)$/;

/** The obligation `not-copied`. */
export function notCopied(group: Group): Obligation {
  const { holder, owners, beside, files } = group;
  const family = new Set([holder, ...owners, ...beside].flatMap((one) => [...relatives(one)]));
  for (const model of family) {
    const hook = model.methods.find(({ name }) => HOOKS.test(name));
    if (hook === undefined) continue;
    const detail = `\`${model.name}.${hook.name}\` copies or pickles what it has, the weak reference too`;
    return unmet(ID, { file: model.file, node: hook.node, detail });
  }
  const knowing = files.filter(({ source }) => /copy|pickle|shelve|dill|joblib/i.test(source.text));
  const calls = knowing.flatMap((file) => callsOf(file, COPIERS).map((call) => ({ file, call })));
  const own = calls.find(({ file, call }) => argumentsOf(file, call).some((one) => isOf(group, file, one, family)));
  if (own !== undefined) return unmet(ID, copying(own, 'copies or pickles one'));
  const other = calls.find(({ file, call }) => !argumentsOf(file, call).every(isFlat));
  if (other !== undefined) return unknown(ID, copying(other, 'may copy or pickle one'));
  const raised = [...family].find((model) => isException(model));
  if (raised === undefined) return copiedElsewhere(group) ?? met(ID, 'nothing in the project copies or pickles');
  const detail = `\`${raised.name}\` is an exception, and is pickled where it is raised in another process`;
  return unknown(ID, { file: raised.file, node: raised.node, detail });
}

/** An object may come to where its class is never named: `pickle.dump(item, file)`. */
function copiedElsewhere({ holder: { file }, files }: Group): Obligation | undefined {
  const looked = new Set(files.map(({ source }) => source.path));
  const copying = new Set(file.surroundings.withWord('deepcopy', file));
  const importing = file.surroundings.importing(/^copy(?:\.deepcopy)?$/, file).filter((path) => copying.has(path));
  const [path] = [...importing, ...file.surroundings.importing(PICKLERS, file)]
    .filter((one) => !looked.has(one))
    .sort();
  if (path === undefined) return undefined;
  return { id: ID, holds: 'unknown', detail: `${path} copies deeply or pickles, and may get hold of one` };
}

function copying({ file, call }: { readonly file: FileModel; readonly call: PyNode }, does: string): Obstacle {
  const why = 'the copy would point to the old owner, and a weak reference cannot be pickled';
  return { file, node: call, detail: `\`${excerpt(file, call)}\` ${does}: ${why}` };
}

function argumentsOf(file: FileModel, call: PyNode): readonly PyNode[] {
  const { positional, keywords } = file.argumentsOf(call);
  return [...positional, ...keywords.values()];
}

function isOf({ types }: Group, file: FileModel, node: PyNode, family: ReadonlySet<ClassModel>): boolean {
  return [...types.ofExpression(file, node).classes].some((model) => family.has(model));
}

function isFlat(expression: PyNode): boolean {
  const node = unwrap(expression);
  return FLAT.test(node.kind) || (DISPLAY.test(node.kind) && node.children.every(isFlat));
}

function isException(model: ClassModel): boolean {
  const bases = resolutionOrder(model).classes.flatMap((holder) => holder.bases);
  return bases.some(({ qualifiedName = '' }) => /^builtins\.(?:\w*Error|\w*Exception|\w*Warning)$/.test(qualifiedName));
}
