/**
 * Delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002): of changes that make a command
 * fail together, those that it takes.
 *
 * The result is 1-minimal: it fails, and does no more without any one of its changes. Of n changes it takes at most n² + 3n runs, and
 * at most 2·⌈log₂ n⌉ where a single change is guilty.
 */

/** Whether a set of changes makes the command fail. Asked once about each set. */
export type Fails<T> = (changes: readonly T[]) => Promise<boolean>;

/** Told before each step: how many changes are still suspected, and in how many parts they are tried. */
export type OnStep = (suspected: number, parts: number) => void;

/**
 * A 1-minimal failing subset of `changes`, which are known to fail together and to pass without any of them. Up to `jobs` sets are tried
 * at once; the result is that of one after the other, with some runs more.
 */
export async function ddmin<T>(
  changes: readonly T[],
  fails: Fails<T>,
  { jobs = 1, onStep = () => undefined }: { readonly jobs?: number; readonly onStep?: OnStep } = {},
): Promise<readonly T[]> {
  let suspects = changes;
  let parts = 2;
  const test = remembered(changes, fails);
  while (suspects.length > 1) {
    onStep(suspects.length, parts);
    const subsets = split(suspects, parts);
    const subset = await firstFailing(subsets, test, jobs);
    if (subset !== undefined) {
      suspects = subset;
      parts = 2;
      continue;
    }
    // Of two halves each is what the other leaves.
    const complements = parts === 2 ? [] : subsets.map((part) => suspects.filter((change) => !part.includes(change)));
    const complement = await firstFailing(complements, test, jobs);
    if (complement !== undefined) {
      suspects = complement;
      parts = Math.max(parts - 1, 2);
    } else if (parts < suspects.length) {
      parts = Math.min(parts * 2, suspects.length);
    } else break;
  }
  return suspects;
}

/**
 * Every group of changes that fails by itself: what is left of `changes` without all of them passes. `changes` are known to fail
 * together and to pass without any of them.
 */
export async function guiltyGroups<T>(
  changes: readonly T[],
  fails: Fails<T>,
  options: { readonly jobs?: number; readonly onStep?: OnStep } = {},
): Promise<readonly (readonly T[])[]> {
  const test = remembered(changes, fails);
  const groups: (readonly T[])[] = [];
  let rest = changes;
  do {
    const guilty = await ddmin(rest, test, options);
    groups.push(guilty);
    rest = rest.filter((change) => !guilty.includes(change));
  } while (rest.length > 0 && (await test(rest)));
  return groups;
}

/** Asks about each set once. */
function remembered<T>(changes: readonly T[], fails: Fails<T>): Fails<T> {
  const known = new Map<string, Promise<boolean>>();
  return (subset) => {
    const key = subset.map((change) => changes.indexOf(change)).join();
    const asked = known.get(key) ?? fails(subset);
    known.set(key, asked);
    return asked;
  };
}

/** The most runs that {@link ddmin} takes for so many changes: where `several` of them are guilty together, and where a `single` one is. */
export function mostRuns(changes: number): { readonly several: number; readonly single: number } {
  return { several: changes ** 2 + 3 * changes, single: 2 * Math.ceil(Math.log2(Math.max(changes, 1))) };
}

/** Parts of nearly equal size, in order. */
function split<T>(items: readonly T[], parts: number): readonly (readonly T[])[] {
  return Array.from({ length: parts }, (_, index) =>
    items.slice(Math.floor((index * items.length) / parts), Math.floor(((index + 1) * items.length) / parts)),
  ).filter((part) => part.length > 0);
}

/** The first of the sets that fails. Later ones are tried meanwhile, and none once it is known. */
async function firstFailing<T>(
  sets: readonly (readonly T[])[],
  fails: Fails<T>,
  jobs: number,
): Promise<readonly T[] | undefined> {
  for (let start = 0; start < sets.length; start += jobs) {
    const tried = sets.slice(start, start + jobs);
    const failed = await Promise.all(tried.map(fails));
    const first = tried[failed.indexOf(true)];
    if (first !== undefined) return first;
  }
  return undefined;
}
