/** Reads the arguments. yargs' parser takes them apart; what it lets pass (an unknown option, a value given twice) is refused here. */
import { resolve } from 'node:path';
import parser from 'yargs-parser';
import { UserError } from '../core/errors.ts';
import type { Mode } from '../core/options.ts';
import { flags, spellings } from './flags.ts';
import { didYouMean } from './nearest.ts';
import type { Given, GivenIgnore, Settings } from './settings.ts';

export interface CommandLine {
  readonly command: 'fix' | 'prove' | 'undo' | 'rules' | 'completion' | 'help' | 'version';
  readonly mode: Mode;
  /** Go on with an interactive run that was left. */
  readonly resume: boolean;
  /** What follows the options, or the command: paths, the rule to explain, the shell to complete for. */
  readonly operands: readonly string[];
  readonly stdinFilename: string | undefined;
  readonly config: string | undefined;
  readonly output: string | undefined;
  readonly since: string | undefined;
  readonly changedLines: boolean;
  readonly writeBaseline: string | undefined;
  readonly showSettings: boolean;
  /** What `prove` runs: the words behind `--`. */
  readonly program: readonly string[];
  readonly verify: string | undefined;
  readonly verifyJobs: Given | undefined;
  readonly timeout: Given | undefined;
  readonly traceMemory: boolean;
  /** Absolute. */
  readonly evidence: string | undefined;
  readonly settings: Settings;
}

type Parsed = ReadonlyMap<string, unknown>;

const commands = ['undo', 'rules', 'completion'] as const;
const modes: readonly Mode[] = ['dry-run', 'interactive', 'batch'];
/** Besides help, all that a command beside the main one takes. */
const commandFlags: readonly string[] = ['quiet', 'color'];
/** What `prove` does not take: it writes nothing, and tries every fix. */
const notForProve: readonly string[] = [
  ...modes,
  'resume',
  'unsafe',
  'stdin-filename',
  'max-changes',
  'allow-dirty',
  'write-baseline',
  'report-unused-ignores',
  'verify',
  'verify-jobs',
  'evidence',
];

/** What is wrong with the arguments, by the parser's own words. */
const MISTAKES: Readonly<Record<string, (name: string) => string>> = {
  'Not enough arguments following: %s': (name) => `--${name} needs a value`,
  'Argument unexpected for: %s': (name) => `--${name} takes no value`,
};

const switches = flags.filter(({ kind }) => kind === 'switch').map(({ name }) => name);
const others = flags.filter(({ kind }) => kind !== 'switch').map(({ name }) => name);

const GRAMMAR = {
  boolean: switches,
  string: others,
  narg: Object.fromEntries([...switches.map((name) => [name, 0]), ...others.map((name) => [name, 1])]),
  alias: Object.fromEntries(flags.flatMap(({ name, short }) => (short === undefined ? [] : [[name, short]]))),
  configuration: {
    'camel-case-expansion': false,
    'dot-notation': false,
    'greedy-arrays': false,
    'nargs-eats-options': false,
    'parse-numbers': false,
    'parse-positional-numbers': false,
    'populate--': true,
    'strip-aliased': true,
  },
  __: (message: string, name: string) => MISTAKES[message]?.(name) ?? message.replace('%s', name),
};

/** Options by name and short name; operands under `_`, what follows `--` under `--`. */
function takeApart(argv: readonly string[]): Parsed {
  const { argv: found, error } = parser.detailed([...argv], GRAMMAR);
  const parsed = new Map(Object.entries(found));
  checkNames(parsed, argv);
  if (error !== null) throw new UserError(error.message, { cause: error });
  return parsed;
}

/** Refuses what is not in the table, as it was typed. */
function checkNames(parsed: Parsed, argv: readonly string[]): void {
  for (const [name, value] of parsed) {
    if (name === '_' || name === '--') continue;
    const flag = flags.find((known) => known.name === name);
    const negated = value === false;
    if (flag !== undefined && (!negated || flag.negation !== undefined)) continue;
    throw new UserError(unknownOption(name, negated, argv));
  }
}

function unknownOption(name: string, negated: boolean, argv: readonly string[]): string {
  const long = negated ? `--no-${name}` : `--${name}`;
  if (argv.some((argument) => argument === long || argument.startsWith(`${long}=`))) {
    return `unknown option ${long}${didYouMean(long, spellings())}`;
  }
  // A short one, perhaps because a dash is missing: `-batch` reads as five of them.
  const typed = argv.find((argument) => /^-[^-]/.test(argument) && argument.includes(name)) ?? `-${name}`;
  return `unknown option ${typed}${didYouMean(`-${typed}`, spellings())}`;
}

