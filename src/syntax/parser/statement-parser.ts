/** Compound statements, and the text as a whole (language reference 8). */
import { around, as, listNode, type MutableNode, node } from '../node.ts';
import type { FunctionBody } from '../outline.ts';
import { DEDENT, END, INDENT, NAME, NEWLINE } from './lexer.ts';
import { SimpleStatementParser } from './simple-statement-parser.ts';

/** Deeper nesting of blocks is left to the grammar. */
const DEEPEST = 60;

export class StatementParser extends SimpleStatementParser {
  private blocks = 0;
  /** What is left of the bodies that are not to be read, in their order. */
  private readonly bodies: readonly FunctionBody[];
  private nextBody = 0;
  private readonly defer: ((body: FunctionBody, end: number) => MutableNode) | undefined;

  /** `defer` makes the block of each of the `bodies`, which are not read. */
  constructor(
    text: string,
    limit: number,
    bodies: readonly FunctionBody[] = [],
    defer?: (body: FunctionBody, end: number) => MutableNode,
  ) {
    super(text, limit);
    this.bodies = bodies;
    this.defer = defer;
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

  private match(): MutableNode | undefined {
    const { start } = this;
    this.next();
    const children = [as('subject', this.expression())];
    while (this.is(',')) {
      this.next();
      if (this.is(':')) break;
      children.push(as('subject', this.expression()));
    }
    this.expect(':');
    if (!this.is(NEWLINE)) return undefined;
    this.next();
    if (!this.is(INDENT)) return undefined;
    const block = this.start;
    this.next();
    if (!this.isWord('case')) return undefined;
    const cases: MutableNode[] = [];
    while (!this.is(DEDENT)) cases.push(as('alternative', this.case()));
    const { end } = this;
    this.next();
    children.push(as('body', listNode('block', block, end, cases)));
    return around('match_statement', start, children);
  }

  private case(): MutableNode {
    const { start } = this;
    if (!this.is(NAME) || !this.isWord('case')) this.fail();
    this.next();
    const children = this.casePatterns();
    if (this.is('if')) children.push(as('guard', this.guard()));
    children.push(as('consequence', this.suite()));
    return around('case_clause', start, children);
  }

  private guard(): MutableNode {
    const { start } = this;
    this.next();
    return around('if_clause', start, [this.namedExpression()]);
  }

  private async(): MutableNode {
    const { start } = this;
    this.next();
    if (this.is('def')) return this.function(start);
    if (this.is('for')) return this.for(start);
    return this.with(start);
  }

  /** What follows the header of a compound statement. The body of a function may be left for later. */
  private suite(mayBeDeferred = false): MutableNode {
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
    return this.defer?.(body, end) ?? this.fail();
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
    const { bodies } = this;
    for (; this.nextBody < bodies.length; this.nextBody++) {
      const body = bodies[this.nextBody];
      if (body === undefined || body.first > first) return undefined;
      if (body.first === first) return body;
    }
    return undefined;
  }

  private if(): MutableNode {
    const { start } = this;
    this.next();
    const children = [as('condition', this.namedExpression())];
    children.push(as('consequence', this.suite()));
    while (this.is('elif')) children.push(as('alternative', this.elif()));
    if (this.is('else')) children.push(as('alternative', this.else()));
    return around('if_statement', start, children);
  }

  private elif(): MutableNode {
    const { start } = this;
    this.next();
    const condition = as('condition', this.namedExpression());
    return around('elif_clause', start, [condition, as('consequence', this.suite())]);
  }

  private else(): MutableNode {
    const { start } = this;
    this.next();
    return around('else_clause', start, [as('body', this.suite())]);
  }

  private for(start: number): MutableNode {
    this.expect('for');
    const left = as('left', this.targets());
    this.expect('in');
    const right = as('right', this.expressionList());
    const children = [left, right, as('body', this.suite())];
    if (this.is('else')) children.push(as('alternative', this.else()));
    return around('for_statement', start, children);
  }

  private while(): MutableNode {
    const { start } = this;
    this.next();
    const condition = as('condition', this.namedExpression());
    const children = [condition, as('body', this.suite())];
    if (this.is('else')) children.push(as('alternative', this.else()));
    return around('while_statement', start, children);
  }

  private try(): MutableNode {
    const { start } = this;
    this.next();
    const children = [as('body', this.suite())];
    while (this.is('except')) children.push(this.except());
    if (this.is('else') && children.length > 1) children.push(this.else());
    if (this.is('finally')) {
      const { start } = this;
      this.next();
      children.push(around('finally_clause', start, [this.suite()]));
    }
    if (children.length === 1) this.fail();
    return around('try_statement', start, children);
  }

  private except(): MutableNode {
    const { start, end } = this;
    this.next();
    const children: MutableNode[] = [];
    if (this.is('*')) {
      // It is one token to the grammar.
      if (this.start !== end) this.fail();
      this.next();
      const value = this.expression();
      return around('except_group_clause', start, [this.is('as') ? this.alias(value) : value, this.suite()]);
    }
    if (!this.is(':')) {
      const value = this.expression();
      children.push(as('value', this.is('as') ? this.alias(value) : value));
    }
    children.push(this.suite());
    return around('except_clause', start, children);
  }

  /** `value as name`. */
  private alias(value: MutableNode): MutableNode {
    this.next();
    const name = this.expression();
    const target = node('as_pattern_target', name.start, name.end, [name]);
    return node('as_pattern', value.start, name.end, [value, as('alias', target)]);
  }

  private with(start: number): MutableNode {
    this.expect('with');
    const clause = (this.is('(') ? this.parenthesizedItems() : undefined) ?? this.withItems();
    return around('with_statement', start, [clause, as('body', this.suite())]);
  }

  private withItems(): MutableNode {
    const { start } = this;
    const items = [withItem(this.withValue())];
    while (this.is(',')) {
      this.next();
      items.push(withItem(this.withValue()));
    }
    return listNode('with_clause', start, this.before, items);
  }

  private withValue(): MutableNode {
    const value = this.expression();
    return this.is('as') ? this.alias(value) : value;
  }

  /** Items in parentheses; undefined where these are those of an expression, and nothing is read then. */
  private parenthesizedItems(): MutableNode | undefined {
    const { start } = this;
    return this.attempt(() => {
      this.next();
      const values: MutableNode[] = [];
      let hasComma = false;
      while (!this.is(')')) {
        values.push(this.withValue());
        hasComma = this.is(',');
        if (!hasComma) break;
        this.next();
      }
      this.expect(')');
      const end = this.before;
      if (!this.is(':')) return undefined;
      if (values.length > 1) return node('with_clause', start, end, values.map(withItem));
      // To the grammar a single one is an expression in parentheses.
      const value = listNode(
        hasComma || values.length === 0 ? 'tuple' : 'parenthesized_expression',
        start,
        end,
        values,
      );
      return node('with_clause', start, end, [withItem(value)]);
    });
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

function withItem(value: MutableNode): MutableNode {
  return node('with_item', value.start, value.end, [as('value', value)]);
}
