/** What stands by itself, and what is read, called and indexed of it (language reference 6.2 and 6.3). */
import { as, listNode, type MutableNode, node } from '../node.ts';
import { CollectionParser } from './collection-parser.ts';
import { FLOAT, INTEGER, NAME, STRING } from './token-table.ts';

/** What an expression, or one of several, may begin with. */
const BEGINNINGS: ReadonlySet<string> = new Set([
  NAME,
  STRING,
  INTEGER,
  FLOAT,
  ...'( [ { - + ~ * ... not lambda await None True False'.split(' '),
]);

const CONSTANTS: Readonly<Record<string, string>> = { None: 'none', True: 'true', False: 'false' };

export abstract class AtomParser extends CollectionParser {
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
      case 'True':
      case 'False':
        return this.constant();
      case '...':
        return this.single('ellipsis');
      case '(':
        return this.parenthesized();
      case '[':
        return this.list();
      case '{':
        return this.braces();
      default:
        return this.fail();
    }
  }

  /** `None`, `True` or `False`. */
  protected constant(): MutableNode {
    return this.single(CONSTANTS[this.token] ?? this.fail());
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
