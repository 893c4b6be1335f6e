/** From the first run of the command with all changes in to what stays of them, and why the others do not. */
import type { Applied } from './apply/apply.ts';
import type { Trials } from './apply/trial.ts';
import type { Environment } from './config/main.ts';
import type { VerifyOptions } from './core/options.ts';
import { visibleLines } from './core/visible.ts';
import type { Decided } from './decide.ts';
import type { Change, Finished } from './finish.ts';
import type { Outcome } from './report/build.ts';
import { describeEnd, passed, type Ran } from './trial/command.ts';
import { guiltyGroups } from './trial/ddmin.ts';
import { lastLines } from './trial/output.ts';
import type { VerifyRuns } from './verify-runs.ts';
import type { Written } from './write.ts';

/** So many lines of a command that failed are shown. */
const LINES = 10;

export interface Verified {
  readonly decided: Decided;
  readonly written: Written;
}

/** From the first run with all changes to what stays. */
export class Verification {
  private readonly options: VerifyOptions;
  private readonly io: Environment;
  private readonly decided: Decided;
  private readonly runs: VerifyRuns;
  private readonly trials: Trials;
  /** What is written in the project just now, by its changes. */
  private written:
    | ({ readonly key: string; readonly applied: Applied } & Pick<Finished, 'rendered' | 'together'>)
    | undefined;
  /** The failing runs, by the changes that were made. */
  private readonly failures = new Map<string, Ran>();

  constructor(options: VerifyOptions, io: Environment, decided: Decided, runs: VerifyRuns, trials: Trials) {
    this.options = options;
    this.io = io;
    this.decided = decided;
    this.runs = runs;
    this.trials = trials;
  }

  async run(): Promise<Verified> {
    const { changes } = this.decided;
    this.runs.announce(0);
    if (!(await this.failsInProject(changes))) return this.keep(changes, new Map());
    const jobs = Math.min(this.options.verifyJobs, changes.length);
    const onCopies = jobs > 1 && (await this.copiesTell(changes));
    const fails = onCopies ? this.failsOnCopy : this.failsInProject;
    const onStep = (suspected: number) => this.runs.announce(suspected);
    const groups = await guiltyGroups(changes, fails, { jobs: onCopies ? jobs : 1, onStep });
    const rest = changes.filter((change) => !groups.flat().includes(change));
    const reasons = new Map<Change, string>();
    for (const group of groups) this.accuse(group, reasons);
    if (!onCopies || rest.length === 0 || !(await this.failsInProject(rest))) return this.keep(rest, reasons);
    const reason = `\`${this.options.verify}\` fails with it in the project, though not on a copy`;
    for (const change of rest) reasons.set(change, reason);
    return this.keep([], reasons);
  }

  private readonly failsInProject = async (changes: readonly Change[]): Promise<boolean> => {
    await this.write(changes);
    return this.noted(changes, await this.runs.inProject());
  };

  /** These changes and no others are in the project then. */
  private async write(
    changes: readonly Change[],
  ): Promise<{ readonly applied: Applied } & Pick<Finished, 'rendered' | 'together'>> {
    const key = this.keyOf(changes);
    if (this.written?.key === key) return this.written;
    const { rendered, together } = this.decided.renderOnly(changes);
    this.written = { key, rendered, together, applied: await this.trials.write(rendered, together) };
    return this.written;
  }

  private readonly failsOnCopy = async (changes: readonly Change[]): Promise<boolean> =>
    this.noted(changes, await this.runs.onCopy(this.decided.renderOnly(changes).rendered));

  private noted(changes: readonly Change[], ran: Ran): boolean {
    if (passed(ran)) return false;
    this.failures.set(this.keyOf(changes), ran);
    return true;
  }

  private keyOf(changes: readonly Change[]): string {
    return changes.map((change) => this.decided.changes.indexOf(change)).join();
  }

  /** True if the command comes to the same on a copy as in the project: it passes without the changes and fails with them. */
  private async copiesTell(changes: readonly Change[]): Promise<boolean> {
    // The copies are made of the project as it was.
    await this.write([]);
    const [without, all] = await Promise.all([this.failsOnCopy([]), this.failsOnCopy(changes)]);
    if (!without && all) return true;
    say(
      this.io,
      `\`${this.options.verify}\` does not do on a copy of the project what it does there: one run at a time.`,
    );
    return false;
  }

  /** Says what a group of changes has done, once for all of them. */
  private accuse(group: readonly Change[], reasons: Map<Change, string>): void {
    const ran = this.failures.get(this.keyOf(group));
    if (ran === undefined) throw new TypeError('a group was found guilty without a run that failed');
    const what = `\`${this.options.verify}\` ends with ${describeEnd(ran.end)}`;
    const last = lastLinesOf(ran);
    for (const change of group) {
      const others = group.filter((other) => other !== change).map(named);
      const how = others.length === 0 ? 'with it' : `together with ${others.join(', ')}`;
      reasons.set(change, `${how}, ${what}\n${last}`);
    }
    say(
      this.io,
      `Rolled back ${group.map(named).join(' and ')}: with ${group.length === 1 ? 'it' : 'them together'}, ${what}. It said:`,
    );
    say(this.io, last.replace(/^/gm, '  '));
  }

  private async keep(rest: readonly Change[], reasons: ReadonlyMap<Change, string>): Promise<Verified> {
    const { decided, options, io } = this;
    const { rendered, together, applied } = await this.write(rest);
    await this.trials.keep();
    const count = decided.changes.length;
    const kept = rest.length === count ? `${count}` : `${rest.length} of ${count}`;
    if (!options.quiet) {
      const passes =
        rest.length === 0 ? 'no change stays' : `it passes with ${kept} ${count === 1 ? 'change' : 'changes'}`;
      say(io, `Verified \`${options.verify}\`: ${passes} (${this.runs.count} runs).`);
    }
    const guilty = new Map([...reasons].flatMap(([change, reason]) => change.map((finding) => [finding, reason])));
    const outcomes = decided.outcomes.map((outcome): Outcome => {
      const reason = guilty.get(outcome.finding);
      return reason === undefined ? outcome : { ...outcome, status: 'rolled-back', reason };
    });
    return {
      decided: { ...decided, outcomes, rendered, together },
      written: { ...applied, interrupted: undefined },
    };
  }
}

/** `Basket.lines (shop/cart.py)` */
function named([finding]: Change): string {
  return finding === undefined ? '' : `${finding.symbol} (${finding.path})`;
}

/** What a command said at its end, for a person. */
export function lastLinesOf({ stdout, stderr }: Ran): string {
  return lastLines([stdout, stderr], LINES) || '(nothing)';
}

export function say({ stderr }: Environment, text: string): void {
  stderr.write(`${visibleLines(text)}\n`);
}