/** The values under a name, in order. Refuses an empty one. */
function values(parsed: Parsed, name: string, empty = `--${name} needs a value`): string[] {
  const value = parsed.get(name);
  if (value === undefined) return [];
  const all = (Array.isArray(value) ? value : [value]).map(String);
  if (all.some((text) => text === '')) throw new UserError(empty);
  return all;
}

function single(parsed: Parsed, name: string): string | undefined {
  const [value, ...more] = values(parsed, name);
  if (more.length > 0) throw new UserError(`--${name} is given more than once`);
  return value;
}

function given(parsed: Parsed, name: string): Given | undefined {
  const value = single(parsed, name);
  return value === undefined ? undefined : { value, where: `--${name}` };
}

/** The items of comma lists, all occurrences together. */
function commaList(parsed: Parsed, name: string): Given[] | undefined {
  if (!parsed.has(name)) return undefined;
  const items = values(parsed, name).flatMap((value) => value.split(',').map((item) => item.trim()));
  if (items.includes('')) throw new UserError(`--${name}: a name is missing beside a comma`);
  return items.map((value) => ({ value, where: `--${name}` }));
}

function list(parsed: Parsed, name: string): Given[] | undefined {
  if (!parsed.has(name)) return undefined;
  return values(parsed, name).map((value) => ({ value, where: `--${name}` }));
}

/** A path, made absolute. */
function file(parsed: Parsed, name: string, cwd: string): string | undefined {
  const value = single(parsed, name);
  return value === undefined ? undefined : resolve(cwd, value);
}

/** Each `GLOB:RULE,..`; the last colon counts, since a pattern may have one. */
function perFileIgnores(parsed: Parsed, cwd: string): GivenIgnore[] | undefined {
  const where = '--per-file-ignores';
  return list(parsed, 'per-file-ignores')?.map(({ value }) => {
    const [, pattern = '', names = ''] = /^(.+):([^:]*)$/s.exec(value) ?? [];
    const rules = names.split(',').map((name) => name.trim());
    if (pattern === '' || rules.includes(''))
      throw new UserError(`${where}: "${value}" is not of the form GLOB:RULE,..`);
    return { pattern, base: cwd, rules: rules.map((rule) => ({ value: rule, where })) };
  });
}

/** The switch as it was given last, or undefined. */
function toggle(parsed: Parsed, name: string): boolean | undefined {
  const value = parsed.get(name);
  return typeof value === 'boolean' ? value : undefined;
}

function modeOf(parsed: Parsed): Mode {
  const [mode, other] = modes.filter((name) => parsed.has(name));
  if (other !== undefined) throw new UserError(`--${mode} and --${other} are two modes; choose one`);
  if (!parsed.has('resume')) return mode ?? 'dry-run';
  if (mode === undefined || mode === 'interactive') return 'interactive';
  throw new UserError(`--resume goes on with a review (--interactive), which --${mode} is not`);
}

function settingsOf(parsed: Parsed, cwd: string): Settings {
  return {
    select: commaList(parsed, 'select'),
    ignore: commaList(parsed, 'ignore'),
    strategy: list(parsed, 'strategy'),
    declarativeBases: commaList(parsed, 'declarative-bases'),
    exclude: list(parsed, 'exclude')?.map(({ value }) => ({ pattern: value, base: cwd })),
    perFileIgnores: perFileIgnores(parsed, cwd),
    maxChanges: given(parsed, 'max-changes'),
    baseline: file(parsed, 'baseline', cwd),
    format: given(parsed, 'format'),
    jobs: given(parsed, 'jobs'),
    unsafe: toggle(parsed, 'unsafe'),
    allowDirty: toggle(parsed, 'allow-dirty'),
    reportUnusedIgnores: toggle(parsed, 'report-unused-ignores'),
    forceExclude: toggle(parsed, 'force-exclude'),
    cache: toggle(parsed, 'cache'),
    sift: toggle(parsed, 'sift'),
    stats: toggle(parsed, 'stats'),
    exitZero: toggle(parsed, 'exit-zero'),
    quiet: toggle(parsed, 'quiet'),
    color: toggle(parsed, 'color'),
  };
}

