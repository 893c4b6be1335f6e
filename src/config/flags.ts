/**
 * Every option of the command line, once: the parser, `--help` and the check of the configuration file read this table.
 */

export type FlagKind =
  /** Takes no value. */
  | 'switch'
  /** Takes one value and is given once. */
  | 'value'
  /** Takes one value and may be given again. */
  | 'list';

export type FlagGroup = 'Modes' | 'Selection' | 'Migration' | 'Proof' | 'Output' | 'Other';

/** The type of an option's key in the configuration file. */
export type FileType = 'boolean' | 'string' | 'strings' | 'strategies' | 'number' | 'jobs' | 'per-file-ignores';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  readonly group: FlagGroup;
  /** What the value is called in `--help`. */
  readonly metavar?: string;
  readonly summary: string;
  /** `--no-NAME` is an option too; `documented` if it is the one that people know, and the name of the key. */
  readonly negation?: 'accepted' | 'documented';
  /** True for what is there to test the program: no help names it. */
  readonly hidden?: true;
  /** The type of the key in `[tool.pyleak-fix]`; absent for what only the command line can say. */
  readonly inFile?: FileType;
}

export const flags: readonly Flag[] = [
  {
    name: 'dry-run',
    kind: 'switch',
    group: 'Modes',
    summary: 'Print what --batch would change, as a unified diff (default)',
  },
  {
    name: 'interactive',
    short: 'i',
    kind: 'switch',
    group: 'Modes',
    summary: 'Ask for each change, then write those accepted',
  },
  {
    name: 'resume',
    kind: 'switch',
    group: 'Modes',
    summary: 'Go on with the review that was left',
  },
  { name: 'batch', kind: 'switch', group: 'Modes', summary: 'Write every safe fix' },
  {
    name: 'unsafe',
    kind: 'switch',
    group: 'Modes',
    negation: 'accepted',
    inFile: 'boolean',
    summary: 'Include fixes that may change what the program does',
  },
  {
    name: 'select',
    kind: 'list',
    group: 'Selection',
    metavar: 'RULE,..',
    inFile: 'strings',
    summary: 'Run only these rules',
  },
  {
    name: 'ignore',
    kind: 'list',
    group: 'Selection',
    metavar: 'RULE,..',
    inFile: 'strings',
    summary: 'Leave these rules out',
  },
  {
    name: 'strategy',
    kind: 'list',
    group: 'Selection',
    metavar: 'RULE=NAME',
    inFile: 'strategies',
    summary: 'Fix what RULE finds with strategy NAME',
  },
  {
    name: 'declarative-bases',
    kind: 'list',
    group: 'Selection',
    metavar: 'CLASS,..',
    inFile: 'strings',
    summary: 'Their subclasses only declare: mypkg.db.Document',
  },
  {
    name: 'exclude',
    kind: 'list',
    group: 'Selection',
    metavar: 'GLOB',
    inFile: 'strings',
    summary: 'Leave out matching files (a gitignore pattern)',
  },
  {
    name: 'force-exclude',
    kind: 'switch',
    group: 'Selection',
    negation: 'accepted',
    inFile: 'boolean',
    summary: 'Apply --exclude to files named on the command line too',
  },
  {
    name: 'per-file-ignores',
    kind: 'list',
    group: 'Selection',
    metavar: 'GLOB:RULE',
    inFile: 'per-file-ignores',
    summary: 'Leave these rules out in matching files (all but, after !)',
  },
  {
    name: 'stdin-filename',
    kind: 'value',
    group: 'Selection',
    metavar: 'NAME',
    summary: 'What to call standard input (the path -)',
  },
  {
    name: 'since',
    kind: 'value',
    group: 'Migration',
    metavar: 'REV',
    summary: 'Only files changed since REV; REV... is where HEAD left it',
  },
  {
    name: 'changed-lines',
    kind: 'switch',
    group: 'Migration',
    summary: 'Only findings on lines changed since --since, or since HEAD',
  },
  {
    name: 'max-changes',
    kind: 'value',
    group: 'Migration',
    metavar: 'N',
    inFile: 'number',
    summary: 'Make at most N changes',
  },
  {
    name: 'allow-dirty',
    kind: 'switch',
    group: 'Migration',
    negation: 'accepted',
    inFile: 'boolean',
    summary: 'Write also over changes that are not committed to git',
  },
  {
    name: 'baseline',
    kind: 'value',
    group: 'Migration',
    metavar: 'FILE',
    inFile: 'string',
    summary: 'Leave out the findings that FILE knows',
  },
  {
    name: 'write-baseline',
    kind: 'value',
    group: 'Migration',
    metavar: 'FILE',
    summary: 'Put all findings of this dry run into FILE, as known',
  },
  {
    name: 'verify',
    kind: 'value',
    group: 'Proof',
    metavar: 'CMD',
    summary: 'Take back the fixes with which CMD fails (--batch, -i)',
  },
  {
    name: 'verify-jobs',
    kind: 'value',
    group: 'Proof',
    metavar: 'N',
    summary: 'Run CMD on N copies of the project at once',
  },
  {
    name: 'timeout',
    kind: 'value',
    group: 'Proof',
    metavar: 'SECONDS',
    summary: 'The longest that a run of CMD may take (prove: 600)',
  },
  {
    name: 'trace-memory',
    kind: 'switch',
    group: 'Proof',
    summary: 'prove: measure the peak of memory too, which is slow',
  },
  {
    name: 'evidence',
    kind: 'value',
    group: 'Proof',
    metavar: 'FILE',
    summary: 'Put first what piled up, by the JSON of a proof',
  },
  {
    name: 'format',
    kind: 'value',
    group: 'Output',
    metavar: 'FORMAT',
    inFile: 'string',
    summary: 'text (default), json, sarif, github or gitlab',
  },
  { name: 'output', kind: 'value', group: 'Output', metavar: 'FILE', summary: 'Write the diff or the report to FILE' },
  {
    name: 'report-unused-ignores',
    kind: 'switch',
    group: 'Output',
    negation: 'accepted',
    inFile: 'boolean',
    summary: 'Name each `# pyleak: ignore` comment that suppresses nothing',
  },
  {
    name: 'exit-zero',
    kind: 'switch',
    group: 'Output',
    negation: 'accepted',
    inFile: 'boolean',
    summary: 'Exit with 0 even if findings remain',
  },
  {
    name: 'quiet',
    short: 'q',
    kind: 'switch',
    group: 'Output',
    negation: 'accepted',
    inFile: 'boolean',
    summary: 'Print errors only, besides the diff or the report',
  },
  {
    name: 'color',
    kind: 'switch',
    group: 'Output',
    negation: 'documented',
    inFile: 'boolean',
    summary: 'No colours, also on a terminal (as the variable NO_COLOR)',
  },
  {
    name: 'config',
    kind: 'value',
    group: 'Other',
    metavar: 'FILE',
    summary: 'Read the settings of FILE, not of the nearest pyproject.toml',
  },
  {
    name: 'jobs',
    kind: 'value',
    group: 'Other',
    metavar: 'N',
    inFile: 'jobs',
    summary: 'Worker threads: a positive number, or auto (default)',
  },
  {
    name: 'cache',
    kind: 'switch',
    group: 'Other',
    negation: 'documented',
    inFile: 'boolean',
    summary: 'Neither use nor keep anything in .pyleak-fix/cache',
  },
  { name: 'stats', kind: 'switch', group: 'Other', summary: 'Tell where the time goes, on standard error' },
  { name: 'sift', kind: 'switch', group: 'Other', negation: 'accepted', hidden: true, summary: 'Parse what needs it' },
  {
    name: 'show-settings',
    kind: 'switch',
    group: 'Other',
    summary: 'Print the settings of this run, and do nothing else',
  },
  { name: 'help', short: 'h', kind: 'switch', group: 'Other', summary: 'Print this help' },
  { name: 'version', short: 'V', kind: 'switch', group: 'Other', summary: 'Print the version' },
];

/** The name that is documented, without dashes: `no-color` for the switch `color`. */
export function documentedName(flag: Flag): string {
  return flag.negation === 'documented' ? `no-${flag.name}` : flag.name;
}

/** Those that the help and the shells know. */
export const documentedFlags: readonly Flag[] = flags.filter(({ hidden }) => hidden !== true);

/** Every long spelling the command line takes, with its dashes. */
export function spellings(): string[] {
  return documentedFlags.flatMap((flag) => [
    `--${flag.name}`,
    ...(flag.negation === undefined ? [] : [`--no-${flag.name}`]),
  ]);
}
