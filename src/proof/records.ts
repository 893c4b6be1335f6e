/** Reads what the probe has written: one file a process, which a killed process leaves as it was at its last look. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Objects of one kind in one process. `followed` of them were watched until they died, `living` of these are there at the end. */
export interface Population {
  readonly made: number;
  readonly followed: number;
  readonly living: number;
  readonly collected: number;
}

/** What the probe knows of one target in one process. */
export interface TargetRecord {
  readonly number: number;
  /** Bindings of the class that are other than at the start. */
  readonly rebound: number;
  /** 1 if a module was made from the original of the file instead of its copy. */
  readonly elsewhere: number;
  readonly samples: readonly (readonly [number, number])[];
  readonly classes: Population;
  readonly instances: Population;
  /** More than at the start; absent where there is no such container. */
  readonly entries?: number;
  /** Absent for a process that was killed. */
  readonly alive?: number;
}

export interface ProcessRecord {
  /** `running` is the last word of a process that was killed. */
  readonly how: string;
  /** Python processes that it started with an option that keeps the probe out. */
  readonly unseen: number;
  readonly targets: readonly TargetRecord[];
  /** In bytes. */
  readonly peak?: number;
}

export interface Records {
  readonly processes: readonly ProcessRecord[];
  /** What went wrong inside the probe. */
  readonly failures: readonly string[];
}

/** `folder` is what the probe was told to write to. */
export function readRecords(folder: string): Records {
  const processes: ProcessRecord[] = [];
  const failures: string[] = [];
  for (const name of readdirSync(folder).sort()) {
    const text = () => readFileSync(join(folder, name), 'utf8');
    if (name.endsWith('.error')) failures.push(text());
    else if (name.endsWith('.json')) processes.push(JSON.parse(text()) as ProcessRecord);
  }
  return { processes, failures };
}
