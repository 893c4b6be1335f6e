/**
 * `parent-pointer`: an object points back to the one that holds it, so that only the cycle collector frees them. The page of the rule is
 * README.md beside this file.
 */
import type { Evidence } from '../../src/core/finding.ts';
import type { Place } from '../../src/core/range.ts';
import type { ClassModel } from '../../src/model/class.ts';
import { findMethod } from '../../src/model/class-hierarchy.ts';
import type { FileModel } from '../../src/model/file.ts';
import { excerpt } from '../../src/plan/obligation.ts';
import { place } from '../../src/plan/place.ts';
import type { Explanation, Topic, Transform } from '../../src/plan/transform.ts';
import { within } from '../../src/syntax/access.ts';
import type { PyNode } from '../../src/syntax/tree.ts';
import { cyclesIn, identityOf } from './cycle.ts';
import { namesOf } from './described.ts';
import type { Cycle, Group } from './match.ts';
import meta from './meta.ts';
import { ownStores, type Pair } from './pair.ts';
import { remedy } from './remedy.ts';
import { inheritable, mayMatch } from './sift.ts';

const transform: Transform<Cycle> = {
  meta,
  mayMatch,
  inheritable,
  subject: ({
    groups: [
      {
        holder,
        pointers: [first],
      },
    ],
  }) => ({ class: holder, name: first?.attribute }),
  detect,
  explain,
  remedy,
};

export default transform;

function detect(file: FileModel, wanted: (topic: Topic) => boolean): Iterable<Cycle> {
  return cyclesIn(file, wanted);
}

function explain(cycle: Cycle): Explanation {
  const { groups } = cycle;
  const [{ holder, pointers }] = groups;
  const [first] = pointers;
  const own = pointers.flatMap(({ pairs }) => pairs);
  const shown = shownFor(holder, own) ?? holder.node;
  const found = groups.flatMap((group) => group.pointers);
  const all = found.flatMap(({ pairs }) => pairs);
  const itself = all.every(({ hold }) => hold === undefined);
  const verb = found.length > 1 ? 'lead' : 'leads';
  const where = itself ? 'to the object itself' : 'back to what holds the object';
  const names = groups.map(namesOf).join(' and ');
  return {
    symbol: `${holder.qualifiedName}.${first?.attribute ?? ''}`,
    range: { start: shown.start, end: shown.end },
    message: `${names} ${verb} ${where}: ${shownCycles([...new Set(groups.flatMap(cyclesOf))])}. Only the cycle collector frees them.`,
    evidence: evidenceOf(cycle),
    also: groups
      .flatMap(placesIn)
      .filter(({ path, range }) => path !== holder.file.source.path || range.start !== shown.start),
    identity: identityOf(cycle),
  };
}

/** Where one of the pairs is set in the file of the class, in the class itself where it can be. */
function shownFor({ file, node }: ClassModel, pairs: readonly Pair[]): PyNode | undefined {
  const own = pairs.filter((pair) => pair.file === file).map(({ pointerNode }) => pointerNode);
  return own.find((one) => within(one, node)) ?? own[0];
}

/** Where the pointers of a class are set: by what the class itself says, and where it is shown. */
function placesIn({ holder, pointers }: Group): readonly Place[] {
  return pointers.flatMap(({ attribute, pairs }) => {
    const shown = shownFor(holder, pairs);
    const nodes = new Set([...(shown === undefined ? [] : [shown]), ...ownStores(holder, attribute)]);
    return [...nodes].map((node) => place(holder.file, node));
  });
}

function cyclesOf(group: Group): readonly string[] {
  const isPointer = new Set(group.pointers.map(({ attribute }) => attribute));
  // The end of a list is a pointer and holds too: one line shows both.
  const isShown = ({ hold, pointer }: Pair): boolean => hold === undefined || !isPointer.has(hold) || hold >= pointer;
  const pairs = group.pointers.flatMap((pointer) => pointer.pairs);
  return pairs.filter(isShown).map((pair) => cycleOf(group, pair));
}

/** Subclasses make many cycles of one kind: the first tell what it is. */
function shownCycles(cycles: readonly string[]): string {
  const shown = cycles.slice(0, MOST_CYCLES).map((cycle) => `\`${cycle}\``);
  const more = cycles.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const MOST_CYCLES = 4;

/** `Branch.twigs -> Branch.parent` */
function cycleOf({ holder }: Group, { hold, pointer, owner: held }: Pair): string {
  const back = `${holder.name}.${pointer}`;
  return hold === undefined ? `${back} -> ${back}` : `${held?.name ?? 'owner'}.${hold} -> ${back}`;
}

/** The most places that are shown for one cycle: more add nothing. */
const SHOWN = 2;

function evidenceOf({ groups }: Cycle): readonly Evidence[] {
  const found = new Map<string, Evidence>();
  const note = (file: FileModel, node: Pair['holdNode'], message: string): void => {
    found.set(`${file.source.path} ${node.start} ${message}`, { place: place(file, node), message });
  };
  for (const { pairs } of groups.flatMap(({ pointers }) => pointers)) {
    for (const cycle of new Set(pairs.map(({ hold }) => hold))) {
      const shown = pairs.filter(({ hold }) => hold === cycle).sort((a, b) => Number(isCall(a)) - Number(isCall(b)));
      for (const { file, pointerNode, holdNode, pointer, hold } of shown.slice(0, SHOWN)) {
        note(file, pointerNode, `\`${pointer}\` is set here (\`${excerpt(file, pointerNode)}\`)`);
        if (hold !== undefined) note(file, holdNode, `\`${hold}\` holds it here (\`${excerpt(file, holdNode)}\`)`);
      }
    }
  }
  for (const model of new Set(groups.flatMap(({ holder, owners }) => [holder, ...owners]))) {
    const { method } = findMethod(model, '__del__');
    if (method === undefined) continue;
    note(
      method.class.file,
      method.node,
      `\`${method.class.name}\` has \`__del__\`: since Python 3.4 the collector frees such a cycle too, but in no promised order`,
    );
  }
  return [...found.values()];
}

/** Shown by what a call does, not by a statement. */
function isCall({ pointerNode, holdNode }: Pair): boolean {
  return pointerNode === holdNode && pointerNode.kind === 'call';
}
