import { expect, it } from 'vitest';
import type { Measured } from '../../src/proof/held.ts';
import { type Case, judgeFinding } from '../../src/proof/verdict.ts';

const held = (more: Partial<Measured>): Measured => {
  return {
    held: 0,
    made: 100,
    alive: 0,
    collected: 0,
    entries: [],
    followed: 100,
    reached: true,
    elsewhere: false,
    ...more,
  };
};

function verdict(before: Partial<Measured>, after: Partial<Measured>, more: Partial<Case> = {}): string {
  const known = { retention: 'process', symbol: 'Basket.lines', killed: false, otherEnd: undefined } as const;
  return judgeFinding({ ...known, before: held(before), after: held(after), ...more }).verdict;
}

it.each<[string, string]>([
  ['confirmed', verdict({ held: 300 }, { held: 0 })],
  ['confirmed', verdict({ held: 300 }, { held: 150 })],
  ['no-difference', verdict({ held: 300 }, { held: 290 })],
  ['no-difference', verdict({ held: 0 }, { held: 0 })],
  ['made-worse', verdict({ held: 10 }, { held: 21 })],
  ['made-worse', verdict({ held: 0 }, { held: 5 })],
  ['made-worse', verdict({ held: 300 }, { held: 0, alive: 100 })],
  ['confirmed', verdict({ held: 300 }, { held: 0, alive: 3 })],
  ['not-reached', verdict({ reached: false }, { reached: false })],
  ['not-measured', verdict({ reached: false }, { reached: false }, { killed: true })],
  ['not-measured', verdict({ held: 300, elsewhere: true }, {})],
  // It failed before it came to it, and what is not there cannot hold anything.
  ['not-measured', verdict({ held: 300 }, { made: 0 })],
  // A class that has left its function is not met by its old name.
  ['confirmed', verdict({ held: 300 }, { made: 0 }, { symbol: 'render.<locals>.Cell', retention: 'gc' })],
  ['not-measured', verdict({ followed: 0 }, {}, { retention: 'gc' })],
  ['made-worse', verdict({ held: 300 }, { held: 0 }, { otherEnd: 'exit status 1, not exit status 0' })],
  ['not-reached', verdict({ reached: false }, {}, { otherEnd: 'exit status 1, not exit status 0' })],
])('%s', (expected, actual) => {
  expect(actual).toBe(expected);
});
