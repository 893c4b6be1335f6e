/**
 * Our classes, methods and imports against those that CPython's `ast` shows, file by file. Both sides are brought to the same plain
 * description, which `ast_driver.py` explains.
 */
import {
  type ClassModel,
  classesOf,
  isAsync,
  isGenerator,
  type Method,
  type MethodKind,
} from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { unwrap } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { type Comparison, compareFiles, Places } from './cpython.ts';

/** An expression: line, column, last line, last column. */
type Place = readonly [number, number, number, number];

interface DescribedMethod {
  readonly name: string;
  readonly line: number;
  /** Null where CPython's side cannot tell. */
  readonly kind: MethodKind | null;
  readonly async: boolean;
  readonly generator: boolean;
  readonly first: string | null;
  readonly decorators: readonly Place[];
}

interface DescribedClass {
  readonly name: string;
  readonly line: number;
  readonly bases: readonly Place[];
  readonly keywords: Readonly<Record<string, Place>>;
  readonly spread: boolean;
  readonly decorators: readonly Place[];
  readonly methods: readonly DescribedMethod[];
}

/** Where the statement stands, the name it binds (`*` for a star import), and what the name then means. */
type DescribedImport = readonly [line: number, name: string, source: string];

interface Answer {
  readonly classes: readonly DescribedClass[];
  readonly imports: readonly DescribedImport[];
}

/** Compares the classes and imports of every file that both sides parse. Rejects if the interpreter itself fails. */
export function compareClasses(command: string, paths: readonly string[]): Promise<Comparison> {
  return compareFiles<Answer>(command, 'ast_driver.py', paths, (file, answer) => {
    const places = new Places(file.source.text);
    const ours = {
      classes: classesOf(file).map((model) => describedClass(model, places)),
      imports: importsOf(file, places),
    };
    return { ours: lines(ours, untold(answer)), theirs: lines(answer, new Set()) };
  });
}

/** The methods whose kind CPython's side cannot tell, as they are named in a line. */
function untold({ classes }: Answer): ReadonlySet<string> {
  return new Set(
    classes.flatMap((one) => one.methods.filter(({ kind }) => kind === null).map((method) => methodName(one, method))),
  );
}

function methodName({ name }: DescribedClass, method: DescribedMethod): string {
  return `method ${name}.${method.name}:${method.line}`;
}

/** One line for each class, each method and each name that is imported. */
function lines({ classes, imports }: Answer, kindless: ReadonlySet<string>): readonly string[] {
  return [
    ...imports.map(([line, name, source]) => `import ${name}:${line} is ${source}`),
    ...classes.flatMap((one) => [
      classLine(one),
      ...one.methods.map((method) =>
        methodLine(one, kindless.has(methodName(one, method)) ? { ...method, kind: null } : method),
      ),
    ]),
  ];
}

function classLine({ name, line, bases, keywords, spread, decorators }: DescribedClass): string {
  const named = Object.entries(keywords).map(([keyword, value]) => `${keyword}=${value}`);
  return `class ${name}:${line} (${[...bases, ...named].join(' ')})${spread ? ' and more' : ''}${decoration(decorators)}`;
}

function methodLine(holder: DescribedClass, method: DescribedMethod): string {
  const { kind, first, decorators } = method;
  const words = [method.async ? 'async' : '', method.generator ? 'generator' : '', kind ?? ''].filter(Boolean);
  return `${methodName(holder, method)} (${first ?? ''}) ${words.join(' ')}${decoration(decorators)}`;
}

function decoration(decorators: readonly Place[]): string {
  return decorators.map((decorator) => ` @${decorator}`).join('');
}

function describedClass(model: ClassModel, places: Places): DescribedClass {
  return {
    name: model.qualifiedName,
    line: places.line(model.node.start),
    bases: model.bases.map(({ node }) => placeOf(node, places)),
    keywords: Object.fromEntries([...model.keywords].map(([name, value]) => [name, placeOf(value, places)])),
    spread: model.spread,
    decorators: model.decorators.map((decorator) => placeOf(decorator, places)),
    methods: model.methods.map((method) => describedMethod(method, places)),
  };
}

function describedMethod(method: Method, places: Places): DescribedMethod {
  return {
    name: method.name,
    line: places.line(method.node.start),
    kind: method.kind,
    async: isAsync(method),
    generator: isGenerator(method),
    first: firstParameter(method),
    decorators: method.decorators.map((decorator) => placeOf(decorator, places)),
  };
}

/** As it is written; what `_C__x` is called in `class C` is for the scopes to say. */
function firstParameter({ class: { file }, first }: Method): string | null {
  const node = first?.sites[0]?.node;
  return node === undefined ? null : file.text(node).normalize('NFKC');
}

/** Parentheses that only group belong to no expression in `ast`. */
function placeOf(node: PyNode, places: Places): Place {
  const { start, end } = unwrap(node);
  return [places.line(start), places.column(start), places.line(end), places.column(end)];
}

function importsOf(file: FileModel, places: Places): readonly DescribedImport[] {
  return [...file.scopes.ofNode.values()].flatMap((scope) => [
    ...[...scope.bindings.values()].flatMap((binding) =>
      binding.sites
        .filter(({ kind }) => kind === 'import')
        .map((site): DescribedImport => {
          const statement = site.operation.parent ?? site.operation;
          return [places.line(statement.start), binding.name, file.qualified.ofSite(site, binding) ?? 'unknown'];
        }),
    ),
    ...scope.starImports.map(
      (statement): DescribedImport => [
        places.line(statement.start),
        '*',
        file.qualified.importedModule(statement) ?? 'unknown',
      ],
    ),
  ]);
}
