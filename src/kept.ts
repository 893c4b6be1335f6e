/** What a run keeps in the cache of its project, and what another finds there that still holds. */
import type { Analysed } from './analyse-all.ts';
import { buildId } from './cache/build.ts';
import { areUnchanged, contentHash, type Fingerprint, fingerprints, hashOf, type Index } from './cache/fingerprint.ts';
import { Store } from './cache/store.ts';
import { isFileError } from './core/errors.ts';
import { once } from './core/once.ts';
import type { Options } from './core/options.ts';
import type { SourceFile } from './core/source-file.ts';
import type { Evidence, Judged } from './judge.ts';
import type { ChangedFile, Judgements, KeptJudgement } from './judgements.ts';
import type { FileFacts } from './project/facts.ts';
import type { Scan } from './scan.ts';
import type { Scanned } from './scan-file.ts';
import type { FileEntry } from './source/discover.ts';
import { readSourceNow } from './source/read.ts';

/** How many results are kept: those of the option sets that people go back and forth between. */
const KEPT_RESULTS = 8;
/** After a change of more files all is judged again. */
const MOST_CHANGED = 200;
/** What so many files came to is one entry: to write very many at once would take all of them in memory a second time. */
const FILES_OF_ENTRY = 10_000;

/** What is kept of a whole result: the sources are read again. */
interface Result {
  readonly scanned: Omit<Scan, 'candidates' | 'facts' | 'inheritable'>;
  readonly judged: Omit<Judged, 'sources'>;
  readonly sources: readonly FileEntry[];
}

/** What files were judged to be, and the contents of all files by which they were. */
interface JudgedBefore {
  readonly hashes: readonly (string | undefined)[];
  readonly judgements: readonly KeptJudgement[];
}

/** What some files came to, with which options and which build. */
interface Analyses {
  readonly setup: string;
  readonly analyses: readonly (readonly [key: string, Scanned])[];
}

/** Of one run: what is there is looked up once, and what it came to is put in at the end. */
export class Kept {
  private readonly results: Store;
  private readonly files: Store;
  /** The keys of {@link files}. */
  private readonly parts: readonly string[];
  private readonly index: Store;
  private readonly judged: Store;
  /** Of everything that a judgement depends on, but for the contents of the files. */
  private readonly judgedKey: () => string;
  private readonly prints: readonly Fingerprint[];
  /** When, in milliseconds since the epoch. */
  private readonly taken: number;
  private readonly hashes: ReadonlyMap<string, string | undefined>;
  /** Of everything that a result depends on. */
  private readonly key: string;
  /** Of everything but the files. */
  private readonly setup: string;
  private readonly entries: ReadonlyMap<string, FileEntry>;

  /** `files`: the named ones; `folder`: of the cache, absolute. */
  constructor(folder: string, options: Options, evidence: Evidence, files: readonly FileEntry[]) {
    this.results = new Store(folder, 'result', KEPT_RESULTS);
    this.entries = new Map([...evidence.files, ...files].map((file) => [file.path, file]));
    this.parts = Array.from({ length: Math.ceil(this.entries.size / FILES_OF_ENTRY) }, (_, part) => `${part}`);
    this.files = new Store(folder, 'files', this.parts.length);
    this.index = new Store(folder, 'index', 1);
    this.judged = new Store(folder, 'judged', KEPT_RESULTS);
    const taken = Date.now();
    this.prints = fingerprints([...this.entries.values()], this.index.get('all') as Index | undefined);
    this.taken = taken;
    this.hashes = new Map(this.prints.map(({ path, hash }) => [path, hash]));
    const { rules, knownRules, strategies, declarativeBases, reportUnusedIgnores, sift } = options;
    const asked = { rules, knownRules, strategies: [...strategies], declarativeBases, reportUnusedIgnores, sift };
    this.setup = JSON.stringify([buildId(), asked]);
    const named = files.map(({ path, writable }) => [path, writable]);
    const rest = JSON.stringify([this.setup, evidence.roots, named]);
    this.key = hashOf(this.prints, rest);
    this.judgedKey = once(() =>
      hashOf(
        this.prints.map((print) => ({ ...print, hash: undefined })),
        rest,
      ),
    );
  }

