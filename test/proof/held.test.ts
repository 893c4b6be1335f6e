import { expect, it } from 'vitest';
import { heldOf } from '../../src/proof/held.ts';
import type { Population, ProcessRecord, TargetRecord } from '../../src/proof/records.ts';

const none: Population = { made: 0, followed: 0, living: 0, collected: 0 };
const target = (more: Partial<TargetRecord>): TargetRecord => {
  return { number: 0, rebound: 0, elsewhere: 0, samples: [], classes: none, instances: none, ...more };
};
const processes = (...targets: TargetRecord[]): ProcessRecord[] =>
  targets.map((one) => ({ how: 'exit', unseen: 0, targets: [one] }));

it('entries of all processes are added up, and a container that has shrunk holds nothing', () => {
  const [one, two] = [target({ entries: 30, samples: [[9, 30]] }), target({ entries: -4, samples: [[5, -4]] })];
  expect(heldOf(processes(one, two), 0, 'process')).toMatchObject({ held: 30, entries: [[9, 30]], reached: true });
});

it('an object that a class was left with is held', () => {
  expect(heldOf(processes(target({ rebound: 2 })), 0, 'process')).toMatchObject({ held: 2, reached: true });
});

it('what only the collector freed is an estimate where not all were followed', () => {
  const instances = { made: 10_000, followed: 1000, living: 5, collected: 300 };
  const measured = heldOf(processes(target({ instances, alive: 40 })), 0, 'gc');
  expect(measured).toMatchObject({ held: 3000, made: 10_000, alive: 40, collected: 3000 });
});

it('classes that are still there at the end are held too', () => {
  const classes = { made: 10, followed: 10, living: 2, collected: 8 };
  expect(heldOf(processes(target({ classes })), 0, 'gc')).toMatchObject({ held: 10, made: 10, alive: 2 });
});

it('a process that was killed is taken as it was at its last look', () => {
  const instances = { made: 10, followed: 10, living: 7, collected: 0 };
  expect(heldOf(processes(target({ instances })), 0, 'process')).toMatchObject({ made: 10, alive: 7 });
});

it('a finding that no process has met was not reached', () => {
  expect(heldOf(processes(target({ number: 1, entries: 3 })), 0, 'process')).toMatchObject({ held: 0, reached: false });
  expect(heldOf(processes(target({ entries: 0, samples: [[5, 0]] })), 0, 'process').reached).toBe(false);
});
