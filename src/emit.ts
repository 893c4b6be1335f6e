/** Puts the results on the streams: the diff or the report on stdout, all else on stderr. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Environment } from './config/main.ts';
import { UserError } from './core/errors.ts';
import type { Options } from './core/options.ts';
import type { Report } from './core/report.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Decided } from './decide.ts';
import { textSummary } from './report/text.ts';
import { visible } from './report/visible.ts';
import type { Written } from './write.ts';

/** The diff of a dry run, or the report in the format asked for. */
export async function emit(options: Options, io: Environment, report: Report, decided: Decided): Promise<void> {
  if (options.format === 'json') {
    const { jsonReport } = await import('./report/json.ts');
    return output(options, io, Buffer.from(jsonReport(report)));
  }
  if (options.mode !== 'dry-run') return;
  const { unifiedDiff, colorize } = await import('./review/diff.ts');
  const diff = Buffer.concat(
    decided.rendered.map(({ source, byteEdits, replacements }) =>
      unifiedDiff(source.path, source.bytes, byteEdits, replacements),
    ),
  );
  const terminal = options.output === undefined && io.stdout.isTTY;
  return output(options, io, terminal && options.color ? Buffer.from(colorize(diff)) : diff);
}

/** `--batch -`: the fixed source, or the source as it came. */
export async function emitSource(
  options: Options,
  io: Environment,
  source: SourceFile | undefined,
  decided: Decided,
): Promise<void> {
  if (options.format === 'json' || source === undefined) return;
  await output(options, io, decided.rendered[0]?.bytes ?? source.bytes);
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
    throw new UserError(`cannot write ${options.output}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function summarize(
  options: Options,
  io: Environment,
  report: Report,
  warnings: readonly string[],
  written: Written,
): void {
  if (!options.quiet) for (const warning of warnings) io.stderr.write(`warning: ${visible(warning)}\n`);
  io.stderr.write(textSummary(report, options.quiet));
  if (!written.interrupted) return;
  io.stderr.write(
    `Interrupted; ${written.written.length} of ${report.files.length} files were written, \`pyleak-fix undo\` takes them back.\n`,
  );
}
