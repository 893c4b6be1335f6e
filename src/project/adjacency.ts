/** A relation between things that are numbered from 0 on. In two flat arrays: a list for each would cost more memory than what it holds. */
export class Adjacency {
  /** By the number, where its targets begin; one more for the end of the last. */
  private readonly starts: Int32Array;
  private readonly targets: Int32Array;

  /** Of `count` things; from each of `from` to what stands in `to` at that place. */
  constructor(count: number, from: readonly number[], to: readonly number[]) {
    this.starts = new Int32Array(count + 1);
    this.targets = new Int32Array(from.length);
    for (const one of from) this.starts[one + 1] = (this.starts[one + 1] ?? 0) + 1;
    for (let one = 0; one < count; one++) this.starts[one + 1] = (this.starts[one + 1] ?? 0) + (this.starts[one] ?? 0);
    const next = this.starts.slice();
    for (const [edge, one] of from.entries()) {
      const at = next[one] ?? 0;
      next[one] = at + 1;
      this.targets[at] = to[edge] ?? 0;
    }
  }

  /** Those that one is related to, in the order in which they were given. */
  of(one: number): Int32Array {
    return this.targets.subarray(this.starts[one], this.starts[one + 1]);
  }
}
