import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ddmin, guiltyGroups, mostRuns } from '../../src/trial/ddmin.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A command that fails with all changes of one of the groups, and how often it was run. */
function command(groups: readonly (readonly number[])[]) {
  const runs: (readonly number[])[] = [];
  const fails = (changes: readonly number[]) => {
    runs.push(changes);
    return Promise.resolve(groups.some((group) => group.every((change) => changes.includes(change))));
  };
  return { fails, runs };
}

/** So many changes, and a group of them that fails together. */
const failing = fc
  .integer({ min: 1, max: 24 })
  .chain((count) => fc.tuple(fc.constant(count), fc.subarray(numbers(count), { minLength: 1 })));

/** A count of changes, at most `changes`, and one to `groups` groups of them that each fail. */
function failingGroups(changes: number, groups: number) {
  return fc
    .integer({ min: 1, max: changes })
    .chain((count) =>
      fc.tuple(
        fc.constant(count),
        fc.array(fc.subarray(numbers(count), { minLength: 1 }), { minLength: 1, maxLength: groups }),
      ),
    );
}

describe('ddmin', () => {
  it('finds the one group there is, in no more runs than delta debugging promises, and asks about each set once', async () => {
    await fc.assert(
      fc.asyncProperty(failing, async ([count, group]) => {
        const { fails, runs } = command([group]);
        expect(await ddmin(numbers(count), fails)).toEqual(group);
        expect(runs.length).toBeLessThanOrEqual(group.length === 1 ? mostRuns(count).single : mostRuns(count).several);
        expect(new Set(runs.map(String)).size).toBe(runs.length);
      }),
    );
  });

  it('whatever fails, the result fails and does no more without any one change of it', async () => {
    await fc.assert(
      fc.asyncProperty(failingGroups(12, 4), async ([count, groups]) => {
        const { fails } = command(groups);
        const found = await ddmin(numbers(count), fails);
        expect(await fails(found)).toBe(true);
        for (const change of found) expect(await fails(found.filter((other) => other !== change))).toBe(false);
      }),
    );
  });

  it('several runs at once come to the same', async () => {
    await fc.assert(
      fc.asyncProperty(failing, fc.integer({ min: 2, max: 5 }), async ([count, group], jobs) => {
        expect(await ddmin(numbers(count), command([group]).fails, { jobs })).toEqual(group);
      }),
    );
  });

  it('runs no more at once than it may', async () => {
    let now = 0;
    let most = 0;
    const { fails } = command([[3, 8]]);
    const slow = async (changes: readonly number[]) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now -= 1;
      return fails(changes);
    };
    await ddmin(numbers(12), slow, { jobs: 3 });
    expect(most).toBe(3);
  });
});

describe('guilty groups', () => {
  it('are taken out until the rest passes', async () => {
    const { fails } = command([[5], [2, 9]]);
    expect(await guiltyGroups(numbers(12), fails)).toEqual([[5], [2, 9]]);
  });

  it('each fails by itself, and without all of them nothing does', async () => {
    await fc.assert(
      fc.asyncProperty(failingGroups(10, 3), async ([count, groups]) => {
        const { fails } = command(groups);
        const found = await guiltyGroups(numbers(count), fails);
        for (const group of found) expect(await fails(group)).toBe(true);
        expect(await fails(numbers(count).filter((change) => !found.flat().includes(change)))).toBe(false);
      }),
    );
  });
});
