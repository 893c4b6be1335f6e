/** What is tested: one published tree with its tests, and how a copy of it is run. */

export interface Subject {
  readonly name: string;
  readonly version: string;
  /** Absolute: the tree as it was published. Only read. */
  readonly source: string;
  /** Where in the tree the program runs. */
  readonly code: string;
  /** The Python that runs a copy of the tree; both absolute. */
  readonly python: (tree: string) => string;
  /** The variables besides the common ones, for a copy of the tree. */
  readonly env: (tree: string) => Readonly<Record<string, string>>;
  /** What runs the tests of a copy and leaves their outcomes in `junit`. `changed` are the files, relative to `code`, that they are about. */
  readonly testCommand: (tree: string, changed: readonly string[], junit: string) => readonly string[];
  /** The exit statuses that say that the tests were run, whatever their outcomes. */
  readonly ran: readonly number[];
}
