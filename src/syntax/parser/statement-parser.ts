/** Blocks and definitions, and the text as a whole (language reference 8.7, 8.8 and 9.2). */
import { around, as, listNode, type MutableNode, node } from '../node.ts';
import type { FunctionBody } from '../outline.ts';
import { ControlFlowParser } from './control-flow-parser.ts';
import { DEDENT, END, INDENT, NAME, NEWLINE } from './token-table.ts';

/** Deeper nesting of blocks is left to the grammar. */
const DEEPEST = 60;

/** What is stepped over, to be read later. */
export interface Later {
  /** In the order of the text. */
  readonly bodies: readonly FunctionBody[];
  /** The block of one of them. */
  blockOf(body: FunctionBody, end: number): MutableNode;
}

export class StatementParser extends ControlFlowParser {
  private blocks = 0;
  private readonly later: Later | undefined;
  private nextBody = 0;

  /** Reads the text up to `limit`, a UTF-16 offset. */
  constructor(text: string, limit: number, later?: Later) {
    super(text, limit);
    this.later = later;
  }

  /** The whole text. */
  module(): MutableNode {
    const statements: MutableNode[] = [];
    this.next();
    while (!this.is(END)) this.statement(statements);
    // The grammar has the module begin with its first comment or statement.
    const start = Math.min(statements[0]?.start ?? this.limit, this.comments[0]?.start ?? this.limit);
    return listNode('module', start, this.limit, statements);
  }

  /** The block whose first statement is at `first`, in a line of its own; nothing may follow it. */
  block(first: number): MutableNode {
    this.begin(first);
    this.next();
    const block = this.indentedBlock();
    return this.is(END) ? block : this.fail();
  }

  /** Reads a compound statement, or what stands on a line. */
  private statement(into: MutableNode[]): void {
    switch (this.token) {
      case 'if':
        into.push(this.if());
        return;
      case 'for':
        into.push(this.for(this.start));
        return;
      case 'while':
        into.push(this.while());
        return;
      case 'try':
        into.push(this.try());
        return;
      case 'with':
        into.push(this.with(this.start));
        return;
      case 'def':
        into.push(this.function(this.start));
        return;
      case 'class':
        into.push(this.class());
        return;
      case '@':
        into.push(this.decorated());
        return;
      case 'async':
        into.push(this.async());
        return;
      case NAME: {
        const match = this.isWord('match') ? this.attempt(() => this.match()) : undefined;
        if (match !== undefined) into.push(match);
        else this.simpleStatements(into);
        return;
      }
      default:
        this.simpleStatements(into);
    }
  }

  private async(): MutableNode {
    const { start } = this;
    this.next();
    if (this.is('def')) return this.function(start);
    if (this.is('for')) return this.for(start);
    return this.with(start);
  }

  /** What follows the header. The body of a function may be left for later. */
  protected suite(mayBeDeferred = false): MutableNode {
    this.expect(':');
    if (!this.is(NEWLINE)) return this.lineBlock();
    this.next();
    this.expect(INDENT);
    const body = mayBeDeferred ? this.deferredAt(this.start) : undefined;
    if (body === undefined) return this.indentedBlock();
    // Its first token may have opened a bracket.
    this.enter(body.end, 0);
    this.next();
    while (this.is(';')) this.next();
    this.expect(NEWLINE);
    const { end } = this;
    this.expect(DEDENT);
    return this.later?.blockOf(body, end) ?? this.fail();
  }

  /** A block on the line of its header. */
  private lineBlock(): MutableNode {
    const { start } = this;
    const statements: MutableNode[] = [];
    const end = this.simpleStatements(statements);
    return listNode('block', start, end, statements);
  }

  private indentedBlock(): MutableNode {
    this.blocks += 1;
    if (this.blocks > DEEPEST) this.fail();
    const { start } = this;
    const statements: MutableNode[] = [];
    while (!this.is(DEDENT)) this.statement(statements);
    const { end } = this;
    this.next();
    this.blocks -= 1;
    return listNode('block', start, end, statements);
  }

  private deferredAt(first: number): FunctionBody | undefined {
    const bodies = this.later?.bodies ?? [];
    for (; this.nextBody < bodies.length; this.nextBody++) {
      const body = bodies[this.nextBody];
      if (body === undefined || body.first > first) return undefined;
      if (body.first === first) return body;
    }
    return undefined;
  }

  private function(start: number): MutableNode {
    this.expect('def');
    const children = [as('name', this.identifier())];
    if (this.is('[')) children.push(as('type_parameters', this.typeParameters()));
    const from = this.start;
    this.expect('(');
    const parameters = this.parameterList(')', true);
    const { end } = this;
    this.expect(')');
    children.push(as('parameters', listNode('parameters', from, end, parameters)));
    if (this.is('->')) {
      this.next();
      children.push(as('return_type', this.type()));
    }
    children.push(as('body', this.suite(true)));
    return around('function_definition', start, children);
  }

  private class(): MutableNode {
    const { start } = this;
    this.next();
    const children = [as('name', this.identifier())];
    if (this.is('[')) children.push(as('type_parameters', this.typeParameters()));
    if (this.is('(')) children.push(as('superclasses', this.argumentList()));
    children.push(as('body', this.suite()));
    return around('class_definition', start, children);
  }

  private decorated(): MutableNode {
    const { start } = this;
    const children: MutableNode[] = [];
    while (this.is('@')) {
      const from = this.start;
      this.next();
      const value = this.namedExpression();
      const { end } = this;
      this.expect(NEWLINE);
      children.push(node('decorator', from, end, [value]));
    }
    let definition: MutableNode;
    if (this.is('class')) definition = this.class();
    else if (this.is('def')) definition = this.function(this.start);
    else {
      const from = this.start;
      this.expect('async');
      definition = this.function(from);
    }
    children.push(as('definition', definition));
    return around('decorated_definition', start, children);
  }
}
