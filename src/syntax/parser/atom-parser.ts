/** What stands by itself or in brackets, and what is read, called and indexed of it (language reference 6.2 and 6.3). */
import { as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { FLOAT, INTEGER, NAME, STRING } from './lexer.ts';
import { StringParser } from './string-parser.ts';

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What an expression, or one of several, may begin with. */
const BEGINNINGS: ReadonlySet<string> = new Set([
  NAME,
  STRING,
  INTEGER,
  FLOAT,
  ...'( [ { - + ~ * ... not lambda await None True False'.split(' '),
]);

/** Deeper nesting than any person writes is left to the grammar, which knows no limit. */
const DEEPEST = 100;

export abstract class AtomParser extends StringParser {
  private nesting = 0;

  protected abstract expression(): MutableNode;
  /** An expression without `if` and `lambda`. */
  protected abstract disjunction(): MutableNode;
  /** `name := value`, or an expression. */
  protected abstract namedExpression(): MutableNode;
  /** Values and the operators between them that bind at least as tightly as `least`; see `BINDS`. */
  protected abstract binary(least: number): MutableNode;
  protected abstract yield(): MutableNode;

  /** Counts how deep expressions stand in each other. */
  protected nest(): void {
    this.nesting += 1;
    if (this.nesting > DEEPEST) this.fail();
  }

  protected unnest(): void {
    this.nesting -= 1;
  }

  protected dottedName(): MutableNode {
    const names = [this.identifier()];
    while (this.is('.')) {
      this.next();
      names.push(this.identifier());
    }
    return node('dotted_name', names[0]?.start ?? 0, this.before, names);
  }

  protected identifier(): MutableNode {
    if (!this.is(NAME)) this.fail();
    return this.single('identifier');
  }

  /** The token that is looked at, as a node. */
  protected single(kind: string): MutableNode {
    const made = leaf(kind, this.start, this.end);
    this.next();
    return made;
  }

  /** An atom with what is called, read and indexed of it. */
  protected primary(): MutableNode {
    return this.trailers(this.atom());
  }

  protected trailers(first: MutableNode): MutableNode {
    let value = first;
    for (;;) {
      switch (this.token) {
        case '.': {
          this.next();
          const attribute = this.identifier();
          value = node('attribute', value.start, attribute.end, [as('object', value), as('attribute', attribute)]);
          break;
        }
        case '(': {
          const given = this.callArguments();
          value = node('call', value.start, given.end, [as('function', value), as('arguments', given)]);
          break;
        }
        case '[':
          value = this.subscript(value);
          break;
        default:
          return value;
      }
    }
  }

  private subscript(value: MutableNode): MutableNode {
    this.next();
    const children = [as('value', value)];
    do {
      if (children.length > 1) this.next();
      if (this.is(']') && children.length > 1) break;
      children.push(as('subscript', this.subscriptItem()));
    } while (this.is(','));
    const { end } = this;
    this.expect(']');
    return listNode('subscript', value.start, end, children);
  }

  private subscriptItem(): MutableNode {
    if (this.is('*')) return this.starred();
    const { start } = this;
    const bounds: MutableNode[] = [];
    if (!this.is(':')) {
      const first = this.namedExpression();
      if (!this.is(':')) return first;
      bounds.push(first);
    }
    let colons = 0;
    while (this.is(':') && colons < 2) {
      colons += 1;
      this.next();
      if (this.beginsExpression()) bounds.push(this.expression());
    }
    return listNode('slice', start, this.before, bounds);
  }

  private callArguments(): MutableNode {
    const { start } = this;
    const children: MutableNode[] = [];
    this.next();
    while (!this.is(')')) {
      const argument = this.argument();
      if (children.length === 0 && this.beginsComprehension())
        return this.comprehension('generator_expression', start, argument);
      children.push(argument);
      if (!this.is(',')) break;
      this.next();
    }
    const { end } = this;
    this.expect(')');
    return listNode('argument_list', start, end, children);
  }

  protected argumentList(): MutableNode {
    const made = this.callArguments();
    return made.kind === 'argument_list' ? made : this.fail();
  }

  private argument(): MutableNode {
    if (this.is('*') || this.is('**')) return this.splat();
    const value = this.namedExpression();
    if (!this.is('=')) return value;
    if (value.kind !== 'identifier') this.fail();
    this.next();
    const given = this.expression();
    return node('keyword_argument', value.start, given.end, [as('name', value), as('value', given)]);
  }

  private splat(): MutableNode {
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

  private atom(): MutableNode {
    switch (this.token) {
      case NAME:
        return this.single('identifier');
      case STRING:
        return this.strings();
      case INTEGER:
      case FLOAT:
        return this.single(this.token);
      case 'None':
        return this.single('none');
      case 'True':
        return this.single('true');
      case 'False':
        return this.single('false');
      case '...':
        return this.single('ellipsis');
      case '(':
        return this.parenthesized();
      case '[':
        return this.collection('list', 'list_comprehension');
      case '{':
        return this.braces();
      default:
        return this.fail();
    }
  }

  private parenthesized(): MutableNode {
    const { start } = this;
    this.next();
    if (this.is('yield')) {
      const value = this.yield();
      const { end } = this;
      this.expect(')');
      return node('parenthesized_expression', start, end, [value]);
    }
    return this.collectionFrom(start, 'tuple', 'generator_expression', ')');
  }

  private collection(kind: string, comprehension: string): MutableNode {
    const { start, token } = this;
    this.next();
    return this.collectionFrom(start, kind, comprehension, CLOSING[token] ?? '');
  }

  /** What stands in brackets that were opened at `start`. */
  private collectionFrom(start: number, kind: string, comprehension: string, closing: string): MutableNode {
    const children: MutableNode[] = [];
    let hasComma = false;
    while (!this.is(closing)) {
      const element = this.is('*') ? this.starred() : this.namedExpression();
      if (children.length === 0 && this.beginsComprehension()) return this.comprehension(comprehension, start, element);
      children.push(element);
      if (!this.is(',')) break;
      hasComma = true;
      this.next();
    }
    const { end } = this;
    this.expect(closing);
    const [only] = children;
    if (kind === 'tuple' && only !== undefined && !hasComma) {
      if (only.kind === 'list_splat') this.fail();
      return listNode('parenthesized_expression', start, end, children);
    }
    return listNode(kind, start, end, children);
  }

  private braces(): MutableNode {
    const { start } = this;
    this.next();
    if (this.is('}')) {
      const made = leaf('dictionary', start, this.end);
      this.next();
      return made;
    }
    if (this.is('*')) return this.collectionFrom(start, 'set', 'set_comprehension', '}');
    if (this.is('**')) return this.dictionaryFrom(start, this.splat());
    const first = this.namedExpression();
    if (this.is(':')) return this.dictionaryFrom(start, this.pairFrom(first));
    if (this.beginsComprehension()) return this.comprehension('set_comprehension', start, first);
    const children = [first];
    while (this.is(',')) {
      this.next();
      if (this.is('}')) break;
      children.push(this.is('*') ? this.starred() : this.namedExpression());
    }
    const { end } = this;
    this.expect('}');
    return listNode('set', start, end, children);
  }

  private pairFrom(key: MutableNode): MutableNode {
    this.expect(':');
    const value = this.expression();
    return node('pair', key.start, value.end, [as('key', key), as('value', value)]);
  }

  private dictionaryFrom(start: number, first: MutableNode): MutableNode {
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

  private beginsComprehension(): boolean {
    return this.is('for') || this.is('async');
  }

  /** The clauses and the closing bracket. */
  private comprehension(kind: string, start: number, body: MutableNode): MutableNode {
    if (body.kind === 'list_splat' || body.kind === 'dictionary_splat' || body.kind === 'keyword_argument') this.fail();
    const children = [as('body', body)];
    for (;;) {
      if (this.beginsComprehension()) children.push(this.forClause());
      else if (this.is('if')) children.push(this.ifClause());
      else break;
    }
    const { end } = this;
    this.expect(CLOSING[this.text.charAt(start)] ?? '');
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

  /** What a `for` binds. */
  protected targets(): MutableNode {
    const first = this.target(this.is('*') ? this.starred() : this.primary());
    if (!this.is(',')) return first;
    const all = [first];
    while (this.is(',')) {
      this.next();
      if (this.is('in')) break;
      all.push(this.target(this.is('*') ? this.starred() : this.primary()));
    }
    return listNode('pattern_list', first.start, this.before, all);
  }

  /** The expression as what is bound. */
  protected target(value: MutableNode): MutableNode {
    switch (value.kind) {
      case 'identifier':
      case 'attribute':
      case 'subscript':
        return value;
      case 'list_splat':
        if (!isTarget(value.children[0])) this.fail();
        value.kind = 'list_splat_pattern';
        return value;
      case 'expression_list':
        value.kind = 'pattern_list';
        break;
      case 'tuple':
      case 'parenthesized_expression':
        value.kind = 'tuple_pattern';
        break;
      case 'list':
        value.kind = 'list_pattern';
        break;
      default:
        this.fail();
    }
    for (const child of value.children) this.target(child);
    return value;
  }

  protected beginsExpression(): boolean {
    return BEGINNINGS.has(this.token);
  }
}

function isTarget(value: MutableNode | undefined): boolean {
  return value?.kind === 'identifier' || value?.kind === 'attribute' || value?.kind === 'subscript';
}
