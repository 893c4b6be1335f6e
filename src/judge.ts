/**
 * What the candidates of the scan come to once the whole project is known: the findings, with their evidence, and the fixes with
 * what each needs to be safe.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { analyse, guarded, suppressionsIn } from './analyse.ts';
import { type FileError, isFileError } from './core/errors.ts';
import { type Finding, type Fix, type Obligation, pathsChanged, placesOf, type Unfixable } from './core/finding.ts';
import type { SourceFile } from './core/source-file.ts';
import { FileModel, type Surroundings } from './model/file.ts';
import type { Subject, Topic } from './plan/transform.ts';
import type { Dependencies } from './project/dependencies.ts';
import { type FileFacts, factsOf } from './project/facts.ts';
import { Project, Suspended } from './project/project.ts';
import type { AnyTransform } from './rules.ts';
import type { Scan } from './scan.ts';
import type { IgnoreOptions } from './sift.ts';
import type { FileEntry } from './source/discover.ts';
import { lineColumn } from './source/lines.ts';
import { lacksWords, readSourceNow, withSource } from './source/read.ts';
import { lookFor, subjectsByPath } from './subjects.ts';
import { BodyFailure, parse } from './syntax/tree.ts';

/** What is looked at for evidence. */
export interface Evidence {
  /** Every Python file of the project, the named ones among them. */
  readonly files: readonly FileEntry[];
  /** The folders of the projects, absolute. */
  readonly roots: readonly string[];
}

export interface Judged {
  /** By path, then position. */
  readonly findings: readonly Finding[];
  /** The files with findings, and those that findings speak of, by path. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  readonly errors: readonly FileError[];
  /** What a comment keeps from being a finding; of whole files only when unused comments are asked for. */
  readonly suppressed: readonly Finding[];
}

/** What one file comes to. */
export interface Judgement extends Pick<Judged, 'findings' | 'errors' | 'suppressed'> {
  /** The files that the findings speak of. */
  readonly sources: readonly SourceFile[];
}

/** What files came to when they were judged before. */
export interface KnownJudgements {
  /** Undefined where it may be something else by now. The sources by their paths. */
  of(
    path: string,
    subjects: readonly Subject[],
  ): (Pick<Judged, 'findings' | 'suppressed'> & { readonly sources: readonly string[] }) | undefined;
  /** Told what one came to, which stays so as long as the facts of all files do, and the dependencies. */
  note(path: string, subjects: readonly Subject[], judgement: Judgement, dependencies: Dependencies): void;
}

export interface JudgeOptions extends IgnoreOptions {
  readonly rules: readonly AnyTransform[];
  /** Rule id to the strategy that is used first. */
  readonly strategies: ReadonlyMap<string, string>;
  readonly declarativeBases: readonly string[];
  readonly judgements?: KnownJudgements | undefined;
  /** Told of every file that is judged: how many are done, of how many, and what was found so far. */
  readonly onFile?: (done: number, total: number, findings: number) => void;
}

/** `evidence` is asked for only if something may be found. Of all files that may have findings, `only` one is judged where it is given. */
export async function judge(
  scan: Scan,
  evidence: () => Promise<Evidence>,
  options: JudgeOptions,
  only?: string,
): Promise<Judged> {
  const findings: Finding[] = [];
  const sources = new Map<string, SourceFile>();
  const errors: FileError[] = [];
  const suppressed: Finding[] = [];
  const reported = new Set<string>();
  if (scan.candidates.length === 0 && scan.inheritable.size === 0) return { findings, sources, errors, suppressed };
  const { files, roots } = await evidence();
  const kept = new Map(scan.candidates.map(({ source }) => [source.path, source]));
  const { read, text } = readers(kept);
  const facts = allFacts(scan, files, text);
  const ofRun = new Set(scan.facts.map((one) => one.path));
  const project = new Project({
    files,
    roots,
    facts,
    declarativeBases: options.declarativeBases,
    text,
    lacks: (file, words) => !kept.has(file.path) && lacksWords(file, words),
    load: (file, surroundings, deferBodies) => modelOf(read(file), surroundings, deferBodies && options.sift !== false),
  });
  const fileAt = new Map(files.map((file) => [file.path, file]));
  const textAt = (path: string): string | undefined => {
    const file = fileAt.get(path);
    return file === undefined ? undefined : text(file);
  };
  const subjects = subjectsByPath({ scan, facts, project, rules: options.rules, text: textAt });
  const known = knownJudgements(subjects, options, (path) => {
    const file = fileAt.get(path);
    return file === undefined ? undefined : read(file);
  });
  lookFor(new Map([...subjects].filter(([path]) => !known.has(path))), facts, project);
  for (const [done, path] of [...subjects.keys()].sort().entries()) {
    if (only !== undefined && path !== only) continue;
    options.onFile?.(done, subjects.size, findings.length);
    const own = subjects.get(path) ?? [];
    const before = known.get(path);
    const judged = before ?? (await whole(project, () => judgePath(project, path, options, own, ofRun)));
    if (before === undefined) options.judgements?.note(path, own, judged, project.dependencies);
    const isNew = ({ identity }: Finding): boolean => identity === undefined || !reported.has(identity);
    findings.push(...judged.findings.filter(isNew));
    errors.push(...judged.errors);
    suppressed.push(...judged.suppressed.filter(isNew));
    for (const { identity } of [...judged.findings, ...judged.suppressed])
      if (identity !== undefined) reported.add(identity);
    for (const source of judged.sources) sources.set(source.path, source);
    project.release();
  }
  return { findings, sources, errors, suppressed };
}

