/** Reads and analyses the files of a run, one after the other, and keeps what the later stages need. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { analyse, type IgnoreOptions } from './analyse.ts';
import { type FileError, isFileError } from './core/errors.ts';
import type { SourceFile } from './core/source-file.ts';
import type { InheritableSubject, Subject } from './plan/transform.ts';
import type { FileFacts } from './project/facts.ts';
import type { AnyTransform } from './rules.ts';
import type { FileEntry } from './source/discover.ts';
import { readSource } from './source/read.ts';

// Every file's tree is garbage as soon as the file is done. Left to itself V8 lets the heap double before it collects: over 98 MB of
// Python that took 250 MB, and with this 151 MB in the same time.
setFlagsFromString('--heap-growing-percent=30');

/** A file in which a rule would find something as far as it tells itself. */
export interface Candidate {
  readonly source: SourceFile;
  readonly subjects: readonly Subject[];
}

export interface Scan {
  /** By path. */
  readonly candidates: readonly Candidate[];
  readonly facts: readonly FileFacts[];
  /** By path, the attributes that would be found if a class of another file changed them. */
  readonly inheritable: ReadonlyMap<string, readonly InheritableSubject[]>;
  readonly errors: readonly FileError[];
  readonly warnings: readonly string[];
  /** Files whose comments may suppress something; looked for only when unused ones are asked for. */
  readonly mayIgnore: readonly FileEntry[];
  /** How much was read. */
  readonly files: number;
  readonly bytes: number;
  readonly parsed: number;
}

export interface ScanOptions extends IgnoreOptions {
  /** How each file becomes text. */
  readonly read?: (entry: FileEntry) => Promise<SourceFile | FileError>;
  /** Told of every file: how many are done, and how many may hold something. */
  readonly onFile?: (done: number, candidates: number) => void;
}

/** Analyses the files in the order given. */
export async function scan(
  files: readonly FileEntry[],
  rules: readonly AnyTransform[],
  options: ScanOptions = {},
): Promise<Scan> {
  const { read = readSource, onFile } = options;
  const candidates: Candidate[] = [];
  const facts: FileFacts[] = [];
  const inheritable = new Map<string, readonly InheritableSubject[]>();
  const errors: FileError[] = [];
  const warnings: string[] = [];
  const mayIgnore: FileEntry[] = [];
  let bytes = 0;
  let parsed = 0;
  for (const [index, entry] of files.entries()) {
    onFile?.(index, candidates.length);
    const source = await read(entry);
    if (isFileError(source)) {
      errors.push(source);
      continue;
    }
    bytes += source.bytes.length;
    const analysis = analyse(source, rules, options);
    errors.push(...analysis.errors);
    warnings.push(...analysis.warnings);
    facts.push(analysis.facts);
    if (analysis.inheritable.length > 0) inheritable.set(source.path, analysis.inheritable);
    if (analysis.subjects.length > 0) candidates.push({ source, subjects: analysis.subjects });
    if (analysis.mayIgnore) mayIgnore.push(entry);
    if (!analysis.parsed) continue;
    parsed += 1;
    // Native trees are freed only between turns of the event loop: without one, 120 MB of Python took 3.5 GB.
    await turn();
  }
  return { candidates, facts, inheritable, errors, warnings, mayIgnore, files: files.length, bytes, parsed };
}
