/** Reads and analyses the files of a run, one after the other, and keeps what the later stages need. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { type FileError, isFileError } from './core/errors.ts';
import type { SourceFile } from './core/source-file.ts';
import type { InheritableSubject, Subject } from './plan/transform.ts';
import type { FileFacts } from './project/facts.ts';
import { SharedFacts } from './project/shared-facts.ts';
import type { AnyTransform } from './rules.ts';
import { type Scanned, scanSource } from './scan-file.ts';
import type { IgnoreOptions, Spent } from './sift.ts';
import type { FileEntry } from './source/discover.ts';
import { readSource } from './source/read.ts';
import type { Ahead } from './workers/ahead.ts';

// Every file's tree is garbage as soon as the file is done. Left to itself V8 lets the heap double before it collects: over 98 MB of
// Python that took 250 MB, and with this 151 MB in the same time.
setFlagsFromString('--heap-growing-percent=15');
// What V8 optimises it compiles in threads of its own, which on few cores take the time of ours: two threads scanned hardly faster than
// one. Optimising later, with less of other functions copied in, halves that work.
setFlagsFromString('--interrupt-budget=400000');
setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');

/** A file in which a rule would find something as far as it tells itself. */
export interface Candidate {
  readonly source: SourceFile;
  readonly subjects: readonly Subject[];
}

export interface Scan {
  /** The paths of the files that were read. */
  readonly paths: readonly string[];
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
  /** What it took in all threads together, where that is asked for. */
  readonly spent: Spent;
}

export interface ScanOptions extends IgnoreOptions {
  /** What is known of files that are as they were when they were scanned before. */
  readonly known?: ((entry: FileEntry) => Scanned | undefined) | undefined;
  /** What threads find out ahead of this one. */
  readonly ahead?: Pick<Ahead, 'get'> | undefined;
  /** Told what each file came to. */
  readonly onScanned?: ((entry: FileEntry, scanned: Scanned) => void) | undefined;
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
  const { read = readSource, onFile, known, ahead, onScanned } = options;
  const paths: string[] = [];
  const candidates: Candidate[] = [];
  const facts: FileFacts[] = [];
  const sharedFacts = new SharedFacts();
  const inheritable = new Map<string, readonly InheritableSubject[]>();
  const errors: FileError[] = [];
  const warnings: string[] = [];
  const mayIgnore: FileEntry[] = [];
  const spent = { sift: 0, parse: 0, detect: 0 };
  let bytes = 0;
  let parsed = 0;
  for (const [index, entry] of files.entries()) {
    onFile?.(index, candidates.length);
    const before = known?.(entry) ?? (await ahead?.get(entry));
    const source = before === undefined || hasSubjects(before) ? await read(entry) : undefined;
    const one = before ?? (source === undefined ? undefined : scanSource(source, rules, options));
    if (one === undefined) continue;
    if (isFileError(one)) {
      onScanned?.(entry, one);
      errors.push(one);
      continue;
    }
    // There may be very many: whoever keeps what files came to keeps these facts, and no copy of them.
    const shared = sharedFacts.of(one.facts, entry.path);
    onScanned?.(entry, { ...one, facts: shared });
    for (const [part, milliseconds] of Object.entries(one.spent ?? {})) spent[part as keyof Spent] += milliseconds;
    paths.push(entry.path);
    bytes += one.bytes;
    errors.push(...one.errors);
    warnings.push(...one.warnings);
    facts.push(shared);
    if (one.inheritable.length > 0) inheritable.set(entry.path, one.inheritable);
    if (source !== undefined && !isFileError(source) && one.subjects.length > 0)
      candidates.push({ source, subjects: one.subjects });
    if (one.mayIgnore) mayIgnore.push(entry);
    if (!one.parsed) continue;
    parsed += 1;
    // Native trees are freed only between turns of the event loop: without one, 120 MB of Python took 3.5 GB.
    if (before === undefined) await turn();
  }
  return {
    paths,
    candidates,
    facts,
    inheritable,
    errors,
    warnings,
    mayIgnore,
    files: files.length,
    bytes,
    parsed,
    spent,
  };
}

function hasSubjects(scanned: Scanned): boolean {
  return !isFileError(scanned) && scanned.subjects.length > 0;
}
