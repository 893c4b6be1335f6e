/** What is to be judged: what a file's own text shows, and what it has and a class of another file may change. */
import { oncePer } from './core/once.ts';
import type { Subject } from './plan/transform.ts';
import type { FileFacts } from './project/facts.ts';
import { type InheritedChange, inheritedChanges } from './project/inherited-changes.ts';
import type { Project } from './project/project.ts';
import type { AnyTransform } from './rules.ts';
import type { Scan } from './scan.ts';

export interface Given {
  readonly scan: Scan;
  /** Of every file of the project. */
  readonly facts: readonly FileFacts[];
  readonly project: Pick<Project, 'imports' | 'ancestry' | 'importedNames' | 'handedSelf'>;
  readonly rules: readonly AnyTransform[];
  /** The decoded text of the file at a path; undefined for one that cannot be read. */
  readonly text: (path: string) => string | undefined;
}

/** What is to be judged in each file. */
export function subjectsByPath(given: Given): ReadonlyMap<string, readonly Subject[]> {
  const { scan, facts, project } = given;
  const subjects = new Map<string, readonly Subject[]>(
    scan.candidates.map(({ source, subjects: own }) => [source.path, own]),
  );
  const mayBeChanged = changedByText(given);
  const { importedNames, handedSelf } = project;
  for (const change of inheritedChanges(facts, scan.inheritable, importedNames, handedSelf)) {
    const { path, className, attribute } = change;
    const known = subjects.get(path) ?? [];
    const isKnown = known.some((one) => one.className === className && one.attribute === attribute);
    if (isKnown || !mayBeChanged(change) || !project.imports(change.changedIn, path, className ?? attribute)) continue;
    subjects.set(path, [...known, { className, attribute, importable: true }]);
  }
  return subjects;
}

/** Texts are looked through for all that is to be judged at once, and for the names beside it. */
export function lookFor(
  subjects: ReadonlyMap<string, readonly Subject[]>,
  facts: readonly FileFacts[],
  project: Pick<Project, 'search'>,
): void {
  const all = [...subjects.values()].flat();
  if (all.length === 0) return;
  const open = all.filter(({ importable }) => importable);
  project.search(
    [...namesOf(open.map(({ className, attribute }) => className ?? attribute)), ...neighbours(subjects, facts)],
    namesOf(all.map(({ className, attribute }) => attribute ?? className)),
  );
}

/**
 * Whether the attribute may be changed, by closer reading than `byName` tells: a class of the other file inherits from the one that has it,
 * and in their files, or that of another class on the way, a rule sees by the text that it may be. All of them change what an instance has.
 */
function changedByText({ project, rules, text }: Given): (change: InheritedChange) => boolean {
  const isChangedIn = oncePer((key: string): boolean => {
    const [path = '', attribute = '', home = ''] = key.split('\0');
    const [one, other] = [text(path), text(home)];
    if (one === undefined || other === undefined) return true;
    return one.includes(attribute) && rules.some(({ mayChange }) => mayChange?.(one, attribute, other) === true);
  });
  return ({ path: home, changedIn, className, attribute, byName }) => {
    if (!byName || className === undefined) return true;
    const ancestors = project.ancestry.of(changedIn);
    if (ancestors === undefined) return true;
    const mayChangeIn = (path: string): boolean => isChangedIn(`${path}\0${attribute}\0${home}`);
    return ancestors.has(home, className) && [...ancestors.paths].some(mayChangeIn);
  };
}

/** The classes beside the ones that are judged: most of what a class has to do with stands in its file. */
function neighbours(paths: ReadonlyMap<string, unknown>, facts: readonly FileFacts[]): readonly string[] {
  return facts.filter(({ path }) => paths.has(path)).flatMap(({ classes }) => classes.map(({ name }) => name));
}

function namesOf(names: readonly (string | undefined)[]): readonly string[] {
  return names.filter((name) => name !== undefined);
}
