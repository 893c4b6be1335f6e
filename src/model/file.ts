/**
 * What one file means: its scopes, imports, classes and attribute uses, made from its tree when asked for.
 */
import type { Range } from '../core/range.ts';
import type { SourceFile } from '../core/source-file.ts';
import { callArguments, descend, descendRead, field } from '../syntax/access.ts';
import type { PyNode, Syntax } from '../syntax/tree.ts';
import { Bodies } from './bodies.ts';
import type { ModuleName } from './module-name.ts';
import { NodeIndex } from './node-index.ts';
import { normalForm, QualifiedNames } from './qualified-names.ts';
import { type Binding, lookup, type Scope, type ScopeTree, scopesOf } from './scope.ts';

export { BodyFailure, parsedSoFar } from '../syntax/tree.ts';

/** The other files of the project, as the model of one file asks for them. Every answer may be that it cannot be known. */
export interface Surroundings {
  /** What the file itself is called; undefined where nothing tells. */
  moduleName(source: SourceFile): ModuleName | undefined;
  /** The file that importing a module (absolute, dotted) runs; `outside` if it is none of the project's, `unknown` if several may be meant. */
  module(name: string, importer: FileModel): FileModel | 'outside' | 'unknown';
  /** True if that file is `home`; nothing is read to tell. */
  isModule(name: string, importer: FileModel, home: FileModel): boolean;
  /** True if some file has a class of that name, or imports one under it. */
  mayBeClass(name: string): boolean;
  /** Every name under which what is called `name` may be imported somewhere (`import name as other`), itself first. */
  aliases(name: string): readonly string[];
  /** The files other than its own that may have a class statement with the class as a base. */
  deriving(base: Named): FilesFound;
  /**
   * The other files that use one of the targets by a name of it, or `attribute` of a class that they need not name; of these the ones that `matters`
   * picks, which is asked while each is read.
   */
  mentioning(
    targets: readonly Named[],
    attribute: string,
    file: FileModel,
    matters: (file: FileModel) => boolean,
    only?: Narrowing,
  ): FilesFound;
  /** The other files that by their text hand a `self` to the class, or set an attribute of that name to one; where `file` has the class. */
  handingSelf(className: string, attribute: string, file: FileModel): readonly FileModel[];
  /** The paths of the other files that have the word in their text, whatever it means there. */
  withWord(word: string, file: FileModel): readonly string[];
  /** The paths of the other files with an import statement of a module, or of a name of one, whose dotted name passes the test. */
  importing(dotted: RegExp, file: FileModel): readonly string[];
  /** The other files that have an attribute of that name, of whatever it may be. */
  reading(name: string, file: FileModel): FilesFound;
  /** The paths of the other files that set an attribute of that name, of whatever it may be. */
  setting(name: string, file: FileModel): readonly string[];
  /** Qualified names of classes whose subclasses only declare, as the configuration has them. */
  readonly declarativeBases: readonly string[];
}

/** What a file defines, with every name under which others may know it. */
export interface Named {
  readonly file: FileModel;
  readonly names: readonly string[];
  /** Where it stands in a class: the names of the outermost one, by which it is imported. */
  readonly around?: readonly string[];
}

/** Which of the files that use something are worth reading. */
export interface Narrowing {
  /** One of these words has to be in the text, or something of a name behind a dot: `.name`. */
  readonly having: readonly string[];
  /** True if it has to be named in code, as far as imports tell: not in strings, and not by way of what is found when the program runs. */
  readonly byName: boolean;
}

export interface FilesFound {
  readonly files: readonly FileModel[];
  /** Why there may be more, for a person; undefined if these are all. */
  readonly incomplete: string | undefined;
}

/** Nothing found, and nothing more to be found. */
export const NO_FILES: FilesFound = { files: [], incomplete: undefined };

/** A file that is looked at by itself. */
export const ALONE: Surroundings = {
  moduleName: () => undefined,
  module: () => 'unknown',
  isModule: () => false,
  mayBeClass: () => false,
  aliases: (name) => [name],
  deriving: () => NO_FILES,
  mentioning: () => NO_FILES,
  handingSelf: () => [],
  withWord: () => [],
  importing: () => [],
  reading: () => NO_FILES,
  setting: () => [],
  declarativeBases: [],
};

/** It starts its line: it is a compound statement, and none may follow a colon or a semicolon (language reference 8). */
const CLASS_STATEMENT = /^[ \t\f]*class[ \t\f\\]/m;

/** One file's model. Nodes and offsets refer to `source.text`. */
export class FileModel {
  readonly source: SourceFile;
  readonly syntax: Syntax;
  readonly scopes: ScopeTree;
  readonly surroundings: Surroundings;
  readonly module: ModuleName | undefined;
  readonly qualified: QualifiedNames;
  private readonly bodies: Bodies;
  private index: NodeIndex | undefined;

  constructor(source: SourceFile, syntax: Syntax, surroundings: Surroundings = ALONE) {
    this.source = source;
    this.syntax = syntax;
    this.surroundings = surroundings;
    owners.set(syntax.root, this);
    this.module = surroundings.moduleName(source);
    this.scopes = scopesOf(syntax.root, source.text);
    this.qualified = new QualifiedNames(source.text, this.scopes, this.module);
    this.bodies = new Bodies(syntax.deferred, source.text);
  }