/** What is known of files from before, with the sources as they are. */
function knownJudgements(
  subjects: ReadonlyMap<string, readonly Subject[]>,
  { judgements }: JudgeOptions,
  read: (path: string) => SourceFile | undefined,
): ReadonlyMap<string, Judgement> {
  const found = new Map<string, Judgement>();
  for (const [path, own] of judgements === undefined ? [] : subjects) {
    const known = judgements?.of(path, own);
    const sources = known?.sources.flatMap((one) => read(one) ?? []) ?? [];
    if (known !== undefined && sources.length === known.sources.length)
      found.set(path, { findings: known.findings, suppressed: known.suppressed, errors: [], sources });
  }
  return found;
}

/** What is found in a file whose text has become another, with the rest of the project as it was scanned. */
export async function judgeAgain(
  source: SourceFile,
  scan: Scan,
  evidence: () => Promise<Evidence>,
  options: JudgeOptions,
): Promise<Judged> {
  const { path } = source;
  const { subjects, facts, inheritable } = analyse(source, options.rules, options);
  const changed: Scan = {
    ...scan,
    candidates: [...scan.candidates.filter((candidate) => candidate.source.path !== path), { source, subjects }],
    facts: [...scan.facts.filter((other) => other.path !== path), facts],
    inheritable: new Map([...scan.inheritable, [path, inheritable]]),
  };
  return judge(changed, evidence, options, path);
}

/** Runs the work, again and again where it is suspended: what it has read by then is there at once the next time. */
async function whole<T>(project: Project<FileEntry>, work: () => T): Promise<T> {
  for (;;) {
    // As in the scan: native trees are freed only between turns of the event loop.
    await turn();
    project.resume();
    try {
      return work();
    } catch (error) {
      if (error instanceof BodyFailure) project.readWhole(error);
      else if (!(error instanceof Suspended)) throw error;
    }
  }
}

/** The findings in one file, and the files that they speak of. */
function judgePath(
  project: Project<FileEntry>,
  path: string,
  options: JudgeOptions,
  subjects: readonly Subject[] | undefined,
  ofRun: ReadonlySet<string>,
): Judgement {
  const file = project.file(path);
  if (file === undefined) return { findings: [], errors: [], suppressed: [], sources: [] };
  const { findings, errors, suppressed } = judgeFile(file, options, subjects);
  const isSuppressed = ({ rule, also = [] }: Finding): boolean =>
    also.some(({ path: other, range }) => {
      const model = other === path ? undefined : project.file(other);
      return model !== undefined && suppressionsIn(model, options.rules, options).covers(range.start, rule);
    });
  const mayNotWrite = (other: string): string | undefined => {
    const model = project.file(other);
    if (model === undefined || !ofRun.has(other)) return 'is none of the files that this run may write';
    if (!model.source.writable) return 'lies outside the root and is only read';
    const ignored = suppressionsIn(model, options.rules, options).wholeFile;
    return ignored ? 'says `# pyleak: ignore-file`' : undefined;
  };
  const elsewhere = new Set(findings.filter(isSuppressed));
  const open = findings.filter((finding) => !elsewhere.has(finding));
  const placed = open.map((finding) => confined(withPlaces(finding, project), mayNotWrite));
  const mentioned = [...new Set(placed.flatMap(pathsOf))];
  const sources = mentioned.map((one) => project.file(one)?.source).filter((source) => source !== undefined);
  return { findings: placed, errors, suppressed: [...suppressed, ...elsewhere], sources };
}

/** How files are read that were not `kept`; undefined for one that cannot be. */
function readers(kept: ReadonlyMap<string, SourceFile>): {
  readonly read: (file: FileEntry) => SourceFile | undefined;
  /** The text alone. */
  readonly text: (file: FileEntry) => string | undefined;
} {
  return {
    read(file) {
      const source = kept.get(file.path) ?? readSourceNow(file);
      return isFileError(source) ? undefined : source;
    },
    text: (file) =>
      kept.get(file.path)?.text ?? withSource(file, (source) => (isFileError(source) ? undefined : source.text)),
  };
}

