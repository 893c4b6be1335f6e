/** What has to hold before a class may be built once, at import, instead of at every call. Unknown is never "holds". */
import type { Obligation } from '../../src/core/finding.ts';
import { accessesOf } from '../../src/model/attribute-accesses.ts';
import { classAttributes } from '../../src/model/class-attribute.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { sharedChanges } from '../../src/model/shared-state.ts';
import { excerpt, met, unknown, unmet } from '../../src/plan/obligation.ts';
import { descend, field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { containersIn } from './body.ts';
import { troubleWithNames } from './early-names.ts';
import { meansClass } from './escape.ts';
import { unknownBase } from './known.ts';
import type { LocalClass, Match } from './match.ts';
import { mixedCalls } from './mixed-calls.ts';
import { moduleNameFree } from './name-free.ts';
import { nameNotObserved } from './name-observed.ts';

/** Every obligation with its outcome; of several classes the worst. */
export function obligations(match: Match, place: number): readonly Obligation[] {
  const checks = [computesNothing, freshClassNotNeeded, nameNotObserved, moduleNameFree, namesMeanTheSame];
  return checks.map((check) => worst(match.classes.map((one) => check(one, match, place))));
}

function worst(all: readonly Obligation[]): Obligation {
  const found = all.find(({ holds }) => holds === false) ?? all.find(({ holds }) => holds === 'unknown') ?? all[0];
  if (found === undefined) throw new TypeError('a match without classes');
  return found;
}

/** Built once, a container in the body is shared by all calls: that is what `class-mutable-default` finds. */
function computesNothing(one: LocalClass): Obligation {
  const id = 'body-computes-nothing';
  const { model } = one;
  const { file } = model;
  for (const attribute of classAttributes(model)) {
    const container = freshContainer(file, attribute.value);
    const change = container === undefined ? undefined : sharedChanges(attribute, container, accessesOf(attribute))[0];
    if (change !== undefined) {
      const detail = `\`${attribute.name}\` is changed through instances, and every call would share it`;
      return unmet(id, { file: change.file, node: change.change.node, detail });
    }
  }
  const [container] = containersIn(file, one);
  if (container !== undefined) {
    const detail = `\`${excerpt(file, container)}\` is new at each call and would be shared by all of them`;
    return unknown(id, { file, node: container, detail });
  }
  return met(id, 'the class body computes nothing and holds nothing that can change');
}

function freshClassNotNeeded(one: LocalClass): Obligation {
  const { model, holder, statement } = one;
  const id = 'fresh-class-not-needed';
  const { file } = model;
  const base = unknownBase(model);
  if (base !== undefined)
    return unknown(id, { ...base, detail: `\`${excerpt(base.file, base.node)}\` may want each subclass for itself` });
  const walk = file.attributes('__subclasses__')[0];
  if (walk !== undefined && model.bases.length > 0)
    return unknown(id, {
      file,
      node: walk,
      detail: '`__subclasses__()` would list the class once instead of once per call',
    });
  for (const node of descend(holder.node)) {
    if (node.kind === 'attribute' && isClassOfInstance(file, node) && !isHarmlessClassRead(file, node))
      return unknown(id, { file, node, detail: `\`${excerpt(file, node)}\` may lead from an instance to its class` });
    if (node.kind === 'call' && isTypeCall(file, node) && !isHarmlessClassRead(file, node))
      return unknown(id, { file, node, detail: `\`${excerpt(file, node)}\` may lead from an instance to its class` });
    if (node.kind === 'call' && isReflective(file, node))
      return unknown(id, { file, node, detail: `\`${excerpt(file, node)}\` may reach the class without naming it` });
  }
  const mixed = mixedCalls(one);
  if (mixed !== undefined) return unknown(id, mixed);
  const cached = [...descend(statement)].find((node) => node.kind === 'class_definition' && node !== model.node);
  if (cached !== undefined)
    return unknown(id, { file, node: cached, detail: 'a class inside it would be shared by all calls too' });
  return met(id, 'nothing in the function tells the class of one call from that of another');
}

function isClassOfInstance(file: FileModel, node: PyNode): boolean {
  const name = field(node, 'attribute');
  return name !== undefined && file.text(name) === '__class__';
}

function isTypeCall(file: FileModel, call: PyNode): boolean {
  const callee = field(call, 'function');
  return callee !== undefined && file.qualifiedName(callee) === 'builtins.type' && meansClass(file, call);
}

/** `type(self)(...)`, `self.__class__.__name__`, `isinstance(other, self.__class__)`. */
function isHarmlessClassRead(file: FileModel, node: PyNode): boolean {
  const { parent } = node;
  if (parent?.kind === 'call') return node.field === 'function';
  if (parent?.kind === 'attribute') {
    const name = field(parent, 'attribute');
    return name !== undefined && !/^(?:__\w+__|mro)$/.test(file.text(name))
      ? true
      : name !== undefined && file.text(name) === '__name__';
  }
  const callee =
    parent?.kind === 'argument_list' && parent.parent !== undefined ? field(parent.parent, 'function') : undefined;
  return callee !== undefined && /^builtins\.(?:isinstance|issubclass|super)$/.test(file.qualifiedName(callee) ?? '');
}

function isReflective(file: FileModel, call: PyNode): boolean {
  const callee = field(call, 'function');
  const name = callee === undefined ? '' : (file.qualifiedName(callee) ?? '');
  if (/^builtins\.(?:vars|dir)$/.test(name)) return file.argumentsOf(call).positional.length === 0;
  return /^(?:builtins\.(?:locals|eval|exec|execfile)|inspect\.\w+|sys\._getframe|gc\.\w+)$/.test(name);
}

function namesMeanTheSame(one: LocalClass, _: Match, place: number): Obligation {
  const id = 'names-mean-the-same';
  const { model, statement, holder } = one;
  const { file } = model;
  const all = troubleWithNames(file, one, place);
  const changed = all.find(({ trouble }) => trouble === 'changes');
  if (changed !== undefined) return unmet(id, { file, ...changed });
  if (all[0] !== undefined) return unknown(id, { file, ...all[0] });
  const condition = conditionAround(statement, holder.node);
  if (condition !== undefined)
    return unknown(id, {
      file,
      node: condition,
      detail: 'the class is built only under a condition; at module level it always is',
    });
  return met(id, 'every name in the class means the same at module level, and is bound before it is needed');
}

const CONDITIONS: ReadonlySet<string> = new Set([
  ...[
    'if_statement',
    'elif_clause',
    'else_clause',
    'try_statement',
    'except_clause',
    'match_statement',
    'with_statement',
  ],
]);

function conditionAround(statement: PyNode, holder: PyNode): PyNode | undefined {
  for (let node = statement.parent; node !== undefined && node !== holder; node = node.parent)
    if (CONDITIONS.has(node.kind)) return node;
  return undefined;
}
