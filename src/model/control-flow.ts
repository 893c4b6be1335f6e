/**
 * Follows the statements of a function as Python runs them and carries a state along: a forward data-flow analysis over the
 * structured statements of the language reference (sections 7 and 8).
 *
 * What a state is and what an expression does to it are the analysis's own; this knows branches, loops, exceptions and exits.
 */
import { field, fields } from '../syntax/access.ts';
import type { PyNode } from '../syntax/tree.ts';

export interface Analysis<State extends object> {
  /** The state after an expression or simple statement has been evaluated. */
  evaluate(node: PyNode, state: State): State;
  /** What holds if either may hold; `a` itself if `b` adds nothing. */
  join(a: State, b: State): State;
  /** What an exception handler may find: raised anywhere between the state before and the one after the guarded block. */
  thrown(before: State, after: State | undefined): State;
  /** The state once a condition has turned out true or false. */
  assume(condition: PyNode, outcome: boolean, state: State): State;
  /** True for a `with` clause that may swallow what is raised inside, so that the block may end anywhere. */
  swallows(clause: PyNode): boolean;
  /** A function or class defined here; its body runs later. */
  define(body: PyNode, state: State): void;
  /** True for a condition that is always true. */
  isEndless(condition: PyNode): boolean;
  /** True for a match pattern that always matches. */
  isWildcard(pattern: PyNode): boolean;
}

/** The ends of one function's run. */
interface Frame<State> {
  readonly exits: State[];
  readonly breaks: State[][];
  readonly continues: State[][];
}

/** Runs a function's block. The result is the state of every normal end: each `return`, and falling off the end. */
export function runBlock<State extends object>(
  analysis: Analysis<State>,
  body: PyNode | undefined,
  entry: State,
): readonly State[] {
  const flow = new ControlFlow(analysis);
  const end = flow.block(body, entry);
  return end === undefined ? flow.frame.exits : [...flow.frame.exits, end];
}

class ControlFlow<State extends object> {
  readonly frame: Frame<State> = { exits: [], breaks: [], continues: [] };
  private readonly analysis: Analysis<State>;

  constructor(analysis: Analysis<State>) {
    this.analysis = analysis;
  }

  /** Undefined, as a state, is a point that is never reached. */
  block(body: PyNode | undefined, entry: State | undefined): State | undefined {
    let state = entry;
    for (const statement of body?.children ?? []) {
      if (state === undefined) return undefined;
      state = this.statement(statement, state);
    }
    return state;
  }

  private join(a: State | undefined, b: State | undefined): State | undefined {
    if (a === undefined || a === b) return b;
    return b === undefined ? a : this.analysis.join(a, b);
  }

  private evaluate(node: PyNode | undefined, state: State): State {
    return node === undefined ? state : this.analysis.evaluate(node, state);
  }

  private statement(node: PyNode, state: State): State | undefined {
    switch (node.kind) {
      case 'if_statement':
        return this.branch(node, state);
      case 'while_statement':
      case 'for_statement':
        return this.loop(node, state);
      case 'try_statement':
        return this.guarded(node, state);
      case 'match_statement':
        return this.match(node, state);
      case 'with_statement': {
        const clause = node.children.find((child) => child.kind === 'with_clause');
        const entered = this.evaluate(clause, state);
        const after = this.block(field(node, 'body'), entered);
        if (clause === undefined || !this.analysis.swallows(clause)) return after;
        return this.join(after, this.analysis.thrown(entered, after));
      }
      case 'return_statement':
        this.frame.exits.push(this.evaluate(node, state));
        return undefined;
      case 'raise_statement':
        this.evaluate(node, state);
        return undefined;
      case 'break_statement':
        this.frame.breaks.at(-1)?.push(state);
        return undefined;
      case 'continue_statement':
        this.frame.continues.at(-1)?.push(state);
        return undefined;
      case 'decorated_definition':
      case 'function_definition':
      case 'class_definition': {
        const definition = node.kind === 'decorated_definition' ? field(node, 'definition') : node;
        const body = definition === undefined ? undefined : field(definition, 'body');
        if (body !== undefined) this.analysis.define(body, state);
        return state;
      }
      default:
        return this.evaluate(node, state);
    }
  }

  private branch(node: PyNode, state: State): State | undefined {
    const condition = field(node, 'condition');
    const tested = this.evaluate(condition, state);
    const assume = (outcome: boolean): State =>
      condition === undefined ? tested : this.analysis.assume(condition, outcome, tested);
    let after = this.block(field(node, 'consequence'), assume(true));
    let rest: State | undefined = assume(false);
    for (const clause of fields(node, 'alternative')) {
      const test = field(clause, 'condition');
      if (rest !== undefined && test !== undefined) rest = this.evaluate(test, rest);
      after = this.join(after, this.block(field(clause, test === undefined ? 'body' : 'consequence'), rest));
      if (test === undefined) return after;
    }
    return this.join(after, rest);
  }

  private loop(node: PyNode, state: State): State | undefined {
    const condition = field(node, 'condition');
    let entry = this.evaluate(condition ?? field(node, 'right'), state);
    const exits: State[] = [];
    // A second time if the first turn leaves something behind for it.
    for (let turn = 0; turn < 2; turn++) {
      this.frame.breaks.push([]);
      this.frame.continues.push([]);
      let ended = this.block(field(node, 'body'), this.evaluate(field(node, 'left'), entry));
      for (const continued of this.frame.continues.pop() ?? []) ended = this.join(ended, continued);
      exits.push(...(this.frame.breaks.pop() ?? []));
      const next = this.join(entry, ended) ?? entry;
      if (next === entry) break;
      entry = next;
    }
    const endless = condition !== undefined && this.analysis.isEndless(condition);
    let after: State | undefined = endless ? undefined : entry;
    const otherwise = fields(node, 'alternative')[0];
    if (otherwise !== undefined) after = this.block(field(otherwise, 'body'), after);
    for (const exit of exits) after = this.join(after, exit);
    return after;
  }

  private guarded(node: PyNode, state: State): State | undefined {
    const returned = this.frame.exits.length;
    const body = this.block(field(node, 'body'), state);
    const thrown = this.analysis.thrown(state, body);
    const otherwise = node.children.find((child) => child.kind === 'else_clause');
    let after = otherwise === undefined ? body : this.block(field(otherwise, 'body'), body);
    for (const clause of node.children) {
      if (clause.kind !== 'except_clause' && clause.kind !== 'except_group_clause') continue;
      after = this.join(after, this.block(blockOf(clause), thrown));
    }
    const final = blockOf(node.children.find((child) => child.kind === 'finally_clause'));
    if (final === undefined) return after;
    this.block(final, thrown);
    // A `return` inside passes through it too.
    for (const exit of this.frame.exits.splice(returned)) {
      const left = this.block(final, exit);
      if (left !== undefined) this.frame.exits.push(left);
    }
    return this.block(final, after);
  }

  private match(node: PyNode, state: State): State | undefined {
    const entry = this.evaluate(field(node, 'subject'), state);
    let after: State | undefined;
    for (const clause of field(node, 'body')?.children ?? []) {
      if (clause.kind !== 'case_clause') continue;
      const guard = field(clause, 'guard');
      after = this.join(after, this.block(field(clause, 'consequence'), this.evaluate(guard, entry)));
      const pattern = clause.children.find((child) => child.kind === 'case_pattern');
      if (guard === undefined && pattern !== undefined && this.analysis.isWildcard(pattern)) return after;
    }
    return this.join(after, entry);
  }
}

function blockOf(clause: PyNode | undefined): PyNode | undefined {
  return clause?.children.find((child) => child.kind === 'block');
}
