/** Puts the results on the streams: the diff or the report on stdout, all else on stderr. */
import { once } from 'node:events';
import { access, constants, open, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Environment } from './config/main.ts';
import { UserError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import { visible } from './core/visible.ts';
import type { Decided } from './decide.ts';
import { textSummary } from './report/text.ts';
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
  if (options.format === 'json') {
    const { jsonReport } = await import('./report/json.ts');
    return output(options, io, Buffer.from(jsonReport(report)));
  }
  if (options.mode !== 'dry-run') {
    return standardInput === undefined ? undefined : output(options, io, rendered[0]?.bytes ?? standardInput);
  }
  const [{ unifiedDiff }, { colorize }] = await Promise.all([
    import('./review/diff.ts'),
    import('./review/terminal-diff.ts'),
  ]);
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

/** Writes all of it before it returns: a large diff must not be cut off by the end of the process. */
async function output(options: Options, io: Environment, bytes: Buffer): Promise<void> {
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

export function summarize(options: Options, io: Environment, report: Report, warnings: readonly string[]): void {
  if (!options.quiet) for (const warning of warnings) io.stderr.write(`warning: ${visible(warning)}\n`);
  io.stderr.write(textSummary(report, options.quiet));
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
