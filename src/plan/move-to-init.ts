/**
 * Builds the request that moves a class attribute's value into the method that initialises instances.
 *
 * A request says what leaves the class body, which lines arrive, and what the class looks like around them; it is plain data.
 * The edits are made when all accepted requests of a class are known ({@link composeEdits}).
 */
import type { ClassLayout, InitLine, InitRequest, InitTarget, Removal } from '../core/finding.ts';
import { indentation, isBlankLine, lineEnd, lineStart, nextLine, previousLine, startsLine } from '../core/lines.ts';
import type { ClassModel, Method } from '../model/class.ts';
import { isPlainBase, resolutionOrder, subclassesOf } from '../model/class.ts';
import type { ClassAttribute } from '../model/class-attribute.ts';
import { constructorOf } from '../model/class-kind.ts';
import type { FileModel } from '../model/file.ts';
import { parametersOf } from '../model/scope.ts';
import { descend, field, isStringStatement, statementOf, statements } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

/** Why a request cannot be written, in words for a person. */
export interface Unwritable {
  readonly unwritable: string;
}

/** A replacement inside the moved initialiser: `MAX` becomes `self.MAX`. */
export interface Qualification {
  readonly node: PyNode;
  readonly text: (self: string) => string;
}

/** The method that initialises instances of the class, where the class itself defines it. */
export function initialiser(model: ClassModel): { readonly name: string; readonly method: Method | undefined } {
  const constructor = constructorOf(model);
  const name = constructor.kind === 'generated' ? constructor.hook : '__init__';
  return { name, method: model.methods.filter((method) => method.name === name).at(-1) };
}

/** See the file's head. `order` is the attribute's place among those of the class body. */
export function moveToInit(
  attribute: ClassAttribute,
  order: number,
  qualifications: readonly Qualification[],
): InitRequest | Unwritable {
  const model = attribute.class;
  const { name, method } = initialiser(model);
  const self = method === undefined ? 'self' : method.first?.name;
  if (self === undefined) return { unwritable: `\`${name}\` has no parameter for the instance` };
  const target = method === undefined ? newMethod(model, name) : existingMethod(model.file, method);
  if ('unwritable' in target) return target;
  const layout: ClassLayout = { method: name, target };
  const moved = movedLines(attribute, self, qualifications);
  if ('unwritable' in moved) return moved;
  return {
    kind: 'init',
    classStart: model.node.start,
    layout,
    statement: { order, lines: moved.lines, removal: moved.removal },
  };
}

