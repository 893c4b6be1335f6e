/** The nodes of a file that are asked for by name, as far as its functions have been read. */
import { descendRead, field } from '../syntax/access.ts';
import type { PyNode, Syntax } from '../syntax/tree.ts';
import type { ScopeTree } from './binding.ts';

/** What the index is made from. `identifier` is the name that an identifier stands for. */
interface Indexed {
  readonly syntax: Syntax;
  readonly scopes: ScopeTree;
  identifier(node: PyNode): string;
}

/** Grows while bodies are read. Who asks for a name has what may hold it read first, so that the answer is final. */
export class NodeIndex {
  private readonly file: Indexed;
  private readonly byAttribute = new Map<string, PyNode[]>();
  private readonly byName = new Map<string, PyNode[]>();
  private callList: PyNode[] = [];
  private areCallsSorted = true;
  private readonly sorted = new Set<PyNode[]>();

  constructor(file: Indexed) {
    this.file = file;
    this.add(file.syntax.root);
    this.areCallsSorted = true;
    for (const list of [...this.byAttribute.values(), ...this.byName.values()]) this.sorted.add(list);
    for (const block of file.syntax.deferred) if (!block.isRead) block.whenRead((read) => this.add(read));
  }

  /** Every `<object>.name` expression, in the order of the text. */
  attributes(name: string): readonly PyNode[] {
    return this.inOrder(this.byAttribute.get(name));
  }

  /** Every identifier that is read or bound as a name, in the order of the text. */
  names(name: string): readonly PyNode[] {
    return this.inOrder(this.byName.get(name));
  }

  /** Every call expression, in the order of the text. */
  calls(): readonly PyNode[] {
    // Who iterates over the list may make it grow.
    if (!this.areCallsSorted) this.callList = [...this.callList].sort((a, b) => a.start - b.start || b.end - a.end);
    this.areCallsSorted = true;
    return this.callList;
  }

  private inOrder(list: PyNode[] | undefined): readonly PyNode[] {
    if (list === undefined) return [];
    if (!this.sorted.has(list)) list.sort((a, b) => a.start - b.start || b.end - a.end);
    this.sorted.add(list);
    return list;
  }

  /** Everything below `top` but for bodies that were not read yet. */
  private add(top: PyNode): void {
    const calls: PyNode[] = [];
    for (const node of descendRead(top)) this.note(node, calls);
    if (calls.length === 0) return;
    this.callList = this.callList.length === 0 ? calls : [...this.callList, ...calls];
    this.areCallsSorted = false;
  }

  private note(node: PyNode, calls: PyNode[]): void {
    if (node.kind === 'attribute') {
      const name = field(node, 'attribute');
      if (name !== undefined) this.push(this.byAttribute, this.file.identifier(name), node);
    } else if (node.kind === 'identifier' && this.file.scopes.ofName.has(node)) {
      this.push(this.byName, this.file.identifier(node), node);
    } else if (node.kind === 'call') {
      calls.push(node);
    }
  }

  private push(index: Map<string, PyNode[]>, name: string, node: PyNode): void {
    const list = index.get(name);
    if (list === undefined) index.set(name, [node]);
    else {
      list.push(node);
      this.sorted.delete(list);
    }
  }
}