/** The facts of every file of the project: those of the scan, and of what was not scanned. */
function allFacts(
  scan: Scan,
  files: readonly FileEntry[],
  text: (file: FileEntry) => string | undefined,
): readonly FileFacts[] {
  const scanned = new Set(scan.facts.map(({ path }) => path));
  const others = files
    .filter(({ path }) => !scanned.has(path))
    .flatMap((file) => {
      const found = text(file);
      return found === undefined ? [] : [factsOf(file.path, found)];
    });
  return [...scan.facts, ...others];
}

function modelOf(
  source: SourceFile | undefined,
  surroundings: Surroundings,
  deferBodies: boolean,
): FileModel | undefined {
  if (source === undefined) return undefined;
  const syntax = parse(source.text, { deferBodies });
  return 'offset' in syntax ? undefined : new FileModel(source, syntax, surroundings);
}

/**
 * The findings in one file, as far as its surroundings tell; only those about one of the subjects where they are given. A rule that
 * throws fails this file only, by name.
 */
export function judgeFile(
  file: FileModel,
  options: Pick<JudgeOptions, 'rules' | 'strategies'> & IgnoreOptions,
  subjects?: readonly Subject[],
): Pick<Judged, 'findings' | 'errors' | 'suppressed'> {
  const { rules, strategies } = options;
  const suppressions = suppressionsIn(file, rules, options);
  const findings: Finding[] = [];
  const errors: FileError[] = [];
  const suppressed: Finding[] = [];
  if (suppressions.wholeFile && options.reportUnusedIgnores !== true) return { findings, errors, suppressed };
  const wanted = ({ class: model, name: attribute }: Topic): boolean =>
    subjects?.some((subject) => subject.className === model?.name && subject.attribute === attribute) !== false;
  for (const rule of rules) {
    guarded(rule, file.source.path, errors, () => {
      for (const finding of findingsOfRule(rule, file, strategies, wanted)) {
        const own = placesOf(finding).filter(({ path }) => path === file.source.path);
        const covered =
          suppressions.wholeFile || own.some(({ range }) => suppressions.covers(range.start, rule.meta.id));
        (covered ? suppressed : findings).push(finding);
      }
    });
  }
  findings.sort((a, b) => a.range.start - b.range.start);
  return { findings, errors, suppressed };
}

function* findingsOfRule(
  rule: AnyTransform,
  file: FileModel,
  strategies: ReadonlyMap<string, string>,
  wanted: (topic: Topic) => boolean,
): Generator<Finding> {
  const { id, retention } = rule.meta;
  const preferred = strategies.get(id);
  // The one that is going to be used comes first.
  const names = rule.meta.strategies
    .map((strategy) => strategy.name)
    .sort((a, b) => Number(b === preferred) - Number(a === preferred));
  for (const match of rule.detect(file, wanted)) {
    const explanation = rule.explain(match);
    const fixes = names.map((name) => rule.remedy(match, name));
    yield { rule: id, retention, path: file.source.path, fixes, ...explanation };
  }
}

/** Obligations that speak of a place in another file say which: path and line. */
function withPlaces(finding: Finding, project: Project<FileEntry>): Finding {
  const placed = (obligation: Obligation): Obligation => {
    const { where, detail } = obligation;
    const source = where === undefined || where.path === finding.path ? undefined : project.file(where.path)?.source;
    if (where === undefined || source === undefined) return obligation;
    return { ...obligation, detail: `${detail} (${where.path}:${lineColumn(source.text, where.range.start).line})` };
  };
  const fixes = finding.fixes.map((fix: Fix | Unfixable) =>
    'unfixable' in fix ? fix : { ...fix, obligations: fix.obligations.map(placed) },
  );
  return { ...finding, fixes };
}

/** A fix that would change a file which may not be written is none. `mayNotWrite` says why not. */
function confined(finding: Finding, mayNotWrite: (path: string) => string | undefined): Finding {
  const fixes = finding.fixes.map((fix: Fix | Unfixable) => {
    if ('unfixable' in fix) return fix;
    for (const path of pathsChanged(fix)) {
      const reason = path === finding.path ? undefined : mayNotWrite(path);
      if (reason !== undefined)
        return { strategy: fix.strategy, unfixable: `${path} would have to change too, and ${reason}` };
    }
    return fix;
  });
  return { ...finding, fixes };
}

/** Every file that the finding speaks of, or would change. */
function pathsOf(finding: Finding): readonly string[] {
  const changed = finding.fixes.flatMap((fix) => ('unfixable' in fix ? [] : pathsChanged(fix)));
  const spoken = [...placesOf(finding), ...finding.evidence.map(({ place }) => place)];
  return [...spoken.map(({ path }) => path), ...changed];
}