  /** What the same run came to before; undefined where none is known. */
  result(): Analysed | undefined {
    const result = this.results.get(this.key) as Result | undefined;
    if (result === undefined) return undefined;
    const sources = new Map<string, SourceFile>();
    for (const entry of result.sources) {
      const source = readSourceNow(entry);
      if (isFileError(source) || contentHash(source.bytes) !== this.hashes.get(entry.path)) return undefined;
      sources.set(entry.path, source);
    }
    const scanned = { ...result.scanned, candidates: [], facts: [], inheritable: new Map<string, never>() };
    return { scanned, judged: { ...result.judged, sources } };
  }

  /** What files came to before, by {@link keyOf}. */
  analyses(): ReadonlyMap<string, Scanned> {
    const kept = this.parts.map((part) => this.files.get(part) as Analyses | undefined);
    return new Map(kept.flatMap((one) => (one?.setup === this.setup ? one.analyses : [])));
  }

  keyOf({ path }: FileEntry): string {
    return `${this.hashes.get(path) ?? ''} ${path}`;
  }

  /** What files were judged to be, where the same files are there as were. `before`: what files came to; `facts`: those of now. */
  async judgements(before: ReadonlyMap<string, Scanned>, facts: readonly FileFacts[]): Promise<Judgements> {
    // Loaded where something is judged.
    const { Judgements } = await import('./judgements.ts');
    const paths = this.prints.map(({ path }) => path);
    const kept = this.judged.get(this.judgedKey()) as JudgedBefore | undefined;
    const changed = this.prints.filter(({ hash }, number) => hash !== kept?.hashes[number]);
    if (kept === undefined || changed.length > MOST_CHANGED) return new Judgements(paths, [], []);
    const hashes = new Map(paths.map((path, number) => [path, kept.hashes[number]]));
    const wanted = new Set(changed.map(({ path }) => path));
    const now = new Map(facts.filter(({ path }) => wanted.has(path)).map((one) => [one.path, one]));
    const files = changed.map(({ path }): ChangedFile => {
      const scanned = before.get(`${hashes.get(path) ?? ''} ${path}`);
      const entry = this.entries.get(path);
      const source = entry === undefined ? undefined : readSourceNow(entry);
      const isKnown = scanned !== undefined && !isFileError(scanned);
      // What cannot be read has no facts now.
      const text = source === undefined || isFileError(source) ? '' : source.text;
      return { path, text, before: isKnown ? scanned.facts : undefined, now: now.get(path) };
    });
    return new Judgements(paths, kept.judgements, files);
  }

  keep(
    { scanned, judged }: Analysed,
    analyses: ReadonlyMap<string, Scanned>,
    judgements: Judgements | undefined,
  ): void {
    // What was written in the meantime may have been read before or after.
    if (!areUnchanged(this.prints)) return;
    const { candidates: _candidates, facts: _facts, inheritable: _inheritable, ...rest } = scanned;
    const { sources, ...findings } = judged;
    const read = [...sources.keys()].flatMap((path) => this.entries.get(path) ?? []);
    const result: Result = { scanned: rest, judged: findings, sources: read };
    this.results.put(this.key, result);
    const hashes = this.prints.map(({ hash }) => hash);
    if (judgements !== undefined)
      this.judged.put(this.judgedKey(), { hashes, judgements: judgements.all } satisfies JudgedBefore);
    const prints = new Map(this.prints.map(({ realPath, hash, stamp }) => [realPath, { hash, stamp }]));
    this.index.put('all', { taken: this.taken, prints } satisfies Index);
    const all = [...analyses];
    for (const [index, part] of this.parts.entries()) {
      const some = all.slice(index * FILES_OF_ENTRY, (index + 1) * FILES_OF_ENTRY);
      this.files.put(part, { setup: this.setup, analyses: some } satisfies Analyses);
    }
  }
}