/** What a run cannot do with standard input. */
function checkStandardInput({ operands, mode, stdinFilename, since, changedLines }: CommandLine): void {
  if (!operands.includes('-')) {
    if (stdinFilename !== undefined) throw new UserError('--stdin-filename is for standard input; give the path - too');
    return;
  }
  if (operands.length > 1) throw new UserError('standard input (-) cannot be mixed with other paths');
  if (since !== undefined || changedLines) {
    const option = since === undefined ? '--changed-lines' : '--since';
    throw new UserError(`${option} asks git about files, so the source cannot come from standard input (-)`);
  }
  if (mode === 'interactive') {
    throw new UserError('--interactive asks on standard input, so the source cannot come from there (-)');
  }
}

/** A baseline says what is there before anything is changed. */
function checkBaseline({ mode, writeBaseline }: CommandLine): void {
  if (writeBaseline === undefined || mode === 'dry-run') return;
  throw new UserError(`--write-baseline records what is found and --${mode} changes it; run one after the other`);
}

/** What belongs to a run that writes, or to a proof. */
function checkVerify({ mode, verify, verifyJobs, timeout, traceMemory, operands }: CommandLine): void {
  if (traceMemory) throw new UserError('--trace-memory is for prove');
  if (verify !== undefined) {
    if (mode === 'dry-run') throw new UserError('--verify runs a command on what is written: give --batch or -i too');
    if (operands.includes('-')) throw new UserError('--verify needs files; the source comes from standard input (-)');
    return;
  }
  if (verifyJobs !== undefined) throw new UserError('--verify-jobs says how often --verify runs at once; give it too');
  if (timeout !== undefined) throw new UserError('--timeout is for prove and --verify');
}

function checkCommand(command: string, parsed: Parsed, operands: readonly string[]): void {
  const flag = flags.find(({ name }) => parsed.has(name) && !commandFlags.includes(name));
  if (flag !== undefined) throw new UserError(`${command} does not take --${flag.name}`);
  const extra = operands[command === 'undo' ? 0 : 1];
  if (extra !== undefined) {
    throw new UserError(`unexpected argument "${extra}"; a path called ${command} is given as ./${command}`);
  }
}

/** Reads the arguments after the program's name. Throws UserError at the first mistake. */
export function parseCommandLine(argv: readonly string[], cwd: string): CommandLine {
  const parsed = takeApart(argv);
  const [first, ...others] = values(parsed, '_', 'a path is empty');
  const tail = first === 'prove' ? [] : values(parsed, '--', 'a path is empty');
  const base = {
    mode: modeOf(parsed),
    resume: parsed.has('resume'),
    stdinFilename: single(parsed, 'stdin-filename'),
    config: single(parsed, 'config'),
    output: single(parsed, 'output'),
    since: single(parsed, 'since'),
    changedLines: parsed.has('changed-lines'),
    writeBaseline: single(parsed, 'write-baseline'),
    showSettings: parsed.has('show-settings'),
    program: [],
    verify: single(parsed, 'verify'),
    verifyJobs: given(parsed, 'verify-jobs'),
    timeout: given(parsed, 'timeout'),
    traceMemory: parsed.has('trace-memory'),
    evidence: file(parsed, 'evidence', cwd),
    settings: settingsOf(parsed, cwd),
  };
  if (parsed.has('help')) return { ...base, command: 'help', operands: [] };
  if (parsed.has('version')) return { ...base, command: 'version', operands: [] };
  const command = commands.find((name) => name === first);
  if (command !== undefined) {
    const operands = [...others, ...tail];
    checkCommand(command, parsed, operands);
    return { ...base, command, operands };
  }
  if (first === 'prove') return proveCommand(base, parsed, others);
  const operands = [...(first === undefined ? [] : [first]), ...others, ...tail];
  const commandLine: CommandLine = { ...base, command: 'fix', operands };
  checkStandardInput(commandLine);
  checkBaseline(commandLine);
  checkVerify(commandLine);
  return commandLine;
}

function proveCommand(
  base: Omit<CommandLine, 'command' | 'operands'>,
  parsed: Parsed,
  operands: readonly string[],
): CommandLine {
  const flag = flags.find(({ name }) => parsed.has(name) && notForProve.includes(name));
  if (flag !== undefined) throw new UserError(`prove does not take --${flag.name}`);
  // An argument of the program may be empty.
  const tail = parsed.get('--');
  const program = Array.isArray(tail) ? tail.map(String) : [];
  if (!program[0]) {
    throw new UserError(
      'prove: which program? it stands behind --, as in `pyleak-fix prove src -- python main.py`; a path called prove is given as ./prove',
    );
  }
  if (operands.includes('-')) throw new UserError('prove runs a program over files, so not over standard input (-)');
  return { ...base, command: 'prove', operands, program };
}
