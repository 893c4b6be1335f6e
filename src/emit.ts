/** Puts the results on the streams: the diff or the report on stdout, all else on stderr. */
import { once } from 'node:events';
import { access, constants, open, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Environment } from './config/main.ts';
import { UserError } from './core/errors.ts';
import type { Format, Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import type { SourceFile } from './core/source-file.ts';
import { visible } from './core/visible.ts';
import type { Decided } from './decide.ts';
import type { Located } from './report/place.ts';
import { textSummary } from './report/text.ts';
import { unifiedDiff } from './review/diff.ts';
import { colorize } from './review/terminal-diff.ts';
import { errorCode, ioReason } from './source/io-error.ts';
import type { Written } from './write.ts';

/** Throws a UserError if `--output` cannot be written, before anything is done that it should tell of. Leaves nothing behind. */
export async function requireOutput({ output: path }: Options): Promise<void> {
  if (path === undefined) return;
  try {
    const stats = await stat(path).catch(() => undefined);
    // The reader of a pipe would take opening and closing it for the end.
    if (stats?.isFIFO()) return await access(path, constants.W_OK);
    await (await open(path, 'a')).close();
    if (stats === undefined) await rm(await realpath(path));
  } catch (error) {
    throw unwritableOutput(path, error);
  }
}

function unwritableOutput(path: string, error: unknown): UserError {
  const reason = errorCode(error) === 'ENOENT' ? 'its folder does not exist' : ioReason(error);
  return new UserError(`cannot write ${path}: ${reason}`);
}

/**
 * The report in the format asked for; as text, the diff of a dry run. A batch over standard input gives the fixed source, or the
 * source as it came.
 */
export async function emit(
  options: Options,
  io: Environment,
  report: Report,
  { rendered }: Decided,
  standardInput: Buffer | undefined,
): Promise<void> {
  if (options.format !== 'text')
    return output(options, io, Buffer.from(await formatted(options.format, options, io, report)));
  if (options.mode !== 'dry-run') {
    return standardInput === undefined ? undefined : output(options, io, rendered[0]?.bytes ?? standardInput);
  }
  const diff = Buffer.concat(
    rendered.map(({ source, byteEdits, replacements }) =>
      unifiedDiff(source.path, source.bytes, byteEdits, replacements),
    ),
  );
  // Piped, the diff is exact; on a terminal nothing in it may act on the terminal, coloured or not.
  if (options.output !== undefined || !io.stdout.isTTY) return output(options, io, diff);
  const shown = colorize(diff);
  return output(options, io, Buffer.from(options.color ? shown : stripVTControlCharacters(shown)));
}

async function formatted(
  format: Exclude<Format, 'text'>,
  options: Options,
  io: Environment,
  report: Report,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('./report/json.ts')).jsonReport(report);
    case 'github':
      return (await import('./report/github.ts')).githubReport(report, below(options.cwd, io.env['GITHUB_WORKSPACE']));
    case 'gitlab':
      return (await import('./report/gitlab.ts')).gitlabReport(report, below(options.cwd, io.env['CI_PROJECT_DIR']));
    case 'sarif': {
      const [{ sarifReport }, { rulePages }] = await Promise.all([import('./report/sarif.ts'), import('./rules.ts')]);
      return sarifReport(report, await rulePages(options.rules), below(options.cwd, io.env['GITHUB_WORKSPACE']));
    }
  }
}

/** Paths from the top of the checkout, where a job that runs in a folder of it says where that is; else from `cwd`. */
function below(cwd: string, top: string | undefined): Located {
  return (path) => {
    const fromTop = top ? relative(top, resolve(cwd, path)) : '..';
    const inside = fromTop.split(sep)[0] !== '..' && !isAbsolute(fromTop);
    return inside ? fromTop.split(sep).join('/') : path;
  };
}

/** Writes all of it before it returns: a large diff must not be cut off by the end of the process. */
export async function output(options: Options, io: Environment, bytes: Buffer): Promise<void> {
  if (options.output === undefined) {
    if (bytes.length > 0 && !io.stdout.write(bytes)) await once(io.stdout, 'drain');
    return;
  }
  try {
    await writeFile(options.output, bytes);
  } catch (error) {
    throw unwritableOutput(options.output, error);
  }
}

/** What is told on stderr at the end. */
export interface Summary {
  readonly report: Report;
  /** By path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

export function summarize(options: Options, io: Environment, summary: Summary): void {
  const { report, sources, warnings, notes } = summary;
  const { quiet, format, since } = options;
  if (!quiet) for (const warning of warnings) io.stderr.write(`warning: ${visible(warning)}\n`);
  const sourceLine = (path: string, line: number) => sources.get(path)?.text.split(/\r\n|\r|\n/, line)[line - 1];
  io.stderr.write(textSummary(report, { quiet, sumOnly: format !== 'text', sourceLine, since, notes }));
}

/** Says of a run that did not come to its end what was written, and how to go on: `kept` answers are there for that. */
export function summarizeEnd(
  options: Options,
  io: Environment,
  { rendered, stopped }: Decided,
  { written, interrupted }: Written,
  kept: number,
): void {
  if (!stopped && interrupted === undefined && kept === 0) return;
  const count = written.length;
  const some =
    count === rendered.length
      ? `${count} ${count === 1 ? 'file was' : 'files were'}`
      : `${count} of ${rendered.length} files were`;
  const done =
    count === 0
      ? 'nothing was written'
      : `${some} written (\`pyleak-fix undo\` puts ${count === 1 ? 'it' : 'them'} back)`;
  if (interrupted !== undefined) io.stderr.write(`Interrupted: ${done}.\n`);
  else if (stopped) io.stderr.write(`Stopped: ${done}.\n`);
  if (kept > 0) {
    const again = ['pyleak-fix --resume', ...options.paths.filter((path) => path !== '.')].join(' ');
    io.stderr.write(
      `${kept} ${kept === 1 ? 'answer is' : 'answers are'} kept: \`${visible(again)}\` goes on with the review.\n`,
    );
  }
}
