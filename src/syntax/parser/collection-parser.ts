/** What stands in brackets: tuples, lists, sets, dictionaries and comprehensions (language reference 6.2.3 to 6.2.8). */
import { as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { StringParser } from './string-parser.ts';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Deeper nesting than any person writes is left to the grammar, which knows no limit. */
const DEEPEST = 100;

export abstract class CollectionParser extends StringParser {
  /** How deep what is read stands in other expressions. */
  protected nesting = 0;

  protected abstract expression(): MutableNode;
  /** An expression without `if` and `lambda`. */
  protected abstract disjunction(): MutableNode;
  /** `name := value`, or an expression. */
  protected abstract namedExpression(): MutableNode;
  /** Values and the operators between them that bind at least as tightly as `least`; see `BINDS`. */
  protected abstract binary(least: number): MutableNode;
  protected abstract yield(): MutableNode;
  /** What a `for` binds. */
  protected abstract targets(): MutableNode;

  /** Counts how deep expressions stand in each other. */
  protected nest(): void {
    this.nesting += 1;
    if (this.nesting > DEEPEST) this.fail();
  }

  protected unnest(): void {
    this.nesting -= 1;
  }

  /** The token that is looked at, as a node. */
  protected single(kind: string): MutableNode {
    const made = leaf(kind, this.start, this.end);
    this.next();
    return made;
  }

  protected splat(): MutableNode {
    const { start, token } = this;
    this.next();
    const value = this.expression();
    return node(token === '*' ? 'list_splat' : 'dictionary_splat', start, value.end, [value]);
  }

  /** `*values`. The grammar cannot tell whether the star or what follows the name comes first, and takes either; here it is as in Python. */
  protected starred(): MutableNode {
    const { start } = this;
    this.next();
    const value = this.binary(1);
    return node('list_splat', start, value.end, [value]);
  }

  protected parenthesized(): MutableNode {
    const { start } = this;
    this.next();
    if (!this.is('yield')) return this.elements(start, 'tuple', 'generator_expression');
    const value = this.yield();
    const { end } = this;
    this.expect(')');
    return node('parenthesized_expression', start, end, [value]);
  }

  protected list(): MutableNode {
    const { start } = this;
    this.next();
    return this.elements(start, 'list', 'list_comprehension');
  }

  protected braces(): MutableNode {
    const { start } = this;
    this.next();
    if (this.is('}')) {
      const made = leaf('dictionary', start, this.end);
      this.next();
      return made;
    }
    if (this.is('**')) return this.dictionary(start, this.splat());
    const first = this.item();
    return this.is(':')
      ? this.dictionary(start, this.pairFrom(first))
      : this.elements(start, 'set', 'set_comprehension', first);
  }

  private item(): MutableNode {
    return this.is('*') ? this.starred() : this.namedExpression();
  }

  /** What stands in brackets that were opened at `start`; the `first` of it may have been read. */
  private elements(start: number, kind: string, comprehension: string, first?: MutableNode): MutableNode {
    const closing = this.closing(start);
    const children: MutableNode[] = [];
    let hasComma = false;
    let read = first;
    while (read !== undefined || !this.is(closing)) {
      const element = read ?? this.item();
      read = undefined;
      if (children.length === 0 && this.beginsComprehension()) return this.comprehension(comprehension, start, element);
      children.push(element);
      if (!this.is(',')) break;
      hasComma = true;
      this.next();
    }
    const { end } = this;
    this.expect(closing);
    const isOne = kind === 'tuple' && children.length === 1 && !hasComma;
    if (isOne && children[0]?.kind === 'list_splat') this.fail();
    return listNode(isOne ? 'parenthesized_expression' : kind, start, end, children);
  }

  /** What closes the bracket that was opened there. */
  private closing(start: number): string {
    return CLOSING[this.text.charAt(start)] ?? '';
  }

  private pairFrom(key: MutableNode): MutableNode {
    this.expect(':');
    const value = this.expression();
    return node('pair', key.start, value.end, [as('key', key), as('value', value)]);
  }

  private dictionary(start: number, first: MutableNode): MutableNode {
    if (first.kind === 'pair' && this.beginsComprehension())
      return this.comprehension('dictionary_comprehension', start, first);
    const children = [first];
    while (this.is(',')) {
      this.next();
      if (this.is('}')) break;
      children.push(this.is('**') ? this.splat() : this.pairFrom(this.expression()));
    }
    const { end } = this;
    this.expect('}');
    return listNode('dictionary', start, end, children);
  }

  protected beginsComprehension(): boolean {
    return this.is('for') || this.is('async');
  }

  /** The clauses and the closing bracket. */
  protected comprehension(kind: string, start: number, body: MutableNode): MutableNode {
    if (body.kind === 'list_splat' || body.kind === 'dictionary_splat' || body.kind === 'keyword_argument') this.fail();
    const children = [as('body', body)];
    for (;;) {
      if (this.beginsComprehension()) children.push(this.forClause());
      else if (this.is('if')) children.push(this.ifClause());
      else break;
    }
    const { end } = this;
    this.expect(this.closing(start));
    return listNode(kind, start, end, children);
  }

  private forClause(): MutableNode {
    const { start } = this;
    if (this.is('async')) this.next();
    this.expect('for');
    const left = as('left', this.targets());
    this.expect('in');
    const right = as('right', this.disjunction());
    return node('for_in_clause', start, right.end, [left, right]);
  }

  private ifClause(): MutableNode {
    const { start } = this;
    this.next();
    const first = this.disjunction();
    if (this.is(':=')) this.fail();
    return node('if_clause', start, first.end, [first]);
  }
}
