/**
 * `strong-registry`: a container of a class or a module that keeps every instance it was ever given, because nothing takes one out.
 * The page of the rule is README.md beside this file.
 */
import type { Fix, Unfixable } from '../../src/core/finding.ts';
import { classesOf, isImportable, type Method } from '../../src/model/class.ts';
import { classAttributes } from '../../src/model/class-attribute.ts';
import { isDeclarative, isField } from '../../src/model/class-kind.ts';
import type { FileModel } from '../../src/model/file.ts';
import { moduleVariables } from '../../src/model/module-variable.ts';
import type { Binding } from '../../src/model/scope.ts';
import { place } from '../../src/plan/place.ts';
import type { Explanation, Topic, Transform } from '../../src/plan/transform.ts';
import { type Entry, entriesOf } from './entry.ts';
import meta from './meta.ts';
import { obligations } from './obligations.ts';
import { letsGo, owns } from './owner.ts';
import { type Declared, declared, type Registry, registryOf } from './registry.ts';
import { rewrite } from './rewrite.ts';
import { inheritable, mayChange, mayMatch } from './sift.ts';
import { weakTypeOf } from './weak-type.ts';

interface Match {
  readonly registry: Registry;
  /** What puts instances in; never empty. */
  readonly entries: readonly Entry[];
}

const transform: Transform<Match> = {
  meta,
  mayMatch,
  inheritable,
  mayChange,
  subject: ({ registry }) => registry,
  detect,
  explain,
  remedy,
};

export default transform;

function* detect(file: FileModel, wanted: (topic: Topic) => boolean): Iterable<Match> {
  for (const found of candidates(file)) {
    if (!wanted(found)) continue;
    const registry = registryOf(found);
    if (registry === undefined) continue;
    const entries = entriesOf(registry);
    if (entries.length === 0 || letsGo(registry, entries) || owns(registry, entries)) continue;
    yield { registry, entries };
  }
}

function* candidates(file: FileModel): Iterable<Declared> {
  for (const model of classesOf(file)) {
    const seen = new Set<Binding>();
    for (const { name, binding, annotation } of classAttributes(model)) {
      if (seen.has(binding)) continue;
      seen.add(binding);
      const found = isField(model, annotation) ? undefined : declared(file, model, name, binding);
      // Reading what a framework's class declares is not using it; a class in a function goes when its instances do.
      if (found !== undefined && isImportable(model) && !isDeclarative(model)) yield found;
    }
  }
  for (const { name, binding } of moduleVariables(file)) {
    const found = declared(file, undefined, name, binding);
    if (found !== undefined) yield found;
  }
}

const ENDINGS =
  /^(?:close|stop|unregister|shutdown|disconnect|dispose|release|destroy|terminate|cancel|quit|detach|deregister|__exit__)$/;

function explain({ registry, entries }: Match): Explanation {
  const { file, class: model, name, initialisers, type } = registry;
  const symbol = model === undefined ? name : `${model.qualifiedName}.${name}`;
  const shown = model === undefined ? name : `${model.name}.${name}`;
  const [first] = entries;
  const part = first?.role === 'element' ? 'an element' : `a ${first?.role ?? 'value'}`;
  const what = first === undefined ? 'instance' : first.operation.file.text(first.node);
  const end = endOf(entries);
  const cure = end === undefined ? '' : ` \`${end.class.name}.${end.name}\` could take it out: that is the other cure.`;
  const operation = initialisers[0]?.site.operation ?? file.syntax.root;
  return {
    symbol,
    range: { start: operation.start, end: operation.end },
    message: `\`${shown}\` is a ${type} that keeps every \`${what}\` as ${part}, and nothing takes one out again: each lives until the process ends.${cure}`,
    evidence: entries.map((entry) => ({
      place: place(entry.operation.file, entry.operation.node),
      message: `\`${entry.operation.file.text(entry.node)}\` is put in here as ${entry.role === 'element' ? 'an element' : `a ${entry.role}`}`,
    })),
  };
}

/** The method with which the objects say that they are done with. */
function endOf(entries: readonly Entry[]): Method | undefined {
  return entries.flatMap(({ instance }) => instance.class?.methods ?? []).find(({ name }) => ENDINGS.test(name));
}

function remedy({ registry, entries }: Match, strategy: string): Fix | Unfixable {
  const type = weakTypeOf(registry, entries);
  if (typeof type !== 'string') return { strategy, unfixable: type.unwritable };
  const checked = obligations(registry, type, entries);
  if ('unwritable' in checked) return { strategy, unfixable: checked.unwritable };
  const written = rewrite(registry, type);
  if ('unwritable' in written) return { strategy, unfixable: written.unwritable };
  return { strategy, title: `Make \`${registry.name}\` a \`${type}\``, obligations: checked.obligations, ...written };
}
