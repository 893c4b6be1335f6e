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
  readonly project: Pick<Project, 'imports' | 'search' | 'saying' | 'ancestry' | 'importedNames' | 'handedSelf'>;
  readonly rules: readonly AnyTransform[];
  /** The decoded text of the file at a path; undefined for one that cannot be read. */
  readonly text: (path: string) => string | undefined;
}

/** What is to be judged in each file. Texts are looked through for all of it at once, and for the names beside it. */
export function subjectsByPath(given: Given): ReadonlyMap<string, readonly Subject[]> {
  const { scan, facts, project } = given;
  const subjects = new Map<string, readonly Subject[]>(
    scan.candidates.map(({ source, subjects: own }) => [source.path, own]),
  );
  const { importedNames, handedSelf } = project;
  const changes = [...inheritedChanges(facts, scan.inheritable, importedNames, handedSelf)].filter(mayInherit(project));
  const all = [...[...subjects.values()].flat(), ...changes.map(subjectOf)];
  if (all.length === 0) return subjects;
  const paths = new Set([...subjects.keys(), ...changes.map(({ path }) => path)]);
  project.search(
    [
      ...namesOf(all.filter(({ importable }) => importable).map(({ className, attribute }) => className ?? attribute)),
      ...neighbours(paths, facts),
    ],
    namesOf(all.map(({ className, attribute }) => attribute ?? className)),
  );
  const mayBeChanged = changedByText(given);
  for (const change of changes) {
    const { path, className, attribute } = change;
    const known = subjects.get(path) ?? [];
    const isKnown = known.some((one) => one.className === className && one.attribute === attribute);
    if (!isKnown && mayBeChanged(change) && imports(project, change)) subjects.set(path, [...known, subjectOf(change)]);
  }
  return subjects;
}

function subjectOf({ className, attribute }: InheritedChange): Subject {
  return { className, attribute, importable: true };
}

function imports(project: Given['project'], { path, changedIn, className, attribute }: InheritedChange): boolean {
  return project.imports(changedIn, path, className ?? attribute);
}

/** Told by closer reading of statements than `byName` is: whether a class of the other file inherits from the one that has the attribute. */
function mayInherit(project: Given['project']): (change: InheritedChange) => boolean {
  return (change) => {
    const { path, changedIn, className, byName } = change;
    if (!byName || className === undefined) return imports(project, change);
    return project.ancestry.of(changedIn).has(path, className);
  };
}

/**
 * Whether a rule sees by its text that the attribute may be changed in its own file, in the other one, or in that of another class that one
 * of the other file inherits from: all of them change what an instance of that has.
 */
function changedByText({ project, rules, text }: Given): (change: InheritedChange) => boolean {
  const isChangedIn = oncePer((key: string): boolean => {
    const [path = '', attribute = '', home = ''] = key.split('\0');
    const [one, other] = [text(path), text(home)];
    if (one === undefined || other === undefined) return true;
    return rules.some(({ mayChange }) => mayChange?.(one, attribute, other) === true);
  });
  return ({ path: home, changedIn, attribute, byName }) => {
    if (!byName) return true;
    const { paths } = project.ancestry.of(changedIn);
    const concerned = [...project.saying(attribute)].filter((path) => path === home || paths.has(path));
    return concerned.some((path) => isChangedIn(`${path}\0${attribute}\0${home}`));
  };
}

/** The classes beside the ones that are judged: most of what a class has to do with stands in its file. */
function neighbours(paths: ReadonlySet<string>, facts: readonly FileFacts[]): readonly string[] {
  return facts.filter(({ path }) => paths.has(path)).flatMap(({ classes }) => classes.map(({ name }) => name));
}

function namesOf(names: readonly (string | undefined)[]): readonly string[] {
  return names.filter((name) => name !== undefined);
}
