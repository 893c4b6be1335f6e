/** The right spelling of a name that was typed wrong. */
import { distance } from 'fastest-levenshtein';

/** One edit in three characters, the dashes of an option not counted: nearer is a slip of the fingers, farther another word. */
function mostEdits(name: string): number {
  return Math.max(1, Math.ceil(name.replace(/^-+/, '').length / 3));
}

/** The candidate that `name` was probably meant to be, upper and lower case taken as equal; `undefined` when none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = mostEdits(name) + 1;
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= bestDistance) continue;
    best = candidate;
    bestDistance = edits;
  }
  return best;
}

/** `; did you mean X?` to put behind a message, or else `otherwise`. */
export function didYouMean(name: string, candidates: Iterable<string>, otherwise = ''): string {
  const candidate = nearest(name, candidates);
  return candidate === undefined ? otherwise : `; did you mean ${candidate}?`;
}
