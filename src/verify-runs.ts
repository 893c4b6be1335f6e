/** The runs of the command of `--verify`, in the project or over copies of it, and how many are still to come. */
import type { Rendered } from './apply/render.ts';
import type { Environment } from './config/main.ts';
import { runOverCopies, workspaceFor } from './copies.ts';
import type { VerifyOptions } from './core/options.ts';
import { statusLine } from './progress.ts';
import { type Ran, runCommand } from './trial/command.ts';
import { mostRuns } from './trial/ddmin.ts';
import type { Workspace } from './trial/workspace.ts';

/** A signal has ended the verification. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export class VerifyRuns {
  /** How many there were. */
  count: number;
  private readonly options: VerifyOptions;
  private readonly io: Environment;
  private readonly stop: AbortSignal;
  private readonly status: ReturnType<typeof statusLine>;
  /** Workspaces that no run uses just now, and all there are. */
  private readonly free: Workspace[] = [];
  private readonly workspaces: Workspace[] = [];
  private readonly running = new Set<Promise<Ran>>();
  private left = 0;
  private suspected = 0;

  /** `before` is how many there were already. */
  constructor(options: VerifyOptions, io: Environment, stop: AbortSignal, before: number) {
    this.count = before;
    this.options = options;
    this.io = io;
    this.stop = stop;
    this.status = statusLine(options, io);
  }

  /** From now on, so many changes are suspected. */
  announce(suspected: number): void {
    this.suspected = suspected;
    // One more shows that it passes without them.
    this.left = mostRuns(suspected).single + (suspected === 0 ? 0 : 1);
  }

  /** In the project, as it stands. Rejects with {@link Stopped}. */
  async inProject(): Promise<Ran> {
    const { cwd, verify, timeout } = this.options;
    // What Python compiled of one trial could be taken for another: a time in whole seconds and a length are all it compares.
    const env = { ...this.io.env, PYTHONDONTWRITEBYTECODE: '1' };
    return this.counted(() => runCommand({ words: [verify], shell: true, cwd, env, timeout }, this.stop));
  }

  /** Over a copy of the project, which has to be as it was before all changes, with these in. Rejects with {@link Stopped}. */
  async onCopy(changes: readonly Rendered[]): Promise<Ran> {
    const workspace = this.free.pop() ?? this.another();
    const request = { words: [this.options.verify], shell: true, env: this.io.env, changes, targets: [] };
    try {
      return await this.counted(async () => (await runOverCopies(workspace, this.options, request, this.stop)).ran);
    } finally {
      this.free.push(workspace);
    }
  }

  /** Leaves no copies, once nothing runs in them any more. */
  async end(): Promise<void> {
    await Promise.allSettled(this.running);
    for (const workspace of this.workspaces) workspace.remove();
  }

  private another(): Workspace {
    const workspace = workspaceFor(this.options);
    this.workspaces.push(workspace);
    return workspace;
  }

  private async counted(run: () => Promise<Ran>): Promise<Ran> {
    this.count += 1;
    const more =
      this.suspected === 0 ? '' : `, about ${Math.max(this.left, 1)} left: ${this.suspected} changes suspected`;
    this.status.show(`Verifying, run ${this.count}${more}`);
    this.left -= 1;
    const running = run();
    this.running.add(running);
    const ran = await running.finally(() => {
      this.running.delete(running);
      this.status.end();
    });
    if (this.stop.aborted || ran.end.kind === 'stopped') throw new Stopped();
    return ran;
  }
}
