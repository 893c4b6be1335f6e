/** Where statements go: into the method that is there, or into one that has to be written. */
import type { MethodLayout, MethodRequest, MethodStatement, MethodTarget } from '../core/finding.ts';
import { indentation, isBlankLine, lineEnd, lineStart, nextLine, previousLine, startsLine } from '../core/lines.ts';
import { bindsInBody, type ClassModel, type Method } from '../model/class.ts';
import { constructorOf } from '../model/class-kind.ts';
import type { FileModel } from '../model/file.ts';
import { field, isStringStatement, statementOf, statements } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import { type Header, headerOf } from './init-header.ts';
import type { Unwritable } from './unwritable.ts';

/** The method that initialises instances of the class, where the class itself defines it. */
export function initialiser(model: ClassModel): { readonly name: string; readonly method: Method | undefined } {
  const generated = constructorOf(model);
  const name = generated.kind === 'generated' ? generated.hook : '__init__';
  return { name, method: model.methods.filter((method) => method.name === name).at(-1) };
}

/** The layout of the class around its initialising method. */
export function layoutOf(model: ClassModel): MethodLayout | Unwritable {
  const { name, method } = initialiser(model);
  return method === undefined ? layoutOfNew(model, name, () => headerOf(model, name)) : layoutAtTop(method);
}

/** Asks for a statement in a method of the class that `layout` tells of. */
export function methodRequest(
  { file, node }: ClassModel,
  layout: MethodLayout,
  statement: MethodStatement,
): MethodRequest {
  return { kind: 'method', path: file.source.path, classStart: node.start, layout, statement };
}

/** The top of a method that is there, behind its docstring. */
export function layoutAtTop(method: Method): MethodLayout | Unwritable {
  const target = existingMethod(method.class.file, method);
  return 'unwritable' in target ? target : { method: method.name, target };
}

