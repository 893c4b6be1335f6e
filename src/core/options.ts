/** What a run was asked to do, after the command line and the configuration have been read and checked. */

export type Mode = 'dry-run' | 'interactive' | 'batch';
export const formats = ['text', 'json', 'sarif', 'github', 'gitlab'] as const;
export type Format = (typeof formats)[number];

/** A gitignore pattern and the absolute folder it is relative to. */
export interface ExcludePattern {
  readonly pattern: string;
  readonly base: string;
}

/** Rules that are left out in the files that a gitignore pattern matches; behind `!`, in all others. */
export interface PerFileIgnore extends ExcludePattern {
  readonly rules: readonly string[];
}

export interface Options {
  readonly mode: Mode;
  /** Absolute. Reported paths are relative to it. */
  readonly cwd: string;
  /** As given; `.` when none was. `-` alone means standard input. */
  readonly paths: readonly string[];
  /** The name standard input is reported under; read only when `paths` is `-`. */
  readonly stdinFilename: string;
  /** The ids of the rules to run, in the order of the rules. */
  readonly rules: readonly string[];
  /** The ids of all rules there are: what a suppression comment may name. */
  readonly knownRules: readonly string[];
  /** True if no rule is left out but those in preview. */
  readonly runsAll: boolean;
  readonly perFileIgnores: readonly PerFileIgnore[];
  /** Rule id to the name of the strategy that replaces its default. */
  readonly strategies: ReadonlyMap<string, string>;
  /** Qualified names of classes whose subclasses only declare: nothing is found in their bodies. */
  readonly declarativeBases: readonly string[];
  /** An interactive run goes on with the review that was left. */
  readonly resume: boolean;
  /** Unsafe fixes are allowed too. */
  readonly unsafe: boolean;
  /** Only files changed since this revision of git are read to be fixed; undefined for all. */
  readonly since: string | undefined;
  /** Only findings on lines changed since then count. */
  readonly changedLines: boolean;
  /** The most changes that one run makes. */
  readonly maxChanges: number | undefined;
  /** What git would lose may be overwritten. */
  readonly allowDirty: boolean;
  /** The file of known findings, which do not count. Absolute. */
  readonly baseline: string | undefined;
  /** Where the findings of this run are put down as known, before they are left out. Absolute. */
  readonly writeBaseline: string | undefined;
  /** Comments that suppress nothing are told. */
  readonly reportUnusedIgnores: boolean;
  readonly format: Format;
  /** Where the diff or the report goes instead of stdout. Absolute. */
  readonly output: string | undefined;
  readonly exclude: readonly ExcludePattern[];
  /** A file named on the command line is left out too if it is excluded. */
  readonly forceExclude: boolean;
  /** What `prove` runs: the program and its arguments; empty for every other command. */
  readonly command: readonly string[];
  /** `prove` has Python trace its allocations. */
  readonly traceMemory: boolean;
  /** A line for the shell that has to succeed before and after the fixes. */
  readonly verify: string | undefined;
  /** So many runs of it may go on at once. */
  readonly verifyJobs: number;
  /** So long a run of the user's command may take, in seconds. */
  readonly timeout: number | undefined;
  /** The report of a proof, whose figures lead. Absolute. */
  readonly evidence: string | undefined;
  /** What an earlier run found out about unchanged files may be used, and what this one finds out kept. */
  readonly cache: boolean;
  /** False to parse every file whole, whatever its text tells: to test that nothing is lost otherwise. */
  readonly sift: boolean;
  /** Where the time goes is told. */
  readonly stats: boolean;
  /** Worker count; `auto` lets the run decide. */
  readonly jobs: number | 'auto';
  readonly exitZero: boolean;
  readonly quiet: boolean;
  /** Colours on a terminal. */
  readonly color: boolean;
}

/** Options of a run that verifies what it writes. */
export type VerifyOptions = Options & { readonly verify: string };

export function isVerified(options: Options): options is VerifyOptions {
  return options.verify !== undefined;
}

/** True if the source comes from standard input, so that nothing on disk is read to be fixed, or written. */
export function isStandardInput({ paths }: Pick<Options, 'paths'>): boolean {
  return paths[0] === '-';
}
