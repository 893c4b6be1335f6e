/** Options of a run from the command line, the configuration file and the environment. */
import { resolve } from 'node:path';
import type { Options } from '../core/options.ts';
import type { RuleMeta } from '../core/rule.ts';
import type { CommandLine } from './command-line.ts';
import {
  checkFormat,
  checkJobs,
  checkMaxChanges,
  checkPerFileIgnores,
  checkQualifiedName,
  checkTimeout,
  checkVerifyJobs,
  type Settings,
  selectRules,
  selectStrategies,
} from './settings.ts';

/** NO_COLOR as https://no-color.org has it: present and not empty. A dumb terminal knows no colours. */
function wantsColor({ NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  return !NO_COLOR && TERM !== 'dumb';
}

/** A proof of a program that hangs has to come to an end; how long tests take, their user knows. In seconds. */
const PROVE_TIMEOUT = 600;

function timeoutOf({ command, timeout }: CommandLine): number | undefined {
  if (timeout !== undefined) return checkTimeout(timeout);
  return command === 'prove' ? PROVE_TIMEOUT : undefined;
}

/** Throws UserError for an unknown rule, strategy or format and a bad number, also in what is overridden. */
export function resolveOptions(
  commandLine: CommandLine,
  file: Settings,
  metas: readonly RuleMeta[],
  cwd: string,
  environment: NodeJS.ProcessEnv,
): Options {
  const { settings, operands, output, writeBaseline } = commandLine;
  const fileBases = file.declarativeBases?.map(checkQualifiedName);
  const fileIgnores = file.perFileIgnores && checkPerFileIgnores(file.perFileIgnores, metas);
  const fileMaxChanges = file.maxChanges && checkMaxChanges(file.maxChanges);
  const [fileFormat, fileJobs] = [file.format && checkFormat(file.format), file.jobs && checkJobs(file.jobs)];
  const rules = selectRules(settings, file, metas);
  return {
    mode: commandLine.mode,
    cwd,
    paths: operands.length > 0 ? operands : ['.'],
    stdinFilename: commandLine.stdinFilename ?? '-',
    rules,
    knownRules: metas.map((meta) => meta.id),
    runsAll: metas.every(({ id, preview }) => preview === true || rules.includes(id)),
    perFileIgnores: settings.perFileIgnores ? checkPerFileIgnores(settings.perFileIgnores, metas) : (fileIgnores ?? []),
    strategies: selectStrategies(settings, file, metas),
    declarativeBases: settings.declarativeBases?.map(checkQualifiedName) ?? fileBases ?? [],
    resume: commandLine.resume,
    unsafe: settings.unsafe ?? file.unsafe ?? false,
    since: commandLine.since ?? (commandLine.changedLines ? 'HEAD' : undefined),
    changedLines: commandLine.changedLines,
    maxChanges: settings.maxChanges === undefined ? fileMaxChanges : checkMaxChanges(settings.maxChanges),
    allowDirty: settings.allowDirty ?? file.allowDirty ?? false,
    baseline: settings.baseline ?? file.baseline,
    writeBaseline: writeBaseline === undefined ? undefined : resolve(cwd, writeBaseline),
    reportUnusedIgnores: settings.reportUnusedIgnores ?? file.reportUnusedIgnores ?? false,
    format: settings.format === undefined ? (fileFormat ?? 'text') : checkFormat(settings.format),
    output: output === undefined || output === '-' ? undefined : resolve(cwd, output),
    exclude: settings.exclude ?? file.exclude ?? [],
    forceExclude: settings.forceExclude ?? file.forceExclude ?? false,
    command: commandLine.program,
    traceMemory: commandLine.traceMemory,
    verify: commandLine.verify,
    verifyJobs: commandLine.verifyJobs === undefined ? 1 : checkVerifyJobs(commandLine.verifyJobs),
    timeout: timeoutOf(commandLine),
    evidence: commandLine.evidence,
    cache: settings.cache ?? file.cache ?? true,
    sift: settings.sift ?? true,
    stats: settings.stats ?? false,
    jobs: settings.jobs === undefined ? (fileJobs ?? 'auto') : checkJobs(settings.jobs),
    exitZero: settings.exitZero ?? file.exitZero ?? false,
    quiet: settings.quiet ?? file.quiet ?? false,
    color: settings.color ?? file.color ?? wantsColor(environment),
  };
}
