/** Imports in the function that a class may take along: of modules that cost little, are always there and do nothing when imported. */
import type { FileModel } from '../../src/model/file.ts';
import { type Binding, type BindingSite, lookup } from '../../src/model/scope.ts';
import { field } from '../../src/syntax/access.ts';
import { capturesIn } from './captures.ts';
import type { LocalClass } from './match.ts';

/** A name that the function imports and the class uses. */
export interface LocalImport {
  readonly binding: Binding;
  /** The statement to write above the class; undefined where the module has the same import already. */
  readonly statement: string | undefined;
}

/** Of the standard library since 3.8. */
const SETTLED =
  /^(?:abc|argparse|ast|collections|contextlib|copy|dataclasses|datetime|decimal|enum|fractions|functools|html|io|itertools|json|logging|math|operator|os|queue|random|re|string|struct|sys|textwrap|threading|time|types|typing|uuid|weakref)(?:\.|$)/;

/** Every import of a function around that the class uses and that may run at import time. */
export function localImportsOf(file: FileModel, one: LocalClass): readonly LocalImport[] {
  const bindings = new Set(capturesIn(file, one.statement).map(({ binding }) => binding));
  return [...bindings].flatMap((binding) => travelling(file, binding, one) ?? []);
}

function travelling(file: FileModel, binding: Binding, { statement, outermost }: LocalClass): LocalImport | undefined {
  const [site] = binding.sites;
  if (binding.sites.length !== 1 || site?.kind !== 'import' || site.operation.end > statement.start) return undefined;
  const written = site.operation.parent;
  // Under a condition it may not be there.
  if (written?.parent?.parent !== binding.scope.node) return undefined;
  const source = file.qualified.ofSite(site, binding);
  if (source === undefined || !SETTLED.test(source)) return undefined;
  const own = file.scopes.module.bindings.get(binding.name);
  if (own !== undefined) {
    const [same] = own.sites;
    const isSame =
      own.sites.length === 1 &&
      same !== undefined &&
      isAbove(same, outermost.start) &&
      file.qualified.ofSite(same, own) === source;
    return isSame ? { binding, statement: undefined } : undefined;
  }
  // Nothing may look for a global of that name so far.
  const isFree = file.names(binding.name).every((node) => {
    const scope = file.scopeOf(node);
    return scope !== undefined && lookup(binding.name, scope) !== undefined;
  });
  return isFree ? { binding, statement: statementFor(file, site) } : undefined;
}

/** True for an import directly in the module, further up. */
function isAbove({ kind, operation }: BindingSite, place: number): boolean {
  return kind === 'import' && operation.end <= place && operation.parent?.parent?.kind === 'module';
}

function statementFor(file: FileModel, { operation }: BindingSite): string {
  const module = operation.parent === undefined ? undefined : field(operation.parent, 'module_name');
  const from = module === undefined ? '' : `from ${file.text(module)} `;
  return `${from}import ${file.text(operation)}`;
}
