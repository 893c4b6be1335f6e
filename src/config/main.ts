/** From arguments to an exit status: chooses the command, and turns a mistake into one line and a bug into a report of it. */
import { relative, sep } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { Options } from '../core/options.ts';
import type { RuleMeta } from '../core/rule.ts';
import { visible, visibleLines } from '../core/visible.ts';
import type { CommandLine } from './command-line.ts';

/** What a command touches besides files. */
export interface Environment {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** What was put back, and what was refused because it has changed since. Absolute paths. */
export interface UndoResult {
  readonly restored: readonly string[];
  readonly refused: readonly { readonly path: string; readonly reason: string }[];
  /** True if no run is there to take back. */
  readonly nothing: boolean;
}

/** The rest of the program; each is loaded when it is called. */
export interface Collaborators {
  /** The exit status of the run. */
  run(options: Options, environment: Environment): Promise<number>;
  ruleMetas(): Promise<readonly RuleMeta[]>;
  /** The page of a rule, Markdown. */
  rulePage(id: string): Promise<string>;
  /** The exit status of the proof. */
  prove(options: Options, environment: Environment): Promise<number>;
  undo(cwd: string): Promise<UndoResult>;
}

const usageError = 2;

/** The exit status. Never throws: what is thrown inside is told on stderr. */
export async function main(argv: readonly string[], environment: Environment, rest: Collaborators): Promise<number> {
  try {
    return await dispatch(argv, environment, rest);
  } catch (error) {
    environment.stderr.write(error instanceof UserError ? `error: ${visible(error.message)}\n` : bugReport(error));
    return usageError;
  }
}

/** What is said of an error that nobody expected; the stack is what a maintainer needs first. */
export function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `error: this is a bug in pyleak-fix; please report it with the lines below\n${visibleLines(stack)}\n`;
}

async function dispatch(argv: readonly string[], environment: Environment, rest: Collaborators): Promise<number> {
  // Alone, as it nearly always is, it needs no parser, which takes longer to load than all else here.
  const [only, ...others] = argv;
  if (others.length === 0 && (only === '--version' || only === '-V')) return printVersion(environment);
  if (others.length === 0 && (only === '--help' || only === '-h')) return printHelp(environment);
  const { parseCommandLine } = await import('./command-line.ts');
  const commandLine = parseCommandLine(argv, environment.cwd);
  switch (commandLine.command) {
    case 'version':
      return printVersion(environment);
    case 'help':
      return printHelp(environment);
    case 'rules':
      return explainRules(commandLine.operands[0], environment, rest);
    case 'completion':
      return printCompletion(commandLine.operands[0], environment, rest);
    case 'undo':
      return undo(commandLine, environment, rest);
    case 'prove':
    case 'fix':
      return fix(commandLine, environment, rest);
  }
}

async function printVersion({ stdout }: Environment): Promise<number> {
  const { version } = await import('./version.ts');
  stdout.write(`pyleak-fix ${version}\n`);
  return 0;
}

async function printHelp({ stdout }: Environment): Promise<number> {
  const { helpText } = await import('./help.ts');
  stdout.write(helpText());
  return 0;
}

async function fix(commandLine: CommandLine, environment: Environment, rest: Collaborators): Promise<number> {
  const { cwd, env, stdin, stderr } = environment;
  if (commandLine.mode === 'interactive' && !stdin.isTTY && !commandLine.showSettings) {
    throw new UserError('--interactive needs a terminal on standard input, and there is none');
  }
  const [{ readConfiguration }, { resolveOptions }] = await Promise.all([
    import('./configuration.ts'),
    import('./options.ts'),
  ]);
  const [file, metas] = await Promise.all([readConfiguration(commandLine.config, cwd), rest.ruleMetas()]);
  const options = resolveOptions(commandLine, file, metas, cwd, env);
  if (commandLine.showSettings) {
    const { settingsText } = await import('./show-settings.ts');
    environment.stdout.write(settingsText(options, commandLine.settings, file));
    return 0;
  }
  if (options.rules.length === 0 && !options.quiet) stderr.write('warning: no rule is left to run\n');
  return commandLine.command === 'prove' ? rest.prove(options, environment) : rest.run(options, environment);
}

async function explainRules(id: string | undefined, { stdout }: Environment, rest: Collaborators): Promise<number> {
  const metas = await rest.ruleMetas();
  if (id === undefined) {
    const { ruleList } = await import('./rule-list.ts');
    stdout.write(ruleList(metas));
    return 0;
  }
  const { checkRule } = await import('./settings.ts');
  const page = await rest.rulePage(checkRule(id, 'rules', metas).id);
  stdout.write(`${page.trimEnd()}\n`);
  return 0;
}

async function printCompletion(
  shell: string | undefined,
  { stdout }: Environment,
  rest: Collaborators,
): Promise<number> {
  const { completionScript } = await import('./completion.ts');
  stdout.write(completionScript(shell, await rest.ruleMetas()));
  return 0;
}

async function undo({ settings }: CommandLine, { cwd, stderr }: Environment, rest: Collaborators): Promise<number> {
  const { restored, refused, nothing } = await rest.undo(cwd);
  const shown = (path: string) => visible(relative(cwd, path).split(sep).join('/'));
  for (const { path, reason } of refused) stderr.write(`${shown(path)}: not restored: ${visible(reason)}\n`);
  if (settings.quiet !== true) {
    for (const path of restored) stderr.write(`restored ${shown(path)}\n`);
    if (nothing) stderr.write('Nothing to undo.\n');
  }
  if (refused.length > 0) return 2;
  return nothing ? 1 : 0;
}
