/** Whether a value means the same on an instance as on the class: a descriptor does its work on the class only. */
import type { Obligation } from '../../src/core/finding.ts';
import { classOf } from '../../src/model/class.ts';
import { findMethod, resolutionOrder } from '../../src/model/class-hierarchy.ts';
import { freshContainer } from '../../src/model/container.ts';
import type { FileModel } from '../../src/model/file.ts';
import { excerpt, met, unknown } from '../../src/plan/obligation.ts';
import { field, unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { holdsInstance } from './holds-instance.ts';
import type { Match } from './match.ts';

/** Modules of the standard library whose classes are no descriptors. */
const PLAIN_MODULES =
  /^(?:builtins|io|os|socket|ssl|select|selectors|socketserver|threading|_thread|thread|multiprocessing|concurrent|asyncio|subprocess|sqlite3|tempfile|zipfile|tarfile|gzip|bz2|lzma|mmap|shelve|dbm|queue|Queue|collections|array|heapq|random|logging|http|urllib|urllib2|httplib|ftplib|smtplib|imaplib|poplib|xmlrpc|email|json|csv|configparser|ConfigParser|argparse|xml|html|sched|contextlib|tkinter|Tkinter|StringIO|cStringIO|time|types\.SimpleNamespace)(?:\.|$)/;

/** Obligation `not-a-descriptor` (language reference 3.3.2.2). */
export function noDescriptor({ objects, subject, attribute }: Match): Obligation {
  const id = 'not-a-descriptor';
  // What a class body binds would get what is set on the instance, if it has `__set__`.
  for (const holder of resolutionOrder(attribute.class).classes) {
    const sites = holder.scope.bindings.get(subject.name)?.sites.filter(({ kind }) => kind !== 'annotation') ?? [];
    const site = sites.find(({ value }) => value === undefined || !isPlain(holder.file, value, 0));
    if (site === undefined) continue;
    const spot = { file: holder.file, node: site.operation };
    return unknown(id, {
      ...spot,
      detail: `\`${excerpt(spot.file, spot.node)}\` may bind a descriptor in the class body`,
    });
  }
  const { file } = subject.class;
  for (const { value, node } of objects) {
    if (value === undefined)
      return unknown(id, { file, node, detail: 'what it is given here is not known, and may be a descriptor' });
    if (isPlain(file, value, 0)) continue;
    return unknown(id, { file, node: value, detail: `\`${excerpt(file, value)}\` may be a descriptor` });
  }
  return met(id, 'what it is given means the same on an instance');
}

const LITERALS: ReadonlySet<string> = new Set([
  ...['none', 'true', 'false', 'integer', 'float', 'string', 'concatenated_string', 'ellipsis', 'unary_operator'],
]);

function isPlain(file: FileModel, value: PyNode, names: number): boolean {
  const node = unwrap(value);
  if (freshContainer(file, node) !== undefined) return true;
  switch (node.kind) {
    case 'tuple':
    case 'expression_list':
    case 'generator_expression':
      return true;
    case 'attribute':
      // A bound method has done that work.
      return holdsInstance(file, node) === 'yes';
    case 'await':
      return node.children[0] !== undefined && isPlain(file, node.children[0], names);
    case 'conditional_expression':
      return [node.children[0], node.children[2]].every((side) => side !== undefined && isPlain(file, side, names));
    case 'boolean_operator':
      return [field(node, 'left'), field(node, 'right')].every(
        (side) => side !== undefined && isPlain(file, side, names),
      );
    case 'call': {
      const callee = field(node, 'function');
      const model = callee === undefined ? undefined : classOf(file, callee);
      if (model !== undefined) {
        const found = ['__get__', '__set__', '__delete__'].map((name) => findMethod(model, name));
        return found.every(({ method, certain }) => method === undefined && certain);
      }
      return callee !== undefined && PLAIN_MODULES.test(file.qualifiedName(callee) ?? '');
    }
    case 'identifier': {
      const sites = file.resolve(node)?.sites ?? [];
      return (
        names < 4 &&
        sites.length > 0 &&
        sites.every(({ kind, value: given, operation }) => {
          if (kind === 'with')
            return operation.children[0] !== undefined && isPlain(file, operation.children[0], names + 1);
          return given !== undefined && isPlain(file, given, names + 1);
        })
      );
    }
    default:
      return LITERALS.has(node.kind);
  }
}
