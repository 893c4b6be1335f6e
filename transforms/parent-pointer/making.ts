/** Where objects of classes are made, and what may make others. */
import type { ClassModel } from '../../src/model/class.ts';
import { usesOfClass } from '../../src/model/class-use.ts';
import type { Obstacle } from '../../src/model/construction.ts';
import type { FileModel, Spot } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import { field } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';

export interface Making {
  /** The calls that make one. */
  readonly sites: readonly Spot[];
  /** Where a class is handed to what a module makes and names when it is imported: `backends = Registry(Backend)`. */
  readonly handed: readonly Obstacle[];
  /** The first other place where one may be made. */
  readonly open: Obstacle | undefined;
}

/** What in the files makes objects of the family. */
export function makingOf(files: readonly FileModel[], family: ReadonlySet<ClassModel>): Making {
  const sites: Spot[] = [];
  const homes = new Set([...family].map(({ file }) => file));
  const handed: Obstacle[] = [];
  let open: Obstacle | undefined;
  for (const file of files) {
    for (const model of family) {
      for (const use of usesOfClass(file, model)) {
        const { parent } = use;
        if (parent?.kind === 'call' && use.field === 'function') {
          sites.push({ file, node: parent });
          continue;
        }
        // What a class method makes is seen there.
        if (parent?.kind === 'attribute' && use.field === 'object') continue;
        if (isOnlyAsked(file, use)) continue;
        const place = { file, node: use, detail: `\`${excerpt(file, parent ?? use)}\` may make one` };
        if (isHandedAtImport(file, use)) handed.push(place);
        else open ??= place;
      }
    }
    // `cls()` stands in a method of the class; of which class an object is may be known anywhere.
    const calls = homes.has(file) ? file.calls : file.callsNear('type', '__class__');
    for (const call of calls) {
      const callee = field(call, 'function');
      const receiver = callee === undefined ? undefined : receiverOf(file, callee);
      if (receiver?.kind !== 'class' || receiver.through === 'name' || receiver.through === 'super') continue;
      if (family.has(receiver.class)) sites.push({ file, node: call });
    }
  }
  return { sites, handed, open };
}

/** What is around a class that somebody may be asked about, and makes none by itself. */
const AROUND = /^(?:parenthesized_expression|tuple|list|set|expression_list|argument_list|keyword_argument)$/;
const HARMLESS =
  /^(?:type|generic_type|union_type|type_parameter|except_clause|class_pattern|dotted_name|member_type|comparison_operator|class_definition)$/;
const ASKS = /^(?:builtins\.(?:isinstance|issubclass|super)|(?:typing|typing_extensions)\.(?:cast|TypeVar|NewType))$/;

/** True if nothing is made of the class there: it is a type, a base, or what something is compared with. */
function isOnlyAsked(file: FileModel, use: PyNode): boolean {
  let node = use;
  for (;;) {
    const { parent } = node;
    if (parent === undefined || HARMLESS.test(parent.kind)) return true;
    // `Node | None` is no class.
    if (parent.kind === 'binary_operator') return field(parent, 'operator')?.kind === '|';
    // `Optional[Node]`; who keeps it under its own name may make one.
    if (parent.kind === 'subscript')
      return node.field !== 'value' && !(parent.field === 'left' && parent.parent?.kind === 'assignment');
    if (parent.kind === 'call') {
      const callee = field(parent, 'function');
      return callee !== undefined && callee !== node && ASKS.test(file.qualifiedName(callee) ?? '');
    }
    if (!AROUND.test(parent.kind)) return false;
    node = parent;
  }
}

function isHandedAtImport(file: FileModel, use: PyNode): boolean {
  const list = use.parent?.kind === 'keyword_argument' ? use.parent.parent : use.parent;
  const call = list?.kind === 'argument_list' ? list.parent : undefined;
  const assignment = call?.parent?.kind === 'assignment' ? call.parent : undefined;
  const left = assignment === undefined ? undefined : field(assignment, 'left');
  const binding = left?.kind === 'identifier' ? file.resolve(left) : undefined;
  return binding?.scope.kind === 'module' && binding.sites.length === 1;
}
