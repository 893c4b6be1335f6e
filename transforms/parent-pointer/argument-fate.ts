/** What becomes of the argument of a call. */
import type { FileModel } from '../../src/model/file.ts';
import type { Binding } from '../../src/model/scope.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { DONE, type EscapeOptions, type Fate, membersOf, type Passed, rootOf } from './fates.ts';

/** Builtins that give back nothing of what they are given. */
const CONSUMES =
  /^builtins\.(?:print|len|str|repr|int|float|bool|isinstance|issubclass|hasattr|id|hash|any|all|format|callable|type|ascii|unicode)$/;
/** What gives back what it is given, a shallow copy of it or something of it, and keeps nothing. */
const GIVES_BACK =
  /^(?:builtins\.(?:list|tuple|set|frozenset|dict|sorted|reversed|iter|next|enumerate|zip|min|max|sum|filter|map|getattr)|copy\.copy|(?:typing|typing_extensions)\.cast)$/;

const CONTAINER_METHODS =
  /^(?:append|appendleft|add|insert|extend|remove|discard|index|count|get|pop|setdefault|update|__contains__|__getitem__)$/;

/** What a call does with its argument; undefined where its result is as good as the argument. */
export function argumentFate(
  file: FileModel,
  node: PyNode,
  tainted: ReadonlySet<Binding>,
  options: EscapeOptions,
  passed: Passed[],
): Fate | undefined {
  const keyword = node.parent?.kind === 'keyword_argument' ? node.parent : undefined;
  const list = keyword?.parent ?? node.parent;
  const call = list?.parent;
  const callee = call?.kind === 'call' ? field(call, 'function') : undefined;
  if (list === undefined || call === undefined || callee === undefined) return DONE;
  const name = file.qualifiedName(callee) ?? '';
  if (CONSUMES.test(name)) return DONE;
  if (GIVES_BACK.test(name) || options.isOwn(callee)) return undefined;
  const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
  if (object !== undefined && /^(?:string|concatenated_string)$/.test(unwrap(object).kind)) return DONE;
  if (callee.kind === 'identifier') {
    const binding = file.resolve(callee);
    const [site] = binding?.sites ?? [];
    const position = list.children.indexOf(keyword ?? node);
    if (binding?.sites.length === 1 && site?.kind === 'function' && keyword === undefined) {
      passed.push({ argument: node, position, definition: site.operation });
      return undefined;
    }
  }
  const method = callee.kind === 'attribute' ? field(callee, 'attribute') : undefined;
  const root = object === undefined ? undefined : rootOf(object);
  const binding = root === undefined ? undefined : file.resolve(root);
  const isKnown =
    method !== undefined && (CONTAINER_METHODS.test(file.text(method)) || options.isMethod(file.identifier(method)));
  if (
    binding !== undefined &&
    tainted.has(binding) &&
    isKnown &&
    object !== undefined &&
    !membersOf(file, object).some(options.isShared)
  )
    return undefined;
  if (method !== undefined && /^assert/.test(file.text(method))) return DONE;
  // `found.append(node)`, where `found` is a name of the function.
  if (
    method !== undefined &&
    object?.kind === 'identifier' &&
    /^(?:append|appendleft|add|insert|extend)$/.test(file.text(method))
  )
    return { kind: 'kept', by: object };
  return {
    kind: 'lost',
    node: call,
    why: `what \`${file.text(callee)}\` does with \`${file.text(node)}\` is not known`,
  };
}
