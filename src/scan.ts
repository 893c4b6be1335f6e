/** Reads and analyses the files of a run, one after the other, and keeps what the later stages need. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { analyse } from './analyse.ts';
import { type FileError, isFileError } from './core/errors.ts';
import type { Finding } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { inQuestion, Mentions } from './project/mentions.ts';
import type { AnyTransform } from './rules.ts';
import type { FileEntry } from './source/discover.ts';
import { readSource } from './source/read.ts';

// Every file's tree is garbage as soon as the file is done. Left to itself V8 lets the heap double before it collects: over 98 MB of
// Python that took 250 MB, and with this 151 MB in the same time.
setFlagsFromString('--heap-growing-percent=30');

export interface Scan {
  /** By path, then position. */
  readonly findings: readonly Finding[];
  /** The files with findings, by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** How much was read. */
  readonly files: number;
  readonly bytes: number;
  readonly parsed: number;
}

/** Analyses the files in the order given. `read` is how each becomes text. */
export async function scan(
  files: readonly FileEntry[],
  rules: readonly AnyTransform[],
  strategies: ReadonlyMap<string, string>,
  read: (entry: FileEntry) => Promise<SourceFile | FileError> = readSource,
): Promise<Scan> {
  const findings: Finding[] = [];
  const sources = new Map<string, SourceFile>();
  const errors: FileError[] = [];
  const warnings: string[] = [];
  let bytes = 0;
  let parsed = 0;
  for (const entry of files) {
    const source = await read(entry);
    if (isFileError(source)) {
      errors.push(source);
      continue;
    }
    bytes += source.bytes.length;
    const analysis = analyse(source, rules, strategies);
    errors.push(...analysis.errors);
    warnings.push(...analysis.warnings);
    if (analysis.findings.length > 0) {
      findings.push(...analysis.findings);
      sources.set(source.path, source);
    }
    if (!analysis.parsed) continue;
    parsed += 1;
    // Native trees are freed only between turns of the event loop: without one, 120 MB of Python took 3.5 GB.
    await turn();
  }
  return { findings, sources, errors, warnings, files: files.length, bytes, parsed };
}

/** Settles what other files decide: reads every file of the project, once, if any finding could still be safe. */
export async function link(
  findings: readonly Finding[],
  project: () => Promise<readonly FileEntry[]>,
): Promise<readonly Finding[]> {
  const open = inQuestion(findings);
  if (open.length === 0) return findings;
  const unsettled = new Set(open);
  const mentions = new Mentions(open);
  for (const entry of await project()) {
    const source = await readSource(entry);
    // A file that cannot be read cannot be run either; it is reported where it is named.
    if (!isFileError(source)) mentions.add(source);
  }
  return findings.map((finding) => (unsettled.has(finding) ? mentions.settle(finding) : finding));
}
