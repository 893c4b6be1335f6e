/** Parameters and types (language reference 8.7, 8.10). */
import { as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { AtomParser } from './atom-parser.ts';
import { NAME } from './token-table.ts';

export abstract class ParameterParser extends AtomParser {
  /** The expression that begins with a name which was read. */
  protected abstract expressionAfter(name: MutableNode): MutableNode;

  /** The parameters up to `closing`, which is looked at then. */
  protected parameterList(closing: string, mayBeTyped: boolean): MutableNode[] {
    const all: MutableNode[] = [];
    while (!this.is(closing)) {
      all.push(this.parameter(mayBeTyped));
      if (!this.is(',')) break;
      this.next();
    }
    if (!this.is(closing)) this.fail();
    return all;
  }

  private parameter(mayBeTyped: boolean): MutableNode {
    const { start, end, token } = this;
    if (token === '/') return this.single('positional_separator');
    if (token === '*' || token === '**') {
      this.next();
      if (!this.is(NAME)) return token === '*' ? leaf('keyword_separator', start, end) : this.fail();
      const name = this.identifier();
      const kind = token === '*' ? 'list_splat_pattern' : 'dictionary_splat_pattern';
      return this.typed(node(kind, start, name.end, [name]), mayBeTyped);
    }
    const name = this.identifier();
    if (this.is('=')) return this.withDefault('default_parameter', [as('name', name)]);
    const typed = this.typed(name, mayBeTyped);
    const [, type] = typed.children;
    return type !== undefined && this.is('=')
      ? this.withDefault('typed_default_parameter', [as('name', name), type])
      : typed;
  }

  private typed(name: MutableNode, mayBeTyped: boolean): MutableNode {
    if (!mayBeTyped || !this.is(':')) return name;
    this.next();
    const type = as('type', this.type());
    return node('typed_parameter', name.start, type.end, [name, type]);
  }

  private withDefault(kind: string, children: MutableNode[]): MutableNode {
    this.next();
    const value = this.expression();
    children.push(as('value', value));
    return node(kind, children[0]?.start ?? 0, value.end, children);
  }

  /** A type, as the grammar reads it: a name with brackets is its own kind of type there, all else an expression. */
  protected type(): MutableNode {
    this.nest();
    let made = this.plainType();
    while (this.is('|')) {
      this.next();
      const right = this.plainType();
      made = inType(node('union_type', made.start, right.end, [made, right]));
    }
    this.unnest();
    return made;
  }

  private plainType(): MutableNode {
    const { start } = this;
    if (this.is('*') || this.is('**')) {
      this.next();
      const name = this.identifier();
      return inType(node('splat_type', start, name.end, [name]));
    }
    if (!this.is(NAME)) return inType(this.expression());
    const name = this.identifier();
    if (!this.is('[')) return inType(this.expressionAfter(name));
    const parameters = this.typeParameters();
    return inType(node('generic_type', name.start, parameters.end, [name, parameters]));
  }

  protected typeParameters(): MutableNode {
    const { start } = this;
    this.next();
    const all = [this.constrainedType()];
    while (this.is(',')) {
      this.next();
      if (this.is(']')) break;
      all.push(this.constrainedType());
    }
    const { end } = this;
    this.expect(']');
    return listNode('type_parameter', start, end, all);
  }

  /** `T: bound`, or a type. A default (PEP 696) names nothing that a rule looks for, and is left out, as the grammar does not know it. */
  private constrainedType(): MutableNode {
    let made = this.type();
    if (this.is(':')) {
      this.next();
      const bound = this.type();
      made = inType(node('constrained_type', made.start, bound.end, [made, bound]));
    }
    if (this.is('=')) {
      this.next();
      this.type();
    }
    return made;
  }
}

function inType(child: MutableNode): MutableNode {
  return node('type', child.start, child.end, [child]);
}
