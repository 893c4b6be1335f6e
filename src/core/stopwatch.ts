/** Where the time of a run goes, for those who ask. */

/** One stage and what it took, in milliseconds. */
export interface Lap {
  readonly stage: string;
  readonly milliseconds: number;
}

export class Stopwatch {
  private readonly now: () => number;
  private last: number;
  private readonly list: Lap[] = [];

  /** `now` is the time in milliseconds; the first stage begins at `started`. */
  constructor(started?: number, now: () => number = () => performance.now()) {
    this.now = now;
    this.last = started ?? now();
  }

  /** Ends a stage that began where the one before ended. */
  lap(stage: string): void {
    const now = this.now();
    this.list.push({ stage, milliseconds: now - this.last });
    this.last = now;
  }

  get laps(): readonly Lap[] {
    return this.list;
  }
}
