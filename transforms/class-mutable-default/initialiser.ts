/** The value that moves: may it be built once per instance, and what do its names mean in `__init__`? */
import type { Obligation } from '../../src/core/finding.ts';
import { filesAround } from '../../src/model/attribute-files.ts';
import { bindsInBody, type ClassModel, type Method } from '../../src/model/class.ts';
import { type ClassAttribute, freeNames } from '../../src/model/class-attribute.ts';
import { relatives } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { Binding } from '../../src/model/scope.ts';
import { isStored, usesOfValue } from '../../src/model/use.ts';
import { initialiser, layoutOf } from '../../src/plan/class-layout.ts';
import type { Qualification } from '../../src/plan/moved-statement.ts';
import { place } from '../../src/plan/place.ts';
import type { Unwritable } from '../../src/plan/unwritable.ts';
import { descend, field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** The method that the value moves into. */
export interface Destination {
  readonly name: string;
  /** Undefined where it has to be written; then with this header. */
  readonly method: Method | undefined;
  readonly header: string;
}

/** The method that initialises instances, there or to be written. */
export function initialising(model: ClassModel): Destination {
  const layout = layoutOf(model);
  const header = 'target' in layout && layout.target.kind === 'new' ? layout.target.header : '';
  return { ...initialiser(model), header };
}

/** How the names that only the class body sees are written in the method. */
export function qualify(
  attribute: ClassAttribute,
  { name: destination, method, header }: Destination,
): { readonly qualifications: readonly Qualification[] } | Unwritable {
  const model = attribute.class;
  const { file } = model;
  const qualifications: Qualification[] = [];
  for (const node of descend(attribute.value)) {
    if (node.kind === 'await' || node.kind === 'yield') return { unwritable: 'the value awaits or yields' };
    if (node.kind === 'named_expression') return { unwritable: 'the value binds a name that the class body keeps' };
  }
  const parameters = header.slice(header.indexOf('('));
  for (const { node, binding } of freeNames(file, attribute.value)) {
    const name = file.text(node);
    if (binding?.scope === model.scope) {
      const site = binding.sites[0];
      if (binding.sites.length !== 1 || site?.kind !== 'assignment') {
        return { unwritable: `\`${name}\` means something only while the class body runs` };
      }
      if (site.value === undefined || freshContainer(file, site.value) !== undefined) {
        return { unwritable: `the value is built from \`${name}\`, which the class body holds too` };
      }
      qualifications.push({ node, text: (self) => `${self}.${name}` });
    } else if (isHidden(name, method) || new RegExp(`[(,*\\s]${name}\\b`).test(parameters)) {
      return { unwritable: `\`${name}\` means something else in \`${destination}\`` };
    }
  }
  return { qualifications };
}

/** True if the method binds the name, or declares it `global` or `nonlocal` (which may not come after a use). */
function isHidden(name: string, method: Method | undefined): boolean {
  const scope = method?.scope;
  return scope !== undefined && (scope.bindings.has(name) || scope.globals.has(name) || scope.nonlocals.has(name));
}

/** Builtins that give equal results for equal arguments and change nothing. */
const PURE: ReadonlySet<string> = new Set(
  [
    ...[
      'range',
      'len',
      'tuple',
      'frozenset',
      'str',
      'int',
      'float',
      'bool',
      'complex',
      'bytes',
      'min',
      'max',
      'sum',
      'abs',
      'any',
    ],
    ...[
      'all',
      'enumerate',
      'zip',
      'sorted',
      'reversed',
      'chr',
      'ord',
      'map',
      'filter',
      'round',
      'divmod',
      'pow',
      'list',
    ],
    ...['dict', 'set', 'bytearray', 'xrange', 'unicode', 'dict.fromkeys'],
  ].map((name) => `builtins.${name}`),
);

/** Obligation `initialiser-repeatable`: building the value per instance, or per call, means the same as building it once. */
export function initialiserRepeatable(attribute: ClassAttribute, per: 'instance' | 'call'): Obligation {
  const { file } = attribute.class;
  const id = 'initialiser-repeatable';
  for (const node of descend(attribute.value)) {
    if (node.kind !== 'call') continue;
    const callee = field(node, 'function');
    const name = callee === undefined ? undefined : file.qualifiedName(callee);
    if ((name !== undefined && PURE.has(name)) || freshContainer(file, node) !== undefined) continue;
    const text = callee === undefined ? 'something' : file.text(callee);
    return {
      id,
      holds: 'unknown',
      detail: `\`${text}()\` would run for every ${per}; what it does is not known`,
      where: place(file, node),
    };
  }
  for (const { node, binding } of freeNames(file, attribute.value)) {
    if (binding === undefined ? file.qualifiedName(node) !== undefined : isConstant(attribute, binding, node)) continue;
    return {
      id,
      holds: 'unknown',
      detail: `\`${file.text(node)}\` may mean something else by the time ${per === 'call' ? 'it is called' : 'an instance is made'}`,
      where: place(file, node),
    };
  }
  return { id, holds: true, detail: 'the value is the same whenever it is built' };
}

/** True if the name means one thing for good: a definition, a constant, a container that nothing here changes. */
function isConstant(attribute: ClassAttribute, binding: Binding, node: PyNode): boolean {
  const model = attribute.class;
  const { file } = model;
  const site = binding.sites[0];
  if (binding.sites.length !== 1 || site === undefined) return false;
  const isMember = node.field === 'object' && node.parent?.kind === 'attribute';
  // An attribute of a class may be set anew; the class itself is one for good.
  if (site.kind === 'class' || site.kind === 'function') return !isMember || isCalled(node);
  // What an import brings may change where it comes from; what is called was looked at as a call.
  if (site.kind === 'import') return isCalled(node);
  if (site.kind !== 'assignment' || site.value === undefined) return false;
  if (binding.scope === model.scope && isOverridden(model, binding.name)) return false;
  // `cart.LIMIT = 5` in another file.
  if (binding.scope.kind === 'module' && file.surroundings.setting(binding.name, file).length > 0) return false;
  const value = unwrap(site.value);
  if (isLiteral(value)) return true;
  const container = freshContainer(file, value);
  if (container === undefined) return false;
  const uses = file.usesOf(binding).flatMap((use) => usesOfValue(file, use, container));
  return uses.every((use) => use.kind === 'read' || use.kind === 'bind');
}

function isCalled(name: PyNode): boolean {
  let node = name;
  while (node.parent?.kind === 'attribute') node = node.parent;
  return node.field === 'function';
}

/** True if `self.name` may mean something else than the class body's own `name`: in a relative, or bound from outside. */
function isOverridden(model: ClassModel, name: string): boolean {
  const elsewhere = [...relatives(model)].some((member) => member !== model && bindsInBody(member, name));
  return (
    elsewhere ||
    filesAround({ class: model, name, binding: undefined }).files.some((file) => file.attributes(name).some(isStored))
  );
}

function isLiteral(node: PyNode): boolean {
  if (node.kind === 'tuple') return node.children.every(isLiteral);
  if (node.kind === 'unary_operator' || node.kind === 'binary_operator') {
    return node.children.every((child) => child.field === 'operator' || isLiteral(child));
  }
  return (
    ['string', 'concatenated_string', 'integer', 'float', 'true', 'false', 'none'].includes(node.kind) &&
    node.children.every((child) => child.kind !== 'interpolation')
  );
}