/** The line behind a statement of the method's own block. */
export function layoutAfter(method: Method, statement: PyNode): MethodLayout | Unwritable {
  const { text } = method.class.file.source;
  const rest = text.slice(statement.end, lineEnd(text, statement.end));
  if (!method.certain) return { unwritable: `\`${method.name}\` is defined more than once, or under a condition` };
  if (!startsLine(text, statement.start) || !/^[ \t\f]*(?:#.*)?$/.test(rest))
    return { unwritable: `a statement of \`${method.name}\` shares its line with another one` };
  const indent = indentation(text, statement.start);
  return { method: method.name, target: { kind: 'existing', at: nextLine(text, statement.end), indent } };
}

/** Where a method goes that the class does not have. Without methods there is nothing to be first of. */
export type NewPlace = 'first-method' | 'end-of-class';

/** A method that the class does not have. */
export function layoutOfNew(
  model: ClassModel,
  name: string,
  headerFor: () => Header | Unwritable,
  place: NewPlace = 'first-method',
): MethodLayout | Unwritable {
  if (bindsInBody(model, name)) return { unwritable: `\`${name}\` is not a plain method` };
  const target = newMethod(model, headerFor, place);
  return 'unwritable' in target ? target : { method: name, target };
}

function existingMethod(file: FileModel, method: Method): MethodTarget | Unwritable {
  const text = file.source.text;
  if (!method.certain) return { unwritable: `\`${method.name}\` is defined more than once, or under a condition` };
  const body = field(method.node, 'body');
  const [first, second] = statements(body);
  if (body === undefined || first === undefined) return { unwritable: `\`${method.name}\` has no body` };
  if (!startsLine(text, first.start)) {
    const colon = text.lastIndexOf(':', first.start - 1);
    if (isStringStatement(first))
      return { unwritable: `the body of \`${method.name}\` stands on one line with its docstring` };
    const indent = indentation(text, statementOf(method.node).start) + indentUnit(file, method.class);
    return { kind: 'one-line', range: { start: colon + 1, end: first.start }, indent };
  }
  const indent = indentation(text, first.start);
  if (!isStringStatement(first)) return { kind: 'existing', at: firstLineOf(file, method, first, indent), indent };
  if (second !== undefined && !startsLine(text, second.start)) {
    return { unwritable: `the docstring of \`${method.name}\` shares its line with a statement` };
  }
  if (second === undefined) return { kind: 'existing', at: nextLine(text, first.end), indent };
  let at = nextLine(text, first.end);
  while (isBlankLine(text, at)) at = nextLine(text, at);
  return { kind: 'existing', at, indent };
}

/** The line of the first statement, or of the comments between the header and it. */
function firstLineOf(file: FileModel, method: Method, first: PyNode, indent: string): number {
  const text = file.source.text;
  const header = field(method.node, 'return_type')?.end ?? field(method.node, 'parameters')?.end ?? method.node.start;
  const headerLine = lineStart(text, text.indexOf(':', header));
  let at = lineStart(text, first.start);
  for (;;) {
    const above = previousLine(text, at);
    if (above === undefined || above <= headerLine) return at;
    const line = text.slice(above, lineEnd(text, above));
    if (!line.trimStart().startsWith('#') || !line.startsWith(indent)) return at;
    at = above;
  }
}

function newMethod(
  model: ClassModel,
  headerFor: () => Header | Unwritable,
  place: NewPlace,
): MethodTarget | Unwritable {
  const { file } = model;
  const text = file.source.text;
  const body = field(model.node, 'body');
  const all = statements(body);
  const last = all.at(-1);
  if (body === undefined || last === undefined) return { unwritable: 'the class has no body' };
  if (
    all.some((statement) =>
      isStringStatement(statement) ? false : !startsLine(text, statement.start) && all[0] === statement,
    )
  ) {
    return { unwritable: 'the class body stands on the line of its header' };
  }
  const header = headerFor();
  if ('unwritable' in header) return header;
  const indent = indentation(text, all[0]?.start ?? body.start);
  const methods = all.filter((statement) => definitionOf(statement)?.kind === 'function_definition');
  const first = place === 'first-method' ? methods[0] : undefined;
  const gap = methods.length === 0 ? 1 : gapBetween(text, methods, indent);
  return {
    kind: 'new',
    at: first === undefined ? endOfBody(text, last, indent) : withCommentsAbove(text, first, indent),
    indent,
    bodyIndent: indent + indentUnit(file, model),
    decorators: header.decorators,
    header: header.header,
    lead: header.lead,
    tail: header.tail,
    above: first === undefined ? gap : 1,
    below: first === undefined ? 0 : gap,
  };
}

/** The line after the last statement and the comments that still belong to the body. */
function endOfBody(text: string, last: PyNode, indent: string): number {
  let at = nextLine(text, last.end);
  for (let line = at; line < text.length; line = nextLine(text, line)) {
    if (isBlankLine(text, line)) continue;
    const isComment =
      indent !== '' && text.startsWith(indent, line) && /^[ \t\f]*#/.test(text.slice(line, lineEnd(text, line)));
    if (!isComment) return at;
    at = nextLine(text, line);
  }
  return at;
}

function definitionOf(statement: PyNode): PyNode | undefined {
  return statement.kind === 'decorated_definition' ? field(statement, 'definition') : statement;
}

/** The start of the first of the comment lines directly above a statement, or of its own line. */
export function withCommentsAbove(text: string, statement: PyNode, indent: string): number {
  let at = lineStart(text, statement.start);
  for (;;) {
    const above = previousLine(text, at);
    if (above === undefined || !text.startsWith(`${indent}#`, above)) return at;
    at = above;
  }
}

/** The blank lines between the first two methods that follow each other; 1 when there are none to look at. */
function gapBetween(text: string, methods: readonly PyNode[], indent: string): number {
  const [first, second] = methods;
  if (first === undefined || second === undefined) return 1;
  let at = withCommentsAbove(text, second, indent);
  let gap = 0;
  for (;;) {
    const above = previousLine(text, at);
    if (above === undefined || !isBlankLine(text, above)) return gap;
    gap += 1;
    at = above;
  }
}

/** How much deeper than the class body a method's body is indented: as its methods do, or the class itself. */
export function indentUnit(file: FileModel, model: ClassModel): string {
  const text = file.source.text;
  for (const method of model.methods) {
    const first = statements(field(method.node, 'body'))[0];
    if (first === undefined || !startsLine(text, first.start)) continue;
    const outer = indentation(text, statementOf(method.node).start);
    const inner = indentation(text, first.start);
    if (inner.startsWith(outer) && inner.length > outer.length) return inner.slice(outer.length);
  }
  const outer = indentation(text, statementOf(model.node).start);
  const inner = indentation(text, statements(field(model.node, 'body'))[0]?.start ?? model.node.start);
  return inner.startsWith(outer) && inner.length > outer.length ? inner.slice(outer.length) : '    ';
}
