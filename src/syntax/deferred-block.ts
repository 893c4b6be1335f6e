/** The body of a function that is read when somebody asks what is in it. */
import type { MutableNode, PyNode } from './node.ts';
import type { FunctionBody } from './outline.ts';

/** A `block` like any other, but that its children are not there until they are asked for. */
export class DeferredBlock implements MutableNode {
  kind = 'block';
  field: string | undefined = 'body';
  readonly start: number;
  readonly end: number;
  parent: MutableNode | undefined;
  readonly body: FunctionBody;
  private readonly read: (block: DeferredBlock) => void;
  private list: MutableNode[] | undefined;
  private waiting: ((block: DeferredBlock) => void)[] = [];

  /** `read` gives the block its children. `end` is behind the comments that belong to the block. */
  constructor(body: FunctionBody, end: number, read: (block: DeferredBlock) => void) {
    this.start = body.first;
    this.end = end;
    this.body = body;
    this.read = read;
  }

  get isRead(): boolean {
    return this.list !== undefined;
  }

  get children(): MutableNode[] {
    if (this.list === undefined) this.load();
    return this.list ?? [];
  }

  set children(children: MutableNode[]) {
    this.list = children;
  }

  /** Reads the body if nobody has yet. */
  load(): void {
    if (this.isRead) return;
    this.read(this);
    const { waiting } = this;
    this.waiting = [];
    for (const hear of waiting) hear(this);
  }

  /** Calls `hear` as soon as the body has been read, those who came first first; at once if it is read already. */
  whenRead(hear: (block: DeferredBlock) => void): void {
    if (this.isRead) hear(this);
    else this.waiting.push(hear);
  }
}

/** True for the body of a function that is, or was, read later than the rest. */
export function isDeferred(node: PyNode): node is DeferredBlock {
  return node instanceof DeferredBlock;
}
