/**
 * What is found in the files of a run: by scanning and judging them, or, where nothing has changed since another run, from the cache in
 * `.pyleak-fix/cache` of the project.
 */
import { join } from 'node:path';
import type { Analysed, analyseAll as analyseNow } from './analyse-all.ts';
import { buildId } from './cache/build.ts';
import { ParsingResults } from './cache/parsing-results.ts';
import { Store } from './cache/store.ts';
import { isStandardInput, type Options } from './core/options.ts';
import type { Stopwatch } from './core/stopwatch.ts';
import type { Input } from './input.ts';
import type { Evidence } from './judge.ts';
import type { Judgements } from './judgements.ts';
import { Kept } from './kept.ts';
import type { RunProgress } from './progress.ts';
import { stateRoots } from './recover.ts';
import type { AnyTransform } from './rules.ts';
import type { Scanned } from './scan-file.ts';
import type { FileEntry } from './source/discover.ts';
import { parses } from './syntax/tree.ts';

/** Fewer files are done before a cache would be read. */
const WORTH_KEEPING = 100;

/** Analyses the files. `rules` and `evidence` are asked for only where they are needed. */
export async function analyseFiles(
  input: Input,
  rules: () => Promise<readonly AnyTransform[]>,
  evidence: () => Promise<Evidence>,
  options: Options,
  progress: RunProgress,
  watch: Stopwatch,
): Promise<Analysed> {
  const shared = sharing(evidence, input.files);
  if (!isWorthKeeping(input, options)) return analyseAll(input, rules, shared, options, progress, watch);
  const store = new Kept(cacheFolder(options), options, await shared(), input.files);
  const known = store.result();
  watch.lap('look into the cache');
  if (known !== undefined) return known;
  const before = store.analyses();
  const analyses = new Map<string, Scanned>();
  let judgements: Judgements | undefined;
  const analysed = await analyseAll(input, rules, shared, options, progress, watch, {
    known: (entry) => before.get(store.keyOf(entry)),
    onScanned: (entry, one) => void analyses.set(store.keyOf(entry), one),
    async judgements({ facts }) {
      judgements = await store.judgements(before, facts);
      return judgements;
    },
  });
  store.keep(analysed, analyses, judgements);
  watch.lap('fill the cache');
  return analysed;
}

/** The evidence, with the entries that are there already for the files that are named too: there may be very many. */
function sharing(evidence: () => Promise<Evidence>, named: readonly FileEntry[]): () => Promise<Evidence> {
  return async () => {
    const { files, roots } = await evidence();
    const known = new Map(named.map((file) => [file.realPath, file]));
    return { files: files.map((file) => known.get(file.realPath) ?? file), roots };
  };
}

/** In a review edits are judged against everything; `--since` and standard input look at few files. */
function isWorthKeeping({ files }: Pick<Input, 'files'>, options: Options): boolean {
  const isWhole = options.since === undefined && !isStandardInput(options) && options.mode !== 'interactive';
  return options.cache && isWhole && files.length >= WORTH_KEEPING;
}

/** What is known to parse; undefined where nothing is kept. */
export function parsingResults(input: Pick<Input, 'files'>, options: Options): ParsingResults | undefined {
  if (!isWorthKeeping(input, options)) return undefined;
  return new ParsingResults(new Store(cacheFolder(options), 'parsing', 1), buildId(), (text) => parses(text));
}

function cacheFolder(options: Options): string {
  const [root = options.cwd] = stateRoots(options);
  return join(root, '.pyleak-fix', 'cache');
}

/** Loaded where something is not known yet. */
const analyseAll: typeof analyseNow = async (...given) => (await import('./analyse-all.ts')).analyseAll(...given);
