/** Statements with blocks that are no definitions (language reference 8.1 to 8.6). */
import { around, as, listNode, type MutableNode, node } from '../node.ts';
import { SimpleStatementParser } from './simple-statement-parser.ts';
import { DEDENT, INDENT, NAME, NEWLINE } from './token-table.ts';

export abstract class ControlFlowParser extends SimpleStatementParser {
  /** What follows the header of a compound statement. */
  protected abstract suite(): MutableNode;

  protected match(): MutableNode | undefined {
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

  protected if(): MutableNode {
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

  protected for(start: number): MutableNode {
    this.expect('for');
    const left = as('left', this.targets());
    this.expect('in');
    const right = as('right', this.expressionList());
    const children = [left, right, as('body', this.suite())];
    if (this.is('else')) children.push(as('alternative', this.else()));
    return around('for_statement', start, children);
  }

  protected while(): MutableNode {
    const { start } = this;
    this.next();
    const condition = as('condition', this.namedExpression());
    const children = [condition, as('body', this.suite())];
    if (this.is('else')) children.push(as('alternative', this.else()));
    return around('while_statement', start, children);
  }

  protected try(): MutableNode {
    const { start } = this;
    this.next();
    const children = [as('body', this.suite())];
    while (this.is('except')) children.push(this.except());
    const [, first] = children;
    // `except` and `except*` do not mix.
    if (children.some(({ kind }, index) => index > 0 && kind !== first?.kind)) this.fail();
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

  protected with(start: number): MutableNode {
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
}

function withItem(value: MutableNode): MutableNode {
  return node('with_item', value.start, value.end, [as('value', value)]);
}
