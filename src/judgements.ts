/**
 * What files were judged to be before, and which of that still holds. A file has to be judged again only where a text has changed that it was
 * judged by, or something that was looked for has come into a text that did not have it.
 */
import { oncePer } from './core/once.ts';
import type { Judged, Judgement, KnownJudgements } from './judge.ts';
import type { Subject } from './plan/transform.ts';
import type { Dependencies } from './project/dependencies.ts';
import type { FileFacts } from './project/facts.ts';
import { NameSearch } from './project/search.ts';

/** Plain data: what one file was judged to be, and by what. */
export interface KeptJudgement extends Pick<Judged, 'findings' | 'suppressed'> {
  readonly path: string;
  /** What was asked about it, as JSON. */
  readonly subjects: string;
  /** The paths of the files that the findings speak of. */
  readonly sources: readonly string[];
  /** The paths as numbers. */
  readonly dependencies: Omit<Dependencies, 'paths'> & { readonly files: Int32Array };
}

/** A file whose content is another one than before. */
export interface ChangedFile {
  readonly path: string;
  readonly text: string;
  /** What its text told then, and tells now; undefined where that is not known. */
  readonly before: FileFacts | undefined;
  readonly now: FileFacts | undefined;
}

export class Judgements implements KnownJudgements {
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly valid: ReadonlyMap<string, KeptJudgement>;
  private readonly kept = new Map<string, KeptJudgement>();

  /** `paths`: of all files of the project, in the order that they had when `before` was found out. */
  constructor(paths: readonly string[], before: readonly KeptJudgement[], changed: readonly ChangedFile[]) {
    this.numbers = new Map(paths.map((path, number) => [path, number]));
    const numbers = new Set(changed.map(({ path }) => this.numbers.get(path)));
    const isLookedFor = lookedFor(changed, before);
    const isToldTheSame = changed.every(tellsTheSame);
    const holds = (one: KeptJudgement): boolean =>
      isToldTheSame && !one.dependencies.files.some((number) => numbers.has(number)) && !isLookedFor(one);
    this.valid = new Map(before.filter(holds).map((one) => [one.path, one]));
  }

  of(
    path: string,
    subjects: readonly Subject[],
  ): Pick<KeptJudgement, 'findings' | 'suppressed' | 'sources'> | undefined {
    const known = this.valid.get(path);
    if (known?.subjects !== JSON.stringify(subjects)) return undefined;
    this.kept.set(path, known);
    return known;
  }

  note(path: string, subjects: readonly Subject[], judgement: Judgement, dependencies: Dependencies): void {
    const { findings, suppressed, errors } = judgement;
    if (errors.length > 0) return;
    const { paths, ...looked } = dependencies;
    const files = Int32Array.from([...paths].flatMap((other) => this.numbers.get(other) ?? []));
    const sources = judgement.sources.map((source) => source.path);
    const asked = JSON.stringify(subjects);
    const kept = { path, subjects: asked, findings, suppressed, sources, dependencies: { ...looked, files } };
    this.kept.set(path, kept);
  }

  /** What holds now. */
  get all(): readonly KeptJudgement[] {
    return [...this.kept.values()];
  }
}

/** True if no question about the project has another answer for it. What the classes change decides what is asked, and no answer. */
function tellsTheSame({ before, now }: ChangedFile): boolean {
  if (before === undefined || now === undefined) return false;
  const told = ({ classes, imports, aliases, dynamic, handsSelf }: FileFacts): string =>
    JSON.stringify([classes, imports, aliases, dynamic, handsSelf]);
  return told(before) === told(now);
}

/** Tells of a judgement whether one of the texts has what was looked for. */
function lookedFor(
  texts: readonly ChangedFile[],
  judgements: readonly KeptJudgement[],
): (judgement: KeptJudgement) => boolean {
  const all = judgements.map(({ dependencies }) => dependencies);
  const words = new Set(all.flatMap((one) => [...one.words]));
  const attributes = new Set(all.flatMap((one) => [...one.members.keys()]));
  const owners = new Set(all.flatMap((one) => [...one.members.values()].flatMap((names) => [...names])));
  const search = new NameSearch(words, attributes, owners);
  for (const text of texts) search.add(text);
  const matches = oncePer((source: string): boolean => {
    const pattern = new RegExp(source);
    return texts.some(({ text }) => pattern.test(text));
  });
  return ({ dependencies }) =>
    [...dependencies.words].some((word) => search.withName(word).size > 0) ||
    [...dependencies.members].some(([name, names]) => search.withMember([...names], name).length > 0) ||
    [...dependencies.patterns].some(matches);
}