  text(node: PyNode): string {
    return this.source.text.slice(node.start, node.end);
  }

  /** An identifier as Python compares it: in normal form KC (language reference 2.3). */
  identifier(node: PyNode): string {
    return normalForm(this.text(node));
  }

  /** Every `<object>.name` expression, in the order of the text. */
  attributes(name: string): readonly PyNode[] {
    this.bodies.readWith(name);
    return this.nodes().attributes(name);
  }

  /** Every identifier that is read or bound as a name, in the order of the text. */
  names(name: string): readonly PyNode[] {
    this.bodies.readWith(name);
    return this.nodes().names(name);
  }

  /** Every call expression, in the order of the text. */
  get calls(): readonly PyNode[] {
    this.readAll();
    return this.nodes().calls();
  }

  /**
   * The calls in everything that has one of the words, or another name under which an import of the file brings it: those of a function of
   * that name are among them, and many more. In the order of the text.
   */
  callsNear(...words: readonly string[]): readonly PyNode[] {
    for (const word of words) for (const name of this.importedAs(word)) this.bodies.readWith(name);
    return this.nodes().calls();
  }

  /** Every node but for those in functions whose place does not pass the test; parents before children, in the order of the text. */
  nodesWhere(test: (body: Range) => boolean): Iterable<PyNode> {
    this.bodies.readWhere(test);
    return descendRead(this.syntax.root);
  }

  /** The class statements with their scopes, outer before inner. */
  get classScopes(): readonly (readonly [PyNode, Scope])[] {
    this.bodies.readWhere(({ start, end }) => CLASS_STATEMENT.test(this.source.text.slice(start, end)));
    return [...this.scopes.ofNode].filter(([, { kind }]) => kind === 'class').sort(([a], [b]) => a.start - b.start);
  }

  /** The scopes with what they stand for, but perhaps for those in functions that do not have the word. */
  scopesNear(word: string): ReadonlyMap<PyNode, Scope> {
    this.bodies.readWith(word);
    return this.scopes.ofNode;
  }

  /** Every scope with what it stands for. */
  allScopes(): ReadonlyMap<PyNode, Scope> {
    this.readAll();
    return this.scopes.ofNode;
  }

  /** Reads what was put off. Throws {@link BodyFailure} where that is not Python. */
  readAll(): void {
    this.bodies.readAll();
  }

  /** Every node of a kind that no other index has; looked for anew each time. */
  nodesOfKind(kind: string): readonly PyNode[] {
    return [...descend(this.syntax.root)].filter((node) => node.kind === kind);
  }

  private nodes(): NodeIndex {
    this.index ??= new NodeIndex(this);
    return this.index;
  }

  /** The word, and the names under which imports of the file bring something that is called so. */
  importedAs(word: string): readonly string[] {
    const aliases = this.source.text.matchAll(
      new RegExp(`\\b${word}[\\s\\\\]+as[\\s\\\\]+([\\w\\u0080-\\uffff]+)`, 'g'),
    );
    return [word, ...[...aliases].flatMap(([, alias]) => alias ?? [])];
  }

  /** The scope a name is looked up in; undefined for identifiers that are no names (attributes, keywords). */
  scopeOf(name: PyNode): Scope | undefined {
    return this.scopes.ofName.get(name);
  }

  /** The scope an expression is evaluated in, found through the first name in it. */
  scopeAround(expression: PyNode): Scope | undefined {
    let node: PyNode | undefined = expression;
    while (node !== undefined && !this.scopes.ofName.has(node)) node = node.children[0];
    return node === undefined ? undefined : this.scopes.ofName.get(node);
  }

  /** The binding a name means; undefined for builtins, star-imported and unknown names. */
  resolve(name: PyNode): Binding | undefined {
    const scope = this.scopes.ofName.get(name);
    return scope === undefined ? undefined : lookup(this.text(name), scope);
  }

  /** The uses of a binding: every name that resolves to it, binding sites included. */
  usesOf(binding: Binding): readonly PyNode[] {
    return this.names(binding.name).filter((name) => this.resolve(name) === binding);
  }

  /** See {@link QualifiedNames.of}. */
  qualifiedName(expression: PyNode): string | undefined {
    return this.qualified.of(expression);
  }

  /** The arguments of a call node. */
  argumentsOf(call: PyNode): ReturnType<typeof callArguments> {
    return callArguments(field(call, 'arguments'), this.source.text);
  }
}

const owners = new WeakMap<PyNode, FileModel>();

/** The file that a node stands in. Throws for a tree that no model was made of. */
export function fileOf(node: PyNode): FileModel {
  let root = node;
  while (root.parent !== undefined) root = root.parent;
  const file = owners.get(root);
  if (file === undefined) throw new TypeError('the node belongs to no model');
  return file;
}

/** A node and the file it stands in. */
export interface Spot {
  readonly file: FileModel;
  readonly node: PyNode;
}
