/** The patterns of `match` statements (language reference 8.6). */
import { as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { ExpressionParser } from './expression-parser.ts';
import { FLOAT, INTEGER, STRING } from './token-table.ts';

export abstract class PatternParser extends ExpressionParser {
  /** The patterns of a `case`, up to its guard or colon. */
  protected casePatterns(): MutableNode[] {
    return this.patternsUntil(':');
  }

  private patternsUntil(closing: string): MutableNode[] {
    const all: MutableNode[] = [];
    while (!this.is(closing)) {
      all.push(this.casePattern());
      if (!this.is(',')) break;
      this.next();
    }
    return all;
  }

  private casePattern(): MutableNode {
    const { start } = this;
    const pattern = this.keywordOrSimple();
    const made = node('case_pattern', start, this.before, pattern === undefined ? [] : [pattern]);
    if (!this.is('as')) return made;
    this.next();
    const name = this.identifier();
    return node('case_pattern', start, name.end, [node('as_pattern', start, name.end, [made, name])]);
  }

  /** Undefined for `_`, which is no node. */
  private keywordOrSimple(): MutableNode | undefined {
    const { start } = this;
    const first = this.simple();
    if (!this.is('=')) return first;
    const name = first?.kind === 'dotted_name' && first.children.length === 1 ? first.children[0] : undefined;
    if (name === undefined) return this.fail();
    this.next();
    const value = this.simple();
    return node('keyword_pattern', start, this.before, value === undefined ? [name] : [name, value]);
  }

  /** A pattern, or several with `|` between them. */
  private simple(): MutableNode | undefined {
    const { start } = this;
    const first = this.closed();
    if (!this.is('|')) return first;
    const all = first === undefined ? [] : [first];
    while (this.is('|')) {
      this.next();
      const next = this.closed();
      if (next !== undefined) all.push(next);
    }
    return listNode('union_pattern', start, this.before, all);
  }

  private closed(): MutableNode | undefined {
    this.nest();
    const made = this.atomicPattern();
    this.unnest();
    return made;
  }

  private atomicPattern(): MutableNode | undefined {
    const { start } = this;
    switch (this.token) {
      case '-':
      case INTEGER:
      case FLOAT:
        return this.numberPattern();
      case STRING:
        return this.strings();
      case 'None':
      case 'True':
      case 'False':
        return this.constant();
      case '*':
        return this.splatPattern();
      case '[':
      case '(': {
        const [kind, closing] = this.is('[') ? ['list_pattern', ']'] : ['tuple_pattern', ')'];
        this.next();
        const items = this.patternsUntil(closing);
        this.expect(closing);
        return listNode(kind, start, this.before, items);
      }
      case '{':
        return this.dictPattern();
      default:
        return this.namePattern();
    }
  }

  private numberPattern(): MutableNode {
    const { start } = this;
    if (this.is('-')) this.next();
    const first = this.numberLiteral();
    if (!this.is('+') && !this.is('-')) return first;
    this.next();
    const second = this.numberLiteral();
    return node('complex_pattern', start, second.end, [first, second]);
  }

  private numberLiteral(): MutableNode {
    if (!this.is(INTEGER) && !this.is(FLOAT)) this.fail();
    return this.single(this.token);
  }

  private splatPattern(): MutableNode {
    const { start } = this;
    this.next();
    const name = this.identifier();
    return node('splat_pattern', start, name.end, this.isWildcard(name) ? [] : [name]);
  }

  private isWildcard({ start, end }: MutableNode): boolean {
    return end - start === 1 && this.text.charAt(start) === '_';
  }

  private namePattern(): MutableNode | undefined {
    const name = this.dottedName();
    if (this.is('(')) {
      // To the grammar that is no name of a class.
      if (this.isWildcard(name)) this.fail();
      this.next();
      const given = this.patternsUntil(')');
      this.expect(')');
      return node('class_pattern', name.start, this.before, [name, ...given]);
    }
    return this.isWildcard(name) ? undefined : name;
  }

  private dictPattern(): MutableNode {
    const { start } = this;
    this.next();
    const children: MutableNode[] = [];
    while (!this.is('}')) {
      if (this.is('**')) children.push(this.splatPattern());
      else this.keyAndValue(children);
      if (!this.is(',')) break;
      this.next();
    }
    this.expect('}');
    return listNode('dict_pattern', start, this.before, children);
  }

  private keyAndValue(into: MutableNode[]): void {
    const sign = this.is('-') ? leaf('-', this.start, this.end) : undefined;
    const key = this.simple() ?? this.fail();
    // The grammar gives the role to all there is of the key.
    if (sign !== undefined && key.kind !== 'complex_pattern') into.push(as('key', sign));
    this.expect(':');
    into.push(as('key', key), as('value', this.casePattern()));
  }
}
