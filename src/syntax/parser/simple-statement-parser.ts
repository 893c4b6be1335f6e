/** Statements that stand on one line (language reference 7). */
import { around, as, leaf, listNode, type MutableNode, node } from '../node.ts';
import { NotTaken } from './lexer.ts';
import { PatternParser } from './pattern-parser.ts';
import { NAME, NEWLINE } from './token-table.ts';

const AUGMENTED: ReadonlySet<string> = new Set('+= -= *= /= @= //= %= **= >>= <<= &= ^= |='.split(' '));

/** `print >>file` of Python 2, which is an expression to Python 3. */
const OLD_PRINT = /print[ \t]*>>/y;

export abstract class SimpleStatementParser extends PatternParser {
  /** What `read` gives; where that is nothing, or the text is none that it takes, as if nothing had been read. */
  protected attempt(read: () => MutableNode | undefined): MutableNode | undefined {
    const { token, nesting } = this;
    const mark = this.mark();
    try {
      const made = read();
      if (made !== undefined) return made;
    } catch (error) {
      if (!(error instanceof NotTaken)) throw error;
    }
    this.reset(mark, token);
    this.nesting = nesting;
    return undefined;
  }

  /** True if the name that is looked at is this one, which is a keyword in some places only. */
  protected isWord(word: string): boolean {
    return this.end - this.start === word.length && this.text.startsWith(word, this.start);
  }

  /** The simple statements of a line; gives where that ends, which is behind its comment. */
  protected simpleStatements(into: MutableNode[]): number {
    into.push(this.simpleStatement());
    while (this.is(';')) {
      this.next();
      if (this.is(NEWLINE)) break;
      into.push(this.simpleStatement());
    }
    const { end } = this;
    this.expect(NEWLINE);
    return end;
  }

  private simpleStatement(): MutableNode {
    const { start } = this;
    switch (this.token) {
      case 'pass':
        return this.single('pass_statement');
      case 'break':
        return this.single('break_statement');
      case 'continue':
        return this.single('continue_statement');
      case 'return':
        return this.after('return_statement');
      case 'del':
        return this.after('delete_statement');
      case 'raise':
        return this.raise();
      case 'assert':
        return this.assert();
      case 'import':
        this.next();
        return around('import_statement', start, this.importList());
      case 'from':
        return this.importFrom();
      case 'global':
        return this.names('global_statement');
      case 'nonlocal':
        return this.names('nonlocal_statement');
      case NAME:
        return (this.isWord('type') ? this.attempt(() => this.typeAlias()) : undefined) ?? this.expressionStatement();
      default:
        return this.expressionStatement();
    }
  }

  private typeAlias(): MutableNode | undefined {
    const { start } = this;
    this.next();
    if (!this.is(NAME)) return undefined;
    const left = as('left', this.type());
    this.expect('=');
    return around('type_alias_statement', start, [left, as('right', this.type())]);
  }

  private expressionStatement(): MutableNode {
    const { start } = this;
    OLD_PRINT.lastIndex = start;
    if (this.isWord('print') && OLD_PRINT.test(this.text)) this.fail();
    if (this.is('yield')) {
      const value = this.yield();
      return node('expression_statement', start, value.end, [value]);
    }
    const first = this.expressionList();
    const assignment = this.assignmentTo(first);
    if (assignment !== undefined) return node('expression_statement', start, assignment.end, [assignment]);
    if (first.kind !== 'expression_list') return node('expression_statement', start, first.end, [first]);
    return listNode('expression_statement', start, first.end, first.children);
  }

  /** Undefined where nothing is assigned. */
  private assignmentTo(value: MutableNode): MutableNode | undefined {
    const { token } = this;
    if (token === '=') {
      const left = as('left', this.target(value));
      this.next();
      const right = as('right', this.assigned());
      return node('assignment', left.start, right.end, [left, right]);
    }
    if (token === ':') {
      const left = as('left', this.target(value));
      this.next();
      const children = [left, as('type', this.type())];
      if (this.is('=')) {
        this.next();
        children.push(as('right', this.assigned()));
      }
      return around('assignment', left.start, children);
    }
    if (!AUGMENTED.has(token)) return undefined;
    const operator = leaf(token, this.start, this.end);
    this.next();
    const left = as('left', this.target(value));
    const right = as('right', this.expressions());
    return node('augmented_assignment', left.start, right.end, [left, as('operator', operator), right]);
  }

  /** What stands behind a `=`: more that is bound, and the value. */
  private assigned(): MutableNode {
    const targets: MutableNode[] = [];
    let value = this.expressions();
    while (this.is('=')) {
      targets.push(as('left', this.target(value)));
      this.next();
      value = this.expressions();
    }
    for (const left of targets.reverse()) value = node('assignment', left.start, value.end, [left, as('right', value)]);
    return value;
  }

  /** A keyword with expressions, or without. */
  private after(kind: string): MutableNode {
    const { start, end } = this;
    this.next();
    if (this.is(NEWLINE) || this.is(';')) return leaf(kind, start, end);
    return around(kind, start, [this.expressionList()]);
  }

  private raise(): MutableNode {
    const { start, end } = this;
    this.next();
    if (this.is(NEWLINE) || this.is(';')) return leaf('raise_statement', start, end);
    const children = [this.expression()];
    if (this.is('from')) {
      this.next();
      children.push(as('cause', this.expression()));
    }
    return around('raise_statement', start, children);
  }

  private assert(): MutableNode {
    const { start } = this;
    this.next();
    const children = [this.expression()];
    if (this.is(',')) {
      this.next();
      children.push(this.expression());
    }
    return around('assert_statement', start, children);
  }

  private names(kind: string): MutableNode {
    const { start } = this;
    this.next();
    const children = [this.identifier()];
    while (this.is(',')) {
      this.next();
      children.push(this.identifier());
    }
    return around(kind, start, children);
  }

  private importFrom(): MutableNode {
    const { start } = this;
    this.next();
    const from = this.start;
    const module = this.is('.') || this.is('...') ? this.relativeImport() : this.dottedName();
    const isFuture = this.text.slice(from, module.end) === '__future__';
    const children = isFuture ? [] : [as('module_name', module)];
    this.expect('import');
    if (this.is('*') && !isFuture) {
      children.push(leaf('wildcard_import', this.start, this.end));
      this.next();
      return around('import_from_statement', start, children);
    }
    const isParenthesized = this.is('(');
    if (isParenthesized) this.next();
    children.push(...this.importList());
    const { end } = this;
    if (isParenthesized) this.expect(')');
    const kind = isFuture ? 'future_import_statement' : 'import_from_statement';
    return isParenthesized ? listNode(kind, start, end, children) : around(kind, start, children);
  }

  private relativeImport(): MutableNode {
    const { start } = this;
    while (this.is('.') || this.is('...')) this.next();
    const prefix = leaf('import_prefix', start, this.before);
    if (!this.is(NAME)) return node('relative_import', start, prefix.end, [prefix]);
    const name = this.dottedName();
    return node('relative_import', start, name.end, [prefix, name]);
  }

  private importList(): MutableNode[] {
    const names = [as('name', this.importedName())];
    while (this.is(',')) {
      this.next();
      if (this.is(')')) break;
      names.push(as('name', this.importedName()));
    }
    return names;
  }

  private importedName(): MutableNode {
    const name = this.dottedName();
    if (!this.is('as')) return name;
    this.next();
    const alias = this.identifier();
    return node('aliased_import', name.start, alias.end, [as('name', name), as('alias', alias)]);
  }
}