function existingMethod(file: FileModel, method: Method): InitTarget | Unwritable {
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

/** A method of this name is written: before the first method of the class, or at the end of its body. */
function newMethod(model: ClassModel, name: string): InitTarget | Unwritable {
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
  const header = headerOf(model, name);
  if ('unwritable' in header) return header;
  const indent = indentation(text, all[0]?.start ?? body.start);
  const methods = all.filter((statement) => definitionOf(statement)?.kind === 'function_definition');
  const first = methods[0];
  const at = first === undefined ? nextLine(text, last.end) : withCommentsAbove(text, first, indent);
  return {
    kind: 'new',
    at,
    indent,
    bodyIndent: indent + indentUnit(file, model),
    header: header.header,
    tail: header.tail,
    blankLines: first === undefined ? 0 : gapBetween(text, methods, indent),
  };
}

function definitionOf(statement: PyNode): PyNode | undefined {
  return statement.kind === 'decorated_definition' ? field(statement, 'definition') : statement;
}

/** The start of the first of the comment lines directly above a statement, or of its own line. */
function withCommentsAbove(text: string, statement: PyNode, indent: string): number {
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
function indentUnit(file: FileModel, model: ClassModel): string {
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

interface Header {
  readonly header: string;
  readonly tail: readonly string[];
}

function headerOf(model: ClassModel, name: string): Header | Unwritable {
  const inherited = resolutionOrder(model)
    .classes.slice(1)
    .flatMap((holder) => holder.methods.filter((method) => method.name === name))[0];
  if (name !== '__init__') {
    const tail = inherited === undefined ? [] : [`super().${name}()`];
    return { header: `def ${name}(self):`, tail };
  }
  const plain = model.bases.every(isPlainBase) && !model.spread;
  if (plain && !isMixedIn(model)) return { header: 'def __init__(self):', tail: [] };
  const parent = superInit(model);
  if ('unwritable' in parent) return parent;
  const known = resolutionOrder(model).complete && !isMixedIn(model) && parent.known;
  const signature = known ? ownSignature(model, inherited) : undefined;
  const parameters = signature?.parameters ?? ', *args, **kwargs';
  const passed = signature?.passed ?? '*args, **kwargs';
  return { header: `def __init__(self${parameters}):`, tail: [parent.call(passed)] };
}

/** True if a subclass puts the class beside others: then `super()` leads to them. */
function isMixedIn(model: ClassModel): boolean {
  return subclassesOf(model).some((heir) => heir.bases.length > 1);
}

interface SuperInit {
  /** True if what the call reaches is known to be of this file or to take no arguments. */
  readonly known: boolean;
  readonly call: (passed: string) => string;
}

/** Python 2 has no `super()` without arguments, and its classes without bases are not reached by `super` at all. */
function superInit(model: ClassModel): SuperInit | Unwritable {
  if (!model.file.syntax.python2) return { known: true, call: (passed) => `super().__init__(${passed})` };
  if (isNewStyle(model))
    return { known: true, call: (passed) => `super(${model.qualifiedName}, self).__init__(${passed})` };
  const [base, second] = model.bases;
  if (base === undefined)
    return { unwritable: 'an old-style class cannot pass the call on to the classes it is mixed with' };
  if (second !== undefined)
    return { unwritable: 'an old-style class with several bases would have to call each `__init__`' };
  const callee = model.file.text(base.node);
  const inherits = resolutionOrder(model).classes.some(
    (holder, index) => index > 0 && holder.methods.some((method) => method.name === '__init__'),
  );
  if (!inherits && resolutionOrder(model).complete) return { unwritable: `\`${callee}\` has no \`__init__\` to call` };
  return { known: true, call: (passed) => `${callee}.__init__(self${passed === '' ? '' : `, ${passed}`})` };
}

function isNewStyle(model: ClassModel): boolean {
  return resolutionOrder(model).classes.some((holder) =>
    holder.bases.some((base) => base.class === undefined && base.qualifiedName?.startsWith('builtins.')),
  );
}

const LITERALS: ReadonlySet<string> = new Set([
  'string',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'ellipsis',
  'unary_operator',
]);

/** The parameters of the inherited `__init__` after its first, and how to pass each on; undefined when they cannot be repeated. */
function ownSignature(
  model: ClassModel,
  inherited: Method | undefined,
): { parameters: string; passed: string } | undefined {
  const { file } = model;
  if (inherited === undefined)
    return model.bases.every((base) => base.class !== undefined || isPlainBase(base))
      ? { parameters: '', passed: '' }
      : undefined;
  const list = field(inherited.node, 'parameters');
  if (list === undefined || inherited.first === undefined || inherited.kind !== 'instance') return undefined;
  if (file.syntax.comments.some((comment) => comment.start >= list.start && comment.end <= list.end)) return undefined;
  const rest = list.children.slice(1);
  const passed: string[] = [];
  let keywordOnly = false;
  for (const parameter of rest) {
    const text = file.text(parameter);
    switch (parameter.kind) {
      case 'keyword_separator':
        keywordOnly = true;
        continue;
      case 'positional_separator':
        continue;
      case 'list_splat_pattern':
        keywordOnly = true;
        passed.push(text);
        continue;
      case 'dictionary_splat_pattern':
        passed.push(text);
        continue;
      case 'typed_parameter': {
        const inner = parameter.children[0];
        if (inner === undefined) return undefined;
        const name = file.text(inner);
        if (inner.kind === 'list_splat_pattern') keywordOnly = true;
        passed.push(inner.kind === 'identifier' && keywordOnly ? `${name}=${name}` : name);
        continue;
      }
      case 'default_parameter':
      case 'typed_default_parameter': {
        const value = field(parameter, 'value');
        const inner = field(parameter, 'name');
        if (value === undefined || inner === undefined || !LITERALS.has(value.kind)) return undefined;
        passed.push(keywordOnly ? `${file.text(inner)}=${file.text(inner)}` : file.text(inner));
        continue;
      }
      case 'identifier':
        passed.push(keywordOnly ? `${text}=${text}` : text);
        continue;
      default:
        return undefined;
    }
  }
  if (parametersOf(inherited.node).length === 0) return undefined;
  const first = rest[0];
  const parameters =
    first === undefined
      ? ''
      : `, ${file.source.text
          .slice(first.start, list.end - 1)
          .trim()
          .replace(/,$/, '')
          .replace(/\s*[\r\n]\s*/g, ' ')}`;
  return { parameters, passed: passed.join(', ') };
}

/** What leaves the class body, and the lines that arrive. */
function movedLines(
  attribute: ClassAttribute,
  self: string,
  qualifications: readonly Qualification[],
): { lines: readonly InitLine[]; removal: Removal } | Unwritable {
  const { file } = attribute.class;
  const text = file.source.text;
  const { statement, value, annotation } = attribute;
  const wholeLines =
    startsLine(text, statement.start) &&
    /^[ \t\f]*(?:#[^\r\n]*)?$/.test(text.slice(statement.end, lineEnd(text, statement.end)));
  const indent = indentation(text, statement.start);
  const rewritten = (range: { start: number; end: number }): string => replaced(text, range, qualifications, self);
  const siblings = statements(statement.parent);
  const next = siblings[siblings.indexOf(statement) + 1];
  const literals = [statement, ...(next === undefined ? [] : [next])].flatMap((node) => longLiterals(text, node));
  const assigned = `${self}.${attribute.name} = `;
  if (annotation !== undefined) {
    const range = { start: annotation.end, end: value.end };
    const lines = asLines(text, assigned + rewritten(value), value.start, indent, literals);
    return { lines, removal: { kind: 'span', range } };
  }
  if (!wholeLines) {
    const lines = asLines(text, assigned + rewritten(value), value.start, indent, literals);
    return { lines, removal: { kind: 'span', range: statementOnSharedLine(text, statement) } };
  }
  const first = withCommentsAbove(text, statement, indent);
  let end = nextLine(text, statement.end);
  const documentation = next !== undefined && isStringStatement(next) && lineStart(text, next.start) === end;
  if (documentation && /^[ \t\f]*(?:#[^\r\n]*)?$/.test(text.slice(next.end, lineEnd(text, next.end))))
    end = nextLine(text, next.end);
  const above = text.slice(first, lineStart(text, statement.start));
  const comments = above === '' ? [] : asLines(text, above.replace(/(?:\r\n|\r|\n)$/, ''), first, indent, []);
  const own = rewritten({ start: value.start, end: value.end });
  const tail = text.slice(value.end, end).replace(/(?:\r\n|\r|\n)$/, '');
  const lines = asLines(text, assigned + own + tail, value.start, indent, literals);
  return { lines: [...comments, ...lines], removal: { kind: 'lines', range: { start: first, end } } };
}

/** `x = []; y = 1`: the statement with the semicolon that separates it from what stays. */
function statementOnSharedLine(text: string, statement: PyNode): { start: number; end: number } {
  const after = /^[ \t]*;[ \t]*/.exec(text.slice(statement.end, lineEnd(text, statement.end)))?.[0];
  const rest = after === undefined ? '' : text.slice(statement.end + after.length, lineEnd(text, statement.end));
  if (after !== undefined && rest !== '' && !rest.startsWith('#'))
    return { start: statement.start, end: statement.end + after.length };
  const line = lineStart(text, statement.start);
  const before = /[ \t]*;[ \t]*$/.exec(text.slice(line, statement.start))?.[0] ?? '';
  return { start: statement.start - before.length, end: statement.end + (after ?? '').trimEnd().length };
}

function replaced(
  text: string,
  range: { start: number; end: number },
  qualifications: readonly Qualification[],
  self: string,
): string {
  let out = '';
  let at = range.start;
  for (const { node, text: replacement } of [...qualifications].sort((a, b) => a.node.start - b.node.start)) {
    out += text.slice(at, node.start) + replacement(self);
    at = node.end;
  }
  return out + text.slice(at, range.end);
}

/**
 * Splits moved text into lines without the class body's indentation. It stands in the file from the line of `origin` on; a line
 * that starts inside one of the string literals there is kept as it is.
 */
function asLines(
  text: string,
  moved: string,
  origin: number,
  indent: string,
  literals: readonly PyNode[],
): readonly InitLine[] {
  let at = lineStart(text, origin);
  return moved.split(/\r\n|\r|\n/).map((piece, index) => {
    if (index === 0) return { text: piece.trimStart(), verbatim: false };
    at = nextLine(text, at);
    if (literals.some((literal) => literal.start < at && at < literal.end)) return { text: piece, verbatim: true };
    return { text: piece.startsWith(indent) ? piece.slice(indent.length) : piece.trimStart(), verbatim: false };
  });
}

/** The string literals in a statement that go over several lines. */
function longLiterals(text: string, statement: PyNode): readonly PyNode[] {
  return [...descend(statement)].filter(
    (node) => node.kind === 'string' && /[\r\n]/.test(text.slice(node.start, node.end)),
  );
}
