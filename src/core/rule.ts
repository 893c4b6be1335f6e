/** What the command line knows of a rule without running it. */
import type { Retention } from './finding.ts';

export interface StrategyMeta {
  readonly name: string;
  /** One line, in the imperative: what it writes. */
  readonly summary: string;
}

export interface RuleMeta {
  readonly id: string;
  /** One line: what is wrong with what it finds. */
  readonly summary: string;
  readonly retention: Retention;
  /** True while the rule is tried out: it runs only where it is selected by name. */
  readonly preview?: boolean;
  /** The default first. */
  readonly strategies: readonly StrategyMeta[];
}
