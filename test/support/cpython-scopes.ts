/**
 * Our scopes against CPython's own, file by file. Both sides are brought to the same plain description, which
 * `symtable_driver.py` explains with all that is left out on purpose, and the descriptions have to be equal.
 */
import type { FileModel } from '../../src/model/file.ts';
import { nameIn } from '../../src/model/name.ts';
import { lookup, type Scope, type ScopeTree } from '../../src/model/scope.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { type Comparison, compareFiles, Places } from './cpython.ts';

/** What is done to a name in a scope (b: bound, p: parameter, i: imported, r: read), and the path of the scope that owns it. */
type Mention = readonly [letters: string, owner: string | null];

interface Described {
  readonly path: string;
  readonly owned: readonly string[];
  readonly names: Readonly<Record<string, Mention>>;
  readonly hidden: readonly string[];
}

interface Answer {
  readonly scopes: readonly Described[];
  readonly lazy: boolean;
  readonly inlined: boolean;
}

/** Compares the scopes of every file that both sides parse. Rejects if the interpreter itself fails. */
export function compareScopes(command: string, paths: readonly string[]): Promise<Comparison> {
  return compareFiles<Answer>(command, 'symtable_driver.py', paths, (file, answer) => ({
    ours: lines(new Description(file, answer).scopes(), hiddenIn(answer.scopes)),
    theirs: lines(answer.scopes, new Map()),
  }));
}

function hiddenIn(scopes: readonly Described[]): ReadonlyMap<string, readonly string[]> {
  return new Map(scopes.map((scope) => [scope.path, scope.hidden]));
}

/** One line for each scope and each name in it. */
function lines(scopes: readonly Described[], hidden: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return scopes.flatMap(({ path, owned, names }) => [
    `scope ${path} owns ${[...owned].sort().join(' ')}`,
    ...Object.entries(names)
      .filter(([name, [letters]]) => letters !== 'r' || hidden.get(path)?.includes(name) !== true)
      .map(([name, [letters, owner]]) => `in ${path}: ${name} is ${letters}, owned by ${owner ?? 'nothing'}`),
  ]);
}

/** Names that CPython adds where `super` or an annotation scope needs them: left out on both sides. */
const MADE_BY_COMPILER: ReadonlySet<string> = new Set(['__class__', '__classdict__']);

class Description {
  private readonly tree: ScopeTree;
  private readonly text: string;
  private readonly inlined: boolean;
  private readonly lazy: boolean;
  private readonly letters = new Map<PyNode, string>();
  private readonly mentions = new Map<Scope, Map<string, Set<string>>>();
  private readonly places: Places;

  constructor({ scopes: tree, source: { text } }: FileModel, { inlined, lazy }: Answer) {
    this.tree = tree;
    this.text = text;
    this.inlined = inlined;
    this.lazy = lazy;
    this.places = new Places(text);
    for (const scope of tree.ofNode.values()) {
      for (const binding of scope.bindings.values()) {
        for (const { node, kind } of binding.sites)
          this.letters.set(node, kind === 'parameter' ? 'p' : kind === 'import' ? 'i' : 'b');
      }
    }
    for (const [node, scope] of tree.ofName) {
      if (this.lazy && isAnnotation(node)) continue;
      const names = getOrMake(this.mentions, scope, () => new Map<string, Set<string>>());
      getOrMake(names, nameIn(scope, this.text.slice(node.start, node.end)), () => new Set<string>()).add(
        this.letters.get(node) ?? 'r',
      );
    }
  }

  scopes(): readonly Described[] {
    return [...this.tree.ofNode.values()]
      .filter((scope) => !this.isInlined(scope) && !(this.lazy && isAnnotation(scope.node)))
      .map((scope) => ({
        path: this.path(scope),
        owned: [...scope.bindings.keys()]
          .filter((name) => !MADE_BY_COMPILER.has(name) && !this.isHidden(name, scope))
          .map((name) => this.mangled(name, scope)),
        names: Object.fromEntries(
          [...this.namesIn(scope)]
            .filter(([name]) => !MADE_BY_COMPILER.has(name) && !this.isHidden(name, scope))
            .map(([name, letters]) => [
              this.mangled(name, scope),
              [[...letters].sort().join(''), this.owner(name, scope)],
            ]),
        ),
        hidden: [],
      }));
  }

  /** With what inlined comprehensions read, where the scope has no such name itself. */
  private namesIn(scope: Scope): ReadonlyMap<string, ReadonlySet<string>> {
    const names = new Map(this.mentions.get(scope));
    for (const child of scope.children.filter((inner) => this.isInlined(inner))) {
      for (const [name, letters] of this.namesIn(child)) {
        if (!child.bindings.has(name) && !names.has(name)) names.set(name, new Set(letters));
      }
    }
    return names;
  }

  private isHidden(name: string, scope: Scope): boolean {
    return this.inlined && scope.kind === 'comprehension' && scope.bindings.has(name);
  }

  private isInlined(scope: Scope): boolean {
    return this.inlined && scope.kind === 'comprehension' && scope.node.kind !== 'generator_expression';
  }

  private owner(name: string, scope: Scope): string | null {
    const binding = lookup(name, scope);
    if (binding === undefined) return null;
    const outer = binding.scope.parent;
    // Where the scope around an inlined comprehension has the name too, symtable has only that one.
    if (outer !== undefined && this.isInlined(binding.scope) && this.namesIn(outer).has(name))
      return this.owner(name, outer);
    return this.path(binding.scope);
  }

  private path(scope: Scope): string {
    if (scope.parent === undefined) return '';
    const outer = this.path(scope.parent);
    if (this.isInlined(scope)) return outer;
    const placed = this.inlined || (scope.kind !== 'comprehension' && scope.kind !== 'lambda');
    return `${outer}/${this.label(scope)}${placed ? `:${this.places.line(scope.node.start)}` : ''}`;
  }

  private label(scope: Scope): string {
    switch (scope.kind) {
      case 'comprehension':
        return `comprehension ${COMPREHENSION_NAMES[scope.node.kind]}`;
      case 'lambda':
        return 'lambda lambda';
      case 'class':
      case 'function': {
        const name = scope.node.children.find((child) => child.field === 'name');
        return `${scope.kind} ${name === undefined ? '' : this.text.slice(name.start, name.end).normalize('NFKC')}`;
      }
      default:
        return scope.kind;
    }
  }

  /** Private names as the compiler stores them (reference 6.2.1). */
  private mangled(name: string, scope: Scope): string {
    return name.startsWith('__') && !name.endsWith('__') ? scope.privatePrefix + name : name;
  }
}

const COMPREHENSION_NAMES: Readonly<Record<string, string>> = {
  list_comprehension: 'listcomp',
  set_comprehension: 'setcomp',
  dictionary_comprehension: 'dictcomp',
  generator_expression: 'genexpr',
};

/** True inside an annotation of a parameter, a result or a variable. */
function isAnnotation(node: PyNode): boolean {
  let current: PyNode | undefined = node;
  while (current !== undefined) {
    if (current.kind === 'type' && (current.field === 'type' || current.field === 'return_type')) return true;
    if (current.kind === 'block') return false;
    current = current.parent;
  }
  return false;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
