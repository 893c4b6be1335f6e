/** The header of an `__init__` that has to be written, and the call that passes on what it takes. */
import type { ClassModel, Method } from '../model/class.ts';
import { bindsInBody, isPlainBase } from '../model/class.ts';
import { resolutionOrder, subclassesOf } from '../model/class-hierarchy.ts';
import { constructorOf } from '../model/class-kind.ts';
import type { FileModel } from '../model/file.ts';
import { parameterNames, parametersOf } from '../model/scope.ts';
import { descend, field } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';
import type { Unwritable } from './unwritable.ts';

export interface Header {
  /** Lines that go above it. */
  readonly decorators?: readonly string[];
  readonly header: string;
  readonly tail: readonly string[];
  /** Statements before those asked for. */
  readonly lead?: readonly string[];
}

/** `name` is `__init__`, or the hook of a generated constructor. */
export function headerOf(model: ClassModel, name: string): Header | Unwritable {
  const holder = resolutionOrder(model)
    .classes.slice(1)
    .find((candidate) => bindsInBody(candidate, name));
  const inherited = holder?.methods.filter((method) => method.name === name).at(-1);
  // Decorated, or bound in another way: what it takes is not what its text says.
  const isPlain = holder === undefined || (inherited?.certain === true && inherited.decorators.length === 0);
  if (name !== '__init__') {
    const sources = [...resolutionOrder(model).classes, ...subclassesOf(model)].map(({ file, node }) =>
      file.text(node),
    );
    if (sources.some((source) => /\bInitVar\b/.test(source)))
      return { unwritable: `\`${name}\` receives the \`InitVar\` fields` };
    if (isMixedIn(model))
      return { unwritable: `a subclass mixes the class with others, which may have a \`${name}\` too` };
    const tail = holder === undefined ? [] : [`super().${name}()`];
    return { header: `def ${name}(self):`, tail };
  }
  const plain = model.bases.every(isPlainBase) && !model.spread;
  // pytest documentation, "Conventions for Python test discovery": such a class has no `__init__`.
  if (plain && /^Test/.test(model.name))
    return { unwritable: 'pytest does not collect a test class that has an `__init__`' };
  if (plain && !isMixedIn(model)) return { header: 'def __init__(self):', tail: [] };
  const parent = superInit(model);
  if ('unwritable' in parent) return parent;
  const generated = resolutionOrder(model).classes.some((ancestor) => constructorOf(ancestor).kind === 'generated');
  const known = resolutionOrder(model).complete && !isMixedIn(model) && parent.known && !generated && isPlain;
  const signature = known ? ownSignature(model, inherited) : undefined;
  const parameters = signature?.parameters ?? ', *args, **kwargs';
  const passed = signature?.passed ?? '*args, **kwargs';
  return { header: `def __init__(self${parameters}):`, tail: [parent.call(passed)] };
}

/** True if a subclass puts the class beside others: then `super()` leads to them. */
export function isMixedIn(model: ClassModel): boolean {
  return subclassesOf(model).some((heir) => heir.bases.length > 1);
}

interface SuperInit {
  /** True if what the call reaches is known to be of this file or to take no arguments. */
  readonly known: boolean;
  readonly call: (passed: string) => string;
}

/** Python 2 has no `super()` without arguments, and its classes without bases are not reached by `super` at all. */
function superInit(model: ClassModel): SuperInit | Unwritable {
  if (!mayRunOnPython2(model)) return { known: true, call: (passed) => `super().__init__(${passed})` };
  const name = model.qualifiedName.replace(/^.*<locals>\./, '');
  if (isNewStyle(model)) return { known: true, call: (passed) => `super(${name}, self).__init__(${passed})` };
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

const PYTHON_2_FUTURE =
  /^from __future__ import[^\n\r]*\b(?:print_function|unicode_literals|absolute_import|division|with_statement)\b/m;

/** Written in Python 2, or for both: what is mandatory in Python 3 is imported from the future. */
export function mayRunOnPython2({ file }: ClassModel): boolean {
  return file.syntax.python2 || PYTHON_2_FUTURE.test(file.source.text);
}

export function isNewStyle(model: ClassModel): boolean {
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

/** Means the same in any file: no name stands in it. */
function isLiteral(value: PyNode): boolean {
  return (
    LITERALS.has(value.kind) &&
    [...descend(value)].every(({ kind }) => kind !== 'identifier' && kind !== 'interpolation')
  );
}

/** The parameters of the inherited `__init__` after its first, and how to pass each on; undefined when they cannot be repeated. */
function ownSignature(
  model: ClassModel,
  inherited: Method | undefined,
): { parameters: string; passed: string } | undefined {
  if (inherited === undefined) {
    // What a builtin exception takes reaches the class from any distance.
    const bases = resolutionOrder(model).classes.flatMap((holder) => holder.bases);
    return bases.every((base) => base.class !== undefined || isPlainBase(base))
      ? { parameters: '', passed: '' }
      : undefined;
  }
  const { file } = inherited.class;
  const list = field(inherited.node, 'parameters');
  if (list === undefined || inherited.first === undefined || inherited.kind !== 'instance') return undefined;
  if (file.syntax.comments.some((comment) => comment.start >= list.start && comment.end <= list.end)) return undefined;
  const rest = list.children.slice(1);
  const names = rest.flatMap(parameterNames).map((name) => file.text(name));
  // They would hide what the written method needs, or be other names there.
  if (inherited.first.name !== 'self' || names.some((name) => /^(?:self|super|__class__|__.*[^_]_?)$/.test(name)))
    return undefined;
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
        if (value === undefined || inner === undefined || !isLiteral(value)) return undefined;
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
  const [first] = rest;
  if (first === undefined) return { parameters: '', passed: passed.join(', ') };
  const written =
    file === model.file
      ? oneLine(
          file.source.text
            .slice(first.start, list.end - 1)
            .trim()
            .replace(/,$/, ''),
        )
      : rest.map((parameter) => oneLine(withoutAnnotation(file, parameter))).join(', ');
  return { parameters: `, ${written}`, passed: passed.join(', ') };
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]\s*/g, ' ');
}

/** A parameter as it may be written in another file, where the names of its annotation may mean nothing. */
function withoutAnnotation(file: FileModel, parameter: PyNode): string {
  const value = field(parameter, 'value');
  if (parameter.kind === 'typed_default_parameter' && value !== undefined)
    return `${file.text(field(parameter, 'name') ?? parameter)}=${file.text(value)}`;
  return file.text(parameter.kind === 'typed_parameter' ? (parameter.children[0] ?? parameter) : parameter);
}
