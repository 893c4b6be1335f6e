/** What a value is: an object that was made for the instance, or a number, a class, something that others own. */
import { classOf, methodAround } from '../../src/model/class.ts';
import { findMethod, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import type { Binding, BindingSite } from '../../src/model/scope.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

/** `object`: made for the instance. `self`: the instance itself. `other`: nothing that an instance owns. */
export type Kind = 'object' | 'self' | 'other' | 'unknown';

/** How far local names are followed. */
const MAX_NAMES = 4;

/** See {@link Kind}. */
export function kindOf(file: FileModel, value: PyNode, names = 0): Kind {
  const node = unwrap(value);
  if (freshContainer(file, node) !== undefined) return 'object';
  switch (node.kind) {
    case 'call':
      return kindOfCall(file, node);
    case 'await': {
      const awaited = node.children[0];
      return awaited === undefined ? 'unknown' : kindOf(file, awaited, names);
    }
    case 'tuple':
    case 'expression_list':
      // A tuple of constants is one itself; with an object or the instance in it, it keeps that.
      return node.children.some((child) => ['object', 'self'].includes(kindOf(file, child, names)))
        ? 'object'
        : 'other';
    case 'generator_expression':
      return 'object';
    case 'attribute':
      return kindOfAttribute(file, node);
    case 'identifier':
      return kindOfName(file, node, names);
    case 'conditional_expression':
      return oneOf([node.children[0], node.children[2]].flatMap((side) => (side ? [kindOf(file, side, names)] : [])));
    case 'boolean_operator':
      return oneOf(
        [field(node, 'left'), field(node, 'right')].flatMap((side) => (side ? [kindOf(file, side, names)] : [])),
      );
    case 'named_expression': {
      const inner = field(node, 'value');
      return inner === undefined ? 'unknown' : kindOf(file, inner, names);
    }
    case 'subscript':
    case 'yield':
      return 'unknown';
    default:
      // Literals, arithmetic, comparisons, functions.
      return 'other';
  }
}

/** `A() if hot else None`, `given or A()`. */
function oneOf(kinds: readonly Kind[]): Kind {
  for (const kind of ['self', 'object', 'unknown'] as const) if (kinds.includes(kind)) return kind;
  return 'other';
}

/** Functions and methods that open, start or build something, by their last name. */
const MAKES =
  /^(?:open|fdopen|urlopen|socket|socketpair|create_connection|create_server|start_server|open_connection|connect|[a-z_]*_connect|cursor|popen|mmap|epoll|session|makefile|mkstemp|TemporaryFile|NamedTemporaryFile|create_task|ensure_future|create_engine|allocate_lock|new_event_loop)$/;
/** Named like what fetches something that is there already. */
const FETCHES = /^_*(?:get|find|lookup|load|read|parse|import|current|default|shared|instance|fetch|compile|choose)/i;
/** Named like another constructor of the class in front. */
const CONSTRUCTS = /^(?:create|from_|new|open|make|build|connect|start|spawn)/;
/** A class by its name (PEP 8), not a constant. */
const CLASS_NAME = /^_*[A-Z]\w*[a-z]\w*$/;
/** Classes whose instances are values, like numbers; and what does not hold what it is given. */
const VALUES =
  /^(?:builtins\.(?!open$|object$)|datetime\.|decimal\.|fractions\.|uuid\.|pathlib\.|ipaddress\.|enum\.|typing\.|types\.|weakref\.|re\.|collections\.abc\.|logging\.(?:get)?Logger$|struct\.Struct$|string\.Template$|collections\.namedtuple$|packaging\.)/;

function kindOfCall(file: FileModel, call: PyNode): Kind {
  const callee = field(call, 'function');
  if (callee === undefined) return 'unknown';
  const model = classOf(file, callee);
  if (model !== undefined) return isEnumeration(file, callee) ? 'other' : 'object';
  const qualified = file.qualifiedName(callee) ?? '';
  if (VALUES.test(qualified)) return 'other';
  const named = callee.kind === 'attribute' ? field(callee, 'attribute') : callee;
  const name = named?.kind === 'identifier' ? file.text(named) : '';
  if (MAKES.test(name) || CLASS_NAME.test(name)) return 'object';
  if (FETCHES.test(name)) return 'other';
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  return object !== undefined && CONSTRUCTS.test(name) && isClass(file, object) ? 'object' : 'unknown';
}

function isEnumeration(file: FileModel, expression: PyNode): boolean {
  const model = classOf(file, expression);
  const order = model === undefined ? [] : resolutionOrder(model).classes;
  return order.some(({ bases }) => bases.some(({ qualifiedName }) => qualifiedName?.startsWith('enum.')));
}

function isClass(file: FileModel, expression: PyNode): boolean {
  const node = unwrap(expression);
  if (classOf(file, node) !== undefined) return true;
  const named = node.kind === 'attribute' ? field(node, 'attribute') : node;
  return named?.kind === 'identifier' && CLASS_NAME.test(file.text(named));
}

function kindOfAttribute(file: FileModel, node: PyNode): Kind {
  if (isBoundMethod(file, node)) return 'object';
  return isClass(file, node) ? 'other' : 'unknown';
}

/** `self.send`: holds the instance. */
export function isBoundMethod(file: FileModel, node: PyNode): boolean {
  const object = node.kind === 'attribute' ? field(node, 'object') : undefined;
  const name = node.kind === 'attribute' ? field(node, 'attribute') : undefined;
  const receiver = object === undefined ? undefined : receiverOf(file, object);
  if (name === undefined || receiver?.kind !== 'instance' || receiver.method === undefined) return false;
  const { method } = findMethod(receiver.class, file.text(name));
  return method !== undefined && method.kind === 'instance' && !method.property;
}

function kindOfName(file: FileModel, node: PyNode, names: number): Kind {
  const receiver = receiverOf(file, node);
  if (receiver.kind === 'instance' && receiver.method !== undefined) return 'self';
  const binding = file.resolve(node);
  // What the module or an outer function made is not the instance's.
  if (binding === undefined || names >= MAX_NAMES || !isLocal(file, node, binding)) return 'other';
  const sites = binding.sites.filter(({ kind }) => kind !== 'delete' && kind !== 'annotation');
  const kinds = sites.map((site) => kindOfSite(file, site, names));
  if (kinds.includes('self')) return 'self';
  if (kinds.length > 1 && kinds.includes('unknown')) return 'unknown';
  return oneOf(kinds);
}

function isLocal(file: FileModel, node: PyNode, binding: Binding): boolean {
  const method = methodAround(file, file.scopeOf(node));
  return method !== undefined && methodAround(file, binding.scope) === method;
}

function kindOfSite(file: FileModel, site: BindingSite, names: number): Kind {
  switch (site.kind) {
    case 'assignment':
    case 'walrus':
      return site.value === undefined ? 'unknown' : kindOf(file, site.value, names + 1);
    case 'with': {
      // `with open(name) as file`
      const opened = site.operation.children[0];
      return opened === undefined ? 'unknown' : kindOf(file, opened, names + 1);
    }
    case 'parameter':
      return kindOfParameter(file, site.operation);
    case 'for':
    case 'pattern':
      return 'unknown';
    default:
      return 'other';
  }
}

function kindOfParameter(file: FileModel, parameter: PyNode): Kind {
  if (parameter.kind.includes('splat')) return 'other';
  const type = field(parameter, 'type');
  return type === undefined ? 'unknown' : kindOfType(file, type);
}

const ONE_OF = /^(?:typing|typing_extensions)\.(?:Optional|Union|Annotated|Final)$/;

/** `Link`, `Link | None`, `Optional[Link]`; of other generic types the type itself counts: `list[Link]` is somebody's list. */
function kindOfType(file: FileModel, type: PyNode): Kind {
  switch (type.kind) {
    case 'type':
    case 'type_parameter':
    case 'binary_operator':
    case 'union_type':
      return oneOf(type.children.filter(({ kind }) => kind !== '|').map((part) => kindOfType(file, part)));
    case 'generic_type':
    case 'subscript': {
      const [named, ...rest] = type.children;
      if (named === undefined) return 'unknown';
      const some = ONE_OF.test(file.qualifiedName(named) ?? '') ? rest : [named];
      return oneOf(some.map((part) => kindOfType(file, part)));
    }
    case 'string':
      return 'unknown';
    case 'identifier':
    case 'attribute': {
      if (VALUES.test(file.qualifiedName(type) ?? '') || isEnumeration(file, type)) return 'other';
      return isClass(file, type) ? 'object' : 'unknown';
    }
    default:
      return 'other';
  }
}
