/**
 * Reads a folder `fixtures/<rule>/<case>`: a small tree of files, most often the one file `subject.py`, and what is expected of it.
 * A case that is incomplete, has files nobody looks at or could not fail is refused by name.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Bytes by path, with forward slashes, ascending. */
export type Files = ReadonlyMap<string, Buffer>;

/** What is expected of one strategy's fix. */
export interface Judgement {
  readonly applicability: 'safe' | 'unsafe' | 'manual';
  /** Ids of the obligations that are false or unknown; of every fix that is not manual. */
  readonly unmet?: readonly string[];
  /** The files that the fix changes, where that is not the one of its finding alone. */
  readonly changes?: readonly string[];
  /** A regular expression, any case, for why nothing is offered; of every manual one. */
  readonly reason?: string;
}

/** As `strategy` of a {@link Case}: the one that is used when none is named. */
export const DEFAULT = '';

export interface ExpectedFinding {
  readonly path: string;
  readonly symbol: string;
  /** By strategy. The default one is always there; another where there is something to say about it. */
  readonly judgements: ReadonlyMap<string, Judgement>;
}

/** How `leak.py` gets hold of the tree. */
export interface Exercise {
  /** The `leak.py`, absolute. */
  readonly leak: string;
  /** The folder of the tree that modules are imported from. */
  readonly root: string;
  /** The module that is handed to `exercise`. */
  readonly subject: string;
}

export interface Case {
  readonly rule: string;
  readonly name: string;
  readonly before: Files;
  /** The whole tree as it is expected afterwards, by strategy. Empty: nothing is written. */
  readonly after: ReadonlyMap<string, Files>;
  /** None: the case stays silent. */
  readonly findings: readonly ExpectedFinding[];
  /** What is named on the command line; nothing means the whole tree. */
  readonly paths: readonly string[];
  /** `>=3.8` and the like, or `2` for source that only Python 2 compiles. */
  readonly python: string;
  /** Undefined where nothing is written, and for Python 2. */
  readonly exercise: Exercise | undefined;
}

/** What `case.json` holds. */
interface Description {
  readonly python: string;
  readonly findings: readonly DescribedFinding[];
  /** The rest goes with a tree of several files. */
  readonly subject?: string;
  readonly root?: string;
  readonly paths?: readonly string[];
}

interface DescribedFinding extends Judgement {
  readonly symbol: string;
  readonly path?: string;
  /** Judgements of strategies other than the default one. */
  readonly strategies?: Readonly<Record<string, Judgement>>;
}

type Refuse = (why: string) => never;

/** What the one file of a case without trees is called. */
const ONLY_MODULE = 'subject';

/** Throws, naming the case, if a file is missing, unknown or says nothing. `fixtures` is the folder of all rules. */
export function readCase(fixtures: string, rule: string, name: string): Case {
  const refuse: Refuse = (why) => {
    throw new Error(`fixtures/${rule}/${name}: ${why}`);
  };
  const folder = new CaseFolder(join(fixtures, rule, name), refuse);
  if (folder.has('clean')) {
    const before = folder.takeTree('clean');
    folder.refuseOthers();
    return { rule, name, before, after: new Map(), findings: [], paths: [], python: '>=3.8', exercise: undefined };
  }
  const before = folder.takeTree('before');
  const after = new Map<string, Files>();
  for (const [strategy, stem] of folder.outputs()) {
    after.set(strategy, overlay(before, folder.takeTree(stem), stem, refuse));
  }
  const description = JSON.parse(readFileSync(folder.take('case.json'), 'utf8')) as Description;
  checkDescription(description, folder.several, refuse);
  const { python, paths = [], root = '', subject } = description;
  const findings = description.findings.map((finding) => expectedFinding(finding, folder.several, before, refuse));
  checkWritten(before, after, findings, refuse);
  const runs = after.size > 0 && python !== '2';
  if (folder.several && runs === (subject === undefined)) refuse('"subject" goes with a leak.py');
  const exercise = runs ? { leak: folder.take('leak.py'), root, subject: subject ?? ONLY_MODULE } : undefined;
  folder.refuseOthers();
  return { rule, name, before, after, findings, paths, python, exercise };
}

/** What lies in the folder of a case. Everything has to be taken. */
class CaseFolder {
  /** True if the case has trees: folders where other cases have one file. */
  readonly several: boolean;
  private readonly path: string;
  private readonly entries: Set<string>;
  private readonly refuse: Refuse;

  constructor(path: string, refuse: Refuse) {
    this.path = path;
    this.refuse = refuse;
    this.entries = new Set(readdirSync(path));
    this.several = this.entries.has('before') || this.entries.has('clean');
  }

  has(stem: string): boolean {
    return this.entries.has(this.entryOf(stem));
  }

  /** The absolute path of an entry. */
  take(entry: string): string {
    return this.entries.delete(entry) ? join(this.path, entry) : this.refuse(`${entry} is missing`);
  }

  takeTree(stem: string): Files {
    const path = this.take(this.entryOf(stem));
    if (!this.several) return new Map([[`${ONLY_MODULE}.py`, readFileSync(path)]]);
    const files = filesBelow(path);
    const modules = [...files.keys()].filter((file) => file.endsWith('.py'));
    if (!/^after/.test(stem) && modules.length < 2) this.refuse(`a case of one module has a ${stem}.py`);
    return files;
  }

