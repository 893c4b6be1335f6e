/** Expressions by precedence (language reference 6). */
import { as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { ParameterParser } from './parameter-parser.ts';

/** How tightly the grammar binds operators between two values: `^` and `&` are the other way round than in Python. */
const BINDS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    '|': 1,
    '&': 2,
    '^': 3,
    '<<': 4,
    '>>': 4,
    '+': 5,
    '-': 5,
    '*': 6,
    '@': 6,
    '/': 6,
    '%': 6,
    '//': 6,
  }),
);
const COMPARES: ReadonlySet<string> = new Set(['<', '<=', '==', '!=', '>=', '>', 'in', 'is', 'not']);
export abstract class ExpressionParser extends ParameterParser {
  /** `yield`, or expressions with commas between them. */
  protected expressions(): MutableNode {
    return this.is('yield') ? this.yield() : this.expressionList();
  }

  protected expressionList(): MutableNode {
    const first = this.element();
    if (!this.is(',')) return first;
    const all = [first];
    while (this.is(',')) {
      this.next();
      if (!this.beginsExpression()) break;
      all.push(this.element());
    }
    return listNode('expression_list', first.start, this.before, all);
  }

  private element(): MutableNode {
    return this.is('*') ? this.starred() : this.expression();
  }

  protected yield(): MutableNode {
    const { start, end } = this;
    this.next();
    if (this.is('from')) {
      this.next();
      const value = this.expression();
      return node('yield', start, value.end, [value]);
    }
    if (!this.beginsExpression()) return leaf('yield', start, end);
    const value = this.expressionList();
    return node('yield', start, value.end, [value]);
  }

  /** `name := value`, or an expression. */
  protected namedExpression(): MutableNode {
    const first = this.expression();
    // The grammar knows a colon only as that.
    if (!this.is(':=')) return first;
    if (first.kind !== 'identifier') this.fail();
    this.next();
    const value = this.expression();
    return node('named_expression', first.start, value.end, [as('name', first), as('value', value)]);
  }

  protected expression(): MutableNode {
    this.nest();
    const made = this.is('lambda') ? this.lambda() : this.conditional();
    this.unnest();
    return made;
  }

  private conditional(): MutableNode {
    const value = this.disjunction();
    if (!this.is('if')) return value;
    this.next();
    const condition = this.disjunction();
    this.expect('else');
    const otherwise = this.expression();
    return node('conditional_expression', value.start, otherwise.end, [value, condition, otherwise]);
  }

  private lambda(): MutableNode {
    const { start } = this;
    this.next();
    const children: MutableNode[] = [];
    if (!this.is(':')) {
      const from = this.start;
      const parameters = this.parameterList(':', false);
      children.push(as('parameters', listNode('lambda_parameters', from, this.before, parameters)));
    }
    this.expect(':');
    const body = this.expression();
    children.push(as('body', body));
    return listNode('lambda', start, body.end, children);
  }

  /** The expression that begins with a name which was read. */
  protected expressionAfter(name: MutableNode): MutableNode {
    return this.disjunctionFrom(this.comparisonFrom(this.binaryFrom(this.trailers(name), 1)));
  }

  protected disjunction(): MutableNode {
    return this.disjunctionFrom(this.conjunction());
  }

  private disjunctionFrom(first: MutableNode): MutableNode {
    let left = first;
    while (this.is('or')) left = this.boolean(left, () => this.conjunction());
    return left;
  }

  private conjunction(): MutableNode {
    let left = this.negation();
    while (this.is('and')) left = this.boolean(left, () => this.negation());
    return left;
  }

  private boolean(left: MutableNode, operand: () => MutableNode): MutableNode {
    const operator = this.single(this.token);
    const right = this.is('lambda') ? this.lambda() : operand();
    return node('boolean_operator', left.start, right.end, [
      as('left', left),
      as('operator', operator),
      as('right', right),
    ]);
  }

  private negation(): MutableNode {
    if (!this.is('not')) return this.comparisonFrom(this.binary(1));
    const { start } = this;
    this.next();
    this.nest();
    const argument = as('argument', this.negation());
    this.unnest();
    return node('not_operator', start, argument.end, [argument]);
  }

  private comparisonFrom(first: MutableNode): MutableNode {
    if (!COMPARES.has(this.token)) return first;
    const children = [first];
    while (COMPARES.has(this.token)) {
      children.push(as('operators', this.comparison()), this.binary(1));
    }
    return node('comparison_operator', first.start, children[children.length - 1]?.end ?? 0, children);
  }

  private comparison(): MutableNode {
    const { start, token } = this;
    const first = this.single(token);
    if (token === 'not') {
      this.expect('in');
      return leaf('not in', start, this.before);
    }
    if (token !== 'is' || !this.is('not')) return first;
    this.next();
    return leaf('is not', start, this.before);
  }

  protected binary(least: number): MutableNode {
    return this.binaryFrom(this.unary(), least);
  }

  private binaryFrom(first: MutableNode, least: number): MutableNode {
    let left = first;
    for (;;) {
      const binds = BINDS.get(this.token) ?? 0;
      if (binds < least) return left;
      const operator = this.single(this.token);
      const right = this.binary(binds + 1);
      left = binary(left, operator, right);
    }
  }

  private unary(): MutableNode {
    const { start, token } = this;
    if (token !== '-' && token !== '+' && token !== '~' && token !== 'await') return this.power(this.primary());
    const operator = this.single(token);
    this.nest();
    const argument = this.unary();
    this.unnest();
    // The grammar has `await x ** y` wait for the power.
    if (token === 'await') return node('await', start, argument.end, [argument]);
    return node('unary_operator', start, argument.end, [as('operator', operator), as('argument', argument)]);
  }

  private power(base: MutableNode): MutableNode {
    if (!this.is('**')) return base;
    const operator = this.single('**');
    this.nest();
    const right = this.unary();
    this.unnest();
    return binary(base, operator, right);
  }
}

function binary(left: MutableNode, operator: MutableNode, right: MutableNode): MutableNode {
  return node('binary_operator', left.start, right.end, [
    as('left', left),
    as('operator', operator),
    as('right', right),
  ]);
}
