/** Strategy `release`: the class lets go of the value when the instance dies. */
import type { Fix, MethodLayout, MethodRequest, Obligation, StatementLine, Unfixable } from '../../src/core/finding.ts';
import type { ClassModel, Method } from '../../src/model/class.ts';
import { relatives, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { mayRead } from '../../src/model/early-read.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { indentUnit, layoutAfter, layoutAtTop, layoutOfNew, methodRequest } from '../../src/plan/class-layout.ts';
import { delHeader } from '../../src/plan/del-header.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { field, statements, unwrap, within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { holdsInstance } from './holds-instance.ts';
import type { Match } from './match.ts';
import { defaultOf, releaseObligations } from './release-obligations.ts';

/** The fix, or why it cannot be written. */
export function releaseFix(match: Match, strategy: string): Fix | Unfixable {
  const manual = (unfixable: string): Unfixable => ({ strategy, unfixable });
  const { subject, objects } = match;
  const cycle = objects.find(({ file, value }) => value !== undefined && holdsInstance(file, value) === 'yes');
  if (cycle?.value !== undefined) {
    const text = cycle.file.text(cycle.value);
    return manual(`\`${text}\` keeps the instance alive, so that \`__del__\` would never run`);
  }
  const model = finalised(match);
  const request = releaseRequest(match, model);
  if ('unwritable' in request) return manual(request.unwritable);
  const obligations: readonly Obligation[] = releaseObligations(match, model);
  const title = `Let \`${subject.class.name}\` go of \`${subject.name}\` in \`__del__\``;
  return { strategy, title, obligations, edits: [], requests: [request] };
}

/** The class that gets the `__del__`: the one whose methods put something there, or the one that all of these inherit from. */
function finalised({ subject, objects }: Match): ClassModel {
  const classes = [...new Set(objects.map(({ on }) => on.method.class))];
  return classes.find((one) => classes.every((other) => resolutionOrder(other).classes.includes(one))) ?? subject.class;
}

/** In front of everything in a `__del__` that is there, but behind what may still use the value; or a `__del__` of its own. */
function layoutOf(match: Match, model: ClassModel, method: Method | undefined): MethodLayout | Unwritable {
  const { accesses } = match;
  const reads = new Set([...accesses.instance, ...accesses.classLevel].map(({ node }) => node));
  const other = [...relatives(model)]
    .flatMap(({ methods }) => methods.filter((one) => one.name === '__del__' && one !== method))
    .find((one) => mayRead(resolutionOrder(one.class).classes.includes(model) ? one.class : model, one, reads));
  if (other !== undefined) return { unwritable: `\`${other.class.name}.__del__\` uses it` };
  if (method === undefined) return layoutOfNew(model, '__del__', () => delHeader(model), 'end-of-class');
  const last = statements(field(method.node, 'body')).findLast((statement) => usesIt(match, method, statement));
  if (last === undefined) return layoutAtTop(method);
  return LEAVES.has(last.kind) ? { unwritable: '`__del__` ends with what uses it' } : layoutAfter(method, last);
}

const LEAVES: ReadonlySet<string> = new Set(['return_statement', 'raise_statement']);

/** True if a part of a method reads the attribute, or calls what may: an own method, or something that gets the instance. */
function usesIt({ accesses }: Match, method: Method, part: PyNode): boolean {
  const { file } = method.class;
  const uses = [...accesses.instance, ...accesses.classLevel].filter((access) => access.file === file);
  if (uses.some(({ node }) => within(node, part))) return true;
  return file.calls.some((call) => within(call, part) && mayReachInstance(file, call));
}

function mayReachInstance(file: FileModel, call: PyNode): boolean {
  const isSelf = (node: PyNode | undefined): boolean => {
    const receiver = node?.kind === 'identifier' ? receiverOf(file, node) : undefined;
    return receiver?.kind === 'instance' && receiver.method !== undefined;
  };
  const callee = field(call, 'function');
  const object = callee?.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (isSelf(object) || (object !== undefined && receiverOf(file, object).kind === 'class')) return true;
  const { positional, keywords } = file.argumentsOf(call);
  return file.qualifiedName(callee ?? call) !== 'builtins.type' && [...positional, ...keywords.values()].some(isSelf);
}

function releaseRequest(match: Match, model: ClassModel): MethodRequest | Unwritable {
  const method = model.methods.filter(({ name }) => name === '__del__').at(-1);
  if (method !== undefined && (method.kind !== 'instance' || method.first === undefined))
    return { unwritable: '`__del__` has no parameter for the instance' };
  const layout = layoutOf(match, model, method);
  if ('unwritable' in layout) return layout;
  const self = method?.first?.name ?? 'self';
  const unit = indentUnit(model.file, model);
  const lines = distinctHolders(match, self).flatMap((holder) => releasing(match, holder, unit));
  const order = match.objects[0].node.start;
  return methodRequest(model, layout, { order, lines });
}

interface Holder {
  readonly through: 'type' | 'name';
  /** How the class is written in a method that calls the instance as the one in question does. */
  readonly text: string;
}

/** The classes that hold it. `type(self)` and `self.__class__` are one: the way that comes first is written. */
function distinctHolders({ objects }: Match, self: string): readonly Holder[] {
  const found = new Map<string, Holder>();
  for (const { file, holder, on } of objects) {
    const { kind } = unwrap(holder);
    const own = kind === 'call' ? `type(${self})` : `${self}.__class__`;
    const text = on.through === 'name' ? file.text(unwrap(holder)) : own;
    const key = on.through === 'name' ? text : on.through;
    if (!found.has(key)) found.set(key, { through: on.through, text });
  }
  return [...found.values()];
}

/** Neither a second instance, nor an attribute that is gone, nor a name that the end of the interpreter took may raise. */
function releasing({ subject, attribute }: Match, { through, text }: Holder, unit: string): readonly StatementLine[] {
  const line = (written: string): StatementLine => ({ text: written, verbatim: false });
  const target = `${text}.${subject.name}`;
  const initial = defaultOf(attribute.class, subject.name);
  const statement = initial === undefined ? `del ${target}` : `${target} = ${initial}`;
  if (initial !== undefined && through === 'type') return [line(statement)];
  const gone = through === 'type' ? 'AttributeError' : '(AttributeError, NameError)';
  return [line('try:'), line(unit + statement), line(`except ${gone}:`), line(`${unit}pass`)];
}
