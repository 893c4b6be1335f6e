/** What the records of all processes of a run come to for one finding. */
import type { Retention } from '../core/finding.ts';
import type { Held } from '../core/proof.ts';
import type { Population, ProcessRecord, TargetRecord } from './records.ts';

export interface Measured extends Held {
  /** True if the command came by: made a class or an instance of it, or put something into the container. */
  readonly reached: boolean;
  /** How many of those that were made could be watched until they died. */
  readonly followed: number;
  /** True if the code in question was run from the project itself, where nothing was fixed. */
  readonly elsewhere: boolean;
}

/** `number` is the place of the target in the specification of the probe. */
export function heldOf(processes: readonly ProcessRecord[], number: number, retention: Retention): Measured {
  const records = processes.flatMap(({ targets }) => targets.filter((target) => target.number === number));
  const measured = records.map((record) => heldInProcess(record, retention));
  const sum = (count: (held: Measured) => number) => measured.reduce((total, held) => total + count(held), 0);
  const grownMost = records.toSorted((a, b) => lastOf(b) - lastOf(a))[0];
  return {
    held: sum(({ held }) => held),
    made: sum(({ made }) => made),
    alive: sum(({ alive }) => alive),
    collected: sum(({ collected }) => collected),
    entries: grownMost?.samples ?? [],
    followed: sum(({ followed }) => followed),
    reached: measured.some(({ reached }) => reached),
    elsewhere: measured.some(({ elsewhere }) => elsewhere),
  };
}

function heldInProcess(record: TargetRecord, retention: Retention): Measured {
  const { classes, instances, rebound, samples, elsewhere } = record;
  const ofClasses = classes.made > 0;
  const population = ofClasses ? classes : instances;
  const entries = Math.max(0, record.entries ?? 0);
  const collected = estimated(population, population.collected);
  const living = ofClasses ? estimated(population, population.living) : 0;
  return {
    held: retention === 'process' ? entries + rebound : collected + living,
    made: population.made,
    alive: ofClasses ? living : (record.alive ?? estimated(population, population.living)),
    collected,
    entries: samples,
    followed: population.followed,
    reached: population.made > 0 || rebound > 0 || samples.some(([, size]) => size > 0),
    elsewhere: elsewhere > 0,
  };
}

/** Of so many that were made, where `followed` of them were watched. */
function estimated({ made, followed }: Population, count: number): number {
  return followed === 0 ? 0 : Math.round((count * made) / followed);
}

function lastOf({ samples }: TargetRecord): number {
  return samples.at(-1)?.[1] ?? 0;
}