  /** The names of the expected outputs that are here, by strategy. */
  outputs(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const entry of this.entries) {
      const stem = entry.replace(/\.py$/, '');
      const [named, strategy = DEFAULT] = /^after(?:\.([a-z-]+))?$/.exec(stem) ?? [];
      if (named !== undefined && entry === this.entryOf(stem)) found.set(strategy, stem);
    }
    return found;
  }

  refuseOthers(): void {
    if (this.entries.size > 0) this.refuse(`unknown files: ${[...this.entries].join(', ')}`);
  }

  private entryOf(stem: string): string {
    return this.several ? stem : `${stem}.py`;
  }
}

/** The folders directly in `path`; none if it is not there. */
export function foldersIn(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Every file below a folder. */
export function filesBelow(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const named = paths.map((path) => [relative(folder, path).split(sep).join('/'), path] as const);
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, path]) => [name, readFileSync(path)]));
}

/** Writes the files below a folder that is there. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** The paths whose bytes differ. Both trees have the same paths. */
export function changedPaths(before: Files, after: Files): readonly string[] {
  return [...after].filter(([path, bytes]) => before.get(path)?.equals(bytes) !== true).map(([path]) => path);
}

/** The strategies that something is said about. */
export function judgedStrategies({ findings }: Case): readonly string[] {
  return [...new Set(findings.flatMap(({ judgements }) => [...judgements.keys()]))];
}

/** The tree with the files that `after` has in another form. */
function overlay(before: Files, changed: Files, name: string, refuse: Refuse): Files {
  for (const [path, bytes] of changed) {
    const old = before.get(path) ?? refuse(`${name}: there is no ${path} before`);
    if (old.equals(bytes)) refuse(`${name} changes nothing in ${path}`);
  }
  return new Map([...before, ...changed]);
}

function checkDescription(description: Description, several: boolean, refuse: Refuse): void {
  const { python, findings } = description;
  const known = ['python', 'findings', ...(several ? ['subject', 'root', 'paths'] : [])];
  const unknown = Object.keys(description).filter((key) => !known.includes(key));
  if (unknown.length > 0) refuse(`unknown keys in case.json: ${unknown.join(', ')}`);
  if (python !== '2' && !/^>=3\.\d+$/.test(python)) refuse(`"python" is ">=3.x" or "2", not ${JSON.stringify(python)}`);
  if (findings.length === 0) refuse('a case without findings is a clean one');
}

function expectedFinding(
  described: DescribedFinding,
  several: boolean,
  before: Files,
  refuse: Refuse,
): ExpectedFinding {
  const { symbol, path = `${ONLY_MODULE}.py`, strategies = {}, ...own } = described;
  if (several !== (described.path !== undefined)) refuse(`${symbol}: "path" goes with several files`);
  if (!before.has(path)) refuse(`${symbol}: there is no ${path}`);
  const judgements = new Map([[DEFAULT, own], ...Object.entries(strategies)]);
  for (const [strategy, judgement] of judgements) checkJudgement(`${symbol} ${strategy}`.trim(), judgement, refuse);
  return { path, symbol, judgements };
}

function checkJudgement(
  what: string,
  { applicability, unmet, reason, changes, ...others }: Judgement,
  refuse: Refuse,
): void {
  if (changes !== undefined && applicability === 'manual') refuse(`${what}: a manual finding changes nothing`);
  if (Object.keys(others).length > 0) refuse(`unknown keys of ${what}: ${Object.keys(others).join(', ')}`);
  if (
    applicability === 'manual'
      ? reason === undefined || unmet !== undefined
      : reason !== undefined || unmet === undefined
  ) {
    refuse(`${what}: a manual finding has a "reason", any other has "unmet"`);
  }
  if (unmet !== undefined && (unmet.length === 0) !== (applicability === 'safe'))
    refuse(`${what}: safe means that nothing is unmet`);
}

/** What a strategy is expected to write are the files with findings that it can fix and those that change with them, and no others. */
function checkWritten(
  before: Files,
  after: ReadonlyMap<string, Files>,
  findings: readonly ExpectedFinding[],
  refuse: Refuse,
): void {
  const judged = findings.flatMap(({ judgements }) => [...judgements.keys()]);
  for (const strategy of new Set([...judged, ...after.keys()])) {
    const written = after.get(strategy);
    const fixable = findings.filter(({ symbol, judgements }) => {
      const judgement = judgements.get(strategy);
      if (judgement === undefined && written !== undefined) refuse(`${symbol} is not judged for "${strategy}"`);
      return judgement !== undefined && judgement.applicability !== 'manual';
    });
    const changed = fixable.flatMap(({ path, judgements }) => judgements.get(strategy)?.changes ?? [path]);
    const expected = [...new Set(changed)].sort();
    const actual = written === undefined ? [] : changedPaths(before, written);
    if (expected.join() !== actual.join())
      refuse(
        `${`after ${strategy}`.trim()} changes ${actual.join(', ') || 'nothing'}, fixable is ${expected.join(', ') || 'nothing'}`,
      );
  }
}
