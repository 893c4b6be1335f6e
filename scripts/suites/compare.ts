/** What two trees do differently, told by runs of the same tests. */
import type { Place } from './rewrite.ts';
import type { Test, TestRun } from './tests.ts';

/** What became of a test that is missing. */
export const NOT_RUN = 'not run';

export interface Difference {
  /** Of the test. */
  readonly id: string;
  /** `passed`, or `passed, then failed` of a test that changed its mind; `NOT_RUN` where it is missing. */
  readonly before: string;
  readonly after: string;
  /** What it says about the new outcome; the end of the whole output if it says nothing. */
  readonly text: string;
}

/** The tests that have no outcome in common between the runs of the one tree and those of the other, by id. */
export function differences(before: readonly TestRun[], after: readonly TestRun[]): readonly Difference[] {
  const [old, now] = [before.map(outcomes), after.map(outcomes)];
  const ids = new Set([...old, ...now].flatMap((run) => [...run.keys()]));
  return [...ids].sort().flatMap((id) => {
    const [was, is] = [seen(old, id), seen(now, id)];
    if (is.some((outcome) => was.includes(outcome))) return [];
    const texts = after.flatMap(({ tests }) => tests.filter((test) => test.id === id).map(({ text }) => text));
    const text = texts.find((one) => one !== '') ?? after[0]?.end ?? '';
    return [{ id, before: was.join(', then '), after: is.join(', then '), text }];
  });
}

/** By id, what became of the test. */
function outcomes({ tests }: TestRun): ReadonlyMap<string, string> {
  const all = new Map<string, readonly string[]>();
  for (const { id, outcome } of tests) all.set(id, [...(all.get(id) ?? []), outcome]);
  return new Map([...all].map(([id, list]) => [id, [...list].sort().join(' and ')]));
}

/** Each outcome once. */
function seen(runs: readonly ReadonlyMap<string, string>[], id: string): readonly string[] {
  return [...new Set(runs.map((run) => run.get(id) ?? NOT_RUN))];
}

/** `5012 passed, 3 failed`. */
export function counted(tests: readonly Test[]): string {
  const kinds = ['passed', 'failed', 'error', 'skipped'] as const;
  const counts = kinds.map((kind) => [tests.filter(({ outcome }) => outcome === kind).length, kind] as const);
  return counts
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`)
    .join(', ');
}

/**
 * The changes that a failure may come from, of the likeliest kind only: those whose class and attribute the failure names, whose
 * attribute, whose class, whose file; else those that ran.
 */
export function suspects(text: string, places: readonly Place[], ran: (place: Place) => boolean): readonly Place[] {
  const clues = places.map((place) => {
    const [attribute = '', owner = ''] = place.finding.symbol
      .split('.')
      .filter((part) => part !== '<locals>')
      .reverse();
    const module = place.finding.path.replace(/\.py$/, '').replaceAll('/', '.');
    const isNamed = mentions(text, attribute);
    const isOwnerNamed = mentions(text, owner);
    const isFileNamed = mentions(text, place.finding.path) || mentions(text, module);
    return { place, kinds: [isNamed && isOwnerNamed, isNamed, isOwnerNamed, isFileNamed, ran(place), true] };
  });
  const best = Math.min(...clues.map(({ kinds }) => kinds.indexOf(true)));
  return clues.filter(({ kinds }) => kinds[best] === true).map(({ place }) => place);
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<!\\w)${name.replace(/[.-]/g, '\\$&')}(?!\\w)`).test(text);
}
