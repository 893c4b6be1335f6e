/** The functions of a class body: which there are, and of what kind each is (language reference 3.3.3, 8.7). */
import { decorators, field, statementOf } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { ClassModel, Method, MethodKind } from './class-model.ts';
import type { FileModel } from './file.ts';
import { nameIn } from './name.ts';
import { type Binding, type BindingSite, parameterNames } from './scope.ts';

/** In the order of the text; what only type checkers see is left out. */
export function methodsOf(model: ClassModel): readonly Method[] {
  const methods: Method[] = [];
  for (const binding of model.scope.bindings.values()) {
    for (const site of binding.sites) {
      if (site.kind !== 'function' || isForTypeCheckers(model.file, site.operation)) continue;
      methods.push(methodOf(model, binding, site));
    }
  }
  return methods.sort((a, b) => a.node.start - b.node.start);
}

/** True if running the class body binds the name; what only type checkers see does not count. */
export function bindsInBody(model: ClassModel, name: string): boolean {
  return model.scope.bindings.get(name)?.sites.some((site) => !isForTypeCheckers(model.file, site.operation)) === true;
}

/** True for what only type checkers see: overloads (PEP 484), and whatever stands under `if TYPE_CHECKING`. */
function isForTypeCheckers(file: FileModel, definition: PyNode): boolean {
  if (
    decorators(definition).some((decorator) =>
      /^(?:typing|typing_extensions)\.overload$/.test(file.qualifiedName(decorator) ?? ''),
    )
  ) {
    return true;
  }
  for (
    let node = definition;
    node.parent !== undefined && node.parent.kind !== 'class_definition';
    node = node.parent
  ) {
    if (!/^(?:if_statement|elif_clause)$/.test(node.parent.kind) || node.field !== 'consequence') continue;
    const condition = field(node.parent, 'condition');
    if (condition !== undefined && file.qualifiedName(condition)?.endsWith('.TYPE_CHECKING')) return true;
  }
  return false;
}

/** True if calling the method only makes a generator: a `yield` is evaluated in its own block. */
export function isGenerator(method: Method): boolean {
  const stack = [...(field(method.node, 'body')?.children ?? [])];
  for (;;) {
    const node = stack.pop();
    if (node === undefined) return false;
    if (node.kind === 'yield') return true;
    // Defaults and bases of what is defined in there are evaluated here.
    const defines = /^(?:function_definition|lambda|class_definition)$/.test(node.kind);
    stack.push(...(defines ? node.children.filter((child) => child.field !== 'body') : node.children));
  }
}

/** True for an `async def`. */
export function isAsync(method: Method): boolean {
  return method.class.file.text(method.node).startsWith('async');
}

/** What no decorator has to say: language reference 3.3.1, 3.3.3.1 and 3.3.5. */
const IMPLICIT_KINDS: ReadonlyMap<string, MethodKind> = new Map([
  ['__new__', 'static'],
  ['__init_subclass__', 'class'],
  ['__class_getitem__', 'class'],
]);

function kindOf(name: string, decoratorNames: readonly string[]): MethodKind {
  if (decoratorNames.some((one) => /(?:^|\.)(?:static|abstractstatic)method$/.test(one))) return 'static';
  if (decoratorNames.some((one) => /(?:^|\.)(?:class|abstractclass)method$/.test(one))) return 'class';
  return IMPLICIT_KINDS.get(name) ?? 'instance';
}

function methodOf(model: ClassModel, binding: Binding, site: BindingSite): Method {
  const { file } = model;
  const node = site.operation;
  const scope = file.scopes.ofNode.get(node) ?? model.scope;
  const decorated = decorators(node);
  const names = decorated.map((decorator) => file.qualifiedName(decorator) ?? file.text(decorator));
  const accessor = names.some((name) => /\.(?:setter|getter|deleter)$/.test(name));
  const property =
    accessor ||
    names.some((name) => name === 'builtins.property' || /(?:^|\.)(?:cached_?property|abstractproperty)$/.test(name));
  const parameter = field(node, 'parameters')?.children[0];
  const firstName = parameter === undefined || takesAllOthers(parameter) ? undefined : parameterNames(parameter)[0];
  return {
    name: binding.name,
    class: model,
    node,
    scope,
    kind: kindOf(binding.name, names),
    property,
    decorators: decorated,
    // Looked up when asked for: that reads the method's body.
    get first() {
      return firstName === undefined ? undefined : scope.bindings.get(nameIn(scope, file.text(firstName)));
    },
    certain:
      statementOf(node).parent?.parent === model.node &&
      (accessor || binding.sites.length === 1 || isAccessorGroup(file, binding)),
  };
}

/** True for `*args` and `**kwargs`, with an annotation or without. */
function takesAllOthers(parameter: PyNode): boolean {
  const inner = parameter.kind === 'typed_parameter' ? parameter.children[0] : parameter;
  return inner?.kind.includes('splat') === true;
}

/** `@property` and `@x.setter` bind one name several times on purpose; so do overloads. */
function isAccessorGroup(file: FileModel, binding: Binding): boolean {
  return binding.sites.every(
    (site) =>
      site.kind === 'function' &&
      (site === binding.sites.at(-1) ||
        decorators(site.operation).some((decorator) =>
          /(?:property|overload|setter|getter|deleter)$/.test(file.text(decorator)),
        )),
  );
}
